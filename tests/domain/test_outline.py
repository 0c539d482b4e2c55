import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.outline import outline_of

cv2 = pytest.importorskip("cv2")

PIXELS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200)), max_size=60)


def grid(columns, rows, *, step=4.0, at=(0.0, 0.0)):
    across, down = np.meshgrid(np.arange(columns) * step, np.arange(rows) * step)
    return np.stack([across.ravel(), down.ravel()], axis=1) + at


def area(loop):
    return cv2.contourArea(loop.astype(np.float32))


def covered(outline, points, *, within=0.5):
    """Which points lie in the outline's areas, on its steps or at its dots."""
    found = np.zeros(len(points), dtype=bool)
    for place, (x, y) in enumerate(points.tolist()):
        inside = any(cv2.pointPolygonTest(loop.astype(np.float32), (x, y), True) >= -within for loop in outline.loops)
        ends = np.concatenate([outline.steps.reshape(-1, 2), outline.dots])
        found[place] = inside or (np.linalg.norm(ends - [x, y], axis=1) <= within).any()
    return found


@given(PIXELS)
def test_every_point_is_in_an_area_on_a_step_or_a_dot(pixels):
    points = np.array(pixels, dtype=np.float64).reshape(-1, 2)
    outline = outline_of(points)
    assert covered(outline, points).all()
    assert bool(outline) == bool(pixels)
    assert all(len(loop) >= 3 and not loop.flags.writeable for loop in outline.loops)


@given(PIXELS, st.randoms())
def test_the_order_of_the_points_changes_nothing(pixels, random):
    points = np.array(pixels, dtype=np.float64).reshape(-1, 2)
    order = list(range(len(pixels)))
    random.shuffle(order)
    one, other = outline_of(points), outline_of(points[order])
    assert [loop.tolist() for loop in one.loops] == [loop.tolist() for loop in other.loops]
    assert np.array_equal(one.steps, other.steps)
    assert np.array_equal(one.dots, other.dots)


def test_a_full_shape_is_one_area_with_its_edge():
    (loop,) = outline_of(grid(20, 10)).loops
    assert area(loop) == pytest.approx(19 * 4 * 9 * 4)


def test_rows_that_are_farther_apart_than_their_points_make_one_area():
    """As the rays of a lidar do."""
    across, down = np.meshgrid(np.arange(0, 90, 2.0), np.arange(0, 60, 12.0))
    (loop,) = outline_of(np.stack([across.ravel(), down.ravel()], axis=1)).loops
    assert area(loop) == pytest.approx(88 * 48)


def test_what_is_hollow_at_the_edge_stays_so_and_a_hole_is_no_edge():
    points = grid(30, 30)
    notch = (points[:, 0] > 40) & (points[:, 1] > 40) & (points[:, 1] < 76)
    (loop,) = outline_of(points[~notch]).loops
    assert area(loop) == pytest.approx(116 * 116 - 76 * 40, rel=0.05)
    hole = np.abs(points - 58).max(axis=1) < 24
    (loop,) = outline_of(points[~hole]).loops
    assert area(loop) == pytest.approx(116 * 116)


def test_a_stray_point_stands_alone_and_two_beside_each_other_are_joined():
    strays = np.array([[300.0, 10.0], [300.0, 200.0], [303.0, 200.0]])
    outline = outline_of(np.concatenate([grid(20, 20), strays]))
    assert len(outline.loops) == 1
    assert outline.dots.tolist() == [[300.0, 10.0]]
    assert sorted(outline.steps[0].tolist()) == [[300.0, 200.0], [303.0, 200.0]]
    assert len(outline.steps) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_points_in_a_line_are_joined_one_by_one(turned):
    line = np.stack([np.arange(0, 30, 3.0), np.zeros(10)], axis=1)
    outline = outline_of(line[:, ::-1] if turned else line)
    assert outline.loops == ()
    assert len(outline.steps) == 9
    assert np.linalg.norm(outline.steps[:, 0] - outline.steps[:, 1], axis=1).tolist() == [3.0] * 9


def test_points_on_one_pixel_are_a_dot_and_none_are_nothing():
    outline = outline_of(np.full((50, 2), 7.1))
    assert len(outline.dots) == 1
    assert outline.dots[0] == pytest.approx([7.1, 7.1], abs=0.04)
    assert not outline_of(np.zeros((0, 2)))
