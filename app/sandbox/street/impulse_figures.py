"""Figures of the project's impulses, and the columns of the service's table that they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Figure = tuple[str | bool, int | None]  # what is shown, and what it is sorted by where that cannot be


@dataclass(frozen=True)
class Key:
    """A column; ``options`` are offered to filter by, ``hint`` explains its values."""

    category: str
    name: str
    title: str
    description: str
    filtering: str = "numeric"
    options: tuple[str, ...] = ()
    shown: bool = True
    hint: str = ""


_LAYERS = ("fomo", "mobilenet-ssd", "yolo-pro", "yolov5", "yolox")
_INPUTS = ("image", "time-series", "features")
_RESIZING = ("squash", "fit-short", "fit-long", "crop")
_TRACKERS = ("object-tracking", "sort-object-tracking")

KEYS = (
    Key("impulseMetrics", "testAccuracy", "Test accuracy", "Share of the test set that was right"),
    Key("impulseMetrics", "testF1", "Test F1", "F1 score on the test set"),
    Key("impulseMetrics", "lastTrained", "Last trained", "When a model of it was trained last", "string", shown=False),
    Key("inputBlockConfig", "inputType", "Input", "Kind of data that it takes in", "select", _INPUTS),
    Key("inputBlockConfig", "imageSize", "Image size", "Pixels that images are brought to", shown=False),
    Key(
        "inputBlockConfig",
        "resizeMode",
        "Resizing",
        "How images are brought to that size",
        "select",
        _RESIZING,
        shown=False,
    ),
    Key("inputBlockConfig", "windowSize", "Window", "Length of a window of a time series", shown=False),
    Key("dspBlockConfig", "processing", "Processing", "Its processing blocks", "list", ("image", "spectral-analysis")),
    Key(
        "dspBlockConfig",
        "colorDepth",
        "Color depth",
        "Channels of its images",
        "select",
        ("RGB", "Grayscale"),
        shown=False,
    ),
    Key("dspBlockConfig", "featureCount", "Features", "Numbers that a window becomes", shown=False),
    Key("learnBlockConfig", "model", "Model", "Architecture of the model", "select", _LAYERS),
    Key("learnBlockConfig", "trainingCycles", "Cycles", "How often training went through the data", shown=False),
    Key("learnBlockConfig", "learningRate", "Learning rate", "Size of the steps of training", shown=False),
    Key(
        "learnBlockConfig",
        "augmentation",
        "Augmentation",
        "Whether images were varied for training",
        "boolean",
        shown=False,
    ),
    Key(
        "learnBlockMetrics",
        "precisionInt8",
        "Precision (int8)",
        "Share of what was found that is right",
        hint="Validation set",
    ),
    Key(
        "learnBlockMetrics",
        "recallInt8",
        "Recall (int8)",
        "Share of what is there that was found",
        hint="Validation set",
    ),
    Key(
        "learnBlockMetrics",
        "precisionFloat32",
        "Precision (float32)",
        "The same without quantization",
        shown=False,
        hint="Validation set",
    ),
    Key(
        "learnBlockMetrics",
        "latencyInt8",
        "Latency (int8)",
        "Time for one image or window",
        hint="Estimated for the project's target",
    ),
    Key("learnBlockMetrics", "ramInt8", "RAM (int8)", "Peak of memory", hint="With the EON compiler"),
    Key("learnBlockMetrics", "flashInt8", "Flash (int8)", "Memory that the model takes", hint="With the EON compiler"),
    Key("learnBlockMetrics", "isTrained", "Trained", "Whether there is a model", "boolean"),
    Key("postProcessingBlockConfig", "tracker", "Tracker", "How objects are followed", "select", _TRACKERS),
    Key("postProcessingBlockConfig", "keepGrace", "Keep grace", "Frames that a lost object is kept", shown=False),
    Key(
        "postProcessingBlockConfig",
        "useIou",
        "Use IoU",
        "Whether boxes are compared by overlap",
        "boolean",
        shown=False,
    ),
)


def metric_keys() -> list[Json]:
    """The columns by category, as the service names them."""
    categories = dict.fromkeys(key.category for key in KEYS)
    return [
        {"category": category, "metricKeys": [_column(key) for key in KEYS if key.category == category]}
        for category in categories
    ]


def metrics(figures: Mapping[str, Figure]) -> list[Json]:
    """The figures of one impulse by the names of their columns; what has no column is an error of whoever wrote it."""
    known = {key.name: key for key in KEYS}
    return [_metric(known[name], *figure) for name, figure in figures.items()]


def share(value: float) -> Figure:
    """0.834 as 83.40%."""
    return f"{100 * value:.2f}%", round(10_000 * value)


def score(value: float) -> Figure:
    """Two decimals."""
    return f"{value:.2f}", round(100 * value)


def milliseconds(value: int) -> Figure:
    """A time."""
    return f"{value:,} ms", value


def memory(value: int) -> Figure:
    """Bytes in the unit that fits, as the service shows them."""
    return (f"{value / 1e6:.1f}M", value) if value >= 1_000_000 else (f"{value / 1e3:.1f}K", value)


def words(*values: str) -> Figure:
    """Text, several with commas between."""
    return ", ".join(values), None


def number(value: int) -> Figure:
    """A whole number."""
    return f"{value:,}", value


def _column(key: Key) -> Json:
    return {**_named(key), "showInTable": key.shown}


def _metric(key: Key, value: str | bool, order: int | None) -> Json:  # noqa: FBT001 - a value of the document
    sorting = {} if order is None else {"valueForSorting": order}
    hint = {"valueHint": key.hint} if key.hint else {}
    return {**_named(key), "category": key.category, "value": value, "title": key.title, **sorting, **hint}


def _named(key: Key) -> Json:
    options: Sequence[str] = key.options
    return {
        "name": key.name,
        "description": key.description,
        "type": "core" if key.shown else "additional",
        "filteringType": {"type": key.filtering, "options": list(options)},
    }
