import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.point_splats import packed, splat

SIZE = (37, 23)


def painted(at, colors, *, diameter, size):
    """The oracle: spot after spot, pixel after pixel; round from four pixels on."""
    width, height = size
    canvas = np.zeros((height, width), dtype=np.uint32)
    for (x, y), color in zip(at, colors, strict=True):
        left, top = np.rint(x - diameter / 2), np.rint(y - diameter / 2)
        for row in range(height):
            for column in range(width):
                across, down = column - left - (diameter - 1) / 2, row - top - (diameter - 1) / 2
                in_square = max(abs(across), abs(down)) <= (diameter - 1) / 2
                if in_square and (diameter <= 3 or across**2 + down**2 <= diameter**2 / 4):
                    canvas[row, column] = color
    return canvas


@given(st.integers(0, 1000), st.integers(1, 9), st.integers(0, 12))
def test_spots_lie_over_each_other_in_the_order_of_the_points(seed, diameter, count):
    random = np.random.default_rng(seed)
    at = random.uniform(-12, 12, (count, 2)) + np.array(SIZE) * random.uniform(0, 1, (count, 2))
    colors = np.arange(1, count + 1, dtype=np.uint32)
    found = splat(at, colors, diameter=diameter, size=SIZE)
    assert np.array_equal(found, painted(at, colors, diameter=diameter, size=SIZE))
    assert found.flags.c_contiguous


def test_many_points_end_as_the_last_of_each_pixel(monkeypatch):
    random = np.random.default_rng(3)
    at = random.uniform(0, 1, (5000, 2)) * SIZE
    colors = np.arange(1, 5001, dtype=np.uint32)
    whole = splat(at, colors, diameter=1, size=SIZE)
    last = {tuple(pixel): color for pixel, color in zip(np.rint(at - 0.5).astype(int).tolist(), colors, strict=True)}
    assert {(x, y): whole[y, x] for x, y in last if x < SIZE[0] and y < SIZE[1]} == {
        (x, y): color for (x, y), color in last.items() if x < SIZE[0] and y < SIZE[1]
    }
    monkeypatch.setattr("app.domain.point_splats.CHUNK", 7)
    assert np.array_equal(splat(at, colors, diameter=1, size=SIZE), whole)


@pytest.mark.parametrize("diameter", [1, 3, 5])
def test_a_spot_of_odd_width_lies_around_the_middle_of_its_pixel(diameter):
    found = splat(np.array([[10.5, 7.5]]), np.array([9], dtype=np.uint32), diameter=diameter, size=SIZE)
    rows, columns = np.nonzero(found)
    assert (rows.mean(), columns.mean()) == (7, 10)
    assert np.ptp(rows) + 1 == np.ptp(columns) + 1 == diameter


def test_points_far_outside_are_left_out():
    at = np.array([[-1e9, 3], [1e12, 1e12], [np.nan, 2], [np.inf, 2]])
    assert not splat(at, np.ones(4, dtype=np.uint32), diameter=4, size=SIZE).any()


def test_a_colour_is_packed_as_qt_keeps_it():
    assert packed(np.array([[0x12, 0x34, 0x56], [255, 0, 1]], dtype=np.uint8)).tolist() == [0xFF123456, 0xFFFF0001]
