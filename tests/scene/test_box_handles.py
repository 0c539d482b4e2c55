import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cuts import CutBox, Cuts
from app.scene.box_handles import EDGES, THINNEST, Handle, Ray, corners, dragged, handle_places

BOX = CutBox((3.0, -2.0, 1.0), (4.0, 2.0, 1.5), yaw=0.7)
EYE = np.array([-20.0, -13.0, 25.0])
number = st.floats(-50, 50)
boxes = st.builds(
    CutBox, st.tuples(number, number, number), st.tuples(*[st.floats(0.5, 30)] * 3), st.floats(-math.pi, math.pi)
)
FACES = [Handle.FRONT, Handle.BACK, Handle.LEFT, Handle.RIGHT, Handle.TOP, Handle.BOTTOM]


def ray_to(point):
    direction = np.asarray(point) - EYE
    return Ray(EYE, direction / np.linalg.norm(direction))


@given(boxes)
def test_the_corners_are_on_the_edge_of_what_the_box_keeps(box):
    for share, kept in ((0.999, True), (1.001, False)):
        points = np.array(box.centre) + (corners(box) - box.centre) * share
        keeps = Cuts(box=box).keeps(points.astype(np.float32), ego=np.zeros(3), ground=0.0)
        assert (keeps == kept).all()


def test_the_edges_of_a_box_are_twelve_along_its_axes():
    assert len(EDGES) == 12
    lengths = sorted(float(np.linalg.norm(corners(BOX)[a] - corners(BOX)[b])) for a, b in EDGES)
    assert lengths == pytest.approx([3.0] * 4 + [4.0] * 4 + [8.0] * 4)


@given(boxes, st.sampled_from(FACES), st.floats(-20, 20))
def test_a_face_follows_the_mouse_along_its_axis_and_the_opposite_face_stays(box, handle, metres):
    places = handle_places(box)
    start, centre = np.array(places[handle]), np.array(box.centre)
    outward = (start - centre) / np.linalg.norm(start - centre)
    view = EYE - start
    if np.linalg.norm(np.cross(outward, view)) < 0.05 * np.linalg.norm(view):
        return  # looked at along the axis: nobody could say how far it was pulled
    pulled = dragged(box, handle, held=ray_to(start), now=ray_to(start + outward * metres))
    opposite = {
        a: b for one, other in zip(FACES[::2], FACES[1::2], strict=True) for a, b in ((one, other), (other, one))
    }
    assert handle_places(pulled)[opposite[handle]] == pytest.approx(places[opposite[handle]], abs=1e-6)
    expected = start + outward * max(metres, 2 * THINNEST - 2 * np.linalg.norm(start - centre))
    assert handle_places(pulled)[handle] == pytest.approx(expected, abs=1e-6)
    assert min(pulled.half) >= THINNEST - 1e-9


def test_the_centre_is_moved_over_the_floor():
    moved = dragged(BOX, Handle.CENTRE, held=ray_to(BOX.centre), now=ray_to((8.0, 1.0, 1.0)))
    assert moved.centre == pytest.approx((8.0, 1.0, 1.0))
    assert (moved.half, moved.yaw) == (BOX.half, BOX.yaw)


def test_seen_from_the_side_the_centre_is_moved_upwards():
    held, now = (Ray(np.array([-50.0, y, z]), np.array([1.0, 0.0, 0.0])) for y, z in ((-2.0, 1.0), (0.0, 6.0)))
    assert dragged(BOX, Handle.CENTRE, held=held, now=now).centre == pytest.approx((3.0, 0.0, 6.0))


def test_the_outer_handle_turns_the_box_towards_the_mouse():
    turned = dragged(BOX, Handle.TURN, held=ray_to(BOX.centre), now=ray_to((3.0, 8.0, 1.0)))
    assert turned.yaw == pytest.approx(math.pi / 2)
    assert (turned.centre, turned.half) == (BOX.centre, BOX.half)


@pytest.mark.parametrize("handle", Handle)
def test_a_ray_that_tells_nothing_changes_nothing(handle):
    straight_down = Ray(np.array([*BOX.centre[:2], 30.0]), np.array([0.0, 0.0, -1.0]))
    level = Ray(np.array([-30.0, -2.0, 1.0]), np.array([1.0, 0.0, 0.0]))
    for ray in (straight_down, level):
        result = dragged(BOX, handle, held=ray, now=ray)
        if handle is not Handle.TURN:
            assert result.centre == pytest.approx(BOX.centre)
            assert result.half == pytest.approx(BOX.half)
