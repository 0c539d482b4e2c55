"""When a request is sent again, after how long, and how many requests a service gets per second."""

import collections
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import tenacity
from tenacity.nap import sleep_using_event

from app.api.urls import Origin
from app.errors import ApiError
from app.progress import Progress

# what the annotation service's own client library tries again, beside everything from 500 on
_PASSING = frozenset({408, 429, 443, 444})
LONGEST_WAIT = 60.0  # seconds, whatever a service asks for

_Result = TypeVar("_Result")


def is_passing(status: int) -> bool:
    """Whether a status means trouble that may be over at the next try; never 401 or 403."""
    return status in _PASSING or status >= 500


class TransientError(Exception):
    """A failure worth another try; ``error`` is what the user reads when tries run out. ``wait`` in seconds."""

    def __init__(self, error: ApiError, *, wait: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait = wait


def with_retries(call: Callable[[], _Result], *, tries: int, backoff: float, progress: Progress) -> _Result:
    """What ``call`` returns, tried up to ``tries`` times while it raises TransientError.

    Waits are random between 0 and ``backoff`` seconds doubled at each try (full jitter), or what the service asked
    for, at most LONGEST_WAIT. Cancelling ends a wait at once. Raises the last TransientError's ``error``.
    """
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(tries),
        wait=lambda state: _pause(state, backoff),
        retry=tenacity.retry_if_exception_type(TransientError),
        sleep=sleep_using_event(progress.cancel_event),
        reraise=True,
    )

    def attempt() -> _Result:
        progress.check()
        return call()

    try:
        return retrying(attempt)
    except TransientError as failure:
        progress.check()
        raise failure.error from failure.__cause__


def once_more(call: Callable[[], _Result], *, after: type[Exception]) -> Callable[[], _Result]:
    """``call``, which is repeated at once the first time that it raises ``after``; once in all its calls."""
    left = [call]

    def attempt() -> _Result:
        try:
            return call()
        except after:
            if not left:
                raise
            return left.pop()()

    return attempt


def retry_after(value: str | None) -> float | None:
    """Seconds that a Retry-After header asks for (a number or an HTTP date), None where it says nothing usable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (aware - datetime.now(UTC)).total_seconds()), LONGEST_WAIT)


class RateLimiter:
    """At most ``per_second`` requests to one origin within any second; None: as many as are asked for.

    Services on this machine are left out unless ``limit_loopback`` says otherwise. ``clock`` counts seconds.
    """

    def __init__(
        self, per_second: int | None, *, limit_loopback: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._limit_loopback = limit_loopback
        self._clock = clock
        self._granted: dict[Origin, collections.deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, origin: Origin, progress: Progress) -> None:
        """Return when a request may go out; raises Cancelled as soon as the work is cancelled."""
        if self._per_second is not None and (self._limit_loopback or not origin.is_loopback):
            progress.wait(self._reserve(origin, self._per_second))

    def _reserve(self, origin: Origin, per_second: int) -> float:
        with self._lock:
            now = self._clock()
            granted = self._granted.setdefault(origin, collections.deque(maxlen=per_second))
            start = max(now, granted[0] + 1.0) if len(granted) == per_second else now
            granted.append(start)
        return start - now


def _pause(state: tenacity.RetryCallState, backoff: float) -> float:
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, TransientError) and failure.wait is not None:
        return failure.wait
    return random.uniform(0, backoff * 2.0 ** (state.attempt_number - 1))  # noqa: S311 - spreads load, guards nothing
