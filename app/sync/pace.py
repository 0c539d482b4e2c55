"""How fast bytes arrive, over the last few seconds."""

import threading
import time
from collections import deque
from collections.abc import Callable

WINDOW = 5.0  # seconds


class Speedometer:
    """Counts arriving bytes; safe to use from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._arrived: deque[tuple[float, int]] = deque()

    def add(self, count: int) -> None:
        """Note that so many bytes arrived just now."""
        with self._lock:
            self._arrived.append((self._clock(), count))
            self._forget_old()

    def reset(self) -> None:
        """Start anew, after a pause."""
        with self._lock:
            self._arrived.clear()

    @property
    def speed(self) -> float:
        """Bytes a second over the last seconds; 0 where nothing arrived in them."""
        with self._lock:
            self._forget_old()
            if not self._arrived:
                return 0.0
            seconds = max(self._clock() - self._arrived[0][0], 1.0)
            return sum(count for _, count in self._arrived) / seconds

    def _forget_old(self) -> None:
        oldest = self._clock() - WINDOW
        while self._arrived and self._arrived[0][0] < oldest:
            self._arrived.popleft()
