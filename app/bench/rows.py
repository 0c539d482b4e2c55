"""One measured comparison, and how it is taken."""

import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """Our side against a peer, or against a physical limit, for the same piece of work.

    ``ours`` and ``theirs`` are medians in ``unit``; ``ratio`` is the median of ours / theirs, taken pair by pair, and
    the ``goal`` is the most it may be. ``theirs`` and ``ratio`` are None where the peer is not installed.
    """

    name: str
    ours: float
    peer: str
    theirs: float | None
    ratio: float | None
    goal: float | None
    unit: str = "ms"

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal or a peer."""
        return None if self.ratio is None or self.goal is None else self.ratio <= self.goal


def compare(name: str, ours: Work, *, peer: str, theirs: Work | None, goal: float | None, repeats: int) -> Row:
    """Time both sides in turn, ``repeats`` times after one run that does not count; times in milliseconds."""
    ours_ms: list[float] = []
    theirs_ms: list[float] = []
    for repeat in range(repeats + 1):
        pair = _milliseconds(ours), _milliseconds(theirs) if theirs else None
        if repeat:
            ours_ms.append(pair[0])
            theirs_ms += [] if pair[1] is None else [pair[1]]
    if not theirs_ms:
        return Row(name, statistics.median(ours_ms), f"{peer} (not installed)", None, None, goal)
    ratio = statistics.median(mine / other for mine, other in zip(ours_ms, theirs_ms, strict=True))
    return Row(name, statistics.median(ours_ms), peer, statistics.median(theirs_ms), ratio, goal)


def compare_memory(name: str, work: Work, *, result_bytes: int, goal: float) -> Row:
    """Peak of memory allocated by ``work`` against the size of its result, in megabytes."""
    work()
    tracemalloc.start()
    try:
        work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Row(name, peak / 1e6, "the result itself", result_bytes / 1e6, peak / result_bytes, goal, unit="MB")


def _milliseconds(work: Work) -> float:
    """Duration of one call; the result is released after the clock has stopped."""
    began = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - began
    del result
    return seconds * 1e3
