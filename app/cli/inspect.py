"""``pointproof inspect``: what is in a job, for people or as JSON."""

import argparse
import sys
from contextlib import closing

from app.cli.exit_codes import FINDINGS, FINE
from app.cli.inspect_job import inspect_job
from app.cli.inspect_text import to_text
from app.cli.inspection import to_json
from app.cli.windows import Windows
from app.jobs import open_path
from app.progress import Progress


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Report on a path; raises AppError where it cannot be read."""
    with closing(open_path(options.path, mask=options.mask)) as job:
        if options.camera_poses is not None:
            job.rig.choose(options.camera_poses)
        report = inspect_job(job, Progress(), with_alignment=options.alignment)
    sys.stdout.write((to_json(report) if options.json else to_text(report)) + "\n")
    return FINDINGS if report.has_errors else FINE
