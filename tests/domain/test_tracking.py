import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.tracking import Box, CoordinateSpace, ResizeMode, Tracking, box_in_image, detect_space

IMAGE = (1920, 1080)
MODEL = (320, 320)


def box(x, y, width, height):
    return Box(x, y, width, height, "Car", track_id=0)


def tracked(*boxes):
    return Tracking(tracked={0: boxes})


def space(tracking, model_size=MODEL, image_size=IMAGE):
    return detect_space(tracking, model_size=model_size, image_size=image_size)


def test_boxes_within_one_are_ratios():
    assert space(tracked(box(0.1, 0.2, 0.3, 0.4), box(0.9, 0.9, 0.1, 0.1))) is CoordinateSpace.RATIO


def test_a_predicted_ratio_box_may_overrun_the_edge():
    assert space(tracked(box(0.9, 0.5, 0.2, 0.1))) is CoordinateSpace.RATIO


def test_boxes_within_the_models_input_count_its_pixels():
    assert space(tracked(box(10, 20, 300, 290))) is CoordinateSpace.MODEL_INPUT


def test_one_box_outside_the_models_input_makes_all_of_them_image_pixels():
    assert space(tracked(box(10, 20, 30, 40), box(900, 20, 30, 40))) is CoordinateSpace.IMAGE


def test_detections_are_heard_as_well():
    tracking = Tracking(tracked={0: (box(0.1, 0.1, 0.1, 0.1),)}, detected={7: (box(0, 0, 1900, 1000),)})
    assert space(tracking) is CoordinateSpace.IMAGE


def test_without_a_model_pixels_are_the_images():
    assert space(tracked(box(10, 20, 30, 40)), model_size=None) is CoordinateSpace.IMAGE


def test_a_smaller_image_that_holds_all_boxes_is_likelier_than_a_larger_model():
    assert space(tracked(box(10, 20, 290, 200)), model_size=(640, 640), image_size=(320, 240)) is CoordinateSpace.IMAGE


def test_no_box_at_all_means_ratios():
    assert space(Tracking()) is CoordinateSpace.RATIO


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
