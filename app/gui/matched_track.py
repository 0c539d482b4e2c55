"""The track that a chosen segment is, so that lists, lanes and images mark it too."""

from PySide6.QtCore import QObject

from app.domain.matching_track import matching_track
from app.domain.sight import CameraSight
from app.gui.frames import FrameLoader
from app.gui.rig_state import RigState
from app.gui.selection import SegmentChoice, Selection
from app.gui.sights import Sights
from app.gui.track_state import TrackState


class MatchedTrack(QObject):
    """Looks once for each choice, at the frame of the segment, as soon as boxes and sights are there; only for what is
    a single thing by the legend."""

    def __init__(
        self, frames: FrameLoader, selection: Selection, *, rig: RigState, sights: Sights, tracks: TrackState
    ) -> None:
        super().__init__(selection)
        self._frames, self._selection = frames, selection
        self._rig, self._sights, self._tracks = rig, sights, tracks
        for fact in (selection.changed, sights.changed, tracks.changed):
            fact.connect(self._look)

    def _look(self) -> None:
        chosen = self._selection.chosen
        if not isinstance(chosen, SegmentChoice) or self._selection.matched is not None or not self._is_thing(chosen):
            return
        boxes = {camera: boxes.tracked for camera, boxes in self._tracks.boxes().items() if boxes.tracked}
        sights: dict[str, CameraSight] = {}
        for camera in boxes:
            placed = self._rig.placed(camera)
            sight = self._sights.of(placed)
            if placed is not None and sight is None:
                return  # it is on its way
            if sight is not None:
                sights[camera] = sight
        self._selection.match(matching_track(sights, boxes, chosen.segment.rows))

    def _is_thing(self, chosen: SegmentChoice) -> bool:
        shown, segment = self._frames.shown, chosen.segment
        if shown is None or shown.index != segment.frame_index:
            return False
        entry = shown.frame.legend.get(segment.label_key)
        return entry is not None and bool(entry.thing)
