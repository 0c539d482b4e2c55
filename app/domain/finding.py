"""What an automated check reports: recomputable, never stored, never a person's opinion."""

from dataclasses import dataclass
from enum import StrEnum


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
