"""Every track of every camera: which, what, where, from when to when."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.finding import counted
from app.gui.impulses.origin_line import TracksOriginLine
from app.gui.panels.empty import EmptyPage
from app.gui.row_paint import paint_row_background
from app.gui.text import ElidingLabel, plain, visible
from app.gui.theme import STEP, caption_font, current, tabular_font, track_color
from app.gui.viewer import Viewer
from app.jobs import TrackSummary

TRACK = Qt.ItemDataRole.UserRole
NO_TRACKS = "No tracks: link a camera to an Edge Impulse sample."
NO_JOB = "The tracks of the open job appear here."
NO_MATCH = "No track matches the filter."
LINK = "Link cameras…"
SWATCH = 12
GAP = 8
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

Index = QModelIndex | QPersistentModelIndex


def track_name(track: TrackSummary) -> str:
    """Label and id on one line."""
    return visible(f"{track.label} {track.track_id}".strip())


def track_frames(track: TrackSummary) -> str:
    """First and last frame as people count them."""
    if track.first == track.last:
        return f"frame {track.first + 1:,}"
    return f"frames {track.first + 1:,}–{track.last + 1:,}"


class TracksModel(QAbstractListModel):
    """The tracks as a list; replaced whole when they were read again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tracks: tuple[TrackSummary, ...] = ()

    @property
    def tracks(self) -> tuple[TrackSummary, ...]:
        """What is listed."""
        return self._tracks

    def set_tracks(self, tracks: tuple[TrackSummary, ...]) -> None:
        """List other tracks."""
        if tracks != self._tracks:
            self.beginResetModel()
            self._tracks = tracks
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of tracks."""
        return 0 if parent.isValid() else len(self._tracks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text that the filter reads, and the track for the delegate."""
        track = self._tracks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{track_name(track)} {visible(track.camera)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{track_name(track)}, camera {visible(track.camera)}, {track_frames(track)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            boxes = f"{counted(track.count, 'box', 'boxes')}, {track_frames(track)}"
            return plain(track_name(track), f"Camera {track.camera}", boxes, "Double click to go to its first frame")
        return track if role == TRACK else None


class TrackDelegate(QStyledItemDelegate):
    """Two lines: swatch, name and length; camera and frames in secondary colour."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Room for both lines."""
        captions = QFontMetricsF(caption_font(option.font))
        return QSize(120, round(QFontMetricsF(option.font).height() + captions.height()) + 3 * STEP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One track."""
        track: TrackSummary = index.data(TRACK)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_row_background(painter, option, rect, selection="selection")
        color = track_color(track.track_id)
        upper = QRectF(rect.left() + GAP, rect.top() + STEP, rect.width() - 2 * GAP, rect.height() / 2 - STEP + 2)
        lower = QRectF(upper.left(), upper.bottom(), upper.width(), rect.bottom() - STEP - upper.bottom())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(upper.left(), upper.center().y() - SWATCH / 2, SWATCH, SWATCH), 3, 3)
        for line in (upper, lower):
            line.setLeft(line.left() + SWATCH + GAP)
        tokens = current()
        faint = tokens.color("text" if selected else "secondary")
        painter.setFont(option.font)
        _paint_pair(
            painter,
            upper,
            track_name(track),
            counted(track.count, "box", "boxes"),
            colors=(tokens.color("text"), faint),
        )
        painter.setFont(caption_font(option.font))
        _paint_pair(painter, lower, visible(track.camera), track_frames(track), colors=(faint, faint))
        painter.restore()


def _paint_pair(painter: QPainter, line: QRectF, left: str, right: str, *, colors: tuple[QColor, QColor]) -> None:
    """A text that gives up its middle, and a number at the right that never does."""
    font = painter.font()
    numbers = tabular_font(font)
    width = QFontMetricsF(numbers).horizontalAdvance(right)
    shown = QFontMetricsF(font).elidedText(left, Qt.TextElideMode.ElideMiddle, max(line.width() - width - GAP, 0.0))
    painter.setPen(colors[0])
    painter.drawText(line, LEFT, shown)
    painter.setFont(numbers)
    painter.setPen(colors[1])
    painter.drawText(line, RIGHT, right)


class TracksPanel(QWidget):
    """Filter, list, and per camera what its boxes wait for."""

    link_requested = Signal(str)  # camera, empty where none is meant in particular

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._following = False  # while the list changes for another reason than the user
        self.model = TracksModel(self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self.model)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter = QLineEdit()
        self.list = QListView()
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
        self._refresh()

    def _build(self) -> None:
        self.filter.setPlaceholderText("Filter tracks")
        self.filter.setAccessibleName("Filter tracks")
        self.filter.setClearButtonEnabled(True)
        self.list.setItemDelegate(TrackDelegate(self.list))
        self.list.setModel(self._filtered)
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
        column.addWidget(TracksOriginLine(self._viewer))
        column.addWidget(self.filter)
        column.addLayout(self._states_column)
        column.addWidget(self._empty, 1)
        column.addWidget(self.list, 1)

    @property
    def states(self) -> tuple[str, ...]:
        """The lines about cameras whose boxes are not there."""
        return tuple(label.text() for label in self._states.values())

    def _refresh(self) -> None:
        self._following = True
        self.model.set_tracks(self._viewer.tracks)
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
        nothing, anything = self._filtered.rowCount() == 0, self.model.rowCount() > 0
        has_cameras = self._viewer.job is not None and bool(self._viewer.sequence.cameras)
        self._empty.setText(NO_MATCH if anything else NO_TRACKS if has_cameras else NO_JOB)
        self._empty.setVisible(nothing)
        self.link.setVisible(nothing and not anything and has_cameras)
        self.list.setVisible(not nothing)
        self.filter.setVisible(anything)

    def _on_filter_changed(self, text: str) -> None:
        self._following = True  # Qt moves on to a neighbour when the current row is filtered out
        self._filtered.setFilterFixedString(text)
        self._following = False
        self._refresh_empty()
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        row = next(
            (row for row, track in enumerate(self.model.tracks) if _key(track) == self._viewer.selected_track), -1
        )
        index = self._filtered.mapFromSource(self.model.index(row, 0))
        self._following = True
        self.list.setCurrentIndex(index)
        self._following = False
        if index.isValid():
            self.list.scrollTo(index)

    def _on_current_changed(self, index: QModelIndex) -> None:
        if not self._following and index.isValid():
            self._viewer.select_track(_key(index.data(TRACK)))

    def _on_chosen(self, index: QModelIndex) -> None:
        self._viewer.show_frame(index.data(TRACK).first)


def _key(track: TrackSummary) -> tuple[str, int]:
    return track.camera, track.track_id
