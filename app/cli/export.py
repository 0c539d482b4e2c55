"""``pointproof export``: a job's points with their label keys, in files of other programs."""

import argparse
import sys
from contextlib import closing

from app.cli.bar import progress_bar
from app.cli.exit_codes import FINDINGS, FINE
from app.cli.windows import Windows
from app.domain.finding import counted, printable
from app.jobs import open_path
from app.jobs.export import ExportFormat, ExportRequest, ExportSummary, export_job


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Write the folder; raises AppError where nothing could be exported."""
    request = ExportRequest(
        folder=options.output,
        format=ExportFormat(options.format),
        frames=tuple(options.frame),
        whole=options.whole,
        replace=options.force,
    )
    with closing(open_path(options.path, mask=options.mask)) as job, progress_bar("Exporting") as progress:
        summary = export_job(job, request, progress)
    _tell(summary)
    return FINDINGS if summary.problems else FINE


def _tell(summary: ExportSummary) -> None:
    for problem in summary.problems:
        where = f"frame {printable(problem.frame_id)}: " if problem.frame_id else ""
        sys.stderr.write(f"pointproof: {where}{printable(problem.message)}\n")
    for note in summary.notes:
        sys.stderr.write(f"pointproof: {printable(note)}\n")
    frames, points = counted(summary.frames, "frame"), counted(summary.points, "point")
    sys.stdout.write(f"{frames}, {points}: {summary.folder}\n")
