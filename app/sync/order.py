"""In which order the files of a job are fetched."""

import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Callable

from app.domain.sequence import Sequence


class FetchOrder:
    """Hands out each address once: mask and scan of the frame wanted right now, its images, then on in play order.

    ``wanted_frame`` is asked at every step, so the order follows whoever looks. Safe to use from any thread.
    """

    def __init__(self, sequence: Sequence, wanted_frame: Callable[[], int]) -> None:
        self._wanted_frame = wanted_frame
        self._lock = threading.Lock()
        self._waiting = [deque(frame.urls) for frame in sequence.frames]
        self._open = [index for index, urls in enumerate(self._waiting) if urls]  # ascending
        self._taken: set[str] = set()

    def next(self) -> str | None:
        """The address to fetch now, None when all were handed out."""
        wanted = self._wanted_frame()
        with self._lock:
            while self._open:
                url = self._pop(wanted)
                if url not in self._taken:
                    self._taken.add(url)
                    return url
        return None

    def stop(self) -> None:
        """Hand out nothing more."""
        with self._lock:
            self._open.clear()

    def _pop(self, wanted: int) -> str:
        place = bisect_left(self._open, wanted) % len(self._open)  # behind the last frame, start from the first
        urls = self._waiting[self._open[place]]
        url = urls.popleft()
        if not urls:
            del self._open[place]
        return url


class Arrivals:
    """Which frames wait for which files. Used from one thread."""

    def __init__(self, sequence: Sequence) -> None:
        self._frames_of: dict[str, list[int]] = {}
        self._first: list[set[str]] = []  # what each frame cannot be shown without
        for index, frame in enumerate(sequence.frames):
            self._first.append({url for url in (frame.mask_url, frame.scan_url) if url})
            for url in frame.urls:
                self._frames_of.setdefault(url, []).append(index)

    @property
    def total(self) -> int:
        """How many files there are."""
        return len(self._frames_of)

    def frames(self, url: str) -> list[int]:
        """The frames that use a file."""
        return self._frames_of[url]

    def settle(self, url: str) -> list[int]:
        """Note that a file arrived or failed; returns the frames of which more can be shown now, none of which lacks
        its mask or scan any more."""
        ready = []
        for index in self._frames_of[url]:
            self._first[index].discard(url)
            if not self._first[index]:
                ready.append(index)
        return ready
