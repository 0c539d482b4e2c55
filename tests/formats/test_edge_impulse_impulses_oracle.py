"""Our records of the impulses document held against the service's own models, by the service's own package."""

import dataclasses
import json
import typing
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.impulse import ImpulseList
from app.domain.impulse.record import Record
from app.formats.edge_impulse_impulses import IMPULSES_FORMAT, read_impulses, write_impulses

edgeimpulse_api = pytest.importorskip("edgeimpulse_api", reason="edgeimpulse-api is not installed")

from pydantic.v1 import StrictBool, ValidationError  # noqa: E402

from tests.formats.service_models import Documents, alternatives, fields_of, is_model, reachable  # noqa: E402

# free objects, and lists of objects that can have a row for each sample or window of a project
LEFT_AS_JSON = {
    "DSPMetadata.includedSamples",
    "DSPGroupItem.valid",
    "DSPGroupItem.items",
    "DSPGroupItem.properties",
    "KerasModelMetadataMetrics.report",
    "KerasModelMetadataMetrics.predictions",
}
# the models of rows in what is left as JSON
ONLY_IN_JSON = {"DSPMetadataIncludedSamplesInner", "ModelPrediction", "BoundingBoxWithScore"}
# "text or a number" and the like
SCALARS = {"DetailedImpulseMetricValue", "BlockThresholdValue"}
# each one of several models that one record covers; their fields were compared with its fields
ALTERNATIVES = {
    "BlockParamsVisualAnomalyPatchcore",
    "BlockParamsVisualAnomalyGmm",
    "ActorUser",
    "ActorOAuthClient",
    "ActorProjectApiKey",
}
# the service's block format has it, its API description does not
NOT_IN_THE_DESCRIPTION = {"DSPGroupItem.showForImplementationVersion"}

RESPONSE = edgeimpulse_api.GetAllDetailedImpulsesResponse


def pairs() -> Iterator[tuple[type[Record], Any]]:
    """Every record with the model that describes the same place, from the whole document down."""
    seen: set[tuple[type[Record], Any]] = set()
    waiting = [(ImpulseList, RESPONSE)]
    while waiting:
        record, model = waiting.pop()
        if (record, model) not in seen:
            seen.add((record, model))
            yield record, model
            waiting += _inner_pairs(record, model)


def _inner_pairs(record: type[Record], model: Any) -> Iterator[tuple[type[Record], Any]]:
    hints = typing.get_type_hints(record)
    names = IMPULSES_FORMAT.names(record)
    for name, field in fields_of(model).items():
        inner = record_in(hints[names[name]]) if name in names else None
        if inner and is_model(field.type_):
            yield inner, field.type_


def record_in(hint: Any) -> type[Record] | None:
    """The kind of record that a field holds, alone or in a list."""
    kinds = [hint, *typing.get_args(hint)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Record)), None)


PAIRS = sorted(pairs(), key=lambda pair: pair[1].__name__)


@pytest.mark.parametrize(("record", "model"), PAIRS, ids=lambda kind: kind.__name__)
def test_every_field_that_the_service_describes_is_ours_at_the_same_place_and_no_other(record, model):
    ours, theirs = set(IMPULSES_FORMAT.names(record)), set(fields_of(model))
    assert theirs <= ours
    assert {f"{model.__name__}.{name}" for name in ours - theirs} <= NOT_IN_THE_DESCRIPTION


@pytest.mark.parametrize(("record", "model"), PAIRS, ids=lambda kind: kind.__name__)
def test_every_field_has_the_services_type(record, model):
    hints, names = typing.get_type_hints(record), IMPULSES_FORMAT.names(record)
    for name, field in fields_of(model).items():
        assert shape(hints[names[name]]) == expected_shape(model, field), name


def test_every_model_of_the_document_was_compared():
    compared = {model.__name__ for _, model in PAIRS}
    everything = {model.__name__ for model in reachable(RESPONSE)}
    assert everything - compared == ONLY_IN_JSON | SCALARS | ALTERNATIVES
    assert len(compared) > 50


def has_models(model: Any) -> bool:
    return any(is_model(part.type_) for part in alternatives(model))


def shape(hint: Any) -> Any:
    """What JSON a field takes: a word for one value, nested for lists and objects."""
    origin, arguments = typing.get_origin(hint), [kind for kind in typing.get_args(hint) if kind is not NoneType]
    if origin is tuple:
        return ["json" if arguments[0] is object else shape(arguments[0])]
    if origin is not None and arguments[0] is str and len(arguments) == 2 and issubclass(origin, Mapping):
        return {"json": "json"} if arguments[1] is object else {"text": shape(arguments[1])}
    if len(arguments) > 1:
        return "scalar"
    kind = arguments[0] if arguments else hint
    return "record" if issubclass(kind, Record) else {str: "text", bool: "yes/no", object: "json"}.get(kind, "number")


def expected_shape(model: Any, field: Any) -> Any:
    if f"{model.__name__}.{field.alias}" not in LEFT_AS_JSON:
        return expected(field.outer_type_)
    return {"valid": ["json"], "items": {"json": "json"}, "properties": {"json": "json"}}.get(field.alias, "json")


def expected(kind: Any) -> Any:
    if typing.get_origin(kind) in (list, dict):
        inner = expected(typing.get_args(kind)[-1])
        return [inner] if typing.get_origin(kind) is list else {"text": inner}
    if is_model(kind):
        return "scalar" if alternatives(kind) and not has_models(kind) else "record"
    if kind is StrictBool:
        return "yes/no"
    return "number" if issubclass(kind, int | float) else "text"


def kept_in(value: Any) -> list[object]:
    """What any record within a value keeps besides its fields."""
    if isinstance(value, tuple):
        return [kept for entry in value for kept in kept_in(entry)]
    if not isinstance(value, Record):
        return []
    inner = [kept for field in dataclasses.fields(value) for kept in kept_in(getattr(value, field.name))]
    return [*([dict(value.kept)] if value.kept else []), *inner]


@given(st.integers(0, 2**32))
def test_our_fields_tell_all_that_a_document_by_the_services_description_says(seed):
    document = Documents(seed, oddity=0).of_model(RESPONSE)
    impulses = read_impulses(document)
    assert impulses.remarks == ()
    assert kept_in(impulses) == []
    assert as_sent(write_impulses(impulses)) == json.dumps(document)


@given(st.integers(0, 2**32), st.sampled_from([0.01, 0.1, 0.3]))
def test_a_document_with_anything_odd_anywhere_is_written_back_as_it_came(seed, oddity):
    document = Documents(seed, oddity=oddity).of_model(RESPONSE)
    document.setdefault("impulses", None)
    assert as_sent(write_impulses(read_impulses(document))) == json.dumps(document)


def as_sent(raw: bytes) -> str:
    return json.dumps(json.loads(raw))


def test_the_corrected_example_passes_the_services_own_check_after_it_was_written_back(shared_data):
    path = shared_data.parent / "api" / "samples" / "ei_impulses_detailed_fixed.json"
    if not path.is_file():
        pytest.skip("the service's samples are not beside the recordings")
    written = json.loads(write_impulses(read_impulses(json.loads(path.read_bytes()))))
    with pytest.raises(ValidationError) as failed:
        RESPONSE.parse_obj(written)
    # its models for "text or a number" and "text or a boolean" accept neither
    wrong = [error["loc"] for error in failed.value.errors() if error["loc"][-1] != "value"]
    assert wrong == []
    assert all({"metrics", "thresholds"} & set(error["loc"]) for error in failed.value.errors())
    del written["impulses"][0]["impulse"]["id"]
    with pytest.raises(ValidationError, match="impulse -> id"):
        RESPONSE.parse_obj(written)
