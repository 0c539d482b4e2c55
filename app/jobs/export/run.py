"""Carrying out an export, frame by frame."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from app.domain.export_format import ExportFormat
from app.domain.finding import quoted
from app.domain.sequence import Frame
from app.errors import InputError
from app.formats.legend_yaml import legend_yaml
from app.jobs.export.piece import Piece
from app.jobs.export.record import ExportRecord
from app.jobs.export.request import ExportRequest, ExportSummary
from app.jobs.export.semantic_kitti import semantic_kitti_frames
from app.jobs.export.whole import npz_whole, pcd_whole
from app.jobs.export.writers import Add, npz_frames, pcd_frames
from app.jobs.local_job import LocalJob
from app.progress import Progress
from app.workspace.export_folder import ExportFolder, export_into

LEGEND_NAME = "legend.yaml"


def export_job(job: LocalJob, request: ExportRequest, progress: Progress) -> ExportSummary:
    """Write the frames of a job into a folder: all files, or none where it fails or is cancelled.

    A frame without a point cloud is left out, one without a mask that fits goes without labels; the summary and the
    manifest in the folder say so. Raises InputError where the request cannot be met, WorkspaceError where the disk
    refuses, Cancelled.
    """
    indexes = _chosen(job, request)
    record = ExportRecord(job.name, request)
    frames = _Frames(job, indexes, progress, rounds=2 if request.whole else 1)
    with job.held(), export_into(request.folder, replace=request.replace) as folder:
        with _writer(request, job, folder, record, frames) as add:
            for frame in frames:
                _export(frame, add, record)
            if not record.next_number:
                raise InputError(f"No frame of {quoted(job.name)} has a point cloud.", next_step="Fetch the job first.")
        with folder.create(LEGEND_NAME) as stream:
            stream.write(legend_yaml(record.legend).encode())
        folder.publish(record.manifest())
    return record.summary()


class _Frames:
    """The chosen frames, decoded one by one; may be gone through ``rounds`` times, with one progress over all."""

    def __init__(self, job: LocalJob, indexes: tuple[int, ...], progress: Progress, *, rounds: int) -> None:
        self._job = job
        self._indexes = indexes
        self._progress = progress
        self._total = len(indexes) * rounds
        self._done = 0

    def __iter__(self) -> Iterator[Frame]:
        for index in self._indexes:
            self._progress.report(self._done, self._total, self._job.sequence.frames[index].frame_id)
            yield self._job.load_frame(index)
            self._done += 1
        self._progress.report(self._done, self._total)

    def pieces(self) -> Iterator[Piece]:
        """Those that have a cloud."""
        number = 0
        for frame in self:
            if frame.cloud is not None:
                yield Piece(number, frame, frame.cloud)
                number += 1


def _chosen(job: LocalJob, request: ExportRequest) -> tuple[int, ...]:
    """Positions in play order, each once."""
    if request.whole and not request.format.can_be_whole:
        next_step = "Write one file per frame, or choose PCD or npz."
        raise InputError("SemanticKITTI has one file per frame.", next_step=next_step)
    count = len(job.sequence)
    wrong = next((index for index in request.frames if not 0 <= index < count), None)
    if wrong is not None:
        raise InputError(f"There is no frame {wrong}.", next_step=f"The frames of {job.name} are 0 to {count - 1}.")
    return tuple(sorted(set(request.frames))) or tuple(range(count))


def _writer(
    request: ExportRequest, job: LocalJob, folder: ExportFolder, record: ExportRecord, frames: _Frames
) -> AbstractContextManager[Add]:
    if request.format is ExportFormat.SEMANTIC_KITTI:
        return semantic_kitti_frames(folder, record, job.rig.calibration)
    if request.format is ExportFormat.PCD:
        return pcd_whole(folder, record, frames.pieces()) if request.whole else pcd_frames(folder, record)
    return npz_whole(folder, record, frames.pieces()) if request.whole else npz_frames(folder, record)


def _export(frame: Frame, add: Add, record: ExportRecord) -> None:
    if frame.cloud is None:
        record.problem(frame, "scan.", "Not exported.")
    else:
        add(Piece(record.next_number, frame, frame.cloud))
