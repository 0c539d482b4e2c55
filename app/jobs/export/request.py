"""What is asked of an export, and what came of it."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.export_format import ExportFormat
from app.formats.export_manifest import ManifestProblem


@dataclass(frozen=True)
class ExportRequest:
    """``frames`` are positions from 0, none meaning all; ``whole`` puts them into one file; ``replace`` allows to
    write over an earlier export, and over nothing else."""

    folder: Path
    format: ExportFormat
    frames: tuple[int, ...] = ()
    whole: bool = False
    replace: bool = False


@dataclass(frozen=True)
class ExportSummary:
    """``frames`` that are in the export; ``problems`` are what it lacks, ``notes`` what one should know of it."""

    folder: Path
    frames: int
    points: int
    problems: tuple[ManifestProblem, ...] = ()
    notes: tuple[str, ...] = ()
