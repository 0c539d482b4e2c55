"""How long work reports how far it is, and how it is stopped."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Cancelled(Exception):  # noqa: N818 - not an error: the user asked for it
    """Raised inside work at the first report after its cancellation."""


@dataclass(frozen=True)
class Step:
    """A published position: ``done`` of ``total`` units (``None``: unknown), with a short message."""

    done: int
    total: int | None
    message: str

    @property
    def fraction(self) -> float | None:
        """Share done in 0..1, ``None`` where the total is unknown."""
        return None if not self.total else min(1.0, self.done / self.total)


def _ignore(_said: Any) -> None:
    pass


class Progress:
    """Handed to every long piece of work; safe to use from any thread."""

    def __init__(self, publish: Callable[[Step], None] = _ignore, *, tell: Callable[[Any], None] = _ignore) -> None:
        self._publish = publish
        self._tell = tell
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked the work to stop."""
        return self._cancelled.is_set()

    @property
    def cancel_event(self) -> threading.Event:
        """Set on cancellation, for waits inside libraries."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._cancelled.set()

    def check(self) -> None:
        """Raise Cancelled if the work should stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def report(self, done: int, total: int | None = None, message: str = "") -> None:
        """Publish a step; the point where cancelling takes effect (raises Cancelled)."""
        self.check()
        self._publish(Step(done, total, message))

    def tell(self, partial_result: Any) -> None:
        """Hand something that is ready before the whole to whoever listens; nothing is told after a cancellation."""
        self.check()
        self._tell(partial_result)

    def wait(self, seconds: float) -> None:
        """Sleep that ends at once with Cancelled when the work is cancelled."""
        self._cancelled.wait(seconds)
        self.check()

    def part(self, publish: Callable[[Step], None] = _ignore) -> "Progress":
        """A progress for one part of the work: steps of its own, the same cancellation."""
        part = Progress(publish)
        part._cancelled = self._cancelled
        return part
