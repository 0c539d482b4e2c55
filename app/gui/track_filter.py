"""What is typed over the list of tracks: words that must occur, and conditions such as ``gaps>0`` or ``score<0.5``."""

import operator
import re
from collections.abc import Callable, Mapping

from app.jobs import TrackSummary

Test = Callable[[TrackSummary], bool]
Number = Callable[[TrackSummary], float | None]

NUMBERS: Mapping[str, Number] = {
    "id": lambda track: track.track_id,
    "first": lambda track: track.first + 1,  # as people count frames
    "last": lambda track: track.last + 1,
    "length": lambda track: track.length,
    "boxes": lambda track: track.count,
    "gaps": lambda track: len(track.gaps),
    "switches": lambda track: len(track.switches),
    "kept": lambda track: track.kept_frames,
    "score": lambda track: track.mean_score,
    "width": lambda track: track.size.width if track.size else None,
    "height": lambda track: track.size.height if track.size else None,
}
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_CONDITION = re.compile(r"([a-z]+)(<=|>=|!=|<|>|=)(-?\d*\.?\d*)")
SHORTEST = 3  # letters that stand for a number's name, as in ``len<3``


def track_test(text: str) -> Test:
    """Whether a track has all words in its label, id or camera and meets all conditions.

    Names may be cut short (``len``). A condition without its number yet holds; a track that lacks the number fails.
    """
    tests = [_test(word) for word in text.casefold().split()]
    return lambda track: all(test(track) for test in tests)


def _test(word: str) -> Test:
    found = _CONDITION.fullmatch(word)
    number = _number(found[1]) if found else None
    if found is None or number is None:
        return lambda track: word in f"{track.label} {track.track_id} {track.camera}".casefold()
    if not re.search(r"\d", found[3]):
        return lambda _track: True
    compare, limit = _COMPARE[found[2]], float(found[3])
    return lambda track: (value := number(track)) is not None and compare(value, limit)


def _number(name: str) -> Number | None:
    whole = NUMBERS.get(name)
    if whole is not None or len(name) < SHORTEST:
        return whole
    return next((number for known, number in NUMBERS.items() if known.startswith(name)), None)
