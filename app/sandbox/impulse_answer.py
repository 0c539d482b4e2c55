"""Documents of the object-tracking service that a delivery does not bring along: its project, samples and impulse.

The forms follow the service's public API description; fields that its own client library requires are all there.
"""

from collections.abc import Iterator
from typing import Any

from app.sandbox.deliveries import Delivery

CREATED = "2026-05-04T09:12:00.000Z"
VARIANTS = ("int8", "float32", "akida")
BLOCK_TYPE = "object-tracking"
INPUT_BLOCK, DSP_BLOCK, LEARN_BLOCK, TRACKING_BLOCK = 1, 2, 3, 4
_INPUT_SIZES = (640, 416, 320, 160, 96, 64, 48, 32)
_TRACKER_DEFAULTS = {"keep_grace": "5", "max_observations": "5", "threshold": "0.5", "use_iou": "true"}


def tracker_parameters(delivery: Delivery) -> dict[str, str]:
    """Settings that made the delivery's tracks."""
    for camera in delivery.cameras:
        results = delivery.tracking(camera).get("results") or {}
        parameters = (results.get("objectTracking") or {}).get("parameters")
        if parameters:
            return {str(name): str(value) for name, value in parameters.items()}
    return dict(_TRACKER_DEFAULTS)


def parameter_items(parameters: dict[str, str]) -> list[dict[str, Any]]:
    """The parameters as the service lists them."""
    return [
        {
            "name": name.replace("_", " ").capitalize(),
            "value": value,
            "defaultValue": _TRACKER_DEFAULTS.get(name, value),
            "type": "string",
            "param": name,
            "readonly": False,
            "shouldShow": True,
            "required": True,
            "showClickToSet": False,
        }
        for name, value in parameters.items()
    ]


def input_size(delivery: Delivery) -> int:
    """Width and height of the model's input in pixels: smaller than the boxes reach, if these are no ratios.

    So boxes in pixels of the image cannot be taken for boxes in pixels of the model's input.
    """
    reach = max((edge for camera in delivery.cameras for edge in _edges(delivery.tracking(camera))), default=0.0)
    smaller = (size for size in _INPUT_SIZES if size < reach)
    return _INPUT_SIZES[2] if reach <= 1.5 else next(smaller, _INPUT_SIZES[-1])


def impulses_document(delivery: Delivery) -> dict[str, Any]:
    """The delivery's own impulses-detailed document, else one impulse that detects and tracks objects."""
    given = delivery.impulses()
    if given is not None:
        return given
    impulse = {
        "impulse": _impulse(delivery),
        "metrics": [],
        "dspBlockConfigs": [{"blockId": DSP_BLOCK, "config": {"dsp": _dsp()}}],
        "learnBlockKerasConfigs": [_learn_config(delivery)],
        "learnBlockAnomalyConfigs": [],
        "postProcessingBlockConfigs": [{"blockId": TRACKING_BLOCK, "config": tracking_config(delivery)}],
        "isStale": False,
        "configured": True,
        "complete": True,
        "tags": [],
    }
    return {"success": True, "impulses": [impulse], "metricKeysByCategory": [], "extraTableColumns": []}


def tracking_config(delivery: Delivery) -> dict[str, Any]:
    """Settings of the object-tracking block."""
    return {"enabled": True, "parameters": parameter_items(tracker_parameters(delivery)), "type": BLOCK_TYPE}


def tracking_block_ids(document: dict[str, Any]) -> set[int]:
    """Every post-processing block that an impulses-detailed document names."""
    impulses = [entry.get("impulse") or {} for entry in document.get("impulses") or []]
    return {int(block["id"]) for impulse in impulses for block in impulse.get("postProcessingBlocks") or []}


def block_config(delivery: Delivery, document: dict[str, Any], block_id: int) -> dict[str, Any]:
    """Settings of one of a document's post-processing blocks; where it lists none, those of the delivery's tracks."""
    configs = (config for entry in document["impulses"] for config in entry.get("postProcessingBlockConfigs") or [])
    found = next((config["config"] for config in configs if config.get("blockId") == block_id), None)
    return found or tracking_config(delivery)


def answer_of_block(
    answer: dict[str, Any], document: dict[str, Any], block_id: int, asked_for: dict[str, str]
) -> dict[str, Any]:
    """The delivered boxes as a block's results: those of the first block as they are, any other's as if it had made the
    same boxes with what it was asked for."""
    results = answer.get("results") or {}
    tracked = results.get("objectTracking")
    if tracked is None or block_id == min(tracking_block_ids(document)):
        return answer
    return {**answer, "results": {**results, "objectTracking": {**tracked, "parameters": asked_for}}}


def _impulse(delivery: Delivery) -> dict[str, Any]:
    size = input_size(delivery)
    picture = {"type": "image", "name": "Image data", "title": "Image data"}
    picture |= {"resizeMode": "squash", "resizeMethod": "lanczos3", "cropAnchor": "middle-center"}
    images = {"type": "image", "name": "Image", "title": "Image", "axes": ["image"], "implementationVersion": 1}
    detector = {"type": "keras-object-detection", "name": "Object detection", "title": "Object detection"}
    tracker = {"type": BLOCK_TYPE, "name": "Object tracking", "title": "Object tracking", "implementationVersion": 1}
    return {
        "id": 1,
        "name": f"{delivery.name} tracker",
        "type": "default",
        "inputBlocks": [{"id": INPUT_BLOCK, **picture, "imageWidth": size, "imageHeight": size}],
        "dspBlocks": [{"id": DSP_BLOCK, **images, "input": INPUT_BLOCK}],
        "learnBlocks": [{"id": LEARN_BLOCK, **detector, "dsp": [DSP_BLOCK]}],
        "postProcessingBlocks": [{"id": TRACKING_BLOCK, **tracker}],
    }


def _dsp() -> dict[str, Any]:
    return {
        "id": DSP_BLOCK,
        "name": "Image",
        "windowLength": 0,
        "type": "image",
        "classes": [],
        "features": {"generated": True},
        "expectedWindowCount": 0,
        "inputAxes": ["image"],
        "canCalculateFeatureImportance": False,
        "calculateFeatureImportance": False,
        "canNormalizeData": False,
        "normalizeData": "none",
    }


def _learn_config(delivery: Delivery) -> dict[str, Any]:
    classes = sorted({box["label"] for camera in delivery.cameras for box in _boxes(delivery.tracking(camera))})
    threshold = {
        "key": "min_score",
        "description": "Score threshold",
        "helpText": "Boxes below this score are discarded.",
        "value": 0.5,
    }
    dependencies = {"classes": classes, "blockNames": ["Image"], "featureCount": 0, "sampleCount": 0}
    config = {
        "mode": "visual",
        "thresholds": [threshold],
        "dependencies": {**dependencies, "outputClasses": classes},
        "trained": True,
        "name": "Object detection",
        "script": "",
        "minimumConfidenceRating": 0.5,
        "selectedModelType": "int8",
        "visualLayers": [],
        "trainingCycles": 60,
        "learningRate": 0.001,
        "defaultBatchSize": 32,
        "shape": "",
        "augmentationPolicyImage": "none",
        "transferLearningModels": [],
        "profileInt8": True,
        "skipEmbeddingsAndMemory": True,
        "showAdvancedTrainingSettings": False,
        "showAugmentationTrainingSettings": False,
    }
    metadata = {
        "mode": "object-detection",
        "thresholds": [threshold],
        "created": CREATED,
        "layers": [],
        "classNames": classes,
        "labels": classes,
        "availableModelTypes": ["int8", "float32"],
        "recommendedModelType": "int8",
        "modelValidationMetrics": [],
        "hasTrainedModel": True,
        "objectDetectionLastLayer": "yolo-pro",
        "imageInputScaling": "0..1",
    }
    return {"blockId": LEARN_BLOCK, "config": config, "metadata": metadata}


def variants_document(document: dict[str, Any], impulse_id: str = "") -> dict[str, Any]:
    """What GET model-variants answers: what the learn blocks of a document offer, of all impulses or of one."""
    entries = [
        entry
        for entry in document.get("impulses") or []
        if impulse_id in ("", str((entry.get("impulse") or {}).get("id")))
    ]
    configs = [config for entry in entries for config in entry.get("learnBlockKerasConfigs", [])]
    offered = [name for config in configs for name in (config.get("metadata") or {}).get("availableModelTypes") or []]
    known = [name for name in dict.fromkeys(offered) if name in VARIANTS]
    selected = next((config["config"].get("selectedModelType") for config in configs), "")
    rows = [
        {"variant": name, "isReferenceVariant": name == known[0], "isEnabled": True, "isSelected": name == selected}
        for name in known
    ]
    return {"success": True, "modelVariants": rows}


def _frames(answer: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    results = answer.get("results") or {}
    return list((results.get(kind) or {}).get("frames") or [])


def _boxes(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("objectTracking", "objectDetection"):
        for frame in _frames(answer, kind):
            yield from frame["objects"]


def _edges(answer: dict[str, Any]) -> Iterator[float]:
    for box in _boxes(answer):
        yield box["x"] + box["width"]
        yield box["y"] + box["height"]
