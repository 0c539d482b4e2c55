"""The private display."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from app import display
from app.errors import InputError

xvfb = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("Xvfb") is None, reason="Xvfb is not installed"
)


def answers(name: str) -> bool:
    """Whether an X server listens on a display like ``:7``."""
    return Path(f"/tmp/.X11-unix/X{name.removeprefix(':')}").exists()


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Which X servers that were started in this test still run: of a display's number the next one may make use."""
    mark = f"MARK_OF_A_TEST={uuid4()}"
    monkeypatch.setenv(*mark.split("="))

    def running() -> list[str]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (
                    b"Xvfb" in (process / "cmdline").read_bytes()
                    and mark.encode() in (process / "environ").read_bytes()
                ):
                    found.append(process.name)
        return found

    return running


@xvfb
def test_a_private_display_runs_while_it_is_used_and_is_gone_afterwards(servers: Callable[[], list[str]]) -> None:
    environment = {"DISPLAY": ":12345", "WAYLAND_DISPLAY": "wayland-0"}
    with display.private_display(environment) as name:
        assert environment == {"DISPLAY": name}
        assert answers(name)
        assert servers()
    assert not servers()
    assert environment == {"DISPLAY": ":12345", "WAYLAND_DISPLAY": "wayland-0"}


@xvfb
def test_two_private_displays_do_not_collide() -> None:
    with display.private_display({}) as one, display.private_display({}) as other:
        assert one != other


@xvfb
def test_a_command_under_a_private_display_keeps_its_exit_code_and_output(servers: Callable[[], list[str]]) -> None:
    script = "import os, sys; print(os.environ['DISPLAY']); sys.exit(7)"
    command = [sys.executable, "-m", "app.display", sys.executable, "-c", script]
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 7
    assert done.stdout.startswith(":")
    assert not servers()


@xvfb
def test_ending_a_command_under_a_private_display_ends_the_display_too(servers: Callable[[], list[str]]) -> None:
    script = "import os, signal; print(os.environ['DISPLAY'], flush=True); signal.pause()"
    command = [sys.executable, "-m", "app.display", sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert answers(name)
        process.terminate()
        assert process.wait(timeout=20) == 128 + signal.SIGTERM
    assert not servers()


@xvfb
def test_a_process_without_a_display_gets_one_that_ends_with_it(servers: Callable[[], list[str]]) -> None:
    script = "import os; from app.display import ensure_display; ensure_display(); print(os.environ['DISPLAY'])"
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(":")
    assert not servers()


def test_a_display_that_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":55")
    monkeypatch.setattr(display.shutil, "which", lambda _name: pytest.fail("looked for an X server"))
    display.ensure_display()
    assert os.environ["DISPLAY"] == ":55"


def test_without_xvfb_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display.shutil, "which", lambda _name: None)
    with pytest.raises(InputError, match="Install the package xvfb"), display.private_display({}):
        pytest.fail("there is nothing to run under")
