"""The legend as YAML in the manner of SemanticKITTI's ``semantic-kitti.yaml``: ``labels`` and ``color_map``.

Source: https://github.com/PRBonn/semantic-kitti-api/blob/master/config/semantic-kitti.yaml; its colours are in the
order blue, green, red. ``classes`` and ``tracks`` are additions.
"""

from collections.abc import Iterable, Iterator

from app.domain.legend import LegendEntry


def legend_yaml(entries: Iterable[LegendEntry]) -> str:
    """One line per label key in each of the four tables, keys ascending."""
    ordered = sorted(entries, key=lambda entry: entry.label_key)
    return "".join(f"{line}\n" for line in _lines(ordered))


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
