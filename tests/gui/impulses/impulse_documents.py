"""Impulses for tests of the page: a trained detector with everything there is to show, and odd ones."""

import json
import math
from pathlib import Path

from app.domain.impulse import Impulse
from app.formats.edge_impulse import parse_impulses
from app.sandbox.street.impulses import impulses_document

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "api" / "samples"
NASTY = '<b>bold</b><img src="file:///etc/hostname">\u202e& ' + "long " * 100
STEPS = 60


def parsed(document) -> Impulse:
    """The first impulse of a document, by way of JSON text."""
    return parse_impulses(json.dumps(document).encode()).impulses[0]


def street(change=None) -> Impulse:
    """The sandbox's impulse with graphs, changed thresholds, a model with parameters; ``change`` edits the document."""
    document = impulses_document()
    impulse = document["impulses"][0]
    model = impulse["learnBlockKerasConfigs"][0]
    model["config"]["thresholds"][0]["value"] = 0.45
    model["metadata"]["tensorboardGraphs"] = [
        {
            "title": "Loss",
            "xLabel": "epoch",
            "yLabel": "loss",
            "description": "Of all boxes.",
            "hideInUI": False,
            "data": [
                {"title": "train", "values": [math.exp(-step / 15) - 0.1 for step in range(STEPS)]},
                {"title": "validation", "values": [None if step in (20, 22) else 1.0 for step in range(STEPS)]},
            ],
        },
        {"title": "Rate", "hideInUI": True, "data": [{"title": "rate", "values": [0.1, 0.01]}]},
    ]
    if change is not None:
        change(impulse)
    return parsed(document)


def untrained(impulse) -> None:
    """Take away what training made."""
    for config in (*impulse["learnBlockKerasConfigs"], *impulse["dspBlockConfigs"]):
        del config["metadata"]
    impulse["complete"] = False


def hostile(impulse) -> None:
    """Names that are markup and never end, a model with many classes, more predictions than anyone reads."""
    design = impulse["impulse"]
    design["name"] = NASTY
    impulse["tags"] = [NASTY] * 20
    for kind in ("inputBlocks", "dspBlocks", "learnBlocks", "postProcessingBlocks"):
        for block in design[kind]:
            block.update(name=NASTY, title=NASTY, type=NASTY if kind == "dspBlocks" else block["type"])
    design["dspBlocks"] += [{**design["dspBlocks"][0], "id": 100 + number, "input": 99} for number in range(40)]
    design["learnBlocks"][0]["dsp"] += [27, 101, 102]
    impulse["dspBlockConfigs"][0]["config"]["configError"] = NASTY
    metadata = impulse["learnBlockKerasConfigs"][0]["metadata"]
    metadata["classNames"] = metadata["labels"] = [f"{number} {NASTY}" for number in range(60)]
    metadata["layers"] *= 2000
    for graph in metadata["tensorboardGraphs"]:
        graph.update(title=NASTY, xLabel=NASTY, yLabel=NASTY, description=NASTY)
        graph["data"][0]["title"] = NASTY
    for metrics in metadata["modelValidationMetrics"]:
        metrics["confusionMatrix"] = [[row * 60 + column for column in range(60)] for row in range(60)]
        metrics["predictions"] = [{"sampleId": number, "label": NASTY[:9]} for number in range(20_000)]
        metrics["additionalMetrics"][0].update(name=NASTY, value=NASTY, tooltipText=NASTY)
        metrics["mcuSupportError"] = NASTY
        metrics["onDevicePerformance"][0].update(name=NASTY, profilingError=NASTY)
