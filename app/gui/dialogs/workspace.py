"""The workspace at a glance: where it is, how full it may get, and whether its files are as they were received."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.amounts import size_text
from app.domain.finding import counted, listed
from app.errors import AppError
from app.gui.fields import add_row, make_form, make_label
from app.gui.panels.activity import ThinBar
from app.gui.storage import Storage, Usage
from app.gui.text import ElidingLabel, plain, visible
from app.gui.theme import STEP
from app.progress import Step
from app.sync import GB
from app.workspace import Damage

MOST_GB = 100_000
UNCHECKED = "Verify compares every file with what was received."
SOUND = "Every file is as it was received."
NO_ROOM = "More is here than the quota allows. The next download makes room."


class WorkspaceDialog(QDialog):
    """Opens at once, fills when the workspace was looked at; stays usable while a verification runs."""

    quota_changed = Signal(int)  # GB, 0: any size

    def __init__(self, storage: Storage, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Workspace")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._storage = storage
        self._usage: Usage | None = None
        self._folder = ElidingLabel("")
        self._used = make_label("")
        self._bar = ThinBar()
        self._jobs = make_label("")
        self._notice = make_label("attention")
        self.quota = QSpinBox()
        self.quota.setRange(0, MOST_GB)
        self.quota.setSuffix(" GB")
        self.quota.setSpecialValueText("No limit")
        self.quota.setValue(round(storage.quota_gb))
        self.quota.setFixedWidth(140)
        self.quota.lineEdit().setTextMargins(STEP, 0, 0, 0)
        self.quota.setAccessibleName("Quota in GB")
        self.quota.setToolTip("When more comes, jobs opened longest ago make room; pinned ones and reviews stay")
        self.quota.valueChanged.connect(self._on_quota)
        self.read_data = QCheckBox("Read all data")
        self.read_data.setToolTip("Compares every byte: slower, and finds changes that keep the size")
        self.verify_button = QPushButton("Verify")
        self.verify_button.clicked.connect(self._on_verify)
        self.repair_button = QPushButton("Repair")
        self.repair_button.setProperty("role", "primary")
        self.repair_button.setToolTip("Fetch damaged and missing files again")
        self.repair_button.clicked.connect(self._on_repair)
        self._state = make_label("secondary")
        self.damage = QListWidget()
        self.damage.setAccessibleName("Damaged files")
        self.damage.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.damage.setFrameShape(QFrame.Shape.NoFrame)
        self.damage.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self._show_damage(None)
        storage.usage_known.connect(self._on_usage)
        storage.checked.connect(self._on_checked)
        storage.verified.connect(self._show_damage)
        storage.repaired.connect(self._on_repaired)
        storage.failed.connect(self._on_failed)
        storage.look()

    @property
    def state(self) -> str:
        """What the last verification said."""
        return self._state.text()

    @property
    def used_text(self) -> str:
        """How much is here."""
        return self._used.text()

    def _lay_out(self) -> None:
        form = make_form()
        add_row(form, "Folder", self._folder)
        add_row(form, "In use", self._used)
        form.addRow("", self._bar)
        add_row(form, "Jobs", self._jobs)
        add_row(form, "&Quota", self.quota)
        check = QHBoxLayout()
        check.setSpacing(3 * STEP)
        check.addWidget(self.verify_button)
        check.addWidget(self.read_data)
        check.addStretch(1)
        check.addWidget(self.repair_button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        heading = QLabel("Are the files sound?")
        heading.setProperty("role", "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(self._notice)
        column.addLayout(form)
        column.addWidget(heading)
        column.addLayout(check)
        column.addWidget(self._state)
        column.addWidget(self.damage, 1)
        column.addStretch(0)
        column.addWidget(buttons)
        self.setMinimumSize(560, 360)

    # -- facts --------------------------------------------------------------------------------------------------

    def _on_usage(self, usage: Usage) -> None:
        self._usage = usage
        self._folder.setText(str(usage.folder))
        pinned = f", {usage.pinned:,} pinned" if usage.pinned else ""
        self._jobs.setText(f"{counted(usage.jobs, 'job')}{pinned}")
        self._notice.setText(usage.notice)
        self._notice.setVisible(bool(usage.notice))
        self._show_usage()

    def _show_usage(self) -> None:
        if self._usage is None:
            return
        used, limit = self._usage.used, self.quota.value() * GB
        over = bool(limit) and used > limit
        self._used.setText(f"{size_text(used)} of {size_text(limit)}" if limit else size_text(used))
        self._used.setToolTip(plain(NO_ROOM) if over else "")
        self._bar.setVisible(bool(limit))
        self._bar.set_fraction(min(1.0, used / limit) if limit else 0.0)

    def _on_quota(self, value: int) -> None:
        self._show_usage()
        self.quota_changed.emit(value)

    def _on_verify(self) -> None:
        self.verify_button.setEnabled(False)
        self._state.setText("Checking …")
        self._storage.verify(read_data=self.read_data.isChecked())

    def _on_checked(self, step: Step) -> None:
        self._state.setText(f"Checking … {step.message}")

    def _on_repair(self) -> None:
        self.repair_button.setEnabled(False)
        self.verify_button.setEnabled(False)
        self._state.setText("Fetching the files again …")
        self._storage.repair()

    def _on_repaired(self, told: tuple[str, ...]) -> None:
        if told:
            self._state.setText(" ".join(told))

    def _on_failed(self, error: AppError) -> None:
        self.verify_button.setEnabled(True)
        self._state.setText(str(error))

    def _show_damage(self, damage: tuple[Damage, ...] | None) -> None:
        self.verify_button.setEnabled(True)
        self.damage.clear()
        for found in damage or ():
            self.damage.addItem(_row(found))
        self.damage.setVisible(bool(damage))
        self.repair_button.setVisible(bool(damage))
        self.repair_button.setEnabled(not (self._usage and self._usage.notice))
        self._state.setText(UNCHECKED if damage is None else _verdict(damage))
        self._storage.look()


def _verdict(damage: tuple[Damage, ...]) -> str:
    if not damage:
        return SOUND
    jobs = {name for found in damage for name in found.job_names}
    files, of = counted(len(damage), "file"), counted(len(jobs), "job")
    return f"{files} of {of} can no longer be used. Repair fetches them again."


def _row(found: Damage) -> QListWidgetItem:
    jobs = listed(found.job_names, limit=2) or "no job"
    name = found.shown_url.rpartition("/")[2] or found.shown_url
    item = QListWidgetItem(visible(f"{found.problem}: {name} · {jobs}"))
    item.setToolTip(plain(found.shown_url, f"Needed by {jobs}", f"The file is {found.problem}"))
    return item
