"""Tracks and detections as text in the form of the MOTChallenge, and the ``seqinfo.ini`` beside them.

Source: https://arxiv.org/abs/1603.00831, section on the data format. Columns: frame from 1 on, track id (-1 for
detections), left, top, width, height, then confidence, class and visibility where they are known.
"""

import configparser
import re
from dataclasses import dataclass

from app.domain.tracking import Box
from app.errors import FormatError
from app.formats.box_lines import MAX_FRAMES, BoxesOfFrames, BoxText, finite, frame_number

_LINE = re.compile(rb"\s*\d{1,7}\s*,\s*-?\d{1,9}(?:\.0*)?\s*(,\s*-?[\d.eE+-]+\s*){4,8}(?:\n|\Z)")
_UNKNOWN = "Object"
_CLASSES = {
    1: "Pedestrian",
    2: "Person on vehicle",
    3: "Car",
    4: "Bicycle",
    5: "Motorbike",
    6: "Non motorized vehicle",
    7: "Static person",
    8: "Distractor",
    9: "Occluder",
    10: "Occluder on the ground",
    11: "Occluder full",
    12: "Reflection",
    13: "Crowd",
}


@dataclass(frozen=True)
class SequenceInfo:
    """What a ``seqinfo.ini`` says; ``frames`` is 0 where it says nothing."""

    name: str = ""
    images: str = "img1"
    frames: int = 0
    frames_per_second: float | None = None


def looks_like_mot(head: bytes) -> bool:
    """Whether a text that begins like this, with at least one whole line, is of this form."""
    return _LINE.match(head) is not None


def read_mot(raw: bytes) -> BoxText:
    """Read the boxes; truth that is marked as not to be considered, by a confidence of 0, counts as ignored.

    Raises FormatError, naming the line.
    """
    boxes = BoxesOfFrames()
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").splitlines(), start=1):
        words = line.replace(",", " ").split()
        if not words:
            continue
        if len(words) < 6:
            message = f"Line {number} of the boxes has {len(words)} values, at least 6 are needed."
            raise FormatError(message, next_step="Check the file, or fetch it again.")
        boxes.add(frame_number(words[0], line=number, first=1), _box(words, line=number))
    return boxes.finished()


def read_sequence_info(raw: bytes) -> SequenceInfo:
    """Read a ``seqinfo.ini``; raises FormatError."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(raw.decode("utf-8-sig", "replace"))
        section = parser["Sequence"]
        frames, rate = section.getint("seqLength", 0), section.getfloat("frameRate", 0.0)
    except (configparser.Error, KeyError, ValueError) as error:
        raise FormatError("The file seqinfo.ini cannot be read.", next_step="Check it, or take it away.") from error
    return SequenceInfo(
        name=section.get("name", ""),
        images=section.get("imDir", "img1"),
        frames=min(max(frames, 0), MAX_FRAMES),
        frames_per_second=rate if 0 < rate < 1e6 else None,
    )


def _box(words: list[str], *, line: int) -> Box | None:
    """None where a tracked box is marked as not to be considered."""
    track_id, *sides = (finite(word, line=line) for word in words[1:6])
    left, top, width, height = sides
    confidence = finite(words[6], line=line) if len(words) > 6 else None
    if track_id < 0:
        return Box(left, top, width, height, label=_label(words, line=line), score=confidence)
    if confidence == 0:
        return None
    return Box(left, top, width, height, label=_label(words, line=line), track_id=int(track_id))


def _label(words: list[str], *, line: int) -> str:
    """The eighth column is a class only from MOT16 on: before, it is -1 or a coordinate."""
    number = finite(words[7], line=line) if len(words) in (8, 9) else -1.0
    return _CLASSES.get(int(number), _UNKNOWN) if number.is_integer() else _UNKNOWN
