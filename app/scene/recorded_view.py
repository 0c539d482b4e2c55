"""The view that a picture carries, as what the scene and the window work with; drawing it again without a window."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.color_themes import THEMES
from app.domain.coloring import NO_ORDER, Coloring, JobOrder, key_colors
from app.domain.cuts import Cuts
from app.domain.finding import quoted
from app.domain.point_look import PointLook
from app.domain.sequence import Frame, Sequence
from app.domain.visibility import Visibility
from app.errors import InputError, ViewFormatError
from app.formats.view_record import ViewRecord
from app.scene.look import DARK, LIGHT
from app.scene.prepared import prepare_cloud
from app.scene.render import check_size, require_cloud, write_picture
from app.scene.views import CameraPlacement, forward_heading

CAMERA, VISIBILITY, COLORING, CUTS, LOOK = "camera", "visibility", "coloring", "cuts", "look"  # names of settings
LARGEST_POINT = 1000  # pixels or metres
OUT_OF_SIGHT = 1e9  # metres from the origin: no camera stands there

Size = tuple[int, int]


@dataclass(frozen=True)
class RecordedView:
    """What a picture says about how it was made, checked."""

    placement: CameraPlacement
    visibility: Visibility = field(default_factory=Visibility)
    coloring: Coloring = field(default_factory=Coloring)
    cuts: Cuts = field(default_factory=Cuts)
    look: PointLook = field(default_factory=PointLook)


def recorded_view(record: ViewRecord) -> RecordedView:
    """The settings of a picture; raises ViewFormatError where its camera is missing or cannot stand where it should."""
    placement = record.setting(CAMERA, CameraPlacement)
    if placement is None or not _can_stand(placement):
        raise ViewFormatError(
            "The view written into the picture has no usable camera.", next_step="Save the picture again."
        )
    coloring = record.setting(COLORING, Coloring) or Coloring()
    look = record.setting(LOOK, PointLook) or PointLook()
    if coloring.theme not in THEMES or not _can_be_drawn(look):
        raise ViewFormatError(
            "The picture was made with colours or points that this version does not have.",
            next_step="Update Pointproof, or save the picture again.",
        )
    visibility, cuts = record.setting(VISIBILITY, Visibility), record.setting(CUTS, Cuts)
    return RecordedView(placement, visibility or Visibility(), coloring, cuts or Cuts(), look)


def with_settings(record: ViewRecord, view: RecordedView) -> ViewRecord:
    """The record with a view in it."""
    values = {
        CAMERA: view.placement,
        VISIBILITY: view.visibility,
        COLORING: view.coloring,
        CUTS: view.cuts,
        LOOK: view.look,
    }
    for name, value in values.items():
        record = record.with_setting(name, value)
    return record


def frame_of_record(record: ViewRecord, sequence: Sequence) -> int:
    """The position in a sequence of the frame that a picture shows: by its id, else by its number.

    Raises InputError where the sequence has no such frame.
    """
    ids = [frame.frame_id for frame in sequence.frames]
    if record.frame < len(ids) and ids[record.frame] == record.frame_id:
        return record.frame
    if record.frame_id in ids:
        return ids.index(record.frame_id)
    if record.frame_id or record.frame >= len(ids):
        raise InputError(
            f"The picture shows frame {quoted(record.frame_id or str(record.frame))}, which this job does not have.",
            next_step="Open the job that the picture was made of.",
        )
    return record.frame


def render_recorded(
    frame: Frame, record: ViewRecord, *, path: Path, size: Size | None = None, order: JobOrder = NO_ORDER
) -> None:
    """Write a PNG of a frame as the picture with this record shows it; as large as that one unless ``size`` is given.

    ``order`` is that of the job's classes and tracks, which colour themes follow.

    Raises ViewFormatError for a record without a usable view, else as ``render_frame``.
    """
    view = recorded_view(record)
    wanted = size or record.size
    check_size(wanted)
    require_cloud(frame)
    write_picture(_drawn(frame, record, view, wanted, order), path)


def _drawn(frame: Frame, record: ViewRecord, view: RecordedView, size: Size, order: JobOrder) -> bytes:
    from app.scene.offscreen import OffscreenScene  # VTK takes long to load

    assert frame.cloud is not None  # require_cloud said so
    prepared = prepare_cloud(frame.cloud, frame.mask)
    colors = key_colors(prepared.label_keys, frame.legend, view.visibility, view.coloring, order=order)
    drawing = OffscreenScene(size)
    try:
        scene = drawing.scene
        scene.heading = forward_heading(frame.record)
        scene.set_pixel_ratio(record.pixel_ratio * size[1] / record.size[1])
        scene.set_look(LIGHT if record.theme == "light" else DARK)
        scene.show(prepared, colors)
        scene.set_placement(view.placement)
        return drawing.png()
    finally:
        drawing.close()


def _can_be_drawn(look: PointLook) -> bool:
    return look.size is None or 0 < look.size <= LARGEST_POINT


def _can_stand(placement: CameraPlacement) -> bool:
    """Whether a camera is at a place and looks somewhere, with a way up that is not the way it looks."""
    places = (*placement.position, *placement.focal_point)
    numbers = (*places, *placement.up, placement.half_height)
    if not all(math.isfinite(number) for number in numbers) or any(abs(number) > OUT_OF_SIGHT for number in places):
        return False
    look = tuple(there - here for here, there in zip(placement.position, placement.focal_point, strict=True))
    across = _length(_cross(look, placement.up))
    return placement.half_height >= 0 and across > 1e-9 * _length(look) * _length(placement.up)


def _cross(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, float, float]:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _length(vector: tuple[float, ...]) -> float:
    return math.hypot(*vector)
