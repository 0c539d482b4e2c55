"""A picture of the 3D view: drawn anew at the size asked for, and written down with the view that it shows."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageWriter

from app.domain.amounts import size_text
from app.domain.arrays import Bytes
from app.domain.coloring import ColorBy, class_color, job_order
from app.domain.legend import Rgb
from app.errors import InputError, TooLargeError
from app.formats.view_record import ViewRecord, with_view
from app.gui.picture_strip import Strip, with_strip
from app.gui.scene_view import SceneView
from app.gui.shown_frame import ShownFrame
from app.gui.text import visible
from app.gui.theme import current
from app.gui.viewer import Viewer
from app.memory import available_bytes
from app.scene.recorded_view import LARGEST, Around, Canvas, RecordedView, record_of, with_settings
from app.scene.views import CameraPlacement

BYTES_PER_PIXEL = 64  # while a picture is drawn: colour and depth twice, the copies that leave the graphics card
_WIDE = 3840  # pixels of 4K


class PictureSize(StrEnum):
    """How large a picture becomes."""

    WINDOW = "window"
    DOUBLE = "double"
    WIDE = "wide"  # 3840 pixels

    def times(self, view: QSize) -> float:
        """By how much it is larger than the view, whose device pixels are given; no side beyond what can be drawn."""
        factor = {PictureSize.WINDOW: 1.0, PictureSize.DOUBLE: 2.0, PictureSize.WIDE: _WIDE / max(1, view.width())}
        return min(factor[self], LARGEST / max(1, view.width(), view.height()))

    def of(self, view: QSize) -> tuple[int, int]:
        """(width, height) in pixels."""
        times = self.times(view)
        return max(1, round(view.width() * times)), max(1, round(view.height() * times))


@dataclass(frozen=True)
class TakenPicture:
    """Pixels (H, W, 3) uint8 RGB of the view with what they show; ``strip`` None for the view alone."""

    pixels: Bytes
    record: ViewRecord
    strip: Strip | None = None

    def image(self) -> QImage:
        """As an image, with its strip."""
        height, width, _ = self.pixels.shape
        wrapped = QImage(self.pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        image = wrapped.convertToFormat(QImage.Format.Format_RGB32)  # owns its pixels
        if self.strip is None:
            return image
        return with_strip(image, self.strip, theme=self.record.theme, ratio=self.record.pixel_ratio)

    def png(self, image: QImage) -> bytes:
        """``image`` as a PNG file that carries the view; raises InputError where Qt cannot write it."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if not QImageWriter(buffer, QByteArray(b"png")).write(image):
            raise InputError("The picture could not be made.", next_step="Try a smaller size.")
        return with_view(bytes(buffer.data().data()), self.record)


def view_size(scene_view: SceneView) -> QSize:
    """The view in device pixels."""
    return scene_view.size() * scene_view.devicePixelRatioF()


def take_picture(viewer: Viewer, scene_view: SceneView, size: PictureSize, *, strip: bool) -> TakenPicture:
    """Draw the view at a size; on the GUI thread.

    Raises InputError where nothing is drawn, TooLargeError where the memory does not suffice.
    """
    canvas, shown, job = scene_view.canvas, viewer.shown, viewer.job
    if canvas is None or shown is None or job is None or scene_view.drawn_index < 0 or not scene_view.can_draw:
        raise InputError("There is no picture of the view yet.", next_step="Open a job, and wait until it is drawn.")
    view = view_size(scene_view)
    pixels = size.of(view)
    _require_memory(pixels)
    ratio = scene_view.devicePixelRatioF() * size.times(view)
    placement = canvas.scene.placement
    record = with_settings(
        record_of(shown.frame, job_id=job.job_id, job_name=job.name),
        shown_view(viewer, scene_view, placement),
        canvas=Canvas(pixels, ratio, light=current().name == "light"),
    )
    below = _strip(viewer, shown, record, placement.half_height) if strip else None
    return TakenPicture(canvas.grab(pixels, pixel_ratio=ratio), record, below)


def shown_view(viewer: Viewer, scene_view: SceneView, placement: CameraPlacement) -> RecordedView:
    """How the frame is looked at."""
    appearance, painter = viewer.appearance, viewer.painter
    return RecordedView(
        placement,
        view=scene_view.view_name,
        visibility=appearance.visibility,
        coloring=appearance.coloring,
        value_range=painter.value_range if appearance.coloring.by.is_scalar else None,
        cuts=appearance.cuts,
        look=appearance.look,
        guides=viewer.guides.guides,
        around=Around(viewer.neighbours.reach, viewer.neighbours.with_motion),
    )


def _require_memory(size: tuple[int, int]) -> None:
    needed, free = size[0] * size[1] * BYTES_PER_PIXEL, available_bytes()
    if free is not None and needed > free:
        raise TooLargeError(
            f"A picture of {size[0]} by {size[1]} pixels takes about {size_text(needed)} of memory while it is drawn; "
            f"{size_text(free)} are free.",
            next_step="Choose a smaller size, or close other programs.",
        )


def _strip(viewer: Viewer, shown: ShownFrame, record: ViewRecord, half_height: float) -> Strip:
    coloring, points = viewer.appearance.coloring, 0 if shown.frame.cloud is None else len(shown.frame.cloud)
    by_class = coloring.by is ColorBy.CLASS
    coloured = "" if by_class else f" · coloured by {coloring.by.value}"
    return Strip(
        title=f"{record.job_name} · frame {record.frame_id or record.frame} · {points:,} points{coloured}",
        classes=_drawn_classes(viewer) if by_class else (),
        metres_per_pixel=2 * half_height * record.pixel_ratio / record.size[1],
    )


def _drawn_classes(viewer: Viewer) -> tuple[tuple[str, Rgb], ...]:
    """Names and colours of what is drawn, the most points first."""
    appearance = viewer.appearance
    order = job_order(frame.legend for frame in viewer.sequence.frames)
    rows = [row for row in viewer.legend_rows() if row.points and appearance.is_class_visible(row.class_name)]
    rows.sort(key=lambda row: -row.points)
    return tuple(
        (
            visible(row.text, limit=60),
            class_color(row.class_name, viewer.legend, appearance.coloring, order=order),
        )
        for row in rows
    )
