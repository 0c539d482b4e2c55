"""Measures the program against its peers on this machine: ``pointproof bench``.

Absolute times drift from machine to machine and from minute to minute, ratios hardly do. So every row times our side
and the peer in turn, within the same seconds, on data made here from a fixed seed. A peer that is not installed gives
a row that says so. A section is a function that returns rows; it is imported only when it is asked for.
"""

from collections.abc import Callable, Sequence

from app.bench.rows import Row
from app.errors import InputError


def _decoding() -> list[Row]:
    from app.bench.decoding import measure

    return measure()


def _drawing() -> list[Row]:
    from app.bench.drawing import measure

    return measure()


def _motion() -> list[Row]:
    from app.bench.motion import measure

    return measure()


def _frame_memory() -> list[Row]:
    from app.bench.frame_memory import measure

    return measure()


def _download() -> list[Row]:
    from app.bench.downloading import measure

    return measure()


def _workspace() -> list[Row]:
    from app.bench.workspaces import measure

    return measure()


def _hover() -> list[Row]:
    from app.bench.hovering import measure

    return measure()


SECTIONS: dict[str, Callable[[], list[Row]]] = {
    "decoding": _decoding,
    "drawing": _drawing,
    "motion": _motion,
    "memory": _frame_memory,
    "download": _download,
    "workspace": _workspace,
    "hover": _hover,
}


def run(sections: Sequence[str] = ()) -> list[Row]:
    """Measure the named sections, all of them by default, in order; raises InputError for an unknown name."""
    unknown = [name for name in sections if name not in SECTIONS]
    if unknown:
        raise InputError(
            f"There is no benchmark called {', '.join(unknown)}.", next_step=f"Choose from: {', '.join(SECTIONS)}."
        )
    return [row for name in sections or SECTIONS for row in SECTIONS[name]()]
