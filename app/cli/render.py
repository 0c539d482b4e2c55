"""``pointproof render``: one frame as a picture, drawn off screen."""

import argparse
import sys
from contextlib import closing

from app.cli.exit_codes import FINDINGS, FINE
from app.cli.windows import Windows
from app.domain.finding import Severity
from app.domain.sequence import Frame
from app.errors import InputError
from app.jobs import LocalJob, open_path


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Draw a frame to a PNG file; raises AppError."""
    from app.scene.render import render_frame

    with closing(open_path(options.path, mask=options.mask)) as job:
        frame = chosen_frame(job, options.frame)
    for finding in frame.findings:
        sys.stderr.write(f"pointproof: {finding.severity.value}: {finding.message}\n")
    render_frame(frame, view=options.view, size=options.size, path=options.output)
    sys.stdout.write(f"{options.output}\n")
    return FINDINGS if any(finding.severity is Severity.ERROR for finding in frame.findings) else FINE


def chosen_frame(job: LocalJob, index: int) -> Frame:
    """A frame by its position from 0, with its cloud; raises InputError."""
    if index >= len(job.sequence):
        last = len(job.sequence) - 1
        raise InputError(f"There is no frame {index}.", next_step=f"The frames of {job.name} are 0 to {last}.")
    frame = job.load_frame(index)
    if frame.cloud is None:
        reasons = " ".join(finding.message for finding in frame.findings)
        raise InputError(f"Frame {index} has no point cloud to draw. {reasons}".strip())
    return frame
