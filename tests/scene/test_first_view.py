"""The first view of any cloud shows its points, whatever else the file holds."""

import numpy as np
import pytest

from app.domain.point_cloud import CloudSource, PointCloud
from app.scene.prepared import prepare_cloud
from app.scene.views import FIRST_VIEW, VIEWS, place_camera

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
SIZE = (900, 600)
RANDOM = np.random.default_rng(5)
STREET = RANDOM.normal([4, 0, 0], [18, 12, 1.5], size=(5000, 3))
SURVEY_ORIGIN = np.array([512_345.0, 5_412_345.0, 300.0])  # the ego lies that far away from the points

CLOUDS = {
    "street": (STREET, np.zeros(3)),
    "street with a stray point": (np.concatenate([STREET, [[1e6, -1e6, 1e6]]]), np.zeros(3)),
    "street with stray points beyond numbers": (np.concatenate([STREET, np.full((20, 3), 3e38)]), np.zeros(3)),
    "survey in UTM": (RANDOM.uniform([-200, -150, 0], [200, 150, 30], size=(5000, 3)), SURVEY_ORIGIN),
    "tall thin survey": (RANDOM.uniform([299, -1, 0], [301, 1, 120], size=(5000, 3)), np.zeros(3)),
    "one point": (np.array([[12.0, 5.0, 1.0]]), np.zeros(3)),
    "one point far away": (np.array([[1200.0, 5.0, 1.0]]), np.zeros(3)),
    "all equal": (np.full((100, 3), 7.0), np.zeros(3)),
    "one row that is not finite": (np.array([[np.nan, 0, 0], [12.0, 5.0, 1.0]]), np.zeros(3)),
}


def prepared_of(name):
    xyz, origin = CLOUDS[name]
    return prepare_cloud(PointCloud(xyz.astype(np.float32), origin, {}, SOURCE), None)


@pytest.mark.parametrize("name", CLOUDS)
def test_most_points_are_in_the_picture_and_not_in_one_pixel(name):
    prepared = prepared_of(name)
    placement = place_camera(FIRST_VIEW, prepared.spread, aspect=SIZE[0] / SIZE[1])
    pixels, depth = placement.project(prepared.xyz[prepared.order].astype(np.float64), SIZE)
    inside = (depth > 0) & (pixels >= 0).all(axis=1) & (pixels < SIZE).all(axis=1)
    assert inside.mean() > (0.55 if "street" in name else 0.9)  # a street goes on behind the ego
    if len(np.unique(prepared.xyz[prepared.order], axis=0)) > 1:
        width, height = np.ptp(pixels[inside], axis=0)
        assert width > 0.5 * SIZE[0] or height > 0.5 * SIZE[1]


def test_a_stray_point_does_not_move_the_first_view():
    usual, stray = (
        place_camera(FIRST_VIEW, prepared_of(name).spread) for name in ("street", "street with a stray point")
    )
    assert stray.position == pytest.approx(usual.position, abs=0.5)


@pytest.mark.parametrize("view", VIEWS)
def test_a_cloud_without_points_still_has_every_view(view):
    nothing = prepare_cloud(PointCloud(np.zeros((0, 3), dtype=np.float32), np.zeros(3), {}, SOURCE), None)
    placement = place_camera(view, nothing.spread)
    assert np.isfinite([*placement.position, *placement.focal_point]).all()
    assert placement.distance > 0.1


def test_a_driver_looks_ahead_from_over_the_road():
    prepared = prepared_of("street")
    placement = place_camera("driver", prepared.spread, heading=np.pi / 2)
    assert placement.position[:2] == pytest.approx((0, 0), abs=1e-9)
    assert 1.0 < placement.position[2] - prepared.spread.ground < 6.0
    ahead = placement.project(np.array([[0.0, 30.0, placement.position[2]]]), SIZE)[0][0]
    assert ahead == pytest.approx((450, 300), abs=60)
