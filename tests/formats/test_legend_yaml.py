"""The legend in the manner of SemanticKITTI's configuration."""

import ast
import re

from hypothesis import given
from hypothesis import strategies as st

from app.domain.legend import LegendEntry
from app.formats.legend_yaml import legend_yaml


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
