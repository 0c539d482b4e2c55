"""Records to JSON and back, apart from any particular document."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from app.domain.impulse.record import Json, Record, Scalar, nothing
from app.errors import DocumentFormatError
from app.formats.records import RecordFormat


@dataclass(frozen=True)
class Part(Record):
    part_id: int
    name: str = ""


@dataclass(frozen=True)
class Whole(Record):
    words: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    parts: tuple[Part, ...] = ()
    one_part: Part | None = None
    size: float | None = None
    count: int | None = None
    any_value: Scalar | None = None
    free: Json = None
    table: Mapping[str, str] = field(default_factory=nothing)


FORMAT = RecordFormat({Part: {"part_id": "id"}})


def read(**value: Any) -> tuple[Whole, tuple[str, ...]]:
    return FORMAT.read(value, Whole)


def test_names_are_camel_case_unless_spelt_otherwise() -> None:
    assert FORMAT.names(Part) == {"id": "part_id", "name": "name"}
    assert list(FORMAT.names(Whole))[3:7] == ["onePart", "size", "count", "anyValue"]


def test_a_record_made_by_hand_is_written_with_what_it_says() -> None:
    made = Whole(words=("a",), parts=(Part(0),), one_part=Part(3, "x"), size=0.0, any_value=False)
    assert FORMAT.write(made) == {
        "words": ["a"],
        "parts": [{"id": 0}],
        "onePart": {"id": 3, "name": "x"},
        "size": 0.0,
        "anyValue": False,
    }


def test_a_changed_record_is_written_with_its_changes_and_everything_else() -> None:
    found, _ = read(size=1, unknown=[1], words=None)
    assert FORMAT.write(replace(found, size=2, count=7)) == {"size": 2, "unknown": [1], "words": None, "count": 7}


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"size": 5}, 5),
        ({"size": 1e300}, 1e300),
        ({"size": "2.5"}, 2.5),
        ({"size": True}, None),
        ({"size": "many"}, None),
        ({"count": 3.0}, 3),
        ({"count": 3.5}, None),
        ({"count": 2**63}, None),
        ({"anyValue": 10**400}, None),
        ({"anyValue": "on"}, "on"),
        ({"words": ["a", 5, True]}, ("a", "5", "true")),
        ({"words": ["a", None]}, ()),
        ({"numbers": [1, 2.5]}, (1, 2.5)),
        ({"numbers": [1, "2.5"]}, (1, 2.5)),
        ({"numbers": [1, {}]}, ()),
        ({"table": {"a": "b", "c": 1, "d": []}}, {"a": "b", "c": "1"}),
        ({"parts": [{"id": 1}, {"name": "no id"}, 7]}, (Part(1),)),
        ({"onePart": []}, None),
        ({"free": [None, {"x": 1}]}, [None, {"x": 1}]),
    ],
)
def test_what_can_be_read_is_read_and_everything_is_written_back(sent: dict[str, Any], found: object) -> None:
    record, _ = FORMAT.read(sent, Whole)
    (name,) = sent
    assert getattr(record, FORMAT.names(Whole)[name]) == found
    assert FORMAT.write(record) == sent


def test_remarks_name_the_place() -> None:
    _, remarks = read(parts=[{"id": 1, "name": []}], table={"a.b": {}}, numbers=[0, None])
    assert remarks == (
        "parts[0].name should be text and is a list.",
        "table.a.b should be text and is an object.",
        "numbers[1] should be a number and is null.",
    )


def test_a_place_stays_short_and_on_one_line() -> None:
    _, (remark,) = read(table={"long" * 1000 + "\n": 1})
    assert len(remark) < 120
    _, (remark,) = read(table={"a\nb": 1})
    assert remark.isprintable()


def test_what_lacks_its_id_is_refused_in_words() -> None:
    with pytest.raises(DocumentFormatError, match="The document has no id"):
        FORMAT.read({"name": "x"}, Part)
