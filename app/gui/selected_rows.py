"""Which points of the shown frame belong to what is chosen, looked for in the background."""

from collections.abc import Callable
from functools import partial
from operator import is_

from PySide6.QtCore import QObject

from app.domain.arrays import Integers
from app.domain.box_classes import BoxClasses
from app.domain.box_points import box_points
from app.domain.chosen_rows import rows_of_segment
from app.domain.legend import LegendEntry, folded
from app.domain.segment import Segment
from app.domain.sequence import Frame, Sequence
from app.domain.sight import CameraSight
from app.domain.tracking import Box
from app.gui.frames import FrameLoader
from app.gui.rig_state import RigState
from app.gui.selection import NO_ROWS, Choice, SegmentChoice, Selection, TrackChoice
from app.gui.sights import Sights
from app.gui.tasks import TaskRunner
from app.gui.text import visible
from app.gui.track_lane import track_name
from app.gui.track_state import TrackState
from app.jobs import FrameBoxes
from app.progress import Progress

KEY = "selected-rows"
LONGEST_NAME = 60  # characters of a track in a sentence
NO_BOX = "{} has no box in this frame."
NONE_OF_ITS_CLASS = "The box of {} holds no points of its class in this frame."

_Search = Callable[[Progress], Integers]


class SelectedRows(QObject):
    """Follows what is chosen, the frame, and its boxes; fills ``selection.rows``.

    A segment is itself at its own frame, at others it is the same thing by the legend. A track is what its box means;
    where that is nothing, ``selection.note`` says so.
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
        self._boxes = FrameBoxes()
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
            self._selection.set_note(self._absence(chosen))
        if search is not None:
            self._runner.run(search, title="Looking up what is chosen", key=KEY, quiet=True, on_success=self._on_found)

    def _on_found(self, rows: Integers) -> None:
        self._selection.set_note("" if len(rows) else self._emptiness(self._selection.chosen))
        self._selection.set_rows(rows)

    def _absence(self, chosen: Choice | None) -> str:
        """What is to be said of a track without a box in the shown frame."""
        shown = self._frames.shown
        if shown is None or not isinstance(chosen, TrackChoice):
            return ""
        track = self._tracks.read.by_key.get((chosen.camera, chosen.track_id))
        if track is None or track.holds(shown.index):
            return ""
        return NO_BOX.format(track_name(track, limit=LONGEST_NAME))

    def _emptiness(self, chosen: Choice | None) -> str:
        """What is to be said of a box in which no point of its class was found; the legends may lack the class."""
        shown, box = self._frames.shown, _box_of(chosen, self._boxes)
        if shown is None or shown.frame.mask is None or box is None:
            return ""
        if folded(box.label) not in self._frames.sequence.class_names:
            return ""
        return NONE_OF_ITS_CLASS.format(visible(f"{box.label} {box.track_id}", limit=LONGEST_NAME))

    def _search(
        self, chosen: Choice | None, frame: Frame, sight: CameraSight | None, boxes: FrameBoxes
    ) -> _Search | None:
        if isinstance(chosen, SegmentChoice):
            segment = chosen.segment
            legend = self._frames.sequence.frames[segment.frame_index].legend.covering((segment.label_key,))
            return partial(_of_segment, segment, legend.get(segment.label_key), frame)
        if isinstance(chosen, TrackChoice) and sight is not None:
            box = _box_of(chosen, boxes)
            return None if box is None else partial(_of_box, sight, frame, box, boxes, self._frames.sequence)
        return None

    def _seen_by(self, chosen: Choice | None) -> tuple[CameraSight | None, FrameBoxes]:
        """What the camera of a track sees, and its boxes."""
        if not isinstance(chosen, TrackChoice):
            return None, FrameBoxes()
        return self._sights.of(self._rig.placed(chosen.camera)), self._tracks.boxes_of(chosen.camera)


def _of_segment(segment: Segment, entry: LegendEntry | None, frame: Frame, _progress: Progress) -> Integers:
    return rows_of_segment(segment, entry=entry, frame=frame)


def _of_box(
    sight: CameraSight, frame: Frame, box: Box, boxes: FrameBoxes, sequence: Sequence, _progress: Progress
) -> Integers:
    if frame.cloud is None:
        return NO_ROWS
    classes = BoxClasses.of(frame, names=sequence.class_names, kept=boxes.kept)
    return box_points(sight, frame.cloud.xyz, box, others=boxes.tracked, classes=classes)


def _box_of(chosen: Choice | None, boxes: FrameBoxes) -> Box | None:
    """That of a chosen track."""
    track_id = chosen.track_id if isinstance(chosen, TrackChoice) else None
    return next((box for box in boxes.tracked if track_id is not None and box.track_id == track_id), None)
