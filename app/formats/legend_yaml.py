"""The legend as YAML in the manner of SemanticKITTI's ``semantic-kitti.yaml``: ``labels`` and ``color_map``.

Source: https://github.com/PRBonn/semantic-kitti-api/blob/master/config/semantic-kitti.yaml; its colours are in the
order blue, green, red. ``classes`` and ``tracks`` are additions. Of YAML only these tables are read: a key and a value
per line.
"""

import re
from collections.abc import Iterable, Iterator

from app.domain.legend import Legend, LegendEntry, Rgb, fallback_color
from app.errors import FormatError

_HEADING = re.compile(r"([A-Za-z_]\w*)\s*:")
_ROW = re.compile(r"\s+(-?[0-9]{1,18})\s*:\s*(.*?)\s*")
_DOUBLE_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?')
_SINGLE_QUOTED = re.compile(r"'((?:[^']|'')*)'\s*(?:#.*)?")
_ESCAPE = re.compile(r"\\(?:U([0-9a-fA-F]{8})|(.))")
_COLOR = re.compile(r"\[\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*\]")


def legend_yaml(entries: Iterable[LegendEntry]) -> str:
    """One line per label key in each of the four tables, keys ascending."""
    ordered = sorted(entries, key=lambda entry: entry.label_key)
    return "".join(f"{line}\n" for line in _lines(ordered))


def read_legend_yaml(raw: bytes) -> Legend:
    """The rows that a file names under ``labels``; raises FormatError where it names none.

    Rows without a class of their own are one by themselves, rows without a colour get one.
    """
    tables = _tables(raw.decode("utf-8-sig", "replace"))
    entries = tuple(_entry(key, text, tables) for key, text in tables.get("labels", {}).items())
    if not entries:
        raise FormatError("The legend names no labels.", next_step="Check the file, or take it away.")
    return Legend(entries)


def _entry(label_key: int, text: str, tables: dict[str, dict[int, str]]) -> LegendEntry:
    name = _plain(text)
    color = _color(tables.get("color_map", {}).get(label_key, ""))
    return LegendEntry(
        label_key,
        text=name,
        class_name=_plain(tables.get("classes", {}).get(label_key, text)),
        color=color or fallback_color(label_key),
        color_given=False,  # SemanticKITTI gives moving things the colours of resting ones, which is no mistake
        track_id=_plain(tables.get("tracks", {}).get(label_key, "")),
    )


def _tables(text: str) -> dict[str, dict[int, str]]:
    """Unread values by table and key."""
    tables: dict[str, dict[int, str]] = {}
    rows: dict[int, str] = {}
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            rows = tables.setdefault(heading[1], {})
        elif row := _ROW.fullmatch(line):
            rows[int(row[1])] = row[2]
    return tables


def _plain(value: str) -> str:
    """The text of a scalar, quoted or not."""
    if found := _DOUBLE_QUOTED.fullmatch(value):
        return _ESCAPE.sub(_unescaped, found[1])
    if found := _SINGLE_QUOTED.fullmatch(value):
        return found[1].replace("''", "'")
    return value.partition(" #")[0].strip()


def _unescaped(escape: re.Match[str]) -> str:
    code = int(escape[1], 16) if escape[1] else ord(escape[2])
    return chr(code) if code < 0x110000 else "\ufffd"


def _color(value: str) -> Rgb | None:
    found = _COLOR.match(value)
    if not found:
        return None
    blue, green, red = (int(part) for part in found.groups())
    return (red, green, blue) if max(red, green, blue) <= 255 else None


def _lines(entries: list[LegendEntry]) -> Iterator[str]:
    yield from _table("labels", ((entry.label_key, _quoted(entry.text)) for entry in entries))
    colors = ((entry.label_key, "[{2}, {1}, {0}]".format(*entry.color)) for entry in entries)
    yield from _table("color_map", colors, comment="blue, green, red")
    yield from _table("classes", ((entry.label_key, _quoted(entry.class_name)) for entry in entries))
    tracks = ((entry.label_key, _quoted(entry.track_id)) for entry in entries if entry.track_id)
    yield from _table("tracks", tracks)


def _table(name: str, rows: Iterable[tuple[int, str]], *, comment: str = "") -> Iterator[str]:
    lines = [f"  {key}: {value}" for key, value in rows]
    yield f"{name}:{'' if lines else ' {}'}{f' # {comment}' if comment else ''}"
    yield from lines


def _quoted(text: str) -> str:
    """A double-quoted scalar; whatever is not printable, a quote or a backslash becomes an escape."""
    letters = (char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text)
    return f'"{"".join(letters)}"'
