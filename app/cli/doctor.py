"""``pointproof doctor``: whether 3D works here, how fast, and what else somebody who helps would ask first."""

import argparse
import sys

from app.cli.exit_codes import FINDINGS, FINE
from app.cli.inspection import to_json
from app.cli.windows import Windows
from app.doctor import as_text, examine
from app.settings import credentials_from, load_settings


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Print the report; 1 where 3D does not work."""
    report = examine(load_settings(), credentials_from())
    sys.stdout.write((to_json(report) if options.json else as_text(report)) + "\n")
    return FINE if report.drawing.works else FINDINGS
