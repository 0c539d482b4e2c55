import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.tracking import Box, CoordinateSpace, ResizeMode, box_in_image

IMAGE = (1920, 1080)
MODEL = (320, 320)


def box(x, y, width, height):
    return Box(x, y, width, height, "Car", track_id=0)


def test_ratios_scale_with_the_image():
    placed = box_in_image(box(0.5, 0.5, 0.25, 0.1), space=CoordinateSpace.RATIO, image_size=IMAGE, model_size=None)
    assert (placed.x, placed.y, placed.width, placed.height) == (960, 540, 480, 108)
    assert (placed.label, placed.track_id) == ("Car", 0)


def test_model_pixels_are_unsquashed_per_axis():
    placed = box_in_image(box(160, 160, 32, 32), space=CoordinateSpace.MODEL_INPUT, image_size=IMAGE, model_size=MODEL)
    assert (placed.x, placed.y, placed.width, placed.height) == (960, 540, 192, 108)


def test_image_pixels_stay():
    given_box = box(-5, 2000, 0, -3)
    assert box_in_image(given_box, space=CoordinateSpace.IMAGE, image_size=IMAGE, model_size=None) == given_box


def test_a_centre_cut_is_moved_back_between_the_sides():
    placed = box_in_image(
        box(0, 0, 320, 320),
        space=CoordinateSpace.MODEL_INPUT,
        image_size=IMAGE,
        model_size=MODEL,
        resize_mode=ResizeMode.FIT_SHORT,
    )
    assert (placed.x, placed.y, placed.width, placed.height) == (420, 0, 1080, 1080)


def test_added_bars_lie_outside_the_image():
    placed = box_in_image(
        box(0, 0, 1, 1),
        space=CoordinateSpace.RATIO,
        image_size=IMAGE,
        model_size=MODEL,
        resize_mode=ResizeMode.FIT_LONG,
    )
    assert (placed.x, placed.y, placed.width, placed.height) == (0, -420, 1920, 1920)


@pytest.mark.parametrize("model_size", [None, (0, 320)])
def test_model_pixels_need_the_models_size(model_size):
    with pytest.raises(ValueError, match="model's input"):
        box_in_image(box(1, 1, 1, 1), space=CoordinateSpace.MODEL_INPUT, image_size=IMAGE, model_size=model_size)


@given(st.tuples(*[st.floats(0, 0.5)] * 4), st.sampled_from(ResizeMode))
def test_a_ratio_and_the_same_box_in_model_pixels_fall_on_one_place(sides, mode):
    x, y, width, height = sides
    in_model = box(x * MODEL[0], y * MODEL[1], width * MODEL[0], height * MODEL[1])
    placed = [
        box_in_image(given_box, space=given_space, image_size=IMAGE, model_size=MODEL, resize_mode=mode)
        for given_box, given_space in ((box(*sides), CoordinateSpace.RATIO), (in_model, CoordinateSpace.MODEL_INPUT))
    ]
    assert placed[0].x == pytest.approx(placed[1].x)
    assert placed[0].y == pytest.approx(placed[1].y)
    assert placed[0].width == pytest.approx(placed[1].width)
    assert placed[0].height == pytest.approx(placed[1].height)
