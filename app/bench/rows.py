"""One measured comparison, and how it is taken."""

import ctypes
import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

Work = Callable[[], object]
Timed = Callable[[], float]  # returns milliseconds

_CLEAR_PEAK = Path("/proc/self/clear_refs")  # Linux: writing 5 forgets the peak
_STATUS = Path("/proc/self/status")


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
    timed = None if theirs is None else partial(milliseconds, theirs)
    return compare_times(name, partial(milliseconds, ours), peer=peer, theirs=timed, goal=goal, repeats=repeats)


def compare_times(name: str, ours: Timed, *, peer: str, theirs: Timed | None, goal: float | None, repeats: int) -> Row:
    """The same of work that takes its own time."""
    ours_ms: list[float] = []
    theirs_ms: list[float] = []
    for repeat in range(repeats + 1):
        pair = ours(), theirs() if theirs else None
        if repeat:
            ours_ms.append(pair[0])
            theirs_ms += [] if pair[1] is None else [pair[1]]
    if not theirs_ms:
        return Row(name, statistics.median(ours_ms), f"{peer} (not installed)", None, None, goal)
    ratio = statistics.median(mine / other for mine, other in zip(ours_ms, theirs_ms, strict=True))
    return Row(name, statistics.median(ours_ms), peer, statistics.median(theirs_ms), ratio, goal)


def compare_memory(
    name: str,
    work: Work,
    *,
    result_bytes: int,
    goal: float,
    mapped: bool = False,
) -> Row:
    """Peak of memory taken by ``work`` against the size of its result, in megabytes.

    Python traces its allocators to the byte; of work that has memory ``mapped`` beside them the kernel is asked.
    """
    work()
    peak = grown_by(work) if mapped else _traced_peak(work)
    return Row(name, peak / 1e6, "the result itself", result_bytes / 1e6, peak / result_bytes, goal, unit="MB")


def grown_by(work: Work) -> int:
    """Bytes by which this process grows at most during ``work``: by the kernel's count, else by Python's."""
    return _resident_peak(work) if _CLEAR_PEAK.exists() else _traced_peak(work)


def kept_by(work: Work) -> int:
    """Bytes by which this process has grown after ``work``, whose result it keeps."""
    if not _CLEAR_PEAK.exists():
        return _traced_peak(work)
    before = _resident()
    result = work()
    after = _resident()
    del result
    return after - before


def _resident_peak(work: Work) -> int:
    """Bytes by which the process grew at most, as the kernel saw it."""
    before = _resident()
    _CLEAR_PEAK.write_text("5")
    result = work()
    peak = _status("VmHWM") - before
    del result
    return peak


def _resident() -> int:
    """Bytes of this process in memory, those left out that nobody uses."""
    gc.collect()
    with suppress(OSError, AttributeError):  # free memory that the allocator keeps would be used unseen
        ctypes.CDLL(None).malloc_trim(0)
    return _status("VmRSS")


def _status(field: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{field}:"))
    return 1024 * int(line.split()[1])


def _traced_peak(work: Work) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def milliseconds(work: Work) -> float:
    """Duration of one call; the result is released after the clock has stopped."""
    began = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - began
    del result
    return seconds * 1e3
