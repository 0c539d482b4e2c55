"""Guessing which sample belongs to which camera."""

import pytest

from app.domain.impulse import Impulse, LearnBlock, PostProcessingBlock
from app.domain.sample import Sample
from app.sync import suggest_links

TRACKER = PostProcessingBlock(5, "object-tracking")
MODEL = LearnBlock(3, "keras-object-detection", variants=("int8", "float32"), recommended_variant="float32")
IMPULSES = (
    Impulse(1, "no tracker", post_processing_blocks=(PostProcessingBlock(4, "something"),)),
    Impulse(2, "tracker", learn_blocks=(MODEL,), post_processing_blocks=(TRACKER,)),
)


def suggest(cameras: list[str], *names: str) -> dict[str, str]:
    samples = [Sample(number, name) for number, name in enumerate(names, start=1)]
    links = suggest_links(cameras, "street-7", samples, IMPULSES, ei_project_id=9)
    return {link.camera: link.sample_name for link in links}


def test_a_camera_gets_the_sample_that_names_it() -> None:
    assert suggest(["front", "left"], "drive LEFT.mp4", "drive Front.mp4") == {
        "front": "drive Front.mp4",
        "left": "drive LEFT.mp4",
    }


def test_the_longest_camera_name_takes_the_sample() -> None:
    found = suggest(["front", "front_left", "left"], "a front_left", "a front", "a left")
    assert found == {"front": "a front", "front_left": "a front_left", "left": "a left"}


@pytest.mark.parametrize("names", [("street-7 front", "other front"), ("other front", "street-7 front")])
def test_the_sample_that_names_the_job_wins(names: tuple[str, str]) -> None:
    assert suggest(["front"], *names) == {"front": "street-7 front"}


def test_of_equal_samples_the_newest_wins() -> None:
    assert suggest(["front"], "front a", "front b") == {"front": "front b"}


def test_a_camera_without_a_sample_gets_no_link() -> None:
    assert suggest(["front", "rear"], "front") == {"front": "front"}


def test_the_link_names_the_first_tracking_block_in_its_recommended_variant() -> None:
    (link,) = suggest_links(["front"], "", [Sample(4, "front")], IMPULSES, ei_project_id=9)
    assert (link.ei_project_id, link.sample_id, link.block_id, link.variant) == (9, 4, 5, "float32")
    assert (link.frame_offset, link.space) == (0, None)


def test_without_a_tracking_block_there_is_nothing_to_suggest() -> None:
    assert suggest_links(["front"], "", [Sample(4, "front")], IMPULSES[:1], ei_project_id=9) == ()
