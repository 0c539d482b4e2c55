"""The tree of projects, batches and jobs as a model filled from the library; rows stay where they are."""

from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication

from app.domain.amounts import size_text
from app.domain.annotation import Batch, JobSummary
from app.domain.finding import counted
from app.gui.library import Library
from app.gui.listed import OnDisk
from app.gui.text import plain, visible
from app.gui.theme import current, strong_font

KIND, PROJECT, BATCH, JOB, FILTER, SHARE, FLAGS = (Qt.ItemDataRole.UserRole + offset for offset in range(1, 8))
ON_DISK, PARTLY, PINNED, DAMAGED = "on disk", "partly on disk", "pinned", "damaged"


class JobsModel(QStandardItemModel):
    """Two columns: the name, and in few words the state."""

    def __init__(self, library: Library, parent: QObject) -> None:
        super().__init__(0, 2, parent)
        self._library = library
        self._projects: dict[str, QStandardItem] = {}
        self._batches: dict[tuple[str, str], QStandardItem] = {}
        self._jobs: dict[str, QStandardItem] = {}

    @property
    def batches(self) -> tuple[QStandardItem, ...]:
        """Every batch row."""
        return tuple(self._batches.values())

    def project_row(self, project_id: str) -> QStandardItem | None:
        """The row of a project."""
        return self._projects.get(project_id)

    def job_row(self, job_id: str) -> QStandardItem | None:
        """The row of a job, None where it is not listed."""
        return self._jobs.get(job_id)

    def fill_projects(self) -> None:
        """Projects that were added, renamed or taken away."""
        known = {project.project_id: project.name for project in self._library.projects}
        for project_id in set(self._projects) - set(known):
            self.removeRow(self._projects.pop(project_id).row())
            self._batches = {key: item for key, item in self._batches.items() if key[0] != project_id}
            self._jobs = {job: item for job, item in self._jobs.items() if item.data(PROJECT) != project_id}
        for project_id, name in known.items():
            if project_id not in self._projects:
                row = _row(kind=PROJECT, project=project_id)
                self.appendRow(row)
                row[0].appendRow(_placeholder("Open to list batches"))
                self._projects[project_id] = row[0]
            item = self._projects[project_id]
            item.setText(visible(name or project_id))
            item.setData(f"{name} {project_id}", FILTER)
            item.setToolTip(plain(*([name] if name else []), f"Project {project_id}"))

    def fill_batches(self, project_id: str) -> bool:
        """Batches of a project; False where they were never listed."""
        project, batches = self._projects.get(project_id), self._library.batches(project_id)
        if project is None or batches is None:
            return False
        _drop_placeholder(project)
        for batch in batches:
            self._fill_batch(project, batch)
            self.fill_jobs(project_id, batch.batch_id)
        self.fill_jobs(project_id, "")
        if not project.rowCount():
            project.appendRow(_placeholder("This project has no batches"))
        return True

    def fill_jobs(self, project_id: str, batch_id: str) -> None:
        """Jobs of a batch as far as they are known; with an empty batch those that were searched for."""
        parent = self._batches.get((project_id, batch_id)) if batch_id else self._projects.get(project_id)
        known = self._library.jobs(project_id, batch_id)
        if parent is None or not (known.loaded or known.jobs):
            return
        _drop_placeholder(parent)
        for job in known.jobs:
            if job.job_id not in self._jobs:
                row = _row(kind=JOB, project=project_id, batch=batch_id, job=job.job_id)
                parent.appendRow(row)
                self._jobs[job.job_id] = row[0]
            self._fill_job(job)
        if known.loaded and not known.jobs:
            parent.appendRow(_placeholder("This batch has no jobs"))
        if known.next_page_token:
            parent.appendRow(_placeholder("More jobs are being listed …"))

    def refill_jobs(self) -> None:
        """States of all listed jobs anew."""
        for project_id in self._projects:
            for batch_id in ("", *(batch.batch_id for batch in self._library.batches(project_id) or ())):
                for job in self._library.jobs(project_id, batch_id).jobs:
                    if job.job_id in self._jobs:
                        self._fill_job(job)

    def _fill_batch(self, project: QStandardItem, batch: Batch) -> None:
        key = (project.data(PROJECT), batch.batch_id)
        if key not in self._batches:
            row = _row(kind=BATCH, project=key[0], batch=batch.batch_id)
            project.appendRow(row)
            row[0].appendRow(_placeholder("Open to list jobs"))
            self._batches[key] = row[0]
        item = self._batches[key]
        state = _beside(item)
        item.setText(visible(batch.name or batch.batch_id))
        item.setData(batch.name, FILTER)
        state.setText(batch_state(batch))
        state.setData((batch.completed_jobs or 0) / batch.total_jobs if batch.total_jobs else None, SHARE)
        state.setForeground(current().color("secondary"))
        tip = plain(*_batch_tip(batch))
        item.setToolTip(tip)
        state.setToolTip(tip)

    def _fill_job(self, job: JobSummary) -> None:
        item, tokens = self._jobs[job.job_id], current()
        state, on_disk, mark = _beside(item), self._library.on_disk(job.job_id), self._library.mark(job.job_id)
        item.setText(visible(job.reference_id or job.job_id))
        item.setData(f"{job.reference_id} {job.job_id}", FILTER)
        item.setFont(strong_font(QApplication.font()) if mark else QApplication.font())
        item.setForeground(tokens.color("text" if on_disk or job.completed else "secondary"))
        state.setText(job_state(job, on_disk, mark))
        state.setForeground(tokens.color(state_token(on_disk, mark)))
        state.setData(_flags(on_disk), FLAGS)
        state.setData(f"{state.text()} {' '.join(_flags(on_disk))}".strip(), Qt.ItemDataRole.AccessibleTextRole)
        tip = plain(*_job_tip(job, on_disk, mark))
        item.setToolTip(tip)
        state.setToolTip(tip)


class JobsFilter(QSortFilterProxyModel):
    """Rows whose names or ids hold the text, with what is above and below them."""

    def __init__(self, model: JobsModel, parent: QObject) -> None:
        super().__init__(parent)
        self.setSourceModel(model)
        self.setRecursiveFilteringEnabled(True)
        self.setAutoAcceptChildRows(True)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterRole(FILTER)


def batch_state(batch: Batch) -> str:
    """``12 of 251``, or the service's word."""
    return (
        batch.status.lower() if batch.total_jobs is None else f"{batch.completed_jobs or 0:,} of {batch.total_jobs:,}"
    )


def job_state(job: JobSummary, on_disk: OnDisk | None, mark: str) -> str:
    """What matters most about a job in a few words."""
    if on_disk is not None and on_disk.gaps.damaged:
        return "damaged"
    base = size_text(on_disk.size) if on_disk is not None else _status(job)
    if not mark:
        return base
    return f"now {base}" if mark == base else f"{mark} · {base}"


def _status(job: JobSummary) -> str:
    return visible(job.status.lower().replace("_", " ")) or "unknown"


def state_token(on_disk: OnDisk | None, mark: str) -> str:
    """The colour of that: what is wrong before what is new."""
    if on_disk is not None and on_disk.gaps.damaged:
        return "wrong"
    if mark:
        return "accent"
    if on_disk is None:
        return "secondary"
    return "attention" if on_disk.gaps.missing else "fine"


def _flags(on_disk: OnDisk | None) -> tuple[str, ...]:
    if on_disk is None:
        return ()
    gaps = on_disk.gaps
    state = DAMAGED if gaps.damaged else PARTLY if gaps.missing else ON_DISK
    return (state, *([PINNED] if on_disk.pinned else []))


def _batch_tip(batch: Batch) -> list[str]:
    lines = [batch.name, f"Status: {batch.status or 'unknown'}", f"{batch_state(batch)} jobs completed"]
    if batch.total_frames is not None:
        lines.append(f"{batch.completed_frames or 0:,} of {batch.total_frames:,} frames")
    return lines


def _job_tip(job: JobSummary, on_disk: OnDisk | None, mark: str) -> list[str]:
    lines = [job.reference_id] if job.reference_id else []
    lines += [f"Job {job.job_id}", f"Status: {job.status or 'unknown'}"]
    if job.frames is not None:
        lines.append(f"{job.frames:,} frames")
    if mark:
        lines.append(f"Since the last listing: {mark}")
    if on_disk is not None:
        lines.append(f"On this machine: {size_text(on_disk.size)}")
        lines += ["Pinned: it stays when room is made"] if on_disk.pinned else []
        lines += [f"{counted(on_disk.gaps.missing, 'file')} not here yet"] if on_disk.gaps.missing else []
        lines += ["Damaged: repair it in File, Workspace"] if on_disk.gaps.damaged else []
    return lines


def _row(*, kind: int, project: str, batch: str = "", job: str = "") -> list[QStandardItem]:
    first, second = QStandardItem(), QStandardItem()
    for role, value in ((KIND, kind), (PROJECT, project), (BATCH, batch), (JOB, job)):
        first.setData(value, role)
    second.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return [first, second]


def _beside(item: QStandardItem) -> QStandardItem:
    """The state in the second column; everything but the first level has a parent item."""
    parent = item.parent()
    return parent.child(item.row(), 1) if parent is not None else item.model().item(item.row(), 1)


def _placeholder(text: str) -> list[QStandardItem]:
    """A row that stands for something not listed; it has no kind."""
    item = QStandardItem(text)
    item.setEnabled(False)
    return [item, QStandardItem()]


def _drop_placeholder(parent: QStandardItem) -> None:
    for place in reversed(range(parent.rowCount())):
        if parent.child(place).data(KIND) is None:
            parent.removeRow(place)
