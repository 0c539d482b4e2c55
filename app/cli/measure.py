"""``pointproof bench``: speed on this machine."""

import argparse
import sys
from collections.abc import Sequence

from app.bench import SECTIONS
from app.bench import run as run_sections
from app.bench.report import as_table
from app.bench.rows import Row
from app.cli.exit_codes import FINE
from app.cli.windows import Windows
from app.errors import InputError


def run(options: argparse.Namespace, windows: Windows) -> int:
    """Measure the sections asked for, or all, and print one table; raises AppError."""
    known = [*SECTIONS, *windows.benchmarks]
    unknown = [name for name in options.sections if name not in known]
    if unknown:
        raise InputError(f"There is no section {', '.join(unknown)}.", next_step=f"Choose from: {', '.join(known)}.")
    rows: list[Row] = []
    for name in options.sections or known:
        sys.stderr.write(f"measuring {name}\n")
        rows += measured(name, windows)
    sys.stdout.write(as_table(rows))
    return FINE


def measured(name: str, windows: Windows) -> Sequence[Row]:
    """The rows of one section, with or without a window."""
    with_window = windows.benchmarks.get(name)
    return run_sections([name]) if with_window is None else with_window()
