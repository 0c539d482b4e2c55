"""A picture's own view draws the same picture again, in numbers; a view that leads nowhere is refused."""

import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.domain.color_themes import THEMES
from app.domain.coloring import ColorBy, Coloring, class_color
from app.domain.cuts import CutBox, Cuts, Sector
from app.domain.point_look import PointLook
from app.domain.sequence import Sequence, SequenceFrame
from app.domain.visibility import Visibility
from app.errors import AppError, InputError, ViewFormatError
from app.formats.view_record import ViewRecord, read_view, with_view
from app.scene.guides import Guides
from app.scene.recorded_view import (
    CAMERA,
    COLORING,
    LOOK,
    VISIBILITY,
    Around,
    Canvas,
    RecordedView,
    canvas_of,
    frame_of_record,
    recorded_view,
    with_settings,
)
from app.scene.render import draw, subject_of
from app.scene.views import CameraPlacement
from tests.scene.test_render import LEGEND, small_frame

PLACEMENT = CameraPlacement((-30.0, 4.0, 22.0), (3.0, 0.0, 0.5), (0.0, 0.0, 1.0))
SIZE = (320, 200)
RECORD = ViewRecord(size=SIZE, theme="light").with_setting(CAMERA, PLACEMENT)
RED = LEGEND.get(3).color


def drawn(record: ViewRecord, size: tuple[int, int] | None = None) -> np.ndarray:
    try:
        drawing = draw(subject_of(small_frame()), recorded_view(record), canvas_of(record, size=size))
    except AppError as error:
        if "no OpenGL" not in error.message:
            raise
        pytest.skip(error.message)
    return np.asarray(Image.open(io.BytesIO(drawing.png)).convert("RGB")).astype(int)


def of_color(pixels: np.ndarray, color: tuple[int, int, int]) -> int:
    return int((np.abs(pixels - color).max(axis=2) <= 2).sum())


def test_what_is_hidden_in_the_picture_is_hidden_when_it_is_drawn_again() -> None:
    whole = drawn(RECORD)
    hidden = drawn(RECORD.with_setting(VISIBILITY, Visibility(frozenset({"Car"}))))
    assert whole.shape == (SIZE[1], SIZE[0], 3)
    assert of_color(whole, RED) > 300
    assert of_color(hidden, RED) == 0


def test_the_theme_of_the_picture_is_its_background() -> None:
    light, dark = drawn(RECORD), drawn(ViewRecord(size=SIZE).with_setting(CAMERA, PLACEMENT))
    assert light[0, 0].min() > 200
    assert dark[0, 0].max() < 40


def test_twice_the_size_shows_the_same_with_points_twice_as_large() -> None:
    once, twice = drawn(RECORD), drawn(RECORD, size=(640, 400))
    assert twice.shape == (400, 640, 3)
    share = [of_color(picture, RED) / picture[..., 0].size for picture in (once, twice)]
    assert share[1] == pytest.approx(share[0], rel=0.1)


def test_a_placement_survives_the_way_through_a_picture_to_the_last_bit() -> None:
    placement = CameraPlacement((5e5 + 1 / 3, 5e6 + 0.1, math.pi), (5e5, 5e6, 0.0), (0.0, 0.6, 0.8), half_height=12.25)
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "png")
    png = with_view(buffer.getvalue(), ViewRecord().with_setting(CAMERA, placement))
    assert recorded_view(read_view(io.BytesIO(png))).placement == placement


@pytest.mark.parametrize(
    "camera",
    [
        None,
        CameraPlacement((0.0, 0.0, 1.0), (0.0, 0.0, 1.0), (0.0, 1.0, 0.0)),
        CameraPlacement((0.0, 0.0, 1.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
        CameraPlacement((0.0, 0.0, 1.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        CameraPlacement((1e12, 0.0, 1.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
        CameraPlacement((0.0, 0.0, 1.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0), half_height=-1.0),
    ],
)
def test_a_camera_that_cannot_look_is_refused(camera: CameraPlacement | None) -> None:
    record = ViewRecord() if camera is None else ViewRecord().with_setting(CAMERA, camera)
    with pytest.raises(ViewFormatError, match="no usable camera"):
        recorded_view(record)


@pytest.mark.parametrize(
    ("name", "value"),
    [(COLORING, Coloring(theme="neon")), (COLORING, Coloring(color_map="plaid")), (LOOK, PointLook(size=0.0)),
     (LOOK, PointLook(size=1e6))],
)  # fmt: skip
def test_colours_and_points_that_this_version_does_not_have_are_refused(name: str, value: object) -> None:
    with pytest.raises(ViewFormatError, match="this version does not have"):
        recorded_view(RECORD.with_setting(name, value))


def test_colours_cuts_and_points_survive_the_way_through_a_picture() -> None:
    view = RecordedView(
        PLACEMENT,
        "camera:front",
        Visibility(frozenset({"Car"}), frozenset({3}), frozenset({"Tree"})),
        Coloring(ColorBy.FIELD, "rcs", value_range=(-3.5, 12.25)),
        (-3.5, 12.25),
        Cuts(floor=-0.5, box=CutBox((1.0, 2.0, 3.0), (4.0, 5.0, 6.0), 0.5), sector=Sector(0.1, 0.7)),
        PointLook(size=0.05, unit="m", edl=True, background="light"),
        Guides(grid=True, rig=False),
        Around(3, with_motion=True),
    )
    assert recorded_view(with_settings(ViewRecord(), view, canvas=Canvas())) == view


def test_a_theme_of_the_legend_is_drawn_in_its_colours() -> None:
    record = RECORD.with_setting(COLORING, Coloring(theme=THEMES[-1]))
    entry = LEGEND.get(3)
    color = class_color(entry.class_name, LEGEND, Coloring(theme=THEMES[-1]))
    pixels = drawn(record)
    assert color != RED
    assert of_color(pixels, color) > 300
    assert of_color(pixels, RED) == 0


def test_a_picture_by_a_number_that_the_points_do_not_have_is_refused() -> None:
    record = RECORD.with_setting(COLORING, Coloring(ColorBy.FIELD, "rcs"))
    with pytest.raises(InputError, match=r"no “rcs” to be coloured by\. They have height and range"):
        drawn(record)


@given(st.lists(st.floats(width=32), min_size=10, max_size=10))
def test_any_numbers_give_a_camera_that_can_look_or_a_sentence(numbers: list[float]) -> None:
    x, y, z, a, b, c, u, v, w, half = numbers
    record = ViewRecord().with_setting(CAMERA, CameraPlacement((x, y, z), (a, b, c), (u, v, w), half_height=half))
    try:
        answer = recorded_view(record).placement.distance > 0
    except ViewFormatError as error:
        answer = "camera" in error.message
    assert answer


FRAMES = Sequence(tuple(SequenceFrame(name, "", "") for name in ("a", "b", "c")))


@pytest.mark.parametrize(("frame_id", "frame", "found"), [("b", 1, 1), ("c", 0, 2), ("a", 77, 0), ("", 2, 2)])
def test_a_frame_is_found_by_its_id_and_else_by_its_number(frame_id: str, frame: int, found: int) -> None:
    assert frame_of_record(ViewRecord(frame_id=frame_id, frame=frame), FRAMES) == found


@pytest.mark.parametrize(("frame_id", "frame", "words"), [("d", 1, "“d”"), ("", 3, "“3”"), ("x\n" * 500, 0, "“x x")])
def test_a_frame_that_the_job_lacks_is_named(frame_id: str, frame: int, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        frame_of_record(ViewRecord(frame_id=frame_id, frame=frame), FRAMES)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400
