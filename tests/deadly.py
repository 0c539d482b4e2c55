"""Programs of their own that die without any clean-up at the n-th call that touches the disk."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent


def arm(number: int, *names: str) -> Callable[[Any], Any]:
    """Let this process die before its ``number``-th call of these functions of ``os``; returns what arms others too."""
    left = [number]

    def deadly(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return call

    for name in names:
        setattr(os, name, deadly(getattr(os, name)))
    return deadly


def run_to_its_death(script: str, *arguments: object) -> None:
    """Run a script that arms itself with one of its arguments, and make sure that it was killed."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    killed = subprocess.run(command, cwd=REPOSITORY, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
