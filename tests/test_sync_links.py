"""Guessing which sample belongs to which camera."""

from dataclasses import replace

import pytest

from app.domain.impulse import Impulse, PostProcessingBlock
from app.domain.impulse.blocks import ImpulseDesign, LearnBlock
from app.domain.impulse.training import KerasBlockConfig, KerasMetadata
from app.domain.sample import ModelVariant, Sample
from app.errors import KeyRefusedError, ServiceError
from app.progress import Progress
from app.sync import VariantOffer, offer_of, offered_variants, suggest_links

TRACKER = PostProcessingBlock(5, "object-tracking")
MODEL = LearnBlock(3, "keras-object-detection")
TRAINED = KerasMetadata(available_model_types=("int8", "float32"), recommended_model_type="float32")
IMPULSES = (
    Impulse(ImpulseDesign(1, "no tracker", post_processing_blocks=(PostProcessingBlock(4, "something"),))),
    Impulse(
        ImpulseDesign(2, "tracker", learn_blocks=(MODEL,), post_processing_blocks=(TRACKER,)),
        learn_block_keras_configs=(KerasBlockConfig(3, metadata=TRAINED),),
    ),
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


def test_the_link_names_the_variant_that_the_project_recommends() -> None:
    offers = {2: VariantOffer(("akida", "int8"), "akida")}
    (link,) = suggest_links(["front"], "", [Sample(4, "front")], IMPULSES, ei_project_id=9, offers=offers)
    assert link.variant == "akida"


def test_a_model_without_a_variant_is_not_suggested() -> None:
    untrained = replace(IMPULSES[1], learn_block_keras_configs=())
    assert suggest_links(["front"], "", [Sample(4, "front")], [untrained], ei_project_id=9) == ()
    assert "Train them in Studio" in offer_of(untrained).problem


@pytest.mark.parametrize(
    ("listed", "variants", "recommended"),
    [
        ((), ("float32", "int8"), "float32"),
        ((ModelVariant("int8"), ModelVariant("akida")), ("int8", "akida"), "int8"),
        ((ModelVariant("int8"), ModelVariant("akida", is_reference=True)), ("int8", "akida"), "akida"),
        (
            (ModelVariant("int8", is_reference=True), ModelVariant("akida", is_selected=True)),
            ("int8", "akida"),
            "akida",
        ),
        ((ModelVariant("int8"), ModelVariant("float32")), ("int8", "float32"), "float32"),
        ((ModelVariant("int8", is_enabled=False),), ("float32", "int8"), "float32"),
        ((ModelVariant("requiresRetrain"),), ("float32", "int8"), "float32"),
    ],
)
def test_the_project_comes_before_the_models_metadata(
    listed: tuple[ModelVariant, ...], variants: tuple[str, ...], recommended: str
) -> None:
    offer = offer_of(IMPULSES[1], listed)
    assert (offer.variants, offer.recommended, offer.problem) == (variants, recommended, "")


def test_a_model_to_be_trained_again_offers_that_as_no_variant() -> None:
    state = KerasMetadata(available_model_types=("requiresRetrain",), recommended_model_type="requiresRetrain")
    impulse = replace(IMPULSES[1], learn_block_keras_configs=(KerasBlockConfig(3, metadata=state),))
    assert offer_of(impulse).variants == ()


class Variants:
    """A service that answers one question."""

    def __init__(self, answer: tuple[ModelVariant, ...] | Exception) -> None:
        self.answer = answer
        self.asked: list[int | None] = []

    def model_variants(
        self, _project_id: int, *, impulse_id: int | None = None, progress: Progress | None = None
    ) -> tuple[ModelVariant, ...]:
        self.asked.append(impulse_id)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_variants_are_asked_for_the_impulse_that_is_meant() -> None:
    service = Variants((ModelVariant("akida"),))
    assert offered_variants(service, 9, IMPULSES[1], progress=Progress()).variants == ("akida",)
    assert service.asked == [2]


def test_a_service_that_does_not_know_the_question_leaves_it_to_the_impulse() -> None:
    service = Variants(ServiceError("Not found.", code="404"))
    assert offered_variants(service, 9, IMPULSES[1], progress=Progress()).recommended == "float32"


def test_a_refused_key_is_no_reason_to_guess() -> None:
    with pytest.raises(KeyRefusedError):
        offered_variants(Variants(KeyRefusedError("No.")), 9, IMPULSES[1], progress=Progress())
