"""From arguments to an exit code; every failure ends here as one line on stderr."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from app.cli.commands import COMMANDS
from app.cli.exit_codes import FAILED, INTERRUPTED
from app.cli.parser import build_parser
from app.cli.windows import Windows
from app.errors import AppError
from app.progress import Cancelled


class Command(Protocol):
    """A module of ``app.cli`` that carries out one command."""

    def run(self, options: argparse.Namespace, windows: Windows) -> int:
        """Carry it out and return the exit code; raises AppError."""


def run(arguments: Sequence[str] | None, windows: Windows) -> int:
    """Parse the arguments (``None``: those of the process), carry out the command, return its exit code."""
    options = build_parser().parse_args(arguments)
    options.command = options.command or "gui"
    try:
        return _command(options.command).run(options, windows)
    except AppError as error:
        sys.stderr.write(f"pointproof: {error}\n")
        return FAILED
    except (KeyboardInterrupt, Cancelled):
        sys.stderr.write("\n")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader (head, less) has seen enough; the interpreter must not fail on its last flush
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _command(name: str) -> Command:
    """Loaded by name and only when asked for, so that ``--version`` does not wait for numpy."""
    module = next(entry.module for entry in COMMANDS if entry.name == name)
    return cast(Command, importlib.import_module(module))
