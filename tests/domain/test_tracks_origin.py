"""From what the tracks on screen come."""

from app.domain.impulse.entries import MASK
from app.domain.impulse.tracks_origin import TracksOrigin, origin_of
from app.formats.edge_impulse_impulses import read_impulses
from app.sandbox.street.impulse_list import impulses_of_project

STREET, NIGHT, *_ = read_impulses(impulses_of_project()).impulses
MADE_WITH = {"keep_grace": "2", "use_iou": "true"}


def test_the_sentence_names_impulse_block_variant_and_the_parameters_of_then():
    origin = origin_of(NIGHT, block_id=24, variant="int8", parameters=MADE_WITH)
    assert origin.short == "Street cameras, night · Sort object tracking · int8"
    assert origin.sentence == (
        "Tracks of Street cameras, night (id 2), Sort object tracking (id 24), variant int8; "
        "made with keep_grace 2 and use_iou true."
    )


def test_what_came_with_a_folder_is_of_the_one_tracking_block_of_its_impulse():
    origin = origin_of(STREET, block_id=None, variant="", parameters={})
    assert (origin.block_id, origin.short) == (5, "Street cameras · Object tracking")
    assert origin.sentence.endswith("Object tracking (id 5); made with unknown parameters.")


def test_what_is_not_on_this_machine_is_said():
    origin = origin_of(None, block_id=31, variant="float32", parameters=MADE_WITH)
    assert origin.short == "unknown impulse · block 31 · float32"
    assert origin.sentence.startswith("Tracks of an impulse that is not on this machine, block 31, variant float32;")


def test_a_block_that_the_impulse_no_longer_has_is_named_by_its_id():
    assert origin_of(STREET, block_id=99, variant="int8", parameters={}).short == "Street cameras · block 99 · int8"


def test_what_the_block_keeps_secret_is_told_nowhere():
    document = impulses_of_project()
    config = document["impulses"][0]["postProcessingBlockConfigs"][0]["config"]
    config["parameters"].append({"name": "Licence", "param": "licence", "type": "secret", "value": "abc-123"})
    impulse = read_impulses(document).impulses[0]
    origin = origin_of(impulse, block_id=5, variant="int8", parameters={**MADE_WITH, "licence": "abc-123"})
    assert origin.parameters == {**MADE_WITH, "licence": MASK}
    assert "abc-123" not in origin.sentence


def test_nothing_known_is_no_error():
    assert TracksOrigin().sentence == "Tracks of an impulse that is not on this machine; made with unknown parameters."
