"""Which points of the shown frame belong to what is chosen, looked for in the background."""

from collections.abc import Callable
from functools import partial
from operator import is_

from PySide6.QtCore import QObject

from app.domain.arrays import Float32, Integers
from app.domain.box_points import box_points
from app.domain.chosen_rows import rows_of_segment
from app.domain.legend import LegendEntry
from app.domain.segment import Segment
from app.domain.sequence import Frame
from app.domain.sight import CameraSight
from app.domain.tracking import Box
from app.gui.frames import FrameLoader
from app.gui.rig_state import RigState
from app.gui.selection import NO_ROWS, Choice, SegmentChoice, Selection, TrackChoice
from app.gui.sights import Sights
from app.gui.tasks import TaskRunner
from app.gui.track_state import TrackState
from app.progress import Progress

KEY = "selected-rows"

_Search = Callable[[Progress], Integers]


class SelectedRows(QObject):
    """Follows what is chosen, the frame, and its boxes; fills ``selection.rows``.

    A segment is itself at its own frame, at others it is the same thing by the legend. A track is what its box means.
    """

    def __init__(
        self,
        runner: TaskRunner,
        frames: FrameLoader,
        selection: Selection,
        *,
        rig: RigState,
        sights: Sights,
        tracks: TrackState,
    ) -> None:
        super().__init__(selection)
        self._runner, self._frames, self._rig, self._sights = runner, frames, rig, sights
        self._tracks, self._selection = tracks, selection
        self._known: tuple[object, ...] = (None, None, None)  # for which the rows were looked for
        self._boxes: tuple[Box, ...] = ()
        selection.changed.connect(self._refresh)
        for fact in (frames.shown_changed, rig.changed, sights.changed, tracks.changed):
            fact.connect(self._refresh)

    def _refresh(self) -> None:
        chosen, shown = self._selection.chosen, self._frames.shown
        sight, boxes = self._seen_by(chosen)
        known = (chosen, None if shown is None else shown.frame, sight)
        if boxes == self._boxes and all(map(is_, known, self._known)):
            return
        of_another_frame = known[1] is not self._known[1]
        self._known, self._boxes = known, boxes
        self._runner.cancel_key(KEY)
        search = None if shown is None else self._search(chosen, shown.frame, sight, boxes)
        if search is None or of_another_frame:
            self._selection.set_rows(NO_ROWS)  # its numbers would mean other points here
        if search is not None:
            self._runner.run(
                search, title="Looking up what is chosen", key=KEY, quiet=True, on_success=self._selection.set_rows
            )

    def _search(
        self, chosen: Choice | None, frame: Frame, sight: CameraSight | None, boxes: tuple[Box, ...]
    ) -> _Search | None:
        if isinstance(chosen, SegmentChoice):
            segment = chosen.segment
            legend = self._frames.sequence.frames[segment.frame_index].legend.covering((segment.label_key,))
            return partial(_of_segment, segment, legend.get(segment.label_key), frame)
        if isinstance(chosen, TrackChoice) and sight is not None and frame.cloud is not None:
            box = next((box for box in boxes if box.track_id == chosen.track_id), None)
            return None if box is None else partial(_of_box, sight, frame.cloud.xyz, box, boxes)
        return None

    def _seen_by(self, chosen: Choice | None) -> tuple[CameraSight | None, tuple[Box, ...]]:
        """What the camera of a track sees, and its boxes."""
        if not isinstance(chosen, TrackChoice):
            return None, ()
        return self._sights.of(self._rig.placed(chosen.camera)), self._tracks.boxes_of(chosen.camera).tracked


def _of_segment(segment: Segment, entry: LegendEntry | None, frame: Frame, _progress: Progress) -> Integers:
    return rows_of_segment(segment, entry=entry, frame=frame)


def _of_box(sight: CameraSight, xyz: Float32, box: Box, others: tuple[Box, ...], _progress: Progress) -> Integers:
    return box_points(sight, xyz, box, others=others)
