"""What a job on Edge Impulse's side wrote: text to read, select and copy, never obeyed."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.finding import counted
from app.domain.moments import moment_text
from app.domain.post_processing import LogLine
from app.errors import AppError
from app.gui.note_label import NoteLabel
from app.gui.project_jobs import ProjectJobs, ReadLog
from app.gui.text import visible
from app.gui.theme import STEP, current

LONGEST = 4000  # characters of a line
LEVELS = {"error": ("ERROR", "wrong"), "warn": ("WARN", "attention"), "debug": ("DEBUG", "secondary")}
WIDEST_LEVEL = 5


class JobLogDialog(QDialog):
    """Stays open beside the window; levels are words as well as colours."""

    def __init__(self, jobs: ProjectJobs, *, ei_project_id: int, job_id: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Log of job {job_id}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.job_id = job_id
        self._jobs = jobs
        self._ei_project_id = ei_project_id
        self._lines: tuple[LogLine, ...] = ()
        self.state = NoteLabel()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(f"Log of job {job_id}")
        self.text.setTabChangesFocus(True)
        self._build()
        jobs.log_read.connect(self._on_read)
        jobs.log_failed.connect(self._on_failed)
        self.refresh()

    def _build(self) -> None:
        self.again = _button("&Refresh", "Read the log again (F5)", key="F5")
        self.again.clicked.connect(self.refresh)
        self.copy = _button("&Copy all", "Copy the whole text (Alt+C)")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.close_button = _button("Close", "Close (Esc)")
        self.close_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * STEP)
        buttons.addWidget(self.again)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(self.state)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)
        self.resize(720, 440)
        self.text.setFocus()

    def refresh(self) -> None:
        """Read the log again; the lines that are shown stay until then."""
        self.state.say("Reading the log …")
        self.again.setEnabled(False)
        self._jobs.load_log(self._ei_project_id, self.job_id)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._lines:
            self._fill()

    def _on_read(self, job_id: int, read: ReadLog) -> None:
        if job_id != self.job_id:
            return
        self.again.setEnabled(True)
        self._lines = read.log.lines
        started = f" · started {moment_text(read.job.created_at)}" if read.job.created_at else ""
        of_all = f" · the last of {read.log.total_count:,} pieces" if read.log.total_count > len(self._lines) else ""
        category = f"{visible(read.job.category)} · " if read.job.category else ""
        self.state.say(
            f"{category}{read.job.state}{visible(started)} · {counted(len(self._lines), 'line')}{of_all}",
            wrong=read.job.failed,
        )
        self._fill()

    def _on_failed(self, job_id: int, error: AppError) -> None:
        if job_id == self.job_id:
            self.again.setEnabled(True)
            self.state.say(str(error), wrong=True)

    def _fill(self) -> None:
        self.text.clear()
        cursor = self.text.textCursor()
        look = QTextCharFormat()
        for number, line in enumerate(self._lines):
            word, token = LEVELS.get(line.level, ("", "text"))
            look.setForeground(QColor(current().color(token)))
            start = "\n" if number else ""
            cursor.insertText(f"{start}{word:<{WIDEST_LEVEL}}  {visible(line.text, limit=LONGEST)}", look)
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.text.moveCursor(QTextCursor.MoveOperation.StartOfLine)


def _button(text: str, tip: str, *, key: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    if key:
        button.setShortcut(key)
    return button
