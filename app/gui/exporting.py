"""Exports of jobs in the background, and what lies where they shall go."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.finding import counted, quoted
from app.errors import InputError
from app.formats.export_manifest import MANIFEST_NAME
from app.gui.tasks import TaskRunner
from app.jobs import LocalJob
from app.jobs.export import ExportRequest, ExportSummary, export_job
from app.progress import Progress
from app.workspace.export_folder import target_state


class Exporting(QObject):
    """Starts exports and tells their end; lives on the GUI thread."""

    target_known = Signal(object, object)  # Path, TargetState
    target_failed = Signal(object, object)  # Path, AppError
    ended = Signal(str)  # a sentence with the folder

    def __init__(self, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner

    def look_at(self, folder: Path) -> None:
        """Find out what lies at a folder; only the last one asked for is answered."""
        self._runner.run(
            lambda _progress: target_state(folder),
            title="Looking at the folder",
            key="export-target",
            quiet=True,
            on_success=lambda state: self.target_known.emit(folder, state),
            on_failure=lambda error: self.target_failed.emit(folder, error),
        )

    def export(self, job: LocalJob, request: ExportRequest) -> None:
        """Write the files; progress, Cancel and what failed are in the activity panel."""
        self._runner.run(
            lambda progress: run_export(job, request, progress),
            title="Exporting the job",
            key=f"export:{request.folder}",
            on_told=self._on_written,
            on_success=self._on_written,
        )

    def _on_written(self, summary: ExportSummary) -> None:
        self.ended.emit(end_text(summary))


def run_export(job: LocalJob, request: ExportRequest, progress: Progress) -> ExportSummary:
    """Export on a worker thread; raises AppError for what the export lacks too, after telling that it is there."""
    summary = export_job(job, request, progress)
    if not summary.problems:
        return summary
    progress.tell(summary)
    first = summary.problems[0]
    where = f"Frame {quoted(first.frame_id)}: " if first.frame_id else ""
    number = counted(len(summary.problems), "problem")
    next_step = f"{MANIFEST_NAME} in the folder names all; Retry exports anew."
    raise InputError(f"The export has {number}. {where}{first.message}", next_step=next_step)


def end_text(summary: ExportSummary) -> str:
    """For the status line."""
    text = f"Exported {counted(summary.frames, 'frame')} to {summary.folder}."
    if summary.problems:
        return f"{text} It lacks something, see Activity."
    return f"{text} Notes are in {MANIFEST_NAME}." if summary.notes else text
