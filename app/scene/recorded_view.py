"""The view that a picture carries, as what the scene and the window work with; drawing it again without a window."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.arrays import Bytes
from app.domain.channels import channel_of, channel_values
from app.domain.color_maps import COLOR_MAPS, color_map
from app.domain.color_themes import THEMES
from app.domain.coloring import NO_ORDER, ColorBy, Coloring, JobOrder, key_colors
from app.domain.cuts import Cuts
from app.domain.finding import quoted
from app.domain.point_cloud import PointCloud
from app.domain.point_look import PointLook
from app.domain.sequence import Frame, Sequence
from app.domain.value_range import automatic_range
from app.domain.visibility import Visibility
from app.errors import InputError, ViewFormatError
from app.formats.view_record import ViewRecord
from app.scene.look import DARK, LIGHT
from app.scene.prepared import PreparedCloud, prepare_cloud
from app.scene.render import check_size, require_cloud, write_picture
from app.scene.views import CameraPlacement, forward_heading

if TYPE_CHECKING:
    from app.scene.scene import Scene

# names of settings
CAMERA, VIEW, VISIBILITY, COLORING, RANGE, CUTS, LOOK = (
    "camera", "view", "visibility", "coloring", "value_range", "cuts", "look",
)  # fmt: skip
LONGEST_NAME = 200  # letters of a named view
LARGEST_POINT = 1000  # pixels or metres
OUT_OF_SIGHT = 1e9  # metres from the origin: no camera stands there

Size = tuple[int, int]


@dataclass(frozen=True)
class RecordedView:
    """What a picture says about how it was made, checked.

    ``placement`` is in the coordinates of the cloud as it is drawn; ``view`` its name where it has one.
    ``value_range`` is what colours that come from numbers ran between, chosen or automatic.
    """

    placement: CameraPlacement
    view: str = ""
    visibility: Visibility = field(default_factory=Visibility)
    coloring: Coloring = field(default_factory=Coloring)
    value_range: tuple[float, float] | None = None
    cuts: Cuts = field(default_factory=Cuts)
    look: PointLook = field(default_factory=PointLook)


@dataclass(frozen=True)
class JobColors:
    """What colours take from the whole job: the order of its classes and tracks, which themes follow, and for a picture
    coloured by cameras those that they give the points, (N, 4) uint8 RGBA."""

    order: JobOrder = NO_ORDER
    of_points: Bytes | None = None


NO_COLORS = JobColors()


def recorded_view(record: ViewRecord) -> RecordedView:
    """The settings of a picture; raises ViewFormatError where its camera is missing or cannot stand where it should."""
    placement = record.setting(CAMERA, CameraPlacement)
    if placement is None or not _can_stand(placement):
        raise ViewFormatError(
            "The view written into the picture has no usable camera.", next_step="Save the picture again."
        )
    coloring = record.setting(COLORING, Coloring) or Coloring()
    look = record.setting(LOOK, PointLook) or PointLook()
    if coloring.theme not in THEMES or coloring.color_map not in COLOR_MAPS or not _can_be_drawn(look):
        raise ViewFormatError(
            "The picture was made with colours or points that this version does not have.",
            next_step="Update Pointproof, or save the picture again.",
        )
    return RecordedView(
        placement,
        view=(record.setting(VIEW, str) or "")[:LONGEST_NAME],
        visibility=record.setting(VISIBILITY, Visibility) or Visibility(),
        coloring=coloring,
        value_range=record.setting(RANGE, tuple[float, float]),
        cuts=record.setting(CUTS, Cuts) or Cuts(),
        look=look,
    )


def with_settings(record: ViewRecord, view: RecordedView) -> ViewRecord:
    """The record with a view in it."""
    values = {
        CAMERA: view.placement,
        VIEW: view.view,
        VISIBILITY: view.visibility,
        COLORING: view.coloring,
        RANGE: view.value_range,
        CUTS: view.cuts,
        LOOK: view.look,
    }
    for name, value in values.items():
        if value is not None:
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
    frame: Frame,
    record: ViewRecord,
    *,
    path: Path,
    size: Size | None = None,
    colors: JobColors = NO_COLORS,
) -> None:
    """Write a PNG of a frame as the picture with this record shows it; as large as that one unless ``size`` is given.

    Raises ViewFormatError for a record without a usable view, else as ``render_frame``.
    """
    view = recorded_view(record)
    wanted = size or record.size
    check_size(wanted)
    require_cloud(frame)
    write_picture(_drawn(frame, record, view, wanted, colors), path)


def _drawn(frame: Frame, record: ViewRecord, view: RecordedView, size: Size, colors: JobColors) -> bytes:
    from app.scene.offscreen import OffscreenScene  # VTK takes long to load

    assert frame.cloud is not None  # require_cloud said so
    prepared = prepare_cloud(frame.cloud, frame.mask)
    table = key_colors(prepared.label_keys, frame.legend, view.visibility, view.coloring, order=colors.order)
    drawing = OffscreenScene(size)
    try:
        scene = drawing.scene
        scene.heading = forward_heading(frame.record)
        scene.set_pixel_ratio(record.pixel_ratio * size[1] / record.size[1])
        scene.set_look(LIGHT if record.theme == "light" else DARK)
        scene.set_point_look(view.look)
        scene.show(prepared, table)
        scene.set_cuts(view.cuts)
        _paint(scene, frame.cloud, prepared, view, colors.of_points)
        scene.set_placement(view.placement)
        return drawing.png()
    finally:
        drawing.close()


def _paint(
    scene: "Scene", cloud: PointCloud, prepared: PreparedCloud, view: RecordedView, point_colors: Bytes | None
) -> None:
    """Colours that do not come from the label; a cloud without the number that was shown keeps those of the label."""
    if view.coloring.by is ColorBy.CAMERA and point_colors is not None:
        scene.color_by_points(point_colors)
    channel = channel_of(cloud, view.coloring) if view.coloring.by.is_scalar else None
    if channel is not None:
        values = channel_values(cloud, channel, ground=prepared.spread.ground, ego=prepared.spread.ego)
        value_range = view.coloring.value_range or view.value_range or automatic_range(values)
        scene.color_by_values(values, color_map(view.coloring.color_map), value_range)


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
