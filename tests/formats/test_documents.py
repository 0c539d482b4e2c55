import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import DocumentFormatError
from app.formats import documents
from app.formats.documents import Maybe, Rows, decode, number, oddities, part, rows, spoken, text, texts, whole

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Leaf(msgspec.Struct):
    value: object = None


class Tree(msgspec.Struct):
    leaves: Rows[Leaf] = None
    one: Maybe[Leaf] = None


def refusal(raw: bytes) -> DocumentFormatError:
    with pytest.raises(DocumentFormatError) as caught:
        decode(raw, Tree, what="job answer")
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page (HTML)"),
        (b"\n<HTML lang='en'>", "a web page (HTML)"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "the file store (AccessDenied)"),
        (b"<feed/>", "XML"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"# .PCD v0.7\n", "point cloud"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"\xff\xfe{\x00}\x00", "UTF-16"),
        (b"Bad Gateway", "other text"),
    ],
)
def test_what_is_not_json_is_named_for_what_it_is(raw, named):
    assert named in refusal(raw).message


@pytest.mark.parametrize(
    ("raw", "named", "position"),
    [
        (b'{"one": 1} and more', "more text after its end", 11),
        (b'{"one": 1}{"one": 2}', "more text after its end", 10),
        (b'{"one": 1, // the one\n "x": 2}', "a comment", 11),
        (b'{"one": 1 /* the one */}', "a comment", 10),
        (b'{"one": NaN}', "NaN", 8),
        (b'{"other": -Infinity}', "NaN or Infinity", 11),
        (b'{"other": Infinity}', "NaN or Infinity", 10),
        (b'{"one": "\xff"}', "not UTF-8", 9),
        (b'{"skipped": "\xff"}', "not UTF-8", 13),
        (b'{"one": "\\ud800"}', "half of a surrogate pair", 9),
        (b'{"one": [1, 2', "cut short", 13),
        (b'{"one": [1, 2,]}', "trailing comma", 14),
    ],
)
def test_damaged_json_names_the_damage_and_its_place(raw, named, position):
    error = refusal(raw)
    assert named in error.message
    assert error.position == position


@pytest.mark.parametrize("opening", [b"[", b'{"one":', b'{"skipped":['])
def test_endless_nesting_is_refused_as_such(opening):
    assert "nested too deeply" in refusal(opening * 100_000).message


@pytest.mark.parametrize(("raw", "kind"), [(b"[1]", "array"), (b"null", "null"), (b'"x"', "str"), (b"3", "int")])
def test_json_that_is_no_object_is_refused(raw, kind):
    assert f"of type {kind}" in refusal(raw).message


def test_a_number_beyond_every_double_names_its_path():
    assert "$.one" in refusal(b'{"one": 1e999}').message


def test_whole_numbers_of_any_length_are_read_or_refused_in_words():
    assert decode(b'{"one": {"value": %s}}' % (b"1" * 30), Tree, what="x").one == Leaf(int("1" * 30))
    message = refusal(b'{"one": {"value": %s}}' % (b"1" * 5000)).message
    assert "out of range" in message
    assert "$.one.value" in message


def test_a_document_over_the_limit_is_not_parsed(monkeypatch):
    monkeypatch.setattr(documents, "MAX_DOCUMENT_BYTES", 10)
    assert "more than the 10 allowed" in refusal(b'{"one": 12345}').message


def test_no_message_repeats_what_the_document_says():
    assert "s3cret" not in str(refusal(b"<Error><Code>X</Code><Message>s3cret</Message></Error>"))
    assert "s3cret" not in str(refusal(b'{"one": "s3cret'))


def test_a_later_key_wins_over_an_earlier_one():
    assert decode(b'{"one": {"value": 1}, "one": {"value": 2}}', Tree, what="x").one == Leaf(2)


@given(JSON, JSON)
def test_any_json_object_can_be_read(leaves, one):
    tree = decode(json.dumps({"leaves": leaves, "one": one}).encode(), Tree, what="x")
    assert all(isinstance(leaf, Leaf) for leaf in rows(tree.leaves, Leaf))
    assert part(tree.one, Leaf) is None or isinstance(one, dict)


@given(JSON)
def test_accessors_take_any_value(value):
    assert isinstance(text(value), str)
    assert isinstance(texts(value), tuple)
    assert whole(value) is None or -(2**63) <= whole(value) < 2**63
    assert number(value) is None or abs(number(value)) < float("inf")


def test_whole_numbers_may_be_written_in_several_ways():
    assert [whole(value) for value in (16, 16.0, "16", "-1", 0)] == [16, 16, 16, -1, 0]
    assert [whole(value) for value in (16.5, "16.5", "", None, True, [1], 10**30, "१")] == [None] * 8


def test_text_keeps_ids_as_they_are_written():
    assert [text(value) for value in ("007", 7, 7.0, 10**25, True, None, {}, [])] == [
        "007", "7", "7", "1" + "0" * 25, "true", "", "", "",
    ]  # fmt: skip


def test_entries_that_are_no_records_are_left_out_and_counted():
    tree = decode(b'{"leaves": [{"value": 1}, null, 3, "x", [], {"value": 2}]}', Tree, what="x")
    assert rows(tree.leaves, Leaf) == [Leaf(1), Leaf(2)]
    assert oddities(tree.leaves, Leaf) == 3


def test_a_services_words_lose_queries_controls_and_length():
    said = spoken("Cannot read https://store.example/a.pcd?X-Amz-Signature=abc\x1b[2J now " + "x" * 900)
    assert "abc" not in said
    assert said.isprintable()
    assert said.startswith("Cannot read https://store.example/a.pcd?… now x")
    assert len(said) == documents.LONGEST_MESSAGE
