"""A made-up impulses-detailed answer of any size: every way of filtering, values that are missing, several units."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from app.domain.impulse.table_columns import CATEGORIES

_SEED = 5
_SHOWN = 12  # columns that the table shows at first
_MODELS = ("yolo-pro", "fomo", "mobilenet-ssd", "yolov5", "yolox")
_OPERATIONS = ("CONV_2D", "DEPTHWISE_CONV_2D", "SOFTMAX", "RESHAPE", "MAX_POOL_2D")
_MADE = "2026-03-02T10:00:00.000Z"

Json = dict[str, Any]
Value = Callable[[random.Random], tuple[str | bool, int | None]]  # what is shown, what it is sorted by


def impulses_answer(*, impulses: int = 200, metrics: int = 60) -> bytes:
    """The answer as bytes; the same numbers give the same bytes."""
    return msgspec.json.encode(impulses_document(impulses=impulses, metrics=metrics))


def impulses_document(*, impulses: int = 200, metrics: int = 60) -> Json:
    """The same as a JSON object."""
    chance = random.Random(_SEED)  # noqa: S311 - made-up figures
    keys = [_key(number) for number in range(metrics)]
    categories = [
        {"category": category, "metricKeys": [key for known, key in keys if known == category]}
        for category in CATEGORIES
    ]
    return {
        "success": True,
        "impulses": [_impulse(number, keys, chance) for number in range(1, impulses + 1)],
        "metricKeysByCategory": categories,
        "extraTableColumns": [],
    }


def _share(chance: random.Random) -> tuple[str, int]:
    value = chance.randrange(2_000, 10_000)
    return f"{value / 100:.2f}%", value


def _time(chance: random.Random) -> tuple[str, int]:
    value = chance.randrange(1, 900)
    return f"{value} ms", value


def _memory(chance: random.Random) -> tuple[str, int]:
    value = chance.randrange(20_000, 9_000_000)
    return (f"{value / 1e6:.1f} MB" if value >= 1_000_000 else f"{value / 1e3:.1f} kB"), value


def _flag(chance: random.Random) -> tuple[bool, None]:
    return chance.random() < 0.5, None


def _model(chance: random.Random) -> tuple[str, None]:
    return chance.choice(_MODELS), None


def _operations(chance: random.Random) -> tuple[str, None]:
    return ", ".join(chance.sample(_OPERATIONS, chance.randrange(1, 4))), None


def _note(chance: random.Random) -> tuple[str, None]:
    return f"run {chance.randrange(1_000)}, {chance.choice(_MODELS)}", None


_KINDS: tuple[tuple[str, str, Value], ...] = (
    ("Share", "numeric", _share),
    ("Latency", "numeric", _time),
    ("Memory", "numeric", _memory),
    ("Model", "select", _model),
    ("Quantized", "boolean", _flag),
    ("Operations", "list", _operations),
    ("Note", "string", _note),
)
_OPTIONS: Mapping[str, tuple[str, ...]] = {"select": _MODELS, "list": _OPERATIONS}


def _key(number: int) -> tuple[str, Json]:
    title, filtering, _ = _KINDS[number % len(_KINDS)]
    key = {
        "name": f"{title.lower()}{number}",
        "description": f"{title} of the part {number}",
        "type": "core" if number < _SHOWN else "additional",
        "filteringType": {"type": filtering, "options": list(_OPTIONS.get(filtering, ()))},
        "showInTable": number < _SHOWN,
    }
    return tuple(CATEGORIES)[number % len(CATEGORIES)], key


def _impulse(number: int, keys: list[tuple[str, Json]], chance: random.Random) -> Json:
    metrics = [
        _metric(place, category, key, chance) for place, (category, key) in enumerate(keys) if chance.random() < 0.9
    ]
    image = {"id": number * 10 + 1, "type": "image", "name": "Image data", "title": "Image data"}
    return {
        "impulse": {
            "id": number,
            "name": f"Street {number:03} {chance.choice(_MODELS)}",
            "type": "default",
            "inputBlocks": [{**image, "imageWidth": 320, "imageHeight": 320, "createdAt": _MADE}],
            "dspBlocks": [],
            "learnBlocks": [],
            "postProcessingBlocks": [],
        },
        "metrics": metrics,
        "dspBlockConfigs": [],
        "learnBlockKerasConfigs": [],
        "learnBlockAnomalyConfigs": [],
        "postProcessingBlockConfigs": [],
        "isStale": chance.random() < 0.2,
        "configured": True,
        "complete": chance.random() < 0.9,
        "tags": chance.sample(("street", "night", "nightly", "candidate"), chance.randrange(3)),
    }


def _metric(place: int, category: str, key: Json, chance: random.Random) -> Json:
    title, _, value = _KINDS[place % len(_KINDS)]
    shown, order = value(chance)
    sorting = {} if order is None else {"valueForSorting": order}
    named = {name: key[name] for name in ("name", "description", "type", "filteringType")}
    return {**named, "category": category, "value": shown, "title": f"{title} {place}", **sorting}
