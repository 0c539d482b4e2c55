"""The view that a picture carries, as what the scene and the window work with; drawing it again without a window."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.finding import quoted
from app.domain.sequence import Frame, Sequence
from app.domain.visibility import Visibility
from app.errors import InputError, ViewFormatError
from app.formats.view_record import ViewRecord
from app.scene.look import DARK, LIGHT
from app.scene.prepared import prepare_cloud
from app.scene.render import check_size, require_cloud, write_picture
from app.scene.views import CameraPlacement, forward_heading

CAMERA, VISIBILITY = "camera", "visibility"  # names of settings in a record
OUT_OF_SIGHT = 1e9  # metres from the origin: no camera stands there

Size = tuple[int, int]


@dataclass(frozen=True)
class RecordedView:
    """What a picture says about how it was made, checked."""

    placement: CameraPlacement
    visibility: Visibility = field(default_factory=Visibility)


def recorded_view(record: ViewRecord) -> RecordedView:
    """The settings of a picture; raises ViewFormatError where its camera is missing or cannot stand where it should."""
    placement = record.setting(CAMERA, CameraPlacement)
    if placement is None or not _can_stand(placement):
        raise ViewFormatError(
            "The view written into the picture has no usable camera.", next_step="Save the picture again."
        )
    return RecordedView(placement, record.setting(VISIBILITY, Visibility) or Visibility())


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


def render_recorded(frame: Frame, record: ViewRecord, *, path: Path, size: Size | None = None) -> None:
    """Write a PNG of a frame as the picture with this record shows it; as large as that one unless ``size`` is given.

    Raises ViewFormatError for a record without a usable view, else as ``render_frame``.
    """
    view = recorded_view(record)
    wanted = size or record.size
    check_size(wanted)
    require_cloud(frame)
    write_picture(_drawn(frame, record, view, wanted), path)


def _drawn(frame: Frame, record: ViewRecord, view: RecordedView, size: Size) -> bytes:
    from app.scene.offscreen import OffscreenScene  # VTK takes long to load

    assert frame.cloud is not None  # require_cloud said so
    prepared = prepare_cloud(frame.cloud, frame.mask)
    drawing = OffscreenScene(size)
    try:
        scene = drawing.scene
        scene.heading = forward_heading(frame.record)
        scene.set_pixel_ratio(record.pixel_ratio * size[1] / record.size[1])
        scene.set_look(LIGHT if record.theme == "light" else DARK)
        scene.show(prepared, view.visibility.color_table(prepared.label_keys, frame.legend))
        scene.set_placement(view.placement)
        return drawing.png()
    finally:
        drawing.close()


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
