"""Where a placement says that points are drawn, against VTK's own matrices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vtkmodules.vtkRenderingCore import vtkCamera

from app.scene.views import CameraPlacement

POINTS = np.random.default_rng(3).uniform(-40, 40, size=(200, 3))
SIZE = (900, 600)
FAR_AWAY = np.array([5e5, 5e6, 300.0])
PLACEMENTS = [
    CameraPlacement((-30.0, 4.0, 18.0), (5.0, -2.0, 1.0), (0.0, 0.0, 1.0)),
    CameraPlacement((-30.0, 4.0, 18.0), (5.0, -2.0, 1.0), (0.1, -0.3, 1.0), view_angle=95.0),
    CameraPlacement((0.0, 0.0, 90.0), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), half_height=33.0),
]


def drawn_by_vtk(placement, xyz, size):
    """(N, 2) pixels and whether in front of the camera, from VTK's matrix."""
    camera = vtkCamera()
    camera.SetPosition(placement.position)
    camera.SetFocalPoint(placement.focal_point)
    camera.SetViewUp(placement.up)
    camera.SetViewAngle(placement.view_angle)
    camera.SetParallelProjection(placement.half_height > 0)
    camera.SetParallelScale(placement.half_height or 1.0)
    camera.SetClippingRange(0.1, 1000.0)
    matrix = camera.GetCompositeProjectionTransformMatrix(size[0] / size[1], -1, 1)
    rows = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
    clip = np.column_stack([xyz, np.ones(len(xyz))]) @ rows.T
    device = clip[:, :2] / clip[:, 3:]
    return (device * [1, -1] + 1) / 2 * np.array(size), clip[:, 3] > 0


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_points_are_where_vtk_draws_them(placement):
    pixels, depth = placement.project(POINTS, SIZE)
    expected, ahead = drawn_by_vtk(placement, POINTS, SIZE)
    assert ahead.sum() > 50
    assert pixels[ahead] == pytest.approx(expected[ahead], abs=1e-6)
    if not placement.half_height:
        assert ((depth > 0) == ahead).all()
        assert np.isnan(pixels[~ahead]).all()


def test_depth_is_along_the_axis_of_the_camera():
    looking_down = PLACEMENTS[2]
    assert looking_down.project(np.array([[5.0, 7.0, 2.0]]), SIZE)[1] == pytest.approx([88.0])


@pytest.mark.parametrize("placement", PLACEMENTS)
@given(at=st.tuples(st.floats(-100, 1000), st.floats(-100, 700)), distance=st.floats(1.0, 500.0))
def test_a_ray_leads_back_to_its_pixel(placement, at, distance):
    origin, direction = placement.ray(at, SIZE)
    assert np.linalg.norm(direction) == pytest.approx(1.0)
    pixels, depth = placement.project((origin + distance * direction)[np.newaxis], SIZE)
    assert depth[0] > 0
    assert pixels[0] == pytest.approx(at, abs=1e-6)


def test_survey_coordinates_keep_their_millimetres():
    near = PLACEMENTS[0]
    position, focal = (tuple((np.array(each) + FAR_AWAY).tolist()) for each in (near.position, near.focal_point))
    moved = CameraPlacement(position, focal, near.up)
    ahead = near.project(POINTS, SIZE)[1] > 1
    assert moved.project(POINTS[ahead] + FAR_AWAY, SIZE)[0] == pytest.approx(
        near.project(POINTS[ahead], SIZE)[0], abs=1e-3
    )
