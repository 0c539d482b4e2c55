"""What one camera shows at one frame: picture, boxes and lens that belong together, swapped in at once."""

from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor

from app.domain.camera import CameraModel, Intrinsics
from app.domain.placed_camera import PlacedCamera
from app.domain.straight_lens import StraightLens, straight_lens, straighten
from app.domain.tracking import Box, Size
from app.gui.picture_pixels import halved, picture_of, pixels_of
from app.gui.shown_frame import Picture
from app.gui.viewer import Viewer
from app.jobs import FrameBoxes


@dataclass(frozen=True, eq=False)
class CameraShot:
    """``delivered`` and ``boxes`` are as they came, ``picture`` and ``drawn`` as they are drawn: the same, or with
    the bend of the lens undone, then ``lens`` says how.

    ``size`` is the drawn picture's in pixels; without an image it is that of the camera's other pictures where boxes
    need a place, else None. ``placed`` is the camera in pixels of the drawn picture. ``delay_ms`` is from the scan to
    the picture. ``original`` are boxes as they came by those that are drawn.
    """

    index: int
    delivered: Picture
    boxes: FrameBoxes = field(default_factory=FrameBoxes)
    size: Size | None = None
    placed: PlacedCamera | None = None
    intrinsics: Intrinsics | None = None
    delay_ms: float | None = None
    straight: Picture | None = None
    drawn_boxes: FrameBoxes | None = None
    original: dict[Box, Box] = field(default_factory=dict)
    lens: StraightLens | None = None

    @property
    def picture(self) -> Picture:
        """As it is drawn."""
        return self.straight or self.delivered

    @property
    def drawn(self) -> FrameBoxes:
        """Boxes in pixels of the drawn picture."""
        return self.drawn_boxes or self.boxes

    @property
    def view_size(self) -> QSizeF:
        """The drawn picture's size, empty without one."""
        return QSizeF(*self.size) if self.size is not None else QSizeF()

    @property
    def on_empty_plane(self) -> bool:
        """Whether boxes are drawn although there is no image."""
        return self.picture.image is None and self.size is not None

    @property
    def bends(self) -> bool:
        """Whether there is a bend that could be undone."""
        lens = self.intrinsics
        return lens is not None and (lens.model is CameraModel.FISHEYE or any(lens.distortion) or lens.skew != 0)

    def to_delivered(self, at: QPointF) -> QPointF | None:
        """The place in the picture as it came of one in the drawn one, both from the upper left corner of the first
        pixel; None where the drawn picture shows nothing."""
        if self.lens is None or self.size is None:
            return at
        u, v = (self.lens.to_delivered(np.array([[at.x() - 0.5, at.y() - 0.5]]))[0] + 0.5).tolist()
        width, height = self.size
        return QPointF(u, v) if 0 <= u < width and 0 <= v < height else None  # False for NaN

    def color_at(self, at: QPointF) -> QColor | None:
        """The colour of a pixel as it came, whatever tones it is drawn in; None beside the picture."""
        image, place = self.delivered.image, self.to_delivered(at)
        if image is None or place is None or not QRectF(image.rect()).contains(place):
            return None
        return image.pixelColor(min(int(place.x()), image.width() - 1), min(int(place.y()), image.height() - 1))


def shot_of(viewer: Viewer, camera: str) -> CameraShot | None:
    """What the viewer shows of a camera now, as delivered; None while it shows no frame."""
    job, shown = viewer.job, viewer.shown
    if job is None or shown is None:
        return None
    picture, boxes = shown.pictures.get(camera, Picture(camera)), viewer.track_state.boxes_of(camera)
    known = viewer.tracking.get(camera)
    size = _size(picture) or (known.image_size if known and (boxes.tracked or boxes.detected) else None)
    placed = viewer.rig.placed(camera)
    if placed is None and size is not None:
        placed = job.placed_camera(shown.index, camera, size=size)  # on an empty plane
    own = job.sequence.camera(camera)
    intrinsics = placed.intrinsics if placed else own.intrinsics if own and picture.of_job else None
    delay = shown.frame.record.delay_ms(camera) if picture.of_job and picture.image is not None else None
    return CameraShot(shown.index, picture, boxes, size, placed, intrinsics, delay)


def straightened(shot: CameraShot) -> CameraShot:
    """The same with the bend of its lens undone, as it is where there is nothing to undo; for a worker thread."""
    if shot.intrinsics is None or shot.size is None or not shot.bends:
        return shot
    lens = straight_lens(shot.intrinsics, shot.size)
    if lens is None:
        return shot
    placed = replace(shot.placed, intrinsics=lens.straight) if shot.placed else None
    bent = {box: _bent(box, lens) for box in (*shot.boxes.tracked, *shot.boxes.detected)}
    tracked, detected = (tuple(bent[box] for box in boxes) for boxes in (shot.boxes.tracked, shot.boxes.detected))
    return replace(
        shot,
        placed=placed,
        straight=_bent_picture(shot.delivered, lens),
        drawn_boxes=replace(shot.boxes, tracked=tracked, detected=detected),
        original={box: given for given, box in bent.items()},
        lens=lens,
    )


def _bent_picture(picture: Picture, lens: StraightLens) -> Picture:
    if picture.image is None:
        return picture
    image = picture_of(straighten(pixels_of(picture.image), lens))
    return replace(picture, image=image, half=halved(image))


def _bent(box: Box, lens: StraightLens) -> Box:
    x, y, width, height = lens.hull(box.x, box.y, box.width, box.height)
    return replace(box, x=x, y=y, width=width, height=height)


def _size(picture: Picture) -> Size | None:
    return (picture.image.width(), picture.image.height()) if picture.image is not None else None
