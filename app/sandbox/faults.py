"""Troubles that the sandbox causes on demand."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong with an answer."""

    SLOW = "slow"  # the body drips, ``seconds`` between pieces of ``piece_bytes``
    STALL = "stall"  # nothing more comes after ``after_bytes`` of the body, the connection stays
    CUT = "cut"  # the connection closes after ``after_bytes`` of the body
    TOO_MANY = "too many requests"  # 429 with Retry-After ``retry_after``
    ERROR = "error"  # ``status``, 500 unless told otherwise
    EXPIRED = "expired"  # the store says that the signed address has expired
    WRONG_LENGTH = "wrong length"  # Content-Length promises 100 bytes more than come
    HANG = "hang"  # no answer at all until the client leaves or the sandbox stops
    HTML = "html"  # status 200 with a log-in page instead of the answer


@dataclass(frozen=True)
class Fault:
    """Strikes the next ``times`` requests to ``origin`` (any if empty) whose target contains ``path_contains``."""

    kind: FaultKind
    path_contains: str = ""
    origin: str = ""
    times: int = 1
    seconds: float = 0.05
    piece_bytes: int = 4096
    after_bytes: int = 100
    retry_after: str = "0"
    status: int = 500

    def strikes(self, origin: str, target: str) -> bool:
        """Whether a request is one of those meant."""
        return self.origin in ("", origin) and self.path_contains in target


class Faults:
    """The faults waiting to strike; safe to change while the sandbox serves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Let ``fault`` wait for its requests."""
        with self._lock:
            self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """Call off every fault."""
        with self._lock:
            self._waiting.clear()

    def take(self, origin: str, target: str) -> Fault | None:
        """The fault that strikes this request, used up by one."""
        with self._lock:
            for place, (fault, left) in enumerate(self._waiting):
                if fault.strikes(origin, target):
                    self._waiting[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault
        return None
