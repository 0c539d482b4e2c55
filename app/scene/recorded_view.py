"""How a frame is looked at, and how a picture carries it: written into it, read from it and checked."""

import math
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import msgspec

from app.domain.color_maps import COLOR_MAPS
from app.domain.color_themes import THEMES
from app.domain.coloring import Coloring
from app.domain.cuts import Cuts
from app.domain.finding import printable, quoted
from app.domain.point_look import PointLook
from app.domain.sequence import Frame, Sequence
from app.domain.visibility import Visibility
from app.errors import InputError, ViewFormatError
from app.formats.view_record import ViewRecord
from app.scene.frame_stack import FARTHEST
from app.scene.guides import Guides
from app.scene.look import DARK, LIGHT, SceneLook
from app.scene.views import CameraPlacement
from app.workspace.addresses import shown_url

# names of settings
CAMERA, VIEW, VISIBILITY, COLORING, RANGE, CUTS, LOOK, GUIDES, AROUND = (
    "camera", "view", "visibility", "coloring", "value_range", "cuts", "look", "guides", "around",
)  # fmt: skip
LONGEST_NAME = 200  # letters of a name
LARGEST_POINT = 1000  # pixels or metres
OUT_OF_SIGHT = 1e9  # metres from the origin: no camera stands there
LARGEST = 8192  # pixels a side
DARK_THEME, LIGHT_THEME = "dark", "light"

Size = tuple[int, int]


@dataclass(frozen=True)
class Canvas:
    """What is drawn on: ``size`` (width, height) in pixels, of which ``pixel_ratio`` make one of the window's, and
    whether the program's theme is ``light`` or dark."""

    size: Size = (1280, 800)
    pixel_ratio: float = 1.0
    light: bool = False

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.size[0] / max(1, self.size[1])

    @property
    def look(self) -> SceneLook:
        """Colours of the theme."""
        return LIGHT if self.light else DARK


@dataclass(frozen=True)
class Around:
    """How many frames before and after the shown one are drawn with it, and whether things move along their tracks."""

    reach: int = 0
    with_motion: bool = False


@dataclass(frozen=True)
class RecordedView:
    """Where the camera stands, what is drawn and how.

    ``placement`` is in the coordinates of the cloud as it is drawn; ``view`` its name where it has one.
    ``value_range`` is what colours that come from numbers run between where ``coloring`` leaves it to the data.
    """

    placement: CameraPlacement
    view: str = ""
    visibility: Visibility = field(default_factory=Visibility)
    coloring: Coloring = field(default_factory=Coloring)
    value_range: tuple[float, float] | None = None
    cuts: Cuts = field(default_factory=Cuts)
    look: PointLook = field(default_factory=PointLook)
    guides: Guides = field(default_factory=Guides)
    around: Around = field(default_factory=Around)


def recorded_view(record: ViewRecord) -> RecordedView:
    """The settings of a picture; raises ViewFormatError where its camera is missing or cannot stand where it should."""
    placement = record.setting(CAMERA, CameraPlacement)
    if placement is None or not _can_stand(placement):
        raise ViewFormatError(
            "The view written into the picture has no usable camera.", next_step="Save the picture again."
        )
    coloring = record.setting(COLORING, Coloring) or Coloring()
    look = record.setting(LOOK, PointLook) or PointLook()
    around = record.setting(AROUND, Around) or Around()
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
        guides=record.setting(GUIDES, Guides) or Guides(),
        around=Around(min(max(around.reach, 0), FARTHEST), around.with_motion),
    )


def record_of(frame: Frame, *, job_id: str, job_name: str) -> ViewRecord:
    """The record of a picture that shows a frame, as long as nothing says how; names become one line without control
    characters."""
    return ViewRecord(
        job_id=job_id,
        job_name=_short(job_name),
        frame_id=_short(frame.record.frame_id),
        frame=frame.index,
        cloud=_short(PurePosixPath(shown_url(frame.record.scan_url)).name),
    )


def with_settings(record: ViewRecord, view: RecordedView, *, canvas: Canvas) -> ViewRecord:
    """The record with a view in it, and with what it was drawn on."""
    values = {
        CAMERA: view.placement,
        VIEW: view.view,
        VISIBILITY: view.visibility,
        COLORING: view.coloring,
        RANGE: view.value_range,
        CUTS: view.cuts,
        LOOK: view.look,
        GUIDES: view.guides,
        AROUND: view.around,
    }
    for name, value in values.items():
        if value is not None:
            record = record.with_setting(name, value)
    theme = LIGHT_THEME if canvas.light else DARK_THEME
    return msgspec.structs.replace(record, theme=theme, size=canvas.size, pixel_ratio=canvas.pixel_ratio)


def canvas_of(record: ViewRecord, *, size: Size | None = None) -> Canvas:
    """What the picture with a record was drawn on, or that at another size, with points as large for it."""
    wanted = size or record.size
    return Canvas(wanted, record.pixel_ratio * wanted[1] / record.size[1], light=record.theme == LIGHT_THEME)


def frame_of_record(record: ViewRecord, sequence: Sequence) -> int:
    """The position in a sequence of the frame that a picture shows: by its id, else by its number.

    Raises InputError where the sequence has no such frame.
    """
    ids = [_short(frame.frame_id) for frame in sequence.frames]
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


def _short(name: str) -> str:
    return printable(name[:LONGEST_NAME])


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
