"""What the sandbox was asked, for tests and for people who look over its shoulder."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Recorded:
    """One request as it came: ``target`` is path and query as sent, header names are lower case."""

    origin: str  # "telus", "edge-impulse" or "store"
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


class Recorder:
    """Requests in order of arrival; ``leaks`` are those that brought a secret to the store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Recorded] = []
        self._leaks: list[Recorded] = []

    def add(self, request: Recorded) -> None:
        """Remember a request."""
        with self._lock:
            self._requests.append(request)

    def add_leak(self, request: Recorded) -> None:
        """Remember a request that carried a secret where none belongs."""
        with self._lock:
            self._leaks.append(request)

    def clear(self) -> None:
        """Forget everything so far."""
        with self._lock:
            self._requests.clear()
            self._leaks.clear()

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """Every request so far."""
        with self._lock:
            return tuple(self._requests)

    @property
    def leaks(self) -> tuple[Recorded, ...]:
        """Requests that brought a secret to the store."""
        with self._lock:
            return tuple(self._leaks)
