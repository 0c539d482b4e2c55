"""What the commands ask for when they need a window; the composition root decides who shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.bench.rows import Row

Size = tuple[int, int]  # width, height in pixels


@dataclass(frozen=True)
class WindowRequest:
    """The desktop program, on a path if one is given; with ``snapshot`` it saves its picture and ends."""

    open_path: Path | None = None
    mask: Path | None = None
    snapshot: Path | None = None


@dataclass(frozen=True)
class DemoRequest:
    """The demonstration: the local services, and the program showing a job of theirs."""

    root: Path | None = None
    snapshot: Path | None = None
    theme: str | None = None
    frame: int | None = None
    size: Size | None = None


@dataclass(frozen=True)
class Windows:
    """The programs with a window; each returns an exit code and raises AppError.

    ``benchmarks`` are the sections of ``bench`` that only a window can measure, by name.
    """

    window: Callable[[WindowRequest], int]
    demo: Callable[[DemoRequest], int]
    benchmarks: "Mapping[str, Callable[[], Sequence[Row]]]" = field(default_factory=dict)
