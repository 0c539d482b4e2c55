"""``pointproof render``: one frame as a picture, drawn off screen."""

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.exit_codes import FINDINGS, FINE
from app.cli.windows import Size, Windows
from app.domain.arrays import Bytes
from app.domain.coloring import ColorBy, job_order
from app.domain.finding import Severity, quoted
from app.domain.sequence import Frame
from app.errors import InputError
from app.formats.view_record import ViewRecord, read_view
from app.jobs import LocalJob, open_path
from app.jobs.camera_colors import camera_colors
from app.jobs.files import attempt
from app.workspace.local_files import PlainFile

if TYPE_CHECKING:
    from app.scene.recorded_view import JobColors

USUAL_SIZE: Size = (1280, 800)


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Draw a frame to a PNG file; raises AppError."""
    from app.scene.recorded_view import frame_of_record, render_recorded
    from app.scene.render import render_frame

    record = None if options.view_of is None else view_in(options.view_of)
    with closing(open_path(options.path, mask=options.mask)) as job:
        index = options.frame
        if index is None:
            index = 0 if record is None else frame_of_record(record, job.sequence)
        frame = chosen_frame(job, index)
        colors = None if record is None else job_colors(record, job, frame)
        _say_what_differs(record, job)
    for finding in frame.findings:
        sys.stderr.write(f"pointproof: {finding.severity.value}: {finding.message}\n")
    if record is None or colors is None:
        render_frame(frame, view=options.view, size=options.size or USUAL_SIZE, path=options.output)
    else:
        render_recorded(frame, record, size=options.size, path=options.output, colors=colors)
    sys.stdout.write(f"{options.output}\n")
    return FINDINGS if any(finding.severity is Severity.ERROR for finding in frame.findings) else FINE


def view_in(path: Path) -> ViewRecord:
    """The view that a picture carries; raises InputError, ViewFormatError or ImageFormatError."""
    if not path.is_file():
        raise InputError(f"There is no picture at {path}.", next_step="Check the path.")
    with PlainFile(path.absolute()).open("the picture") as stream:
        return read_view(stream)


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


def job_colors(record: ViewRecord, job: LocalJob, frame: Frame) -> "JobColors":
    """What the colours of a picture take from the job."""
    from app.scene.recorded_view import JobColors, recorded_view

    order = job_order(frame.legend for frame in job.sequence.frames)
    if recorded_view(record).coloring.by is not ColorBy.CAMERA:
        return JobColors(order)
    found = {camera: _picture(job, frame.index, camera) for camera in job.cameras}
    images = {camera: image for camera, image in found.items() if image is not None}
    return JobColors(order, camera_colors(frame, images, job.sequence.cameras))


def _picture(job: LocalJob, index: int, camera: str) -> Bytes | None:
    """A camera without a picture gives no point its colour."""
    return attempt(lambda: job.load_image(index, camera))[0]


def _say_what_differs(record: ViewRecord | None, job: LocalJob) -> None:
    """To look at one job as at another is useful, but must not go unnoticed."""
    if record is None or (record.job_id or job.job_id) == (job.job_id or record.job_id):
        return
    sys.stderr.write(f"pointproof: info: The picture is of {quoted(record.job_name)}, drawn is {quoted(job.name)}.\n")
