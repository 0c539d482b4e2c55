"""What an automated check reports: recomputable, never stored, never a person's opinion."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LONGEST_NAME = 60  # characters of a name from a document that a sentence quotes


class Severity(StrEnum):
    """How bad it is: ``info`` is normal, ``warning`` deserves a look, ``error`` means wrong data."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One sentence about one frame, or about the whole job where ``frame_id`` is empty.

    ``rule`` is a stable id such as ``mask.length``; the message names numbers, not internals.
    """

    rule: str
    severity: Severity
    message: str
    frame_id: str = ""


def merge_findings(*groups: Iterable[Finding]) -> tuple[Finding, ...]:
    """All findings in order, each once: reading a job and reading its frames may report the same gap."""
    return tuple(dict.fromkeys(finding for group in groups for finding in group))


def quoted(name: str) -> str:
    """A name from a document, in quotation marks and short enough for a sentence."""
    return f"“{shortened(printable(name))}”"


def shortened(words: str, *, most: int = LONGEST_NAME) -> str:
    """So much of a long text as a sentence has room for, in ``most`` characters."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def printable(words: str) -> str:
    """Foreign text on one line, without control characters: a terminal obeys those."""
    return words if words.isprintable() else "".join(char if char.isprintable() else " " for char in words)


def listed(items: Iterable[str], *, limit: int = 5) -> str:
    """``a, b and c``; beyond ``limit`` the rest is counted: ``a, b and 7 more``."""
    names = list(items)
    shown, more = names[:limit], len(names) - limit
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 point``, ``1,200 points``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
