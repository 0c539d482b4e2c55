"""The tracks of all cameras as rows, filtered and sorted."""

import math
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from app.domain.finding import counted
from app.gui.panels.tracks_columns import Column, score_text, size_text, track_frames
from app.gui.text import plain, visible
from app.gui.track_filter import track_test
from app.gui.track_lane import track_name
from app.jobs import TrackSummary

TRACK = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


def tooltip_lines(track: TrackSummary) -> tuple[str, ...]:
    """Everything that is known of a track."""
    size = track.size
    spread = f", middle half within {size.width_spread:.0f} by {size.height_spread:.0f}" if size else ""
    lines = (
        track_name(track),
        f"Camera {track.camera}",
        f"Frames {track_frames(track)}: {counted(track.count, 'box', 'boxes')} over {counted(track.length, 'frame')}",
        f"Mean score {score_text(track)} of the detections behind its boxes" if track.mean_score is not None else "",
        f"Size {size_text(track)} pixels, median{spread}" if size else "",
        *track.told,
        "Double click to go to its first frame",
    )
    return tuple(line for line in lines if line)


class TracksModel(QAbstractListModel):
    """The tracks as a list; replaced whole when they were read again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tracks: tuple[TrackSummary, ...] = ()
        self._row_of: dict[tuple[str, int], int] = {}

    @property
    def tracks(self) -> tuple[TrackSummary, ...]:
        """What is listed."""
        return self._tracks

    def set_tracks(self, tracks: tuple[TrackSummary, ...]) -> None:
        """List other tracks."""
        if tracks != self._tracks:
            self.beginResetModel()
            self._tracks = tracks
            self._row_of = {track.key: row for row, track in enumerate(tracks)}
            self.endResetModel()

    def row_of(self, track: TrackSummary) -> int:
        """Where a track is listed; -1 where it is not."""
        return self._row_of.get(track.key, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of tracks."""
        return 0 if parent.isValid() else len(self._tracks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, and the track for the delegate."""
        track = self._tracks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{track_name(track)} {visible(track.camera)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = ", ".join((f"frames {track_frames(track)}", *track.told))
            return f"{track_name(track)}, camera {visible(track.camera)}, {visible(told)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(*tooltip_lines(track))
        return track if role == TRACK else None


class TrackRows(QSortFilterProxyModel):
    """Filtered by what is typed, sorted by one column; tracks that lack its number come last either way."""

    def __init__(self, model: TracksModel, parent: QObject) -> None:
        super().__init__(parent)
        self._test = track_test("")
        self._column: Column | None = None
        self._descending = False
        self.setSourceModel(model)

    @property
    def sorting(self) -> tuple[Column | None, bool]:
        """The column, and whether its largest comes first; None as the tracks came: by camera, then by id."""
        return self._column, self._descending

    def set_filter(self, text: str) -> None:
        """List what matches only."""
        self._test = track_test(text)
        self.invalidate()

    def sort_by(self, column: Column | None, *, descending: bool = False) -> None:
        """Another order."""
        self._column, self._descending = column, descending
        self.invalidate()
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.sort(-1 if column is None else 0, order)

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:
        """Whether a track matches."""
        model = self.sourceModel()
        return isinstance(model, TracksModel) and self._test(model.tracks[row])

    def lessThan(self, left: Index, right: Index) -> bool:
        """By the column's value; equal ones keep the order of cameras and ids."""
        return self._key(left.row()) < self._key(right.row())

    def _key(self, row: int) -> tuple[float, str, int]:
        model = self.sourceModel()
        if not isinstance(model, TracksModel) or self._column is None:
            return 0.0, "", row
        value, order = self._column.value(model.tracks[row]), -row if self._descending else row
        if value is None:
            return -math.inf if self._descending else math.inf, "", order
        return (0.0, value, order) if isinstance(value, str) else (value, "", order)
