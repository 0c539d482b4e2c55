"""The legend in the manner of SemanticKITTI's configuration."""

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.legend import LegendEntry, fallback_color
from app.errors import FormatError
from app.formats.legend_yaml import legend_yaml, read_legend_yaml


def tables(text: str) -> dict[str, dict[int, object]]:
    """The small part of YAML that is written; Python spells its strings and lists alike."""
    read: dict[str, dict[int, object]] = {}
    name = ""
    for line in text.splitlines():
        if row := re.fullmatch(r"  (-?\d+): (.*)", line):
            read[name][int(row[1])] = ast.literal_eval(row[2])
        else:
            heading = re.fullmatch(r"(\w+):(?: \{\})?(?: # .*)?", line)
            assert heading, line
            name = heading[1]
            read[name] = {}
    return read


def test_tables_are_named_as_there_and_colours_are_blue_green_red() -> None:
    entries = [
        LegendEntry(11, "Car # 1", "Car", (220, 60, 40), track_id="t-4"),
        LegendEntry(1, "Ground", "Ground", (71, 153, 193)),
    ]
    assert legend_yaml(entries) == (
        'labels:\n  1: "Ground"\n  11: "Car # 1"\n'
        "color_map: # blue, green, red\n  1: [193, 153, 71]\n  11: [40, 60, 220]\n"
        'classes:\n  1: "Ground"\n  11: "Car"\n'
        'tracks:\n  11: "t-4"\n'
    )


def test_a_legend_without_entries_has_empty_tables() -> None:
    assert tables(legend_yaml([])) == {"labels": {}, "color_map": {}, "classes": {}, "tracks": {}}


@given(st.dictionaries(st.integers(-(1 << 63), (1 << 63) - 1), st.text(), max_size=5))
def test_any_text_of_a_document_comes_back(texts: dict[int, str]) -> None:
    read = tables(legend_yaml(LegendEntry(key, text, text, (1, 2, 3)) for key, text in texts.items()))
    assert read["labels"] == read["classes"] == texts
    assert list(read["labels"]) == sorted(texts)


@given(
    st.dictionaries(
        st.integers(-(1 << 40), 1 << 40), st.tuples(st.text(max_size=20), st.text(max_size=20), st.text(max_size=9))
    ).filter(len)
)
def test_what_is_written_is_read_again(texts: dict[int, tuple[str, str, str]]) -> None:
    entries = tuple(
        LegendEntry(key, text, kind, (key % 256, 7, 9), color_given=False, track_id=track)
        for key, (text, kind, track) in sorted(texts.items())
    )
    assert read_legend_yaml(legend_yaml(entries).encode("utf-8", "surrogatepass")).entries == entries


def test_the_public_file_of_semantic_kitti_is_read() -> None:
    text = (
        "# a licence\nlabels: \n  0 : \"unlabeled\"\n  10: 'car'\n  99: other-object # rare\n"
        "color_map: # bgr\n  0 : [0, 0, 0]\n  10: [245, 150, 100]\n  99: [300, 0, 0]\n"
        "content: # as a ratio\n  0: 0.018889854628292943\nsplit: # which\n  train:\n    - 0\n"
    )
    rows = read_legend_yaml(text.encode())
    assert [(row.label_key, row.text, row.class_name) for row in rows] == [
        (0, "unlabeled", "unlabeled"),
        (10, "car", "car"),
        (99, "other-object", "other-object"),
    ]
    assert rows.by_key[10].color == (100, 150, 245)
    assert rows.by_key[99].color == fallback_color(99)


@pytest.mark.parametrize("raw", [b"", b"nothing", b"labels:\n", b"color_map:\n  1: [1, 2, 3]\n", b"\xff\xfe\0"])
def test_a_file_without_labels_is_no_legend(raw: bytes) -> None:
    with pytest.raises(FormatError, match="no labels"):
        read_legend_yaml(raw)
