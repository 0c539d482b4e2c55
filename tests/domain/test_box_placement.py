"""What is detected about the boxes of a sample, and why."""

import pytest

from app.domain.box_placement import guess_offset, guess_space, place
from app.domain.tracking import Box, CoordinateSpace, ResizeMode, Tracking

IMAGE = (1920, 1080)
MODEL = (320, 320)


def box(x, y, width, height):
    return Box(x, y, width, height, "Car", track_id=0)


def tracked(*boxes):
    return Tracking(tracked={0: boxes})


def space(tracking, model_size=MODEL, image_size=IMAGE):
    return guess_space(tracking, model_size=model_size, image_size=image_size).value


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


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        ((box(0.1, 0.2, 0.3, 0.4), box(0.5, 0.5, 0.5, 0.5)), "All 2 boxes lie within 1 x 1, so they are shares"),
        ((box(0, 0, 1, 1),), "cannot tell apart"),
        ((box(10, 20, 300, 290),), "the model's input of 320 x 320 holds that"),
        ((box(10, 20, 1300, 290),), "which the model's input cannot hold"),
        ((), "no boxes to tell"),
    ],
)
def test_the_reason_for_the_space_names_the_numbers(boxes, words):
    assert words in guess_space(tracked(*boxes), model_size=MODEL, image_size=IMAGE).reason


def test_numbers_from_one_that_are_as_many_as_the_frames_suggest_an_offset_of_one():
    tracking = Tracking(tracked={1: (), 2: (), 3: ()})
    assert guess_offset(tracking, frames=3).value == 1
    assert "from 1 to 3" in guess_offset(tracking, frames=3).reason


@pytest.mark.parametrize("numbers", [(0, 1, 2), (1, 2), (1, 3, 5, 7), ()])
def test_any_other_numbers_count_from_zero(numbers):
    assert guess_offset(Tracking(tracked=dict.fromkeys(numbers, ())), frames=3).value == 0


def test_an_offset_in_force_is_not_talked_about():
    tracking = Tracking(tracked={1: (), 2: ()})
    assert place(tracking, image_size=IMAGE, frames=2, frame_offset=1).suggested_offset is None
    assert place(tracking, image_size=IMAGE, frames=2).suggested_offset.value == 1


def test_what_the_user_chose_is_told_apart_from_what_was_guessed():
    guessed = place(tracked(box(0.1, 0.1, 0.1, 0.1)), image_size=IMAGE, model_size=MODEL)
    chosen = place(
        tracked(box(0.1, 0.1, 0.1, 0.1)),
        image_size=IMAGE,
        model_size=MODEL,
        space=CoordinateSpace.IMAGE,
        resize_mode=ResizeMode.FIT_LONG,
    )
    assert (guessed.space.chosen, guessed.resize_mode.chosen) == (False, False)
    assert (chosen.space.chosen, chosen.resize_mode.chosen) == (True, True)
    assert (chosen.space.value, chosen.resize_mode.value) == (CoordinateSpace.IMAGE, ResizeMode.FIT_LONG)


def test_the_impulses_own_mode_is_told_where_it_is_another():
    placement = place(tracked(box(0, 0, 0.5, 0.5)), image_size=IMAGE, impulse_mode="fit-short")
    assert placement.resize_mode.value is ResizeMode.SQUASH
    assert "although the impulse says fit-short" in placement.reason


def test_choices_that_need_the_model_fall_back_without_it_and_say_so():
    placement = place(
        tracked(box(10, 10, 50, 50)),
        image_size=IMAGE,
        space=CoordinateSpace.MODEL_INPUT,
        resize_mode=ResizeMode.FIT_SHORT,
    )
    assert (placement.space.value, placement.resize_mode.value) == (CoordinateSpace.IMAGE, ResizeMode.SQUASH)
    assert "fetch the impulses" in placement.space.reason
    assert "is not here" in placement.resize_mode.reason
    assert placement.in_picture(box(10, 10, 50, 50), IMAGE) == box(10, 10, 50, 50)


def test_boxes_of_a_sample_in_another_size_are_brought_to_the_shown_picture():
    placement = place(
        tracked(box(0, 0, 640, 360)), image_size=IMAGE, sample_size=(640, 360), space=CoordinateSpace.IMAGE
    )
    assert placement.in_picture(box(320, 180, 64, 36), IMAGE) == box(960, 540, 192, 108)
