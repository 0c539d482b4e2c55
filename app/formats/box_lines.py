"""What texts with one box per line have in common."""

import math
from dataclasses import dataclass

from app.domain.tracking import Box, Tracking
from app.errors import FormatError

MAX_FRAMES = 100_000  # the longest public sequences have a few thousand; a damaged number must not make millions
_NEXT_STEP = "Check the file, or fetch it again."


@dataclass(frozen=True)
class BoxText:
    """Boxes in pixels, by frame from 0; ``ignored`` entries are left out, ``frames`` counts those with any entry."""

    tracking: Tracking
    ignored: int
    frames: int


class BoxesOfFrames:
    """Entries as they come; boxes with a track id are kept apart from detections."""

    def __init__(self) -> None:
        self._tracked: dict[int, list[Box]] = {}
        self._detected: dict[int, list[Box]] = {}
        self._ignored = 0
        self._frames = 0

    def add(self, frame: int, box: Box | None) -> None:
        """Take one more entry of a frame; None is one that is marked to be ignored."""
        self._frames = max(self._frames, frame + 1)
        if box is None:
            self._ignored += 1
            return
        kind = self._detected if box.track_id is None else self._tracked
        kind.setdefault(frame, []).append(box)

    def finished(self) -> BoxText:
        """All of them, by ascending frame."""
        return BoxText(Tracking(_sorted(self._tracked), _sorted(self._detected)), self._ignored, self._frames)


def _sorted(boxes: dict[int, list[Box]]) -> dict[int, tuple[Box, ...]]:
    return {frame: tuple(boxes[frame]) for frame in sorted(boxes)}


def frame_number(word: str, *, line: int, first: int = 0) -> int:
    """A frame's number, counted from 0 whatever the file counts from; raises FormatError."""
    number = finite(word, line=line) - first
    if not number.is_integer() or not 0 <= number < MAX_FRAMES:
        message = f"Line {line} of the boxes has {word!r:.40} for its frame, which is no number from {first} on."
        raise FormatError(message, next_step=_NEXT_STEP)
    return int(number)


def finite(word: str, *, line: int) -> float:
    """A finite number; raises FormatError."""
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise FormatError(f"Line {line} of the boxes has {word!r:.40} instead of a number.", next_step=_NEXT_STEP)
    return number
