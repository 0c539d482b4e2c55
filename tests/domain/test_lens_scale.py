import numpy as np
import pytest

from app.domain.camera import Camera, CameraModel, Intrinsics, project
from app.domain.lens_scale import lens_scale, scaled

SIZE = (1280, 720)
LENS = Intrinsics(CameraModel.BROWN_CONRADY, 900, 910, 642.0, 355.0, skew=2.0, distortion=(-0.2, 0.03))


def decided(lens=LENS, factor=1.0, size=SIZE, **picture):
    return lens_scale(Camera("front", "1", lens, factor), size, **picture)


def test_a_lens_whose_centre_is_that_of_the_picture_is_taken_as_given():
    for factor in (1.0, 2.0, 0.5, 1e-300, 1e300):
        scale = decided(factor=factor)
        assert (scale.intrinsics, scale.as_given) == (LENS, True)
        assert "(642, 355) is near the middle of the 1280 x 720 picture" in scale.reason
        assert ("The scale_factor is" in scale.reason) == (factor != 1.0)


def test_a_lens_for_the_original_of_a_picture_that_was_made_smaller_is_divided():
    scale = decided(factor=2.0, size=(640, 360))
    assert scale.factor == 0.5
    assert (scale.intrinsics.fx, scale.intrinsics.fy, scale.intrinsics.skew) == (450, 455, 1)
    assert (scale.intrinsics.cx, scale.intrinsics.cy) == (320.75, 177.25)
    assert scale.intrinsics.distortion == LENS.distortion
    assert scale.reason.startswith("The scale_factor is 2.")
    assert scale.reason.endswith("for the original and are divided.")


def test_the_lens_for_a_resized_picture_puts_points_where_the_resizing_puts_their_pixels():
    xyz = np.random.default_rng(3).uniform([-3, -2, 4], [3, 2, 9], (200, 3))
    here, _ = project(xyz, LENS)
    there, _ = project(xyz, scaled(LENS, 0.25, 0.25))
    assert there + 0.5 == pytest.approx((here + 0.5) * 0.25)  # shares of the picture stay the same


def test_the_picture_of_a_linked_sample_in_the_same_shape_is_scaled_from_the_jobs_own():
    scale = decided(size=(640, 360), elsewhere=True, own_size=SIZE)
    assert scale.factor == 0.5
    assert scale.intrinsics == scaled(LENS, 0.5, 0.5)
    assert "640 x 360, shows the same 0.5 times as large" in scale.reason
    assert decided(elsewhere=True, own_size=SIZE).as_given


def test_the_picture_of_a_linked_sample_without_one_of_the_job_is_scaled_by_its_middle():
    scale = decided(size=(320, 180), elsewhere=True)
    assert scale.factor == pytest.approx(0.25, rel=0.02)
    assert scale.intrinsics.cx == pytest.approx(160, abs=2)
    assert decided(elsewhere=True).as_given


@pytest.mark.parametrize("own_size", [None, SIZE])
def test_no_lens_fits_a_picture_of_another_shape(own_size):
    scale = decided(size=(320, 320), elsewhere=True, own_size=own_size)
    assert scale.intrinsics is None
    assert "320 x 320 is another shape" in scale.reason


def test_a_lens_far_from_the_middle_is_scaled_where_the_shape_fits_and_else_left():
    scale = decided(size=(2560, 1440))
    assert scale.factor == pytest.approx(2.0, rel=0.02)
    assert "scaled to fit" in scale.reason
    left = decided(size=(3000, 720))
    assert left.as_given
    assert "far from the middle" in left.reason


def test_without_a_lens_there_is_nothing_to_decide():
    assert lens_scale(Camera("front", "1", None), SIZE) is None
