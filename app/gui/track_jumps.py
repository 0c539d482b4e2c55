"""Going along the selected track: to its ends, its gaps and its switches, and on to the next track."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.gui.actions import Command
from app.gui.track_lane import track_name
from app.gui.viewer import Viewer
from app.jobs import TrackSummary

NOT_SELECTED = "Select a track first: in an image, in the list of tracks or on the timeline."
NO_TRACKS = "There are no tracks to select."
LONGEST_NAME = 60  # characters


class TrackJumps(QObject):
    """``news`` says why there is nowhere to go."""

    news = Signal(str)

    def __init__(self, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self._viewer = viewer

    @property
    def track(self) -> TrackSummary | None:
        """The selected track."""
        return self._viewer.track(self._viewer.selected_track)

    def first(self) -> None:
        """Its first frame."""
        if (track := self._selected()) is not None:
            self._viewer.show_frame(track.first)

    def last(self) -> None:
        """Its last frame."""
        if (track := self._selected()) is not None:
            self._viewer.show_frame(track.last)

    def gap(self, step: int) -> None:
        """The first frame of the next gap, or of the one before for a negative step; after the last comes the first."""
        if (track := self._selected()) is not None:
            self._go([first for first, _ in track.gaps], step, f"{track_name(track, limit=LONGEST_NAME)} has no gap.")

    def switch(self, step: int) -> None:
        """The next switch, or the one before."""
        if (track := self._selected()) is not None:
            frames = [switch.frame for switch in track.switches]
            self._go(frames, step, f"{track_name(track, limit=LONGEST_NAME)} has no switch of its identity.")

    def another(self, step: int) -> None:
        """Select the next track, or the one before, in the order of cameras and ids."""
        tracks, chosen = self._viewer.tracks, self.track
        if not tracks:
            self.news.emit(NO_TRACKS)
            return
        at = tracks.index(chosen) + step if chosen is not None else 0 if step > 0 else -1
        self._viewer.select_track(tracks[at % len(tracks)].key)

    def _selected(self) -> TrackSummary | None:
        if self.track is None:
            self.news.emit(NOT_SELECTED)
        return self.track

    def _go(self, frames: Sequence[int], step: int, nothing: str) -> None:
        if not frames:
            self.news.emit(nothing)
            return
        now = self._viewer.wanted
        if step > 0:
            self._viewer.show_frame(next((frame for frame in frames if frame > now), frames[0]))
        else:
            self._viewer.show_frame(next((frame for frame in reversed(frames) if frame < now), frames[-1]))


def track_commands(jumps: TrackJumps) -> tuple[Command, ...]:
    """For the table of commands of the window."""
    menu = "&Tracks"
    return (
        Command("next-track", menu, "&Next track", lambda: jumps.another(1), ("Alt+Down",)),
        Command("previous-track", menu, "&Previous track", lambda: jumps.another(-1), ("Alt+Up",)),
        Command("track-first", menu, "&First frame of the track", jumps.first, ("Alt+Home",), line_before=True),
        Command("track-last", menu, "&Last frame of the track", jumps.last, ("Alt+End",)),
        Command("next-gap", menu, "Next &gap of the track", lambda: jumps.gap(1), ("Alt+G",), line_before=True),
        Command("previous-gap", menu, "Gap &before", lambda: jumps.gap(-1), ("Alt+Shift+G",)),
        Command("next-switch", menu, "Next &switch of the track", lambda: jumps.switch(1), ("Alt+S",)),
        Command("previous-switch", menu, "Switch be&fore", lambda: jumps.switch(-1), ("Alt+Shift+S",)),
    )
