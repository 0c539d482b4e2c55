"""Running commands in the test's own process, against services on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.cli.main import run
from app.cli.windows import Windows
from app.sandbox.server import Sandbox
from tests.builders import identifier, small_delivery

PROJECT, BATCH, JOB = (identifier("street", what) for what in ("project", "batch", "job"))


def refuse(_request: object) -> int:
    raise AssertionError("no window was asked for")


def pointproof(*arguments: str | Path) -> int:
    """The exit code of a command that opens no window."""
    return run([str(argument) for argument in arguments], Windows(window=refuse, demo=refuse))


@contextmanager
def small_sandbox(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The services with one small job of two frames, and the variables that point the program at them."""
    with Sandbox([small_delivery(folder, frames=2)]) as sandbox:
        monkeypatch.setenv("POINTPROOF_TELUS_URL", sandbox.telus_url)
        monkeypatch.setenv("POINTPROOF_TELUS_API_KEY", sandbox.telus_key)
        yield sandbox
