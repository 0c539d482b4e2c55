"""Every track of every camera: which, what, where, from when to when, and where to look twice."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from app.gui.impulses.origin_line import TracksOriginLine
from app.gui.panels.empty import EmptyPage
from app.gui.panels.tracks_columns import Column, longest_texts
from app.gui.panels.tracks_delegate import TrackDelegate
from app.gui.panels.tracks_head import SortButton, TracksHead
from app.gui.panels.tracks_model import TRACK, TrackRows, TracksModel
from app.gui.row_actions import RowAct, RowActions
from app.gui.text import ElidingLabel, plain
from app.gui.theme import STEP
from app.gui.track_jumps import TrackJumps
from app.gui.viewer import Viewer
from app.jobs import TrackSummary

NO_TRACKS = "No tracks: link a camera to an Edge Impulse sample."
NO_JOB = "The tracks of the open job appear here."
NO_MATCH = "No track matches the filter."
LINK = "Link cameras…"
FILTER_HELP = (
    "Words of label, id or camera, and conditions without spaces:",
    "gaps>0, switches>0, kept>0, length<5, score<0.5, first>=100, last<200, boxes, id, width, height",
)


class TracksPanel(QWidget):
    """Filter, list, and per camera what its boxes wait for."""

    link_requested = Signal(str)  # camera, empty where none is meant in particular

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._following = False  # while the list changes for another reason than the user
        self.model = TracksModel(self)
        self.jumps = TrackJumps(viewer, self)
        self.rows = TrackRows(self.model, self)
        self.filter = QLineEdit()
        self.list = QListView()
        self.sort = SortButton(self.rows)
        self.head = TracksHead(self.rows, self.list)
        self._delegate = TrackDelegate(self.list, color_of=self._color, is_here=self._is_here)
        self.row_actions = RowActions(self.list, self._acts(), refresh=self._refresh_actions)
        self.link = QPushButton(LINK)
        self._empty = EmptyPage(self.link)
        self._states: dict[str, ElidingLabel] = {}
        self._states_column = QVBoxLayout()
        self._build()
        self.filter.textChanged.connect(self._on_filter_changed)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.activated.connect(self._on_chosen)
        self.link.clicked.connect(lambda _checked=False: self.link_requested.emit(""))
        viewer.job_changed.connect(self._refresh)
        viewer.tracking_changed.connect(self._refresh)
        viewer.selection_changed.connect(self._on_selection_changed)
        for fact in (viewer.wanted_changed, viewer.box_style.changed):
            fact.connect(self.list.viewport().update)
        self.head.chosen.connect(self._sort)
        self.sort.chosen.connect(self._sort)
        self.sort.turned.connect(self._turn)
        self._refresh()

    def _build(self) -> None:
        self.filter.setPlaceholderText("Filter tracks")
        self.filter.setAccessibleName("Filter tracks")
        self.filter.setToolTip(plain(*FILTER_HELP))
        self.filter.setClearButtonEnabled(True)
        self.list.setItemDelegate(self._delegate)
        self.list.setModel(self.rows)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName("Tracks")
        self.link.setToolTip("Choose the Edge Impulse sample that belongs to each camera")
        self._states_column.setSpacing(STEP)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 2 * STEP)
        column.setSpacing(2 * STEP)
        line = QHBoxLayout()
        line.setSpacing(STEP)
        line.addWidget(self.filter, 1)
        line.addWidget(self.sort)
        column.addWidget(TracksOriginLine(self._viewer))
        column.addLayout(line)
        column.addLayout(self._states_column)
        column.addWidget(self._empty, 1)
        table = QVBoxLayout()
        table.setSpacing(0)
        table.addWidget(self.head)
        table.addWidget(self.list, 1)
        column.addLayout(table, 1)

    def _acts(self) -> tuple[RowAct, ...]:
        jumps = self.jumps
        return (
            RowAct("first", "Go to its first frame", jumps.first, shown_key="Alt+Home"),
            RowAct("last", "Go to its last frame", jumps.last, shown_key="Alt+End"),
            RowAct("gap", "Go to its next gap", lambda: jumps.gap(1), shown_key="Alt+G", line_before=True),
            RowAct("switch", "Go to its next switch", lambda: jumps.switch(1), shown_key="Alt+S"),
        )

    def _refresh_actions(self) -> None:
        track = self.jumps.track
        self.row_actions["gap"].setEnabled(track is not None and bool(track.gaps))
        self.row_actions["switch"].setEnabled(track is not None and bool(track.switches))

    @property
    def states(self) -> tuple[str, ...]:
        """The lines about cameras whose boxes are not there."""
        return tuple(label.text() for label in self._states.values())

    def _refresh(self) -> None:
        self._following = True
        self.model.set_tracks(self._viewer.tracks)
        self._delegate.texts = self.head.texts = longest_texts(self._viewer.tracks)
        self._delegate.several = self.head.several = len({track.camera for track in self._viewer.tracks}) > 1
        self._following = False
        self._refresh_states()
        self._refresh_empty()
        self._on_selection_changed()

    def _refresh_states(self) -> None:
        states = {camera: note.sentence for camera, note in self._viewer.notes.items()}
        for camera in [camera for camera in self._states if camera not in states]:
            label = self._states.pop(camera)
            label.hide()
            label.deleteLater()
        for camera, sentence in states.items():
            if camera not in self._states:
                self._states[camera] = ElidingLabel()
                self._states[camera].setProperty("role", "caption")
                self._states_column.addWidget(self._states[camera])
            self._states[camera].setText(f"{camera}: {sentence}")

    def _refresh_empty(self) -> None:
        nothing, anything = self.rows.rowCount() == 0, self.model.rowCount() > 0
        has_cameras = self._viewer.job is not None and bool(self._viewer.sequence.cameras)
        self._empty.setText(NO_MATCH if anything else NO_TRACKS if has_cameras else NO_JOB)
        self._empty.setVisible(nothing)
        self.link.setVisible(nothing and not anything and has_cameras)
        self.list.setVisible(not nothing)
        self.head.setVisible(not nothing)
        self.filter.setVisible(anything)
        self.sort.setVisible(anything)

    def _on_filter_changed(self, text: str) -> None:
        self._following = True  # Qt moves on to a neighbour when the current row is filtered out
        self.rows.set_filter(text)
        self._following = False
        self._refresh_empty()
        self._on_selection_changed()

    def _sort(self, column: Column) -> None:
        """By a column, its smallest first; by the same one again, the other way round."""
        by, descending = self.rows.sorting
        self._sort_rows(column, descending=column is by and not descending)

    def _turn(self) -> None:
        by, descending = self.rows.sorting
        self._sort_rows(by, descending=not descending)

    def _sort_rows(self, column: Column | None, *, descending: bool) -> None:
        self.rows.sort_by(column, descending=descending)
        self.head.update()
        self._on_selection_changed()

    def _color(self, track: TrackSummary) -> QColor:
        return self._viewer.box_style.color(track.label, track.track_id)

    def _is_here(self, track: TrackSummary) -> bool:
        return track.holds(self._viewer.wanted)

    def _on_selection_changed(self) -> None:
        chosen = self._viewer.track(self._viewer.selected_track)
        row = self.model.row_of(chosen) if chosen is not None else -1
        index = self.rows.mapFromSource(self.model.index(row, 0))
        self._following = True
        self.list.setCurrentIndex(index)
        self._following = False
        if index.isValid():
            self.list.scrollTo(index)

    def _on_current_changed(self, index: QModelIndex) -> None:
        if not self._following and index.isValid():
            self._viewer.select_track(index.data(TRACK).key)

    def _on_chosen(self, index: QModelIndex) -> None:
        self._viewer.show_frame(index.data(TRACK).first)
