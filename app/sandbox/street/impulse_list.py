"""The project behind the street: the impulse that made its boxes, and others that were tried before and after it."""

import copy
from dataclasses import dataclass
from typing import Any

from app.sandbox.street import impulses
from app.sandbox.street.boxes import KEEP_GRACE
from app.sandbox.street.impulse_figures import (
    Figure,
    memory,
    metrics,
    milliseconds,
    number,
    score,
    share,
    words,
)
from app.sandbox.street.impulse_series import surface_impulse, vibration_impulse
from app.sandbox.street.impulse_training import devices, training_graphs

Json = dict[str, Any]

CENTROIDS = "fomo"
EMPTY_CELLS = 58_412.0  # 12 x 12 cells of each image of the validation set, without those that hold things


@dataclass(frozen=True)
class Detector:
    """An impulse that finds things in images, by what it does otherwise than the first one.

    ``f1`` and ``latency_ms`` are None where there is no model; ``tracker`` is empty where nothing follows objects.
    """

    impulse_id: int
    name: str
    layer: str
    size: int
    f1: float | None
    latency_ms: int | None
    flash: int
    tags: tuple[str, ...] = ()
    tracker: str = ""
    keep_grace: int = 5
    use_iou: bool = True
    gray: bool = False
    stale: bool = False
    configured: bool = True
    cycles: int = 60
    variants: tuple[str, ...] = ("int8", "float32")
    problem: str = ""  # of its features


_DETECTORS = (
    Detector(2, "Street cameras, night", "yolo-pro", 416, 0.91, 342, 3_412_000, ("street", "night", "candidate"),
             "sort-object-tracking", keep_grace=8, cycles=120),
    Detector(3, "Street FOMO, grey", CENTROIDS, 96, 0.72, 38, 84_300, ("street", "small"), "object-tracking",
             keep_grace=3, use_iou=False, gray=True, stale=True, variants=("int8", "float32", "akida")),
    Detector(4, "Boxes alone", "yolox", 320, 0.84, 204, 1_004_000, ("street",), cycles=90),
    Detector(5, "Lighter backbone", "mobilenet-ssd", 320, None, None, 0, ("candidate",), "object-tracking"),
    Detector(6, "Thermal camera", "yolov5", 160, None, None, 0, (), configured=False, gray=True),
    Detector(7, "Street cameras, cropped", "yolov5", 320, 0.79, 181, 1_912_000, ("street", "rejected"),
             "object-tracking", stale=True, problem="Job 81342 failed: 14 images have no size. Upload them again."),
)  # fmt: skip


def impulses_of_project() -> Json:
    """The impulses-detailed answer: the impulse of the street first, its blocks as they were."""
    document = impulses.impulses_document()
    (first,) = document["impulses"]
    others = [*(_detector(first, each) for each in _DETECTORS), vibration_impulse(8), surface_impulse(9)]
    return {
        **document,
        "impulses": [_street(first), *others],
        "extraTableColumns": ["Author"],
    }


def _street(first: Json) -> Json:
    impulse = copy.deepcopy(first)
    _train(impulse["learnBlockKerasConfigs"][0]["metadata"], f1=0.87, cycles=60, latency_ms=184)
    street = Detector(1, "", "yolov5", 320, 0.87, 184, 1_912_432, tracker="object-tracking", keep_grace=KEEP_GRACE)
    return {**impulse, "metrics": metrics(_figures(street)), **_made_by("Ada Street")}


def _detector(first: Json, plan: Detector) -> Json:
    impulse = copy.deepcopy(first)
    given, dsp, learn, tracker = (plan.impulse_id * 10 + place for place in range(1, 5))
    design = impulse["impulse"]
    design |= {"id": plan.impulse_id, "name": plan.name}
    design["inputBlocks"][0] |= {"id": given, "imageWidth": plan.size, "imageHeight": plan.size}
    design["dspBlocks"][0] |= {"id": dsp, "input": given}
    design["learnBlocks"][0] |= {"id": learn, "dsp": [dsp]}
    _set_features(impulse["dspBlockConfigs"][0], plan, dsp)
    _set_model(impulse["learnBlockKerasConfigs"][0], plan, learn)
    _set_tracker(impulse, plan, tracker)
    state = {"isStale": plan.stale, "configured": plan.configured, "complete": plan.f1 is not None}
    return {**impulse, "metrics": metrics(_figures(plan)), **state, "tags": list(plan.tags), **_made_by("Grace Lane")}


def _made_by(name: str) -> Json:
    return {"createdByUser": {"id": len(name), "name": name, "username": name.split(maxsplit=1)[0].lower()}}


def _set_features(config: Json, plan: Detector, block_id: int) -> None:
    count = plan.size * plan.size * (1 if plan.gray else 3)
    config["blockId"] = config["config"]["dsp"]["id"] = block_id
    (group,) = config["config"]["config"]
    group["items"][0]["value"] = "Grayscale" if plan.gray else "RGB"
    config["config"]["dsp"]["features"] |= {"generated": plan.configured, "count": count}
    config["metadata"] |= {"featureCount": count}
    if plan.problem:
        config["config"]["configError"] = plan.problem
        config["metadata"] |= {"featureExplorerJobId": 81342, "featureExplorerJobFailed": True}
    if not plan.configured:
        del config["metadata"]


def _set_model(config: Json, plan: Detector, block_id: int) -> None:
    config["blockId"] = block_id
    config["config"] |= {"trainingCycles": plan.cycles, "trained": plan.f1 is not None}
    if plan.stale:
        config["config"]["thresholds"] = [{**config["config"]["thresholds"][0], "value": 0.45}]
    if plan.f1 is None or plan.latency_ms is None:
        del config["metadata"]
        return
    made = config["metadata"]
    made |= {"objectDetectionLastLayer": plan.layer, "availableModelTypes": list(plan.variants)}
    if plan.layer == CENTROIDS:
        for metrics_of in made["modelValidationMetrics"]:
            metrics_of["confusionMatrix"] = _of_cells(metrics_of["confusionMatrix"])
    _train(made, f1=plan.f1, cycles=plan.cycles, latency_ms=plan.latency_ms)


def _of_cells(of_boxes: list[list[float]]) -> list[list[float]]:
    """The matrix of a model of centroids: the background is class 0, and its cells that are right count too."""
    first = [row[-1:] + row[:-1] for row in (*of_boxes[-1:], *of_boxes[:-1])]
    first[0][0] = EMPTY_CELLS
    return first


def _train(made: Json, *, f1: float, cycles: int, latency_ms: int) -> None:
    """How each variant did: the float model a little better, and slower."""
    for metrics_of, gain, slower in zip(made["modelValidationMetrics"], (0.0, 0.02), (1, 3), strict=True):
        found = (("Precision", f1 + gain + 0.0213), ("Recall", f1 + gain - 0.0187), ("F1 Score", f1 + gain))
        metrics_of["accuracy"] = round(f1 + gain - 0.03, 4)
        metrics_of["additionalMetrics"] = [
            {"name": name, "value": f"{value:.2f}", "fullPrecisionValue": round(value, 6)} for name, value in found
        ]
        metrics_of["onDevicePerformance"] += devices(latency_ms * slower)
    made["tensorboardGraphs"] = training_graphs(cycles, f1)


def _set_tracker(impulse: Json, plan: Detector, block_id: int) -> None:
    if not plan.tracker:
        impulse["impulse"]["postProcessingBlocks"] = impulse["postProcessingBlockConfigs"] = []
        return
    (block,), (config,) = impulse["impulse"]["postProcessingBlocks"], impulse["postProcessingBlockConfigs"]
    block |= {"id": block_id, "type": plan.tracker, "name": plan.tracker.replace("-", " ").capitalize()}
    config["blockId"] = block_id
    config["config"]["type"] = plan.tracker
    values = {"keep_grace": str(plan.keep_grace), "use_iou": "true" if plan.use_iou else "false"}
    for parameter in config["config"]["parameters"]:
        parameter["value"] = values.get(parameter["param"], parameter["value"])


def _figures(plan: Detector) -> dict[str, Figure]:
    made: dict[str, Figure] = {
        "inputType": words("image"),
        "imageSize": (f"{plan.size}x{plan.size}", plan.size),
        "resizeMode": words("squash"),
        "processing": words("image"),
        "colorDepth": words("Grayscale" if plan.gray else "RGB"),
        "featureCount": number(plan.size * plan.size * (1 if plan.gray else 3)),
        "model": words(plan.layer),
        "trainingCycles": number(plan.cycles),
        "learningRate": ("0.0015", 15),
        "augmentation": (True, None),
        "isTrained": (plan.f1 is not None, None),
    }
    tracking: dict[str, Figure] = {
        "tracker": words(plan.tracker), "keepGrace": number(plan.keep_grace), "useIou": (plan.use_iou, None),
    }  # fmt: skip
    return _results(plan) | made | (tracking if plan.tracker else {})


def _results(plan: Detector) -> dict[str, Figure]:
    if plan.f1 is None or plan.latency_ms is None:
        return {}
    return {
        "testAccuracy": share(plan.f1 - 0.036),
        "testF1": score(plan.f1 - 0.02),
        "lastTrained": words(f"2026-0{1 + plan.impulse_id % 8}-21 10:47"),
        "precisionInt8": score(plan.f1 + 0.0213),
        "recallInt8": score(plan.f1 - 0.0187),
        "precisionFloat32": score(plan.f1 + 0.0413),
        "latencyInt8": milliseconds(plan.latency_ms),
        "ramInt8": memory(plan.flash // 3),
        "flashInt8": memory(plan.flash),
    }
