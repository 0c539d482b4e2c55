"""A private X server for machines without a display; ``python -m app.display COMMAND`` runs a command under one."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager

from app.errors import InputError

SCREEN = "1600x1000x24"


def has_display(environment: MutableMapping[str, str] = os.environ) -> bool:
    """Whether windows have somewhere to appear; macOS and Windows always have a screen."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


@contextmanager
def private_display(environment: MutableMapping[str, str] = os.environ) -> Iterator[str]:
    """Run Xvfb on a free display, name it in ``environment``, stop it at the end; yields the display (``:7``).

    Raises InputError where Xvfb is missing or does not start.
    """
    server, display = _start()
    before = {name: environment.pop(name, None) for name in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment["DISPLAY"] = display
    try:
        yield display
    finally:
        environment.pop("DISPLAY", None)
        environment.update({name: value for name, value in before.items() if value is not None})
        _stop(server)


def ensure_display() -> None:
    """Give this process a private display until it ends, unless it has one already; raises InputError."""
    if has_display():
        return
    server, display = _start()
    os.environ["DISPLAY"] = display
    atexit.register(_stop, server)


def _start() -> tuple[subprocess.Popen[bytes], str]:
    if shutil.which("Xvfb") is None:
        raise InputError(
            "There is no display, and Xvfb, which would stand in for one, is not installed.",
            next_step="Install the package xvfb, or set DISPLAY.",
        )
    reading, writing = os.pipe()
    # -displayfd picks a free number and reports it once the server accepts connections
    arguments = ["-displayfd", str(writing), "-screen", "0", SCREEN, "+extension", "GLX", "-nolisten", "tcp"]
    try:
        # a session of its own: Ctrl-C in the terminal must reach the program first, not its screen
        server = subprocess.Popen(
            ["Xvfb", *arguments, "-noreset"],
            pass_fds=[writing],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    finally:
        os.close(writing)
    with os.fdopen(reading, "rb") as reports:
        number = reports.readline().strip()
    if not number:
        raise InputError(f"Xvfb ended with code {server.wait()} before it had a display.", next_step="Set DISPLAY.")
    return server, f":{number.decode('ascii')}"


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main(arguments: Sequence[str]) -> int:
    """Run a command under a private display and return its exit code; SIGTERM ends both."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with private_display():
        return subprocess.call(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
