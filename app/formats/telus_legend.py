"""Legends: what each frame's label keys mean, from the annotations of a result document."""

import re
from collections.abc import Iterable, Sequence

from app.domain.finding import counted, listed, quoted
from app.domain.legend import Legend, LegendEntry, fallback_color, parse_color
from app.formats.documents import text, whole
from app.formats.telus_notes import Notes
from app.formats.telus_records import Annotation

SEGMENTATION = "segmentation3d"

_INSTANCE_NUMBER = re.compile(r"\s*#\s*\d+\s*$")
_Entries = dict[int, LegendEntry]


def is_segmentation(kind: object) -> bool:
    """Whether an annotation or mask of this type is about points; a missing type counts as such."""
    return text(kind).lower() in ("", SEGMENTATION)


def class_name_of(instance_text: str) -> str:
    """The class in an instance's name: "MINIVAN # 1" and "MINIVAN #1" are of class "MINIVAN"."""
    return _INSTANCE_NUMBER.sub("", instance_text) or instance_text


def read_legends(annotations: Iterable[Annotation], frame_ids: Sequence[str], notes: Notes) -> dict[str, Legend]:
    """A legend per frame: its own annotations first, then those without a frame, then those of the other frames.

    A key is borrowed from other frames only if it means the same in all of them, so that no wrong name is shown.
    """
    by_frame = _entries_by_frame(annotations, notes)
    unframed = by_frame.pop("", {})
    shared = _same_everywhere(by_frame, notes)
    return {frame_id: _legend(by_frame.get(frame_id, {}), unframed, shared) for frame_id in frame_ids}


def _legend(*sources: _Entries) -> Legend:
    merged: _Entries = {}
    for source in sources:
        for key, entry in source.items():
            merged.setdefault(key, entry)
    return Legend(tuple(merged.values()))


def _entries_by_frame(annotations: Iterable[Annotation], notes: Notes) -> dict[str, _Entries]:
    by_frame: dict[str, _Entries] = {}
    conflicts: dict[str, dict[int, str]] = {}
    keyless = 0
    invalid_colors: dict[int, None] = {}
    for annotation in annotations:
        if not is_segmentation(annotation.type):
            continue
        entry = _entry(annotation)
        if entry is None:
            keyless += 1
            continue
        if not entry.color_given:
            invalid_colors[entry.label_key] = None
        frame_id = text(annotation.frame_id)
        known = by_frame.setdefault(frame_id, {}).setdefault(entry.label_key, entry)
        if difference := _difference(known, entry):
            conflicts.setdefault(frame_id, {}).setdefault(entry.label_key, difference)
    _note_conflicts(conflicts, notes)
    _note_oddities(keyless, list(invalid_colors), notes)
    return by_frame


def _entry(annotation: Annotation) -> LegendEntry | None:
    key = whole(annotation.label_key)
    if key is None:
        return None
    name = text(annotation.text) or text(annotation.label) or text(annotation.value) or f"Label key {key}"
    color = parse_color(text(annotation.color))
    return LegendEntry(
        label_key=key,
        text=name,
        class_name=class_name_of(text(annotation.label) or name),
        color=color or fallback_color(key),
        color_given=color is not None,
        class_id=text(annotation.class_id),
        track_id=text(annotation.track_id),
    )


def _meaning(entry: LegendEntry) -> tuple[str, str]:
    return entry.class_name, entry.text


def _difference(known: LegendEntry, other: LegendEntry) -> str:
    """How two entries of one key contradict each other, in words; empty where they agree."""
    if _meaning(known) != _meaning(other):
        names = (known.text, other.text) if known.text != other.text else (known.class_name, other.class_name)
        return " and ".join(map(quoted, names))
    return "two colours" if known.color != other.color else ""


def _same_everywhere(by_frame: dict[str, _Entries], notes: Notes) -> _Entries:
    shared: _Entries = {}
    differing: dict[int, str] = {}
    for entries in by_frame.values():
        for key, entry in entries.items():
            first = shared.setdefault(key, entry)
            if _meaning(first) != _meaning(entry):
                differing.setdefault(key, _difference(first, entry))
    if differing:
        notes.warning(
            "legend.conflict", f"Between frames, {_contradiction(differing)}. Each frame keeps its own names."
        )
    return {key: entry for key, entry in shared.items() if key not in differing}


def _contradiction(differing: dict[int, str]) -> str:
    keys = listed(f"{key} ({difference})" for key, difference in differing.items())
    verb = "stands" if len(differing) == 1 else "stand"
    return f"{counted(len(differing), 'label key')} {verb} for different things: {keys}"


def _note_conflicts(conflicts: dict[str, dict[int, str]], notes: Notes) -> None:
    for frame_id, differing in conflicts.items():
        message = f"In one legend, {_contradiction(differing)}. The first entry is used; ask the vendor which is meant."
        notes.warning("legend.conflict", message, frame_id=frame_id)


def _note_oddities(keyless: int, invalid_colors: list[int], notes: Notes) -> None:
    if keyless:
        what = counted(keyless, "annotation")
        notes.warning("legend.bad-label-key", f"{what} left out of the legend: no whole number as label key.")
    if invalid_colors:
        keys = listed(map(str, invalid_colors))
        notes.info("legend.invalid-colour", f"No readable colour for label key {keys}; another one is shown instead.")
