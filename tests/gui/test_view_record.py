import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.coloring import ColorBy, Coloring
from app.domain.cuts import CutBox, Cuts, Sector
from app.domain.point_look import ImagePoints, PointLook
from app.gui.saved_views import SavedView
from app.gui.view_record import (
    LastView,
    camera_view,
    coloring_of,
    cuts_of,
    decoded,
    encoded,
    image_points_of,
    look_of,
    part,
    placement_of,
    saved_of,
    saved_part,
)
from app.scene.views import CameraPlacement

PLACEMENT = CameraPlacement((1.0, 2.0, 30.0), (4.0, 5.0, 6.0), (0.0, 0.0, 1.0), view_angle=71.5)
PARALLEL = replace(PLACEMENT, half_height=12.5)
COLORING = Coloring(ColorBy.FIELD, "ring", "turbo", (0.0, 63.0), "high contrast")
CUTS = Cuts(-1.0, 4.0, CutBox((1.0, 2.0, 3.0), (4.0, 5.0, 6.0), 0.5), 60.0, Sector(0.25, 1.0))
LOOK = PointLook(0.05, "m", edl=True, background="light")
IMAGE_POINTS = ImagePoints(shown=True, size=5.0, opacity=0.5, occlusion=False)
SAVED = {1: SavedView("Crossing", PLACEMENT), 9: SavedView("Camera", PARALLEL, "camera:front")}
WHOLE = LastView(
    3,
    ("Car",),
    (7,),
    ("Ground",),
    "top",
    camera_view(PARALLEL),
    part(COLORING),
    part(CUTS),
    part(LOOK),
    saved_part(SAVED),
    part(IMAGE_POINTS),
)


def test_everything_comes_back():
    back = decoded(encoded(WHOLE))
    assert (back.frame, back.hidden_classes, back.hidden_keys, back.dimmed_classes) == (3, ("Car",), (7,), ("Ground",))
    assert placement_of(back.camera) == PARALLEL
    assert (coloring_of(back), cuts_of(back), look_of(back), saved_of(back)) == (COLORING, CUTS, LOOK, SAVED)
    assert image_points_of(back) == IMAGE_POINTS


def test_a_record_of_an_earlier_version_still_tells_where_the_camera_stood():
    camera = {"position": [1, 2, 3], "focal_point": [0, 0, 0], "up": [0, 0, 1], "half_height": 0.0}
    back = decoded(json.dumps({"frame": 2, "view": "", "camera": camera}).encode())
    assert placement_of(back.camera) == CameraPlacement((1.0, 2.0, 3.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    assert (coloring_of(back), cuts_of(back), look_of(back), saved_of(back)) == (None, None, None, {})
    assert image_points_of(back) is None


@pytest.mark.parametrize("spoiled", ["coloring", "cuts", "look", "saved", "image_points"])
@pytest.mark.parametrize(
    "value", [7, "what", {"by": "a mode of the future", "floor": "low", "size": []}, [{}]], ids=str
)
def test_a_part_that_cannot_be_read_costs_only_itself(spoiled, value):
    document = json.loads(encoded(WHOLE))
    document[spoiled] = value
    back = decoded(json.dumps(document).encode())
    read = {"coloring": coloring_of(back), "cuts": cuts_of(back), "look": look_of(back), "saved": saved_of(back)}
    read["image_points"] = image_points_of(back)
    kept = {"coloring": COLORING, "cuts": CUTS, "look": LOOK, "saved": SAVED, "image_points": IMAGE_POINTS}
    assert not read.pop(spoiled)
    assert read == {name: value for name, value in kept.items() if name != spoiled}
    assert back.frame == 3


@given(st.binary(max_size=200))
def test_nothing_at_all_is_the_usual_start(raw):
    assert isinstance(decoded(raw), LastView)


@pytest.mark.parametrize(
    "change",
    [{"view_angle": 0.0}, {"view_angle": 180.0}, {"half_height": -1.0}, {"up": (0.0, 0.0, 0.0)}],
    ids=str,
)
def test_a_placement_that_no_camera_can_take_is_left_out(change):
    broken = replace(PLACEMENT, **change)
    assert placement_of(camera_view(broken)) is None
    assert saved_of(LastView(saved=saved_part({2: SavedView("Bad", broken)}))) == {}


def test_slots_that_no_key_names_are_left_out():
    assert saved_of(LastView(saved=saved_part({0: SAVED[1], 12: SAVED[1]}))) == {}


@pytest.mark.parametrize("beyond", [{"size": 1e9}, {"size": 0}, {"opacity": 0}, {"opacity": 2}])
def test_points_over_images_of_a_size_that_no_screen_has_are_left_out(beyond):
    document = json.loads(encoded(WHOLE))
    document["image_points"] |= beyond
    assert image_points_of(decoded(json.dumps(document).encode())) is None
