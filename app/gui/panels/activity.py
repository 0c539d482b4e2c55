"""What runs in the background: a line with a bar and Cancel per task; failures stay with their reason and Retry."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.gui.tasks import Task, TaskRunner, TaskState
from app.gui.text import ElidingLabel
from app.gui.theme import current
from app.progress import Step

WANDER_MS, WANDER_PERIOD_MS = 80, 2000
PATIENCE_MS = 600  # quiet work shorter than this never shows


class ThinBar(QWidget):
    """A share done, or a band that wanders while the whole is unknown.

    Not a QProgressBar: that one repaints the window at once at every step, the 3D view included.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fraction: float | None = None
        self._phase = 0.0
        self._wander = QTimer(self)
        self._wander.setInterval(WANDER_MS)
        self._wander.timeout.connect(self._on_wander)
        self.setFixedHeight(4)

    @property
    def fraction(self) -> float | None:
        """Share done in 0..1, None while unknown."""
        return self._fraction

    def set_fraction(self, fraction: float | None) -> None:
        """Show how far it is."""
        self._fraction = fraction
        if fraction is None:
            self._wander.start()
        else:
            self._wander.stop()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A track with the part done."""
        painter, tokens = QPainter(self), current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        part = QRectF(whole)
        if self._fraction is None:
            part.setWidth(whole.width() / 4)
            part.moveLeft((whole.width() - part.width()) * (1 - abs(2 * self._phase - 1)))
        else:
            part.setWidth(whole.width() * self._fraction)
        for rect, token in ((whole, "line"), (part, "accent")):
            painter.setBrush(tokens.color(token))
            painter.drawRoundedRect(rect, 2, 2)

    def _on_wander(self) -> None:
        self._phase = (self._phase + WANDER_MS / WANDER_PERIOD_MS) % 1.0
        if self.isVisible():
            self.update()


class ActivityRow(QWidget):
    """One task: title, how far, what it does now."""

    dismissed = Signal()

    def __init__(self, task: Task, runner: TaskRunner, parent: QWidget) -> None:
        super().__init__(parent)
        self.task = task
        self._runner = runner
        self._title = ElidingLabel(task.title)
        self._detail = ElidingLabel("")
        self._detail.setProperty("role", "caption")
        self._reason = QLabel()
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setWordWrap(True)
        self._reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._reason.hide()
        self._bar = ThinBar()
        self._act = QToolButton()
        self._act.clicked.connect(self._on_act)
        self._dismiss = QToolButton()
        self._dismiss.setText("Dismiss")
        self._dismiss.clicked.connect(self.dismissed)
        self._lay_out()
        task.progressed.connect(self._on_progressed)
        task.failed.connect(self.show_failed)
        self.show_running()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._act)
        head.addWidget(self._dismiss)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._detail)
        column.addWidget(self._reason)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_running(self) -> None:
        """Bar and Cancel, as at the start."""
        self._reason.hide()
        self._dismiss.hide()
        self._bar.show()
        self._bar.set_fraction(None)
        self._detail.show()
        self._act.setText("Cancel")
        self._act.setAccessibleName(f"Cancel {self.task.title}")

    def _on_progressed(self, step: Step) -> None:
        self._bar.set_fraction(step.fraction)
        self._detail.setText(step.message)

    def show_failed(self, error: AppError) -> None:
        """The reason and Retry."""
        self._bar.hide()
        self._detail.hide()
        self._reason.setText(str(error))
        self._reason.show()
        self._act.setText("Retry")
        self._act.setAccessibleName(f"Retry {self.task.title}")
        self._dismiss.show()

    def _on_act(self) -> None:
        if self.task.state is TaskState.RUNNING:
            self.task.cancel()
            self._detail.setText("Stopping …")
        else:
            self._runner.retry(self.task)


class ActivityPanel(QScrollArea):
    """All tasks that deserve a line; one sentence when there is none."""

    def __init__(self, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._rows: dict[Task, ActivityRow] = {}
        self._waiting: dict[Task, QTimer] = {}
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(0)
        self._idle = QLabel("Nothing is running.")
        self._idle.setProperty("role", "caption")
        self._idle.setContentsMargins(12, 4, 12, 4)
        self._column.addWidget(self._idle)
        self._column.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        runner.task_started.connect(self._on_started)
        runner.task_finished.connect(self._on_finished)
        runner.task_dismissed.connect(self.remove)

    def sizeHint(self) -> QSize:
        """Room for two lines."""
        return QSize(240, 112)

    @property
    def rows(self) -> tuple[ActivityRow, ...]:
        """The lines shown."""
        return tuple(self._rows.values())

    def remove(self, task: Task) -> None:
        """Take a line away."""
        row = self._rows.pop(task, None)
        if row is not None:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._idle.setVisible(not self._rows)

    def _on_started(self, task: Task) -> None:
        if task in self._rows:
            self._rows[task].show_running()  # a retry
        elif task.quiet:
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.timeout.connect(lambda: self._on_patience_over(task))
            timer.start(PATIENCE_MS)
            self._waiting[task] = timer
        else:
            self._add(task)

    def _on_patience_over(self, task: Task) -> None:
        self._forget_timer(task)
        self._add(task)

    def _on_finished(self, task: Task) -> None:
        self._forget_timer(task)
        if task.state is not TaskState.FAILED:
            self.remove(task)
        elif task not in self._rows:
            self._add(task)
            self._rows[task].show_failed(task.error or AppError("The work failed."))

    def _add(self, task: Task) -> None:
        row = ActivityRow(task, self._runner, self)
        row.dismissed.connect(lambda: self._runner.dismiss(task))
        self._rows[task] = row
        self._column.insertWidget(self._column.count() - 1, row)
        self._idle.hide()

    def _forget_timer(self, task: Task) -> None:
        timer = self._waiting.pop(task, None)
        if timer is not None:
            timer.stop()
            timer.deleteLater()
