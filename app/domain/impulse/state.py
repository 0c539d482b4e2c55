"""The state of an impulse in words."""

from app.domain.impulse.impulse_list import Impulse

READY = "ready"
UNKNOWN_STATE = "state unknown"
STATES = {
    "stale": "Its data or settings changed after training: train it again before its figures are relied on.",
    "incomplete": "Some of its blocks were not trained, or made no features yet.",
    "not configured": "Some of its blocks have no settings yet.",
    READY: "Configured, trained, and up to date.",
    UNKNOWN_STATE: "The service does not say whether it is configured, complete or stale.",
}


def states_of(impulse: Impulse) -> tuple[str, ...]:
    """What is wrong with an impulse, else that it is ready, or that the service does not say."""
    told = {
        "stale": impulse.is_stale,
        "incomplete": _denied(impulse.complete),
        "not configured": _denied(impulse.configured),
    }
    wrong = tuple(word for word, holds in told.items() if holds)
    known = any(holds is not None for holds in told.values())
    return wrong or ((READY,) if known else (UNKNOWN_STATE,))


def _denied(told: bool | None) -> bool | None:  # noqa: FBT001 - what the service says
    return None if told is None else not told
