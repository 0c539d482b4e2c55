"""The download queue: what comes, in which order, how far it is, and what to do about it."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.amounts import duration_text, size_text, speed_text
from app.domain.finding import counted
from app.gui.download_queue import QueueRunner
from app.gui.fields import make_label
from app.gui.panels.downloads_list import ITEM, DownloadsList, DownloadsModel
from app.gui.panels.empty import EmptyPage
from app.gui.row_actions import RowAct, RowActions
from app.gui.theme import STEP
from app.sync import ItemState, QueueItem, Totals

EMPTY = "Jobs that you open or download are listed here while they come."


class DownloadsPanel(QWidget):
    """Buttons for the current job, the list, and one line for all."""

    job_chosen = Signal(str, str)  # project id, job id
    mapping_requested = Signal(str, str)  # project id, job id

    def __init__(self, queue: QueueRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.model = DownloadsModel(self)
        self.list = DownloadsList()
        self.list.setModel(self.model)
        self.list.activated.connect(self._on_activated)
        self.list.selectionModel().currentChanged.connect(self._refresh_actions)
        self.actions_of_row = RowActions(self.list, self._acts(), refresh=self._refresh_actions)
        self.list.space_pressed.connect(self.actions_of_row["pause"].trigger)
        self.all_button = QPushButton()
        self.all_button.clicked.connect(self._on_all)
        self.clear_button = QPushButton("Clear done")
        self.clear_button.setToolTip("Take what is on disk off this list; the files stay")
        self.clear_button.clicked.connect(queue.clear_done)
        self._problem = make_label("attention")
        self._total = make_label("caption")
        self._empty = EmptyPage()
        self._empty.setText(EMPTY)
        self._lay_out()
        queue.changed.connect(self.refresh)
        queue.progressed.connect(self.refresh)
        self.refresh()

    def _acts(self) -> tuple[RowAct, ...]:
        queue = self._queue
        return (
            RowAct("open", "Open", lambda: self._on_activated(self.list.currentIndex()), shown_key="Return"),
            RowAct("pause", "Pause", self._pause_or_resume, shown_key="Space", icon="pause", line_before=True),
            RowAct("retry", "Retry", lambda: queue.resume(self._current_id()), key="Ctrl+R", icon="refresh"),
            RowAct("top", "Download next", lambda: queue.to_top(self._current_id()), key="Ctrl+Home", icon="move-top"),
            RowAct("up", "Earlier", lambda: queue.move(self._current_id(), by=-1), key="Ctrl+Up", icon="move-up"),
            RowAct("down", "Later", lambda: queue.move(self._current_id(), by=1), key="Ctrl+Down", icon="move-down"),
            RowAct("mapping", "These files are at…", self._ask_for_folder, key="Ctrl+M", line_before=True),
            RowAct("remove", "Take off the list", lambda: queue.remove(self._current_id()), key="Del", icon="close"),
        )

    def _lay_out(self) -> None:
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP)
        for button in self.actions_of_row.buttons:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.all_button)
        foot = QHBoxLayout()
        foot.setSpacing(2 * STEP)
        foot.addWidget(self._total, 1)
        foot.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        column.addWidget(self._bar)
        column.addWidget(self._problem)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        column.addLayout(foot)

    # -- filling ------------------------------------------------------------------------------------------------

    @property
    def total_text(self) -> str:
        """The line for all."""
        return self._total.text()

    def refresh(self) -> None:
        """Show the queue as it is now."""
        items, kept = self._queue.items, self._current_id()
        totals = self._queue.totals
        self.model.set_items(items, speed=totals.speed)
        self._select(kept)
        for widget in (self._bar, self.list, self._total):
            widget.setVisible(bool(items))
        self._empty.setVisible(not items)
        self._problem.setText(self._queue.problem)
        self._problem.setVisible(bool(items) and bool(self._queue.problem))
        self._total.setText(total_text(totals))
        self.clear_button.setVisible(any(item.state is ItemState.DONE for item in items))
        self._refresh_all_button(items)
        self._refresh_actions()

    def _refresh_all_button(self, items: tuple[QueueItem, ...]) -> None:
        states = {item.state for item in items}
        stands = bool(self._queue.problem) or (
            ItemState.PAUSED in states and not states & {ItemState.RUNNING, ItemState.WAITING}
        )
        self.all_button.setText("Resume all" if stands else "Pause all")
        self.all_button.setToolTip("Go on with everything that was paused" if stands else "Fetch nothing for now")
        self.all_button.setEnabled(bool(states & {ItemState.RUNNING, ItemState.WAITING, ItemState.PAUSED}))

    def _refresh_actions(self) -> None:
        item, items, actions = self._current(), self.model.items, self.actions_of_row
        state = item.state if item is not None else None
        unfinished = state in (ItemState.WAITING, ItemState.RUNNING, ItemState.PAUSED)
        paused = state is ItemState.PAUSED
        actions["pause"].setText("Resume\tSpace" if paused else "Pause\tSpace")
        actions.button("pause").set_face("play" if paused else "pause", "Resume" if paused else "Pause")
        actions["pause"].setEnabled(unfinished)
        actions["retry"].setEnabled(state is ItemState.FAILED)
        actions["mapping"].setEnabled(item is not None)
        for name in ("open", "remove"):
            actions[name].setEnabled(item is not None)
        for name in ("top", "up"):
            actions[name].setEnabled(item is not None and item != items[0])
        actions["down"].setEnabled(item is not None and item != items[-1])

    def _select(self, job_id: str) -> None:
        """Keep the current job current wherever it moved; at first the first."""
        items = self.model.items
        row = next((row for row, item in enumerate(items) if item.job_id == job_id), 0 if items else -1)
        if row >= 0 and self.list.currentIndex().row() != row:
            self.list.setCurrentIndex(self.model.index(row))

    # -- acting -------------------------------------------------------------------------------------------------

    def _current(self) -> QueueItem | None:
        index = self.list.currentIndex()
        item = index.data(ITEM) if index.isValid() else None
        return item if isinstance(item, QueueItem) else None

    def _current_id(self) -> str:
        item = self._current()
        return item.job_id if item is not None else ""

    def _pause_or_resume(self) -> None:
        item = self._current()
        if item is not None and item.state is ItemState.PAUSED:
            self._queue.resume(item.job_id)
        elif item is not None:
            self._queue.pause(item.job_id)

    def _on_all(self) -> None:
        if self.all_button.text() == "Resume all":
            self._queue.resume_all()
        else:
            self._queue.pause_all()

    def _ask_for_folder(self) -> None:
        item = self._current()
        if item is not None:
            self.mapping_requested.emit(item.project_id, item.job_id)

    def _on_activated(self, index: QModelIndex) -> None:
        item = index.data(ITEM)
        if isinstance(item, QueueItem):
            self.job_chosen.emit(item.project_id, item.job_id)


def total_text(totals: Totals) -> str:
    """Jobs, bytes, speed and time left of the whole queue."""
    parts = [f"{totals.done} of {counted(totals.jobs, 'job')}"]
    if totals.failed:
        parts.append(f"{totals.failed} failed")
    if totals.total_files:
        parts.append(f"{totals.files:,} of {counted(totals.total_files, 'file')}")
    if totals.received:
        parts.append(size_text(totals.received))
    if totals.speed:
        parts.append(speed_text(totals.speed))
    if totals.seconds_left:
        parts.append(f"about {duration_text(totals.seconds_left)} left".replace("about less", "less"))
    return " · ".join(parts)
