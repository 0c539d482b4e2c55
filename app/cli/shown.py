"""The commands that show a window."""

import argparse
import os
from pathlib import Path

from app.cli.windows import DemoRequest, WindowRequest, Windows
from app.display import ensure_display, has_display
from app.errors import InputError

DEMO_SNAPSHOT = "pointproof-demo.png"


def run(options: argparse.Namespace, windows: Windows) -> int:
    """Start the window, or the demonstration, with what the options say; raises AppError."""
    return _demo(options, windows) if options.command == "demo" else _window(options, windows)


def _demo(options: argparse.Namespace, windows: Windows) -> int:
    # nobody can look at a private display, so there the picture is saved
    snapshot = options.snapshot or (None if has_display() else Path(DEMO_SNAPSHOT))
    ensure_display()
    return windows.demo(
        DemoRequest(root=options.root, snapshot=snapshot, theme=options.theme, frame=options.frame, size=options.size)
    )


def _window(options: argparse.Namespace, windows: Windows) -> int:
    if options.command == "gui":
        _require_display("Set DISPLAY, or see `pointproof --help` for the commands that need no window.")
        return windows.window(WindowRequest())
    if options.snapshot is None:
        _require_display("Set DISPLAY, or add --snapshot FILE.png to get a picture.")
    ensure_display()
    return windows.window(WindowRequest(open_path=options.path, mask=options.mask, snapshot=options.snapshot))


def _require_display(next_step: str) -> None:
    # Qt would end the whole process with a page about plugins
    if not has_display() and not os.environ.get("QT_QPA_PLATFORM"):
        raise InputError("There is no display to show a window on.", next_step=next_step)
