"""The service's own description of its documents, as its own package has it: what its models consist of."""

import random
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic.v1 import BaseModel, StrictBool
from pydantic.v1.fields import ModelField

UNKNOWN = ("newField", "name2", "x", "stated", "kept", "remarks", "designs", "é.[0]")
SCALARS = ("", "text", "squash", "`[ 0, 11 ]`", "7", 0, 1, -3, 0.5, 1e300, 2**63, True, False)
ODD = (*SCALARS, None, [], {}, [None], [[]], [{}], {"a": [1, None]}, [1, "a"])


def alternatives(model: type[BaseModel]) -> list[ModelField]:
    """The kinds that a value may have, for the models that only stand for one of several; else empty."""
    return [field for name, field in model.__fields__.items() if name.startswith("oneof_schema")]


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def fields_of(model: type[BaseModel]) -> dict[str, ModelField]:
    """Fields by their name in JSON, for one of several models those of all of them."""
    parts = [part.type_ for part in alternatives(model) if is_model(part.type_)] or [model]
    return {field.alias: field for part in parts for field in part.__fields__.values()}


class Documents:
    """Documents that follow the service's models, with any of the optional fields, repeatable by the seed.

    ``oddity`` is how often a value is replaced by another, or an unknown field is added, 0 to 1.
    """

    def __init__(self, seed: int, *, oddity: float) -> None:
        self._random = random.Random(seed)  # noqa: S311 - made-up documents
        self._oddity = oddity

    def of_model(self, model: type[BaseModel]) -> Any:
        kinds = alternatives(model)
        if kinds:
            return self._single(self._random.choice(kinds).type_)
        fields = [field for field in model.__fields__.values() if field.required or self._random.random() < 0.7]
        self._random.shuffle(fields)
        value = {field.alias: self._of_field(field) for field in fields if not self._strange()}
        if self._strange():
            value[self._random.choice(UNKNOWN)] = self._random.choice(ODD)
        return value

    def _of_field(self, field: ModelField) -> Any:
        if self._strange():
            return self._random.choice(ODD)
        return self._of_type(field.outer_type_)

    def _of_type(self, kind: Any) -> Any:
        count, arguments = self._random.randrange(3), get_args(kind)
        if get_origin(kind) is list:
            return [self._of_type(arguments[0]) for _ in range(count)]
        if get_origin(kind) is dict:
            return {key: self._of_type(arguments[1]) for key in ("a", "b")[:count]}
        return self._single(kind)

    def _single(self, kind: Any) -> Any:
        if is_model(kind):
            return self.of_model(kind)
        if kind is Any:
            return self._random.choice(ODD)
        if kind is StrictBool:
            return self._random.random() < 0.5
        if isinstance(kind, type) and issubclass(kind, int):
            return self._random.randrange(1000)
        if kind is float:
            return self._random.choice([0, 7, 0.25, -1e-9])
        return self._random.choice(["", "text", "squash", "a newer word"])

    def _strange(self) -> bool:
        return self._random.random() < self._oddity


def reachable(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model and every model in it, each once."""
    seen: dict[type[BaseModel], None] = {}
    waiting = [model]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen[found] = None
            inner = [*fields_of(found).values(), *alternatives(found)]
            waiting += [field.type_ for field in inner if is_model(field.type_)]
    yield from seen
