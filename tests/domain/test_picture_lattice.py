import numpy as np
import pytest

from app.domain.camera import CameraModel, Intrinsics, project
from app.domain.picture_lattice import CELLS, WIDEST, picture_lattice

SIZE = (1280, 720)
PINHOLE = Intrinsics(CameraModel.BROWN_CONRADY, 800, 760, 700.0, 300.0)
BARREL = Intrinsics(CameraModel.BROWN_CONRADY, 800, 760, 700.0, 300.0, 2.0, (-0.25, 0.09, 0.001, -0.002, -0.01))
FISHEYE = Intrinsics(CameraModel.FISHEYE, 380, 385, 630.0, 350.0, 0.0, (0.05, -0.01, 0.002, 0.0))
LENSES = pytest.mark.parametrize("lens", [PINHOLE, BARREL, FISHEYE])


@LENSES
def test_straight_lines_between_the_net_are_a_fraction_of_a_pixel_off(lens):
    net = picture_lattice(lens, SIZE)
    corners = net.cells[(np.abs(net.tangents[net.cells]) < WIDEST).all(axis=(1, 2))]
    middles = net.tangents[corners].mean(axis=1)
    uv, valid = project(np.column_stack([middles, np.ones(len(middles))]) * 10, lens)
    linear = net.shares[corners].mean(axis=1) * SIZE - 0.5
    assert valid.all()
    assert np.abs(uv - linear).max() < 0.5


@pytest.mark.parametrize(("lens", "share"), [(PINHOLE, 1.0), (BARREL, 1.0), (FISHEYE, 0.8)])
def test_the_net_covers_the_picture_as_far_as_a_straight_one_reaches(lens, share):
    net = picture_lattice(lens, SIZE)
    assert len(net.cells) >= share * CELLS[0] * CELLS[1]
    inner = net.shares[np.unique(net.cells)]
    assert inner.min(axis=0) == pytest.approx([0, 0], abs=0.1 if share < 1 else 0)
    assert inner.max(axis=0) == pytest.approx([1, 1], abs=0.1 if share < 1 else 0)


def test_reach_is_to_the_farther_side_of_an_uneven_picture():
    across, down = picture_lattice(PINHOLE, SIZE).reach
    assert across == pytest.approx((700.5) / 800)
    assert down == pytest.approx((719.5 - 300) / 760)


def test_a_fisheye_reaches_no_farther_than_a_straight_picture_can_show():
    assert picture_lattice(Intrinsics(CameraModel.FISHEYE, 300, 300, 640.0, 360.0), SIZE).reach[0] == WIDEST


def test_a_lens_that_sees_nothing_gives_an_empty_net():
    nothing = Intrinsics(CameraModel.BROWN_CONRADY, 1e-6, 1e-6, 640.0, 1e9)
    net = picture_lattice(nothing, SIZE)
    assert len(net.cells) == 0
    assert net.reach == (0.0, 0.0)
