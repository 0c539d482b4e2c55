"""Two impulses side by side."""

import copy

import pytest

from app.bench.impulse_document import impulses_document
from app.domain.impulse.comparison import compare_impulses, differing
from app.domain.impulse.secrets import MASK
from app.formats.edge_impulse_impulses import read_impulses
from app.sandbox.street.impulses import impulses_document as street_document


def compared(change):
    """The street's impulse against a changed copy: what differs, by section and name."""
    document = street_document()
    other = copy.deepcopy(document["impulses"][0])
    change(other)
    left, right = read_impulses({"impulses": [document["impulses"][0], other]}).impulses
    return {(row.section, row.name): (row.left, row.right) for row in differing(compare_impulses(left, right))}


def parameters(impulse):
    return impulse["postProcessingBlockConfigs"][0]["config"]["parameters"]


def learn(impulse):
    return impulse["learnBlockKerasConfigs"][0]


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda i: i.update(isStale=True), ("Impulse", "State"), ("complete", "stale")),
        (lambda i: i["metrics"][0].update(value="90%"), ("Impulse figures", "Test accuracy"), ("83.40%", "90%")),
        (lambda i: i["metrics"].pop(0), ("Impulse figures", "Test accuracy"), ("83.40%", "")),
        (
            lambda i: i["impulse"]["learnBlocks"][0].update(name="FOMO"),
            ("Learning block", "Name"),
            ("Object detection", "FOMO"),
        ),
        (lambda i: parameters(i)[0].update(value="9"), ("Post-processing block", "Keep grace"), ("2", "9")),
        (
            lambda i: learn(i)["config"].update(learningRate=0.00150001),
            ("Learning block", "Learning rate"),
            ("0.0015", "0.00150001"),
        ),
        (
            lambda i: learn(i)["config"]["thresholds"][0].update(value=0.6),
            ("Learning block: thresholds", "Score threshold, now"),
            ("0.3", "0.6"),
        ),
        (
            lambda i: learn(i)["metadata"]["modelValidationMetrics"][0].update(loss=0.5),
            ("Learning block: variants", "int8 loss"),
            ("0.04", "0.5"),
        ),
        (lambda i: learn(i)["config"].update(script="x" * 900), ("Learning block", "Script"), ("", "x" * 900)),
    ],
)
def test_what_differs_is_marked_and_nothing_else(change, where, what):
    assert compared(change) == {where: what}


def test_ids_are_no_difference():
    def renumber(impulse):
        impulse["impulse"]["id"] = 99
        impulse["impulse"]["dspBlocks"][0]["id"] = 98
        impulse["dspBlockConfigs"][0]["blockId"] = 98
        impulse["impulse"]["learnBlocks"][0]["dsp"] = [98]

    assert compared(renumber) == {}


def test_a_second_block_of_a_kind_is_compared_with_the_second_one():
    def add(impulse):
        impulse["impulse"]["learnBlocks"].append({"id": 77, "type": "anomaly", "name": "Anomaly"})

    assert compared(add) == {
        ("Impulse", "State"): ("complete", "no settings"),
        ("Learning block 2", "Name"): ("", "Anomaly"),
        ("Learning block 2", "Type"): ("", "anomaly"),
    }


def test_a_secret_is_never_shown():
    def hide(impulse):
        parameters(impulse)[0].update(type="secret", value="hunter2")

    assert compared(hide)[("Post-processing block", "Keep grace")] == ("2", MASK)


def test_both_directions_have_the_same_rows():
    left, right = read_impulses(impulses_document(impulses=2)).impulses
    there = {(row.section, row.name, row.left, row.right) for row in compare_impulses(left, right)}
    back = {(row.section, row.name, row.right, row.left) for row in compare_impulses(right, left)}
    assert there == back
