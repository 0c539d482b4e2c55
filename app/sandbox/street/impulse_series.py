"""Impulses of the project that detect no objects: vibrations as a time series, and damage of the road's surface."""

from typing import Any

from app.sandbox.street.impulse_figures import memory, metrics, milliseconds, number, score, share, words
from app.sandbox.street.impulse_training import devices, training_graphs
from app.sandbox.street.impulses import parameter

Json = dict[str, Any]

AXES = ("accX", "accY", "accZ")
GAITS = ("idle", "shaking", "walking")
_MADE = "2026-02-11T14:20:31.000Z"
_BY = {"createdBy": "createImpulse", "createdAt": _MADE}
_SCORE = {
    "key": "min_score",
    "description": "Score threshold",
    "helpText": "A class with a lower score is left out.",
    "value": 0.6,
}
_ANOMALY = {
    "key": "min_anomaly_score",
    "description": "Anomaly threshold",
    "helpText": "What scores higher is an anomaly.",
    "suggestedValue": 0.31,
    "suggestedValueText": "0.31",
    "value": 0.3,
}


def vibration_impulse(impulse_id: int) -> Json:
    """Windows of an accelerometer, classified, with a detector of anomalies beside the classifier."""
    given, dsp, learn, odd = (impulse_id * 10 + place for place in range(1, 5))
    series = {
        "id": given, "type": "time-series", "name": "Time series", "title": "Time series data", "windowSizeMs": 2000,
        "windowIncreaseMs": 200, "frequencyHz": 62.5, "padZeros": True, **_BY,
    }  # fmt: skip
    spectrum = {
        "id": dsp, "type": "spectral-analysis", "name": "Spectral features", "title": "Spectral Analysis",
        "axes": list(AXES), "input": given, "implementationVersion": 4, **_BY,
    }  # fmt: skip
    classifier = {"id": learn, "type": "keras", "name": "Classifier", "title": "Classification", "dsp": [dsp], **_BY}
    clusters = {"id": odd, "type": "anomaly", "name": "Anomaly (K-means)", "title": "Anomaly", "dsp": [dsp], **_BY}
    return {
        "impulse": _impulse(impulse_id, "Mast vibration", [series], [spectrum], [classifier, clusters]),
        "metrics": metrics(
            {
                "testAccuracy": share(0.9613), "inputType": words("time-series"), "windowSize": milliseconds(2000),
                "processing": words("spectral-analysis"), "featureCount": number(39), "trainingCycles": number(30),
                "precisionInt8": score(0.96), "recallInt8": score(0.95), "latencyInt8": milliseconds(1),
                "ramInt8": memory(1_600), "flashInt8": memory(18_200), "isTrained": (True, None),
            }
        ),
        "dspBlockConfigs": [_spectral_config(dsp)],
        "learnBlockKerasConfigs": [_network(learn, "keras", GAITS, _SCORE, features=39, cycles=30)],
        "learnBlockAnomalyConfigs": [_clusters(odd)],
        "postProcessingBlockConfigs": [],
        "isStale": False, "configured": True, "complete": True, "tags": ["vibration"],
    }  # fmt: skip


def surface_impulse(impulse_id: int) -> Json:
    """Pictures of the road in which whatever looks otherwise is marked; its threshold was moved after training."""
    given, dsp, learn = (impulse_id * 10 + place for place in range(1, 4))
    picture = {
        "id": given, "type": "image", "name": "Image data", "title": "Image data", "imageWidth": 160,
        "imageHeight": 160, "resizeMode": "fit-short", "resizeMethod": "lanczos3", "cropAnchor": "bottom-center", **_BY,
    }  # fmt: skip
    features = {
        "id": dsp, "type": "image", "name": "Image", "title": "Image", "axes": ["image"], "input": given,
        "implementationVersion": 1, **_BY,
    }  # fmt: skip
    detector = {
        "id": learn, "type": "keras-visual-anomaly", "name": "Visual anomaly", "title": "Visual Anomaly Detection",
        "dsp": [dsp], **_BY,
    }  # fmt: skip
    config = _network(learn, "keras-visual-anomaly", ("no anomaly",), _ANOMALY, features=76_800, cycles=1)
    config["config"] |= {"anomalyCapacity": "medium", "thresholds": [{**_ANOMALY, "value": 0.42}]}
    config["metadata"] |= {"mode": "visual-anomaly"}
    return {
        "impulse": _impulse(impulse_id, "Road surface", [picture], [features], [detector]),
        "metrics": metrics(
            {
                "testAccuracy": share(0.7408), "inputType": words("image"), "imageSize": ("160x160", 160),
                "resizeMode": words("fit-short"), "processing": words("image"), "colorDepth": words("RGB"),
                "latencyInt8": milliseconds(1_180), "ramInt8": memory(512_000), "flashInt8": memory(622_000),
                "augmentation": (False, None), "isTrained": (True, None),
            }
        ),
        "dspBlockConfigs": [{"blockId": dsp, "config": {"dsp": _dsp(dsp, "Image", "image", ["image"])}}],
        "learnBlockKerasConfigs": [config],
        "learnBlockAnomalyConfigs": [],
        "postProcessingBlockConfigs": [],
        "isStale": False, "configured": True, "complete": True, "tags": ["surface", "candidate"],
    }  # fmt: skip


def _impulse(number: int, name: str, inputs: list[Json], dsp: list[Json], learn: list[Json]) -> Json:
    blocks = {"inputBlocks": inputs, "dspBlocks": dsp, "learnBlocks": learn, "postProcessingBlocks": []}
    return {"id": number, "name": name, "type": "default", **blocks}


def _dsp(block_id: int, name: str, kind: str, axes: list[str]) -> Json:
    return {
        "id": block_id, "name": name, "windowLength": 2000, "type": kind, "classes": [],
        "features": {"generated": True}, "expectedWindowCount": 1210, "inputAxes": axes,
        "performance": {"latency": 4, "ram": 2_048}, "canCalculateFeatureImportance": True,
        "calculateFeatureImportance": False, "canNormalizeData": True, "normalizeData": "none",
    }  # fmt: skip


def _spectral_config(block_id: int) -> Json:
    kinds = [{"value": value, "selected": value == "low"} for value in ("none", "low", "high")]
    filtering = [
        parameter("filter-type", "Type", "select", "none", "low", selectOptions=kinds),
        parameter("filter-cutoff", "Cut-off frequency", "float", "0", "8.0", **_unless("filter-type", "none")),
        parameter("filter-order", "Order", "int", "6", "4", section="advanced", **_unless("filter-type", "none")),
    ]
    spectrum = [
        parameter("fft-length", "FFT length", "int", "16", "64"),
        parameter("do-log", "Take log of spectrum", "boolean", "true", "true"),
    ]
    dsp = _dsp(block_id, "Spectral features", "spectral-analysis", list(AXES))
    groups = [{"group": "Filter", "items": filtering}, {"group": "Analysis", "items": spectrum}]
    return {"blockId": block_id, "config": {"dsp": dsp, "config": groups}}


def _unless(parameter: str, value: str) -> Json:
    return {"showIf": {"parameter": parameter, "operator": "neq", "value": value}}


def _network(
    block_id: int, kind: str, classes: tuple[str, ...], threshold: Json, *, features: int, cycles: int
) -> Json:
    fed = {"classes": list(classes), "blockNames": [], "featureCount": features, "sampleCount": 1210}
    config = {
        "dependencies": {**fed, "outputClasses": list(classes)}, "trained": True, "name": "Classifier", "type": kind,
        "script": "", "minimumConfidenceRating": 0.6, "selectedModelType": "int8", "mode": "visual",
        "visualLayers": [{"type": "dense", "neurons": neurons, "enabled": True} for neurons in (20, 10)],
        "trainingCycles": cycles, "learningRate": 0.0005, "defaultBatchSize": 32, "shape": f"({features},)",
        "augmentationPolicyImage": "none", "transferLearningModels": [], "profileInt8": True,
        "skipEmbeddingsAndMemory": False, "showAdvancedTrainingSettings": False,
        "showAugmentationTrainingSettings": False, "thresholds": [threshold],
    }  # fmt: skip
    metadata = {
        "created": _MADE, "layers": [], "classNames": list(classes), "labels": list(classes),
        "availableModelTypes": ["int8", "float32"], "recommendedModelType": "int8",
        "modelValidationMetrics": [_validation(variant, classes) for variant in ("int8", "float32")],
        "hasTrainedModel": True, "mode": "classification", "thresholds": [threshold], "imageInputScaling": "0..1",
        "tensorboardGraphs": training_graphs(cycles, 0.96) if cycles > 1 else [],
    }  # fmt: skip
    return {"blockId": block_id, "config": config, "metadata": metadata}


def _validation(variant: str, classes: tuple[str, ...]) -> Json:
    size = len(classes)
    counts = [
        [212 - 9 * row if row == column else (row + 2 * column) % 5 for column in range(size)] for row in range(size)
    ]
    return {
        "type": variant, "loss": 0.11, "accuracy": 0.958 if variant == "int8" else 0.961, "confusionMatrix": counts,
        "report": {}, "onDevicePerformance": devices(9 if variant == "int8" else 31), "visualization": "none",
        "isSupportedOnMcu": True, "additionalMetrics": [],
    }  # fmt: skip


def _clusters(block_id: int) -> Json:
    axes = [
        {"ix": place, "label": f"{axis} RMS", "selected": True, "favourite": False} for place, axis in enumerate(AXES)
    ]
    fed = {"classes": list(GAITS), "blockNames": ["Spectral features"], "featureCount": 39, "sampleCount": 1210}
    config = {
        "dependencies": {**fed, "outputClasses": []}, "name": "Anomaly (K-means)", "axes": axes, "trained": True,
        "clusterCount": 32, "selectedAxes": [0, 1, 2], "minimumConfidenceRating": 0.3, "thresholds": [_ANOMALY],
    }  # fmt: skip
    metadata = {
        "created": _MADE, "scale": [0.4, 0.3, 0.5], "mean": [0.1, 0.0, 9.8],
        "clusters": [{"center": [0.1 * place, 0.2, 0.3], "maxError": 0.21} for place in range(4)],
        "axes": [0, 1, 2], "defaultMinimumConfidenceRating": 0.3,
        "availableModelTypes": ["float32"], "recommendedModelType": "float32",
        "modelValidationMetrics": [], "hasTrainedModel": True, "thresholds": [_ANOMALY],
    }  # fmt: skip
    return {"blockId": block_id, "config": config, "metadata": metadata}
