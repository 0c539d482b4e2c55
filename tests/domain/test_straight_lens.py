"""Straight pictures against OpenCV's own way of undoing a lens, and the way there and back."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.camera import CameraModel, Intrinsics
from app.domain.straight_lens import WIDEST, straight_lens, straighten

SIZE = (320, 240)
BARREL = Intrinsics(CameraModel.BROWN_CONRADY, 260.0, 255.0, 150.0, 125.0, 0.0, (-0.25, 0.06, 0.002, -0.001, 0.0))
FISHEYE = Intrinsics(CameraModel.FISHEYE, 120.0, 121.0, 158.0, 118.0, 0.0, (0.03, -0.01, 0.002, 0.0))
NONE = Intrinsics(CameraModel.BROWN_CONRADY, 260.0, 260.0, 159.5, 119.5)
TURNED_OFF = Intrinsics(CameraModel.BROWN_CONRADY, 260.0, 260.0, 1e9, 1e9, 0.0, (-5.0, 0.0, 0.0, 0.0))


def smooth_picture(width=SIZE[0], height=SIZE[1]):
    """Waves of a few pixels: mixing neighbours well or badly makes a difference in it."""
    u, v = np.meshgrid(np.arange(width), np.arange(height))
    grey = 128 + 60 * np.sin(u / 7) + 60 * np.cos(v / 9)
    return np.dstack([grey, 255 - grey, grey / 2, np.full_like(grey, 255)]).astype(np.uint8)


def maps_of_opencv(lens: Intrinsics, straight: Intrinsics):
    def matrix(of: Intrinsics):
        return np.array([[of.fx, of.skew, of.cx], [0, of.fy, of.cy], [0, 0, 1]])

    coefficients = np.array(lens.distortion)
    undo = cv2.fisheye.initUndistortRectifyMap if lens.model is CameraModel.FISHEYE else cv2.initUndistortRectifyMap
    return undo(matrix(lens), coefficients, np.eye(3), matrix(straight), SIZE, cv2.CV_32FC1)


@pytest.mark.parametrize("lens", [BARREL, FISHEYE])
def test_a_straight_picture_is_that_of_opencv(lens):
    straight = straight_lens(lens, SIZE)
    picture = smooth_picture()
    made = straighten(picture, straight)
    across, down = maps_of_opencv(lens, straight.straight)
    expected = cv2.remap(picture, across, down, cv2.INTER_LINEAR)
    inside = (across > 1) & (across < SIZE[0] - 2) & (down > 1) & (down < SIZE[1] - 2)
    assert inside.mean() > 0.6
    difference = np.abs(made.astype(int) - expected)[inside]
    assert difference.max() <= 4
    assert difference.mean() < 0.5
    assert (made[inside][:, 3] == 255).all()


@pytest.mark.parametrize("lens", [BARREL, FISHEYE])
def test_pixels_go_there_and_back(lens):
    straight = straight_lens(lens, SIZE)
    pixels = np.random.default_rng(1).uniform((40, 30), (280, 210), (500, 2))
    assert straight.to_delivered(straight.to_straight(pixels)) == pytest.approx(pixels, abs=1e-6)


def test_beyond_the_picture_nothing_is_covered():
    made = straighten(smooth_picture(), straight_lens(BARREL, SIZE))
    beyond = made[..., 3] == 0
    assert 0.01 < beyond.mean() < 0.4
    assert not made[beyond].any()


def test_without_a_bend_the_picture_stays():
    picture = smooth_picture()
    straight = straight_lens(NONE, SIZE)
    assert straight.straight.fx == pytest.approx(260.0)
    assert np.abs(straighten(picture, straight).astype(int) - picture).max() <= 1


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 3), (65, 8)])
def test_pictures_of_any_size_are_straightened(size):
    width, height = size
    lens = Intrinsics(CameraModel.BROWN_CONRADY, 50.0, 50.0, width / 2 - 0.5, height / 2 - 0.5, 0.0, (-0.1,))
    picture = smooth_picture(width, height)
    made = straighten(picture, straight_lens(lens, size))
    assert made.shape == picture.shape
    assert made[height // 2, width // 2].tolist() == pytest.approx(picture[height // 2, width // 2].tolist(), abs=60)


def test_all_of_an_ordinary_picture_has_room_and_a_wide_one_ends_at_sixty_degrees():
    straight = straight_lens(BARREL, SIZE)
    corners = np.array([[0, 0], [319, 0], [0, 239], [319, 239]], dtype=float)
    bent = straight.to_straight(corners)
    assert (bent > -1).all()
    assert (bent < np.array(SIZE) + 1).all()
    wide = straight_lens(FISHEYE, SIZE).straight
    assert max(SIZE[0] / 2 / wide.fx, SIZE[1] / 2 / wide.fy) >= WIDEST - 1e-9


def test_a_lens_that_sees_nothing_has_no_straight_picture():
    assert straight_lens(TURNED_OFF, SIZE) is None


boxes = st.tuples(st.floats(-50, 330), st.floats(-50, 250), st.floats(0, 200), st.floats(0, 200))


@given(boxes)
def test_a_bent_box_holds_every_pixel_of_the_box_as_it_came(box):
    straight = straight_lens(BARREL, SIZE)
    x, y, width, height = box
    left, top, across, down = straight.hull(*box)
    rng = np.random.default_rng(2)
    pixels = np.array([x, y]) + rng.uniform(0, 1, (200, 2)) * (width, height)
    inside = pixels[((pixels >= 0) & (pixels <= np.array(SIZE) - 1)).all(axis=1)]
    bent = straight.to_straight(inside - 0.5) + 0.5
    assert across >= 0
    assert down >= 0
    # its edges are bent at nine places each, so that between them a little may stick out
    assert (bent >= np.array([left, top]) - 1.0).all()
    assert (bent <= np.array([left + across, top + down]) + 1.0).all()


def test_a_box_where_the_lens_sees_nothing_keeps_its_numbers():
    narrow = Intrinsics(CameraModel.BROWN_CONRADY, 100.0, 100.0, 160.0, 120.0, 0.0, (-0.5, 0.0, 0.0, 0.0))
    straight = straight_lens(narrow, SIZE)
    assert straight.hull(0, 0, 4, 4) == (0, 0, 4, 4)
