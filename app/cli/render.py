"""``pointproof render``: one frame as a picture, drawn off screen."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from app.cli.exit_codes import FINDINGS, FINE
from app.cli.looking import looked_at, on_canvas
from app.cli.picturing import pictured, rig_cameras
from app.cli.windows import Windows
from app.domain.coloring import job_order
from app.domain.finding import Severity, quoted
from app.domain.sequence import Frame
from app.errors import InputError
from app.formats.view_record import ViewRecord, read_view, with_view
from app.jobs import LocalJob, open_path
from app.scene.recorded_view import (
    Canvas,
    RecordedView,
    canvas_of,
    frame_of_record,
    record_of,
    recorded_view,
    with_settings,
)
from app.scene.render import Subject, draw, subject_of, write_picture
from app.workspace.local_files import PlainFile


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Draw a frame to a PNG file that carries its view; raises AppError."""
    record = None if options.view_of is None else view_in(options.view_of)
    canvas = on_canvas(options, canvas_from(record, options.size))
    with closing(open_path(options.path, mask=options.mask)) as job:
        if options.camera_poses is not None:
            job.rig.choose(options.camera_poses)
        frame = chosen_frame(job, frame_index(options.frame, record, job))
        subject, view = looked_for(options, job, frame, record=record, canvas=canvas)
        about = record_of(frame, job_id=job.job_id, job_name=job.name)
        _say_what_differs(record, job)
    for finding in frame.findings:
        sys.stderr.write(f"pointproof: {finding.severity.value}: {finding.message}\n")
    if subject.stack is not None:
        sys.stderr.write(f"pointproof: info: Drawn are {subject.stack.sentence}.\n")
    drawing = draw(subject, view, canvas)
    write_picture(with_view(drawing.png, with_settings(about, drawing.view, canvas=canvas)), options.output)
    sys.stdout.write(f"{options.output}\n")
    return FINDINGS if any(finding.severity is Severity.ERROR for finding in frame.findings) else FINE


def canvas_from(record: ViewRecord | None, size: tuple[int, int] | None) -> Canvas:
    """As large as was asked for, or as the picture is, or as usual."""
    if record is not None:
        return canvas_of(record, size=size)
    return Canvas() if size is None else Canvas(size)


def frame_index(asked: int | None, record: ViewRecord | None, job: LocalJob) -> int:
    """The frame that was asked for, or the picture's, or the first one; raises InputError."""
    if asked is not None:
        return asked
    return 0 if record is None else frame_of_record(record, job.sequence)


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


def looked_for(
    options: argparse.Namespace, job: LocalJob, frame: Frame, *, record: ViewRecord | None, canvas: Canvas
) -> tuple[Subject, RecordedView]:
    """The frame with what its picture takes from the job, and how it is looked at; raises AppError."""
    recorded = None if record is None else recorded_view(record)
    order, heading = job_order(each.legend for each in job.sequence.frames), job.rig.calibration.heading(frame.index)
    subject = subject_of(frame, order=order, heading=heading)
    cameras = rig_cameras(job, frame)
    view = looked_at(options, subject, recorded=recorded, cameras=cameras, aspect=canvas.aspect)
    return pictured(job, subject, view, cameras=cameras), view


def _say_what_differs(record: ViewRecord | None, job: LocalJob) -> None:
    """To look at one job as at another is useful, but must not go unnoticed."""
    if record is None or (record.job_id or job.job_id) == (job.job_id or record.job_id):
        return
    sys.stderr.write(f"pointproof: info: The picture is of {quoted(record.job_name)}, drawn is {quoted(job.name)}.\n")
