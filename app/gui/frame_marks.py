"""What the timeline says about every frame: whether its files are here, and the worst finding known so far."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from app.domain.finding import Finding, Severity
from app.gui.viewer import Viewer

RANKS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class FrameMarks(QObject):
    """Follows the viewer and remembers what was found in frames that were looked at."""

    marks_changed = Signal()

    def __init__(self, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._worst: dict[int, Severity] = {}
        viewer.job_changed.connect(self._on_job_changed)
        viewer.availability_changed.connect(self.marks_changed)
        viewer.frame_changed.connect(self._on_frame_changed)
        self._on_job_changed()

    @property
    def local(self) -> tuple[bool, ...]:
        """Per frame whether cloud and mask are on this machine."""
        return tuple(self._viewer.is_local(index) for index in range(len(self._viewer.sequence)))

    @property
    def worst(self) -> Mapping[int, Severity]:
        """Warnings and errors by frame, of the frames that were looked at and of the whole document."""
        return {index: severity for index, severity in self._worst.items() if RANKS[severity]}

    @property
    def caption(self) -> str:
        """How much of the job is on this machine."""
        count, here = len(self._viewer.sequence), len(self._viewer.local_frames)
        if not count:
            return ""
        return "all frames on disk" if here == count else f"{here:,} of {count:,} frames on disk"

    def _on_job_changed(self) -> None:
        self._worst = {}
        self._index_of = {frame.frame_id: index for index, frame in enumerate(self._viewer.sequence.frames)}
        self._note(self._viewer.findings())
        self.marks_changed.emit()

    def _on_frame_changed(self) -> None:
        self._note(self._viewer.findings())
        self.marks_changed.emit()

    def _note(self, findings: tuple[Finding, ...]) -> None:
        for finding in findings:
            index = self._index_of.get(finding.frame_id)
            if index is None:
                continue
            known = self._worst.get(index, Severity.INFO)
            self._worst[index] = max(known, finding.severity, key=lambda severity: RANKS[severity])
