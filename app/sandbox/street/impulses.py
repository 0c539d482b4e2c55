"""An impulses-detailed answer: an image impulse with a detector and an object tracker behind it."""

from typing import Any

from app.sandbox.street.boxes import KEEP_GRACE, THRESHOLD
from app.sandbox.street.impulse_figures import Figure, metric_keys, metrics, milliseconds, number, score, share

Json = dict[str, Any]

IMPULSE_ID, INPUT_ID, DSP_ID, LEARN_ID, TRACKER_ID = 1, 2, 3, 4, 5
CLASSES = ("Bus", "Car", "Cyclist", "Pedestrian", "Van")
INPUT_SIZE = (320, 320)  # width, height in pixels of the model's input
_MADE = "2026-04-21T08:03:11.412Z"
_CONFUSION = (
    (41.0, 1.0, 0.0, 0.0, 2.0, 3.0),
    (2.0, 1184.0, 0.0, 1.0, 19.0, 52.0),
    (0.0, 0.0, 92.0, 6.0, 0.0, 9.0),
    (0.0, 1.0, 5.0, 611.0, 0.0, 48.0),
    (3.0, 22.0, 0.0, 0.0, 148.0, 7.0),
    (1.0, 31.0, 4.0, 37.0, 6.0, 0.0),
)  # rows: truth, columns: prediction, the last of both: background, which boxes do not count where it is right


def impulses_document() -> Json:
    """The answer of a project with one trained impulse."""
    figures: dict[str, Figure] = {
        "testAccuracy": share(0.834), "imageSize": ("320x320", 320), "precisionInt8": score(0.89),
        "recallInt8": score(0.85), "latencyInt8": milliseconds(184), "isTrained": (True, None),
        "keepGrace": number(KEEP_GRACE),
    }  # fmt: skip
    impulse = {
        "impulse": _impulse(),
        "metrics": metrics(figures),
        "dspBlockConfigs": [{"blockId": DSP_ID, "config": _dsp_config(), "metadata": _dsp_metadata()}],
        "learnBlockKerasConfigs": [{"blockId": LEARN_ID, "config": _learn_config(), "metadata": _learn_metadata()}],
        "learnBlockAnomalyConfigs": [],
        "postProcessingBlockConfigs": [{"blockId": TRACKER_ID, "config": tracker_config()}],
        "isStale": False,
        "configured": True,
        "complete": True,
        "tags": ["street"],
    }
    return {
        "success": True,
        "impulses": [impulse],
        "metricKeysByCategory": metric_keys(),
        "extraTableColumns": ["Precision (int8)"],
    }


def tracker_config() -> Json:
    """The tracker's settings; ``parameters`` are the ones that the street's boxes were made with."""
    settings = (
        ("keep_grace", "Keep grace", "int", "5", str(KEEP_GRACE), "Frames that a lost object is kept."),
        ("max_observations", "Maximum observations", "int", "5", "5", "Length of an object's history."),
        ("threshold", "Threshold", "float", "0.5", str(THRESHOLD), "Least overlap to continue a track."),
        ("use_iou", "Use IoU", "boolean", "true", "true", "Compare boxes by overlap, not by distance."),
    )
    parameters = [parameter(*setting, help=explanation) for *setting, explanation in settings]
    return {"enabled": True, "type": "object-tracking", "parameters": parameters}


def parameter(param: str, name: str, kind: str, default: str, value: str, **more: Any) -> Json:
    """A setting that everybody sees; ``more`` of its fields by their names in the document."""
    shown = {"readonly": False, "shouldShow": True, "required": True, "showClickToSet": False}
    return {"name": name, "value": value, "defaultValue": default, "type": kind, "param": param, **shown, **more}


def _impulse() -> Json:
    made = {"createdBy": "createImpulse", "createdAt": _MADE}
    image = {
        "id": INPUT_ID,
        "type": "image",
        "name": "Image data",
        "title": "Image data",
        "imageWidth": INPUT_SIZE[0],
        "imageHeight": INPUT_SIZE[1],
        "resizeMode": "squash",
        "resizeMethod": "lanczos3",
        "cropAnchor": "middle-center",
        **made,
    }
    features = {
        "id": DSP_ID,
        "type": "image",
        "name": "Image",
        "axes": ["image"],
        "title": "Image",
        "input": INPUT_ID,
        "implementationVersion": 1,
        **made,
    }
    detector = {
        "id": LEARN_ID,
        "type": "keras-object-detection",
        "name": "Object detection",
        "dsp": [DSP_ID],
        "title": "Object Detection (Images)",
        **made,
    }
    tracker = {
        "id": TRACKER_ID,
        "type": "object-tracking",
        "name": "Object tracking",
        "title": "Object tracking",
        "implementationVersion": 1,
        **made,
    }
    return {
        "id": IMPULSE_ID,
        "name": "Street cameras",
        "type": "default",
        "inputBlocks": [image],
        "dspBlocks": [features],
        "learnBlocks": [detector],
        "postProcessingBlocks": [tracker],
    }


def _feature_count() -> int:
    return INPUT_SIZE[0] * INPUT_SIZE[1] * 3


def _dsp_config() -> Json:
    options = [{"value": "RGB", "selected": True}, {"value": "Grayscale", "selected": False}]
    depth = parameter("channels", "Color depth", "select", "RGB", "RGB", selectOptions=options)
    dsp = {
        "id": DSP_ID,
        "name": "Image",
        "windowLength": 0,
        "type": "image",
        "classes": list(CLASSES),
        "features": {"generated": True, "count": _feature_count(), "labels": [], "classes": list(CLASSES)},
        "expectedWindowCount": 2148,
        "inputAxes": ["image"],
        "performance": {"latency": 11, "ram": 4096},
        "canCalculateFeatureImportance": False,
        "calculateFeatureImportance": False,
        "canNormalizeData": False,
        "normalizeData": "none",
    }
    return {"dsp": dsp, "config": [{"group": "Parameters", "items": [depth]}]}


def _dsp_metadata() -> Json:
    return {
        "created": _MADE,
        "generated": True,
        "dspConfig": {"channels": "RGB"},
        "labels": list(CLASSES),
        "windowCount": 2148,
        "featureCount": _feature_count(),
        "includedSamples": [{"id": 101, "windowCount": 1}, {"id": 102, "windowCount": 1}],
        "windowSizeMs": 0,
        "windowIncreaseMs": 0,
        "padZeros": False,
        "frequency": 0,
        "outputConfig": {"type": "image", "shape": {"width": INPUT_SIZE[0], "height": INPUT_SIZE[1], "channels": 3}},
        "fftUsed": [],
    }


def _threshold() -> Json:
    return {
        "key": "min_score",
        "description": "Score threshold",
        "helpText": "Boxes with a lower score are left out.",
        "suggestedValue": 0.5,
        "suggestedValueText": "0.5",
        "value": 0.3,
    }


def _learn_config() -> Json:
    return {
        "dependencies": {
            "classes": list(CLASSES),
            "blockNames": ["Image"],
            "featureCount": _feature_count(),
            "sampleCount": 2148,
            "outputClasses": list(CLASSES),
        },
        "trained": True,
        "name": "Object detection",
        "type": "keras-object-detection",
        "script": "",
        "minimumConfidenceRating": 0.3,
        "selectedModelType": "int8",
        "mode": "visual",
        "visualLayers": [{"type": "transfer_organization", "enabled": True, "organizationModelId": 1827}],
        "trainingCycles": 60,
        "learningRate": 0.0015,
        "batchSize": 32,
        "defaultBatchSize": 32,
        "shape": f"({_feature_count()},)",
        "trainTestSplit": 0.2,
        "autoClassWeights": False,
        "useLearnedOptimizer": False,
        "augmentationPolicyImage": "all",
        "transferLearningModels": [],
        "profileInt8": True,
        "skipEmbeddingsAndMemory": False,
        "showAdvancedTrainingSettings": False,
        "showAugmentationTrainingSettings": False,
        "lastShownModelVariant": "int8",
        "thresholds": [_threshold()],
    }


def _learn_metadata() -> Json:
    return {
        "created": "2026-04-21T10:47:52.091Z",
        "layers": [
            {
                "input": {"shape": _feature_count(), "name": "images", "type": "<class 'numpy.float32'>"},
                "output": {"shape": 6300 * (len(CLASSES) + 5), "name": "output0", "type": "<class 'numpy.float32'>"},
            }
        ],
        "classNames": list(CLASSES),
        "labels": list(CLASSES),
        "availableModelTypes": ["int8", "float32"],
        "recommendedModelType": "int8",
        "modelValidationMetrics": [_validation("int8", loss=0.04, f1=0.87), _validation("float32", loss=0.03, f1=0.89)],
        "hasTrainedModel": True,
        "mode": "object-detection",
        "objectDetectionLastLayer": "yolov5",
        "imageInputScaling": "0..1",
        "thresholds": [_threshold()],
    }  # fmt: skip


def _validation(variant: str, *, loss: float, f1: float) -> Json:
    size = 1_912_432 if variant == "int8" else 7_388_160
    return {
        "type": variant,
        "loss": loss,
        "confusionMatrix": [list(row) for row in _CONFUSION],
        "report": {"f1-score": f1},
        "onDevicePerformance": [_performance(size, latency=184 if variant == "int8" else 611)],
        "visualization": "none",
        "isSupportedOnMcu": False,
        "mcuSupportError": "The model needs more memory than a microcontroller has.",
        "additionalMetrics": [
            {"name": name, "value": f"{value:.2f}", "fullPrecisionValue": value}
            for name, value in (("Precision", f1 + 0.0213), ("Recall", f1 - 0.0187), ("F1 Score", f1))
        ],
    }


def _performance(size: int, *, latency: int) -> Json:
    memory = {"ramRequired": size // 3, "romRequired": size, "arenaSize": size // 4, "modelSize": size}
    return {
        "mcu": "raspberry-pi-4",
        "name": "Raspberry Pi 4",
        "isDefault": True,
        "latency": latency,
        "tflite": memory,
        "eon": memory,
        "customMetrics": [],
        "hasPerformance": True,
    }
