"""Composition root: the commands on one side, the programs with a window on the other."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.cli.main import run
from app.cli.windows import DemoRequest, WindowRequest, Windows

if TYPE_CHECKING:
    from app.bench.rows import Row


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Pointproof with these arguments (``None``: those of the process); returns the exit code."""
    benchmarks = {
        "heartbeat": _heartbeat,
        "frames": _frames,
        "reopening": _reopening,
        "start": _start,
        "impulses": _impulses,
    }
    return run(arguments, Windows(window=_window, demo=_demo, benchmarks=benchmarks))


def _window(request: WindowRequest) -> int:
    from app.settings import credentials_from, load_settings

    settings, first = load_settings(), None
    if request.snapshot is None:
        from app.gui.first_window import show_first

        first = show_first(settings.theme, settings.window_geometry)  # before all that the next line loads
    from app.gui.start import run_gui

    return run_gui(
        settings,
        credentials_from(),
        open_path=request.open_path,
        mask=request.mask,
        snapshot=request.snapshot,
        first=first,
    )


def _demo(request: DemoRequest) -> int:
    from app.gui.demo import run_demo

    return run_demo(
        root=request.root,
        snapshot=request.snapshot,
        theme=request.theme,
        frame=request.frame,
        size=request.size,
    )


def _heartbeat() -> "Sequence[Row]":
    from app.gui.heartbeat import measure

    return measure()


def _reopening() -> "Sequence[Row]":
    from app.gui.reopening import measure

    return measure()


def _frames() -> "Sequence[Row]":
    from app.gui.frame_times import measure

    return measure()


def _impulses() -> "Sequence[Row]":
    from app.gui.impulses.times import measure

    return measure()


def _start() -> "Sequence[Row]":
    from app.gui.start_times import measure

    return measure()


if __name__ == "__main__":
    sys.exit(main())
