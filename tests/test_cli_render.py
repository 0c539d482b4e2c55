"""``render`` with what the window can show: numbers from the pixels of the files that it writes."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.arguments.looking import CLASS_COLORS, MOST_AROUND
from app.cli.parser import build_parser
from app.domain.color_maps import COLOR_MAPS, shown_color_map
from app.domain.color_themes import THEMES, theme_color
from app.domain.coloring import ColorBy, Coloring
from app.domain.cuts import Cuts
from app.domain.point_look import PointLook
from app.formats.view_record import read_view
from app.scene.frame_stack import FARTHEST
from app.scene.guides import Guides
from app.scene.recorded_view import Around, RecordedView, recorded_view
from app.scene.views import VIEWS
from tests.builders import IMAGE_SIZE, LEGEND, pcd_bytes, small_delivery
from tests.commands import pointproof

COLORS = {"Ground": (71, 153, 193), "Car": (220, 60, 40), "Pedestrian": (240, 200, 0)}
VIRIDIS_TOP = (253, 231, 37)  # as matplotlib has it
SIZE = (320, 240)
PLACES = {
    "ahead": (20.0, 0.0, 0.0),
    "behind": (-20.0, 0.0, 0.0),
    "left": (0.0, 20.0, 0.0),
    "high": (10.0, 10.0, 6.0),
    "low": (10.0, -10.0, -3.0),
}


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "job", frames=2, points=4000, cameras=("front", "left"))


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """A cloud with a small dense cube at each of PLACES and a floor at height 0 around the lidar."""
    cube = np.stack(np.meshgrid(*[np.linspace(-0.8, 0.8, 9)] * 3), axis=-1).reshape(-1, 3)
    floor = np.stack(np.meshgrid(np.linspace(-8, 8, 60), np.linspace(-8, 8, 60), [0.0]), axis=-1).reshape(-1, 3)
    xyz = np.concatenate([floor, *(cube + place for place in PLACES.values())]).astype(np.float32)
    path = tmp_path / "places.pcd"
    path.write_bytes(pcd_bytes(xyz, np.linspace(0, 1, len(xyz))))
    return path


def render(path: Path, *options: object, size: tuple[int, int] = SIZE, code: int = 0) -> Path:
    """The picture of a path; beside it, so that every call of a test gets a file of its own."""
    output = path.parent / f"picture {len(list(path.parent.glob('picture*')))}.png"
    arguments = [str(option) for option in options]
    assert pointproof("render", path, "-o", output, "--size", f"{size[0]}x{size[1]}", *arguments) == code
    return output


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def share(picture: np.ndarray, color: tuple[int, int, int]) -> float:
    return float((np.abs(picture - color).max(axis=2) <= 2).mean())


def shown(path: Path) -> RecordedView:
    with path.open("rb") as stream:
        return recorded_view(read_view(stream))


def seen_places(picture: Path) -> set[str]:
    """The places where points are drawn, by the camera that the picture says."""
    drawn = pixels(picture).max(axis=2) > 120
    at, _ = shown(picture).placement.project(np.array(list(PLACES.values())), SIZE)
    around = [drawn[v - 3 : v + 4, u - 3 : u + 4] for u, v in at.astype(int).tolist()]
    return {name for name, window in zip(PLACES, around, strict=True) if window.mean() > 0.5}


@pytest.mark.gl
@pytest.mark.parametrize("view", VIEWS)
def test_every_named_view_shows_points_and_is_named_in_the_picture(delivery: Path, view: str) -> None:
    picture = render(delivery, "--view", view)
    assert share(pixels(picture), COLORS["Car"]) > 0.002
    assert shown(picture).view == view


@pytest.mark.gl
def test_hiding_and_keeping_classes_takes_their_colours_out(delivery: Path) -> None:
    whole = pixels(render(delivery))
    hidden = pixels(render(delivery, "--hide", "car", "--hide", "without a legend"))
    only = pixels(render(delivery, "--only", "Car", "--only", "Ground", "--hide", "Ground"))
    unmapped = render(delivery, "--only", "Without a legend")
    assert all(share(whole, COLORS[row.label]) > 0.01 for row in LEGEND)
    assert share(hidden, COLORS["Car"]) == 0
    assert share(hidden, COLORS["Ground"]) >= share(whole, COLORS["Ground"])
    assert share(only, COLORS["Car"]) > share(whole, COLORS["Car"])
    assert share(only, COLORS["Ground"]) == share(only, COLORS["Pedestrian"]) == 0
    assert all(share(pixels(unmapped), COLORS[row.label]) == 0 for row in LEGEND)
    assert (pixels(unmapped).max(axis=2) > 110).mean() > 0.01


@pytest.mark.gl
@pytest.mark.parametrize("name", [name for name in CLASS_COLORS if name != "file"])
def test_class_colours_are_those_of_the_theme(delivery: Path, name: str) -> None:
    picture = pixels(render(delivery, "--class-colors", name))
    assert share(picture, theme_color(CLASS_COLORS[name], 1)) > 0.01
    assert share(picture, COLORS["Car"]) == 0


@pytest.mark.gl
def test_heights_take_the_colours_of_the_map_between_the_ends_of_the_range(places: Path) -> None:
    picture = render(places, "--color-by", "height", "--range", "-1", "5")
    low, high = shown_color_map("viridis", on_dark=True)[[0, -1]].tolist()
    assert tuple(high) == VIRIDIS_TOP
    found = pixels(picture)
    assert share(found, low) > 0  # the cube at -3
    assert share(found, high) > 0  # the cube at 6
    other = pixels(render(places, "--color-by", "height", "--range", "-1", "5", "--color-map", "grey"))
    assert share(other, high) == 0
    assert share(other, (255, 255, 255)) == pytest.approx(share(found, high), rel=0.05)
    assert shown(picture).value_range == (-1, 5)


@pytest.mark.gl
def test_a_range_that_is_not_given_is_found_and_written_into_the_picture(places: Path) -> None:
    view = shown(render(places, "--color-by", "height"))
    assert view.coloring == Coloring(ColorBy.HEIGHT)
    assert view.value_range is not None
    assert view.value_range[0] < -2 < 5 < view.value_range[1] < 7


@pytest.mark.gl
@pytest.mark.parametrize(
    ("options", "gone"),
    [
        ((), set()),
        (("--floor", "-1"), {"low"}),
        (("--ceiling", "3"), {"high"}),
        (("--farthest", "18"), {"ahead", "behind", "left"}),
        (("--ahead", "60"), set(PLACES) - {"ahead"}),
        (("--box", 20, 0, 0, 4, 4, 4), set(PLACES) - {"ahead"}),
        (("--box", 0, 0, 0, 50, 4, 4, 90), set(PLACES) - {"left"}),
        (("--floor", "-1", "--ceiling", "3"), {"low", "high"}),
    ],
)
def test_cuts_take_away_what_they_say(places: Path, options: tuple[object, ...], gone: set[str]) -> None:
    assert seen_places(render(places, *options)) == set(PLACES) - gone


@pytest.mark.gl
def test_a_cameras_view_has_its_picture_behind_the_points(delivery: Path) -> None:
    picture = render(delivery, "--frame", "1", "--view", "camera:front", size=(640, 480))
    rows, columns = np.mgrid[0:480, 0:640] // 4
    expected = np.stack([columns, rows + 40, 0 * rows], axis=-1)  # as the builder painted it
    assert IMAGE_SIZE == (160, 120)
    near = np.abs(pixels(picture) - expected).max(axis=2) < 12
    assert near.mean() > 0.75
    assert share(pixels(picture), COLORS["Car"]) > 0.002
    assert shown(picture).view == "camera:front"
    without = pixels(render(delivery, "--frame", "1", "--view", "driver", size=(640, 480)))
    assert (np.abs(without - expected).max(axis=2) < 12).mean() < 0.2


@pytest.mark.gl
def test_points_take_the_colours_of_the_pictures(delivery: Path) -> None:
    picture = pixels(render(delivery, "--frame", "1", "--color-by", "camera", "--point-size", "3"))
    # the picture of the left camera has 60 in blue, that of the front one 0, and both go from 0 to 160 in red
    painted = (picture[..., 1] > 80) & (picture[..., 2] < 75)
    assert painted.mean() > 0.02
    assert share(picture, COLORS["Car"]) == 0


@pytest.mark.gl
def test_points_and_background_are_as_asked_for(delivery: Path) -> None:
    small, large = (pixels(render(delivery, "--point-size", size)) for size in ("1px", "6"))
    assert share(large, COLORS["Car"]) > 4 * share(small, COLORS["Car"])
    metres = render(delivery, "--point-size", "1.5m", "--edl", "--background", "light")
    assert shown(metres).look == PointLook(1.5, "m", edl=True, background="light")
    assert pixels(metres)[0, 0].min() > 200
    assert pixels(render(delivery, "--theme", "light"))[0, 0].min() > 200
    assert large[0, 0].max() < 40


@pytest.mark.gl
def test_a_picture_leads_back_to_its_view_and_options_change_parts_of_it(delivery: Path) -> None:
    looks = ("--frame", "1", "--view", "side", "--color-by", "intensity", "--ceiling", "2", "--hide", "Car")
    first = render(delivery, *looks, "--theme", "light")
    again = render(delivery, "--view-of", first)
    assert np.array_equal(pixels(first), pixels(again))
    assert shown(first) == shown(again)
    changed = shown(render(delivery, "--view-of", first, "--color-by", "class", "--floor", "-1", "--hide", "Ground"))
    assert changed.placement == shown(first).placement
    assert changed.visibility.hidden_classes == {"Car", "Ground"}
    assert changed.cuts == Cuts(floor=-1, ceiling=2)
    assert (changed.coloring, changed.value_range) == (Coloring(), None)
    elsewhere = render(delivery, "--view-of", first, "--view", "top")
    straight = render(delivery, *looks, "--theme", "light", "--view", "top")
    assert np.array_equal(pixels(elsewhere), pixels(straight))


@pytest.mark.gl
def test_the_view_of_a_camera_fits_again_at_another_size(delivery: Path) -> None:
    first = render(delivery, "--view", "camera:left", size=(320, 240))
    tall = render(delivery, "--view-of", first, size=(200, 400))
    straight = render(delivery, "--view", "camera:left", size=(200, 400))
    assert shown(tall).placement == shown(straight).placement
    assert shown(tall).placement.view_angle > shown(first).placement.view_angle


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """Three frames between which the ego goes 10 m ahead each time, and a fourth without a pose."""
    folder = small_delivery(tmp_path / "drive", frames=4, points=3000)
    document = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    for index, step in enumerate(document["sensor_data"]["frames"]):
        step["ego_pose"]["position"]["x"] = 10.0 * index
    del document["sensor_data"]["frames"][3]["ego_pose"]
    (folder / "result.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.mark.gl
def test_frames_around_are_drawn_where_the_ego_was(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    look = ("--view", "top", "--frame", "1", "--guides", "none", "--color-by", "height", "--range", "-3", "5")
    tall = (240, 480)
    one = render(drive, *look, size=tall)
    capsys.readouterr()
    three = render(drive, "--view-of", one, "--frames-around", "5", size=tall)
    assert "Drawn are 3 frames, 1 without pose left out." in capsys.readouterr().err
    alone, together = (pixels(picture).max(axis=2) > 60 for picture in (one, three))
    # points lie within 30 m of the ego, so what is 35 m ahead or behind was measured 10 m away from here
    for x in (35.0, -35.0):
        (at, *_), _ = shown(one).placement.project(np.array([[x, 0.0, 0.0]]), tall)
        across, down = at.astype(int).tolist()
        band = (slice(down - 3, down + 4), slice(across - 40, across + 41))
        assert alone[band].mean() == 0
        assert together[band].mean() > 0.1
    assert shown(three).around == Around(5)
    assert np.array_equal(pixels(render(drive, "--view-of", three, size=tall)), pixels(three))


@pytest.mark.gl
def test_other_frames_stand_back_in_the_colours_of_classes(drive: Path) -> None:
    one = pixels(render(drive, "--frame", "1", "--view", "ego"))
    three = pixels(render(drive, "--frame", "1", "--view", "ego", "--frames-around", "1"))
    assert 0.5 < share(three, COLORS["Car"]) / share(one, COLORS["Car"]) <= 1
    assert (three.max(axis=2) > 60).mean() > 1.5 * (one.max(axis=2) > 60).mean()


def test_frames_without_poses_are_drawn_alone_only(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render(drive, "--frame", "3", "--frames-around", "1", code=3)
    assert "This frame has no ego pose, so no other can be placed around it." in capsys.readouterr().err


@pytest.mark.gl
def test_guides_are_drawn_as_they_are_named(delivery: Path) -> None:
    nothing = ("--only", "Pedestrian", "--hide", "Pedestrian")
    empty = pixels(render(delivery, *nothing, "--guides", "none"))
    grid = render(delivery, *nothing, "--guides", "grid,axes")
    assert (empty.max(axis=2) > 40).mean() < 0.005  # the ego's arrow
    assert (pixels(grid).max(axis=2) > 40).mean() > 0.03
    assert shown(grid).guides == Guides(rings=False, north=False, ego_path=False, rig=False, grid=True)
    assert np.array_equal(pixels(render(delivery, "--view-of", grid)), pixels(grid))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--view", "camera:rear"), "There is no camera “rear” to look through. Choose one of front and left."),
        (("--color-by", "rcs"), "The points have no “rcs” to be coloured by. They have intensity, height and range"),
        (("--color-by", "time"), "The points have no “time”"),
        (("--hide", "Lorry"), "no class “Lorry”. It has Ground, Car, Pedestrian and Without a legend."),
        (("--only", "Lorry"), "no class “Lorry”"),
        (("--range", "0", "1"), "Colours by class come from no number"),
        (("--color-map", "turbo", "--color-by", "camera"), "Colours by camera come from no number"),
    ],
)
def test_what_the_job_does_not_have_is_said_with_what_it_has(
    delivery: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    picture = render(delivery, *options, code=3)
    assert words in capsys.readouterr().err
    assert not picture.exists()


def test_colours_by_cameras_without_pictures_are_refused(places: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render(places, "--color-by", "camera", code=3)
    assert "No camera of this frame gives the points colours" in capsys.readouterr().err


def test_the_help_names_every_view_colour_and_map(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["render", "--help"])
    words = set(capsys.readouterr().out.replace(",", " ").replace("(", " ").split())
    assert {*VIEWS, *COLOR_MAPS} <= words
    assert {by.value for by in ColorBy} <= words
    assert set(CLASS_COLORS.values()) == set(THEMES)
    assert MOST_AROUND == FARTHEST
