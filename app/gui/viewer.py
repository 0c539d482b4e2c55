"""What is open, which frame is shown and how it is coloured: the one object that panels talk to.

Signals are facts in the past tense and carry nothing; slots read the viewer. Values are frozen and replaced whole.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.arrays import Bytes
from app.domain.coloring import Coloring, key_colors
from app.domain.finding import Finding, merge_findings
from app.domain.legend import Legend
from app.domain.legend_table import ClassRow, class_order, legend_table
from app.domain.sequence import Sequence
from app.domain.visibility import Visibility
from app.errors import AppError
from app.gui.camera_note import CameraNote, with_note
from app.gui.shown_frame import FrameCache, OpenedJob, ShownFrame, load_frame, look_at, with_pictures
from app.gui.tasks import TaskRunner
from app.gui.tracking_read import TrackingRead, read_job_tracking
from app.jobs import CameraTracking, FrameBoxes, LocalJob, TrackSummary, open_path

PREFETCH = 2  # frames decoded ahead in play order
FRAMES_PER_SECOND = 10.0  # usual LiDAR rate; the services give no time stamps


class Viewer(QObject):
    """The state of the window; lives on the GUI thread."""

    job_changed = Signal()  # another job is open, or none
    availability_changed = Signal()  # which frames are on this machine
    wanted_changed = Signal()  # the frame asked for
    frame_changed = Signal()  # the frame shown: cloud, legend, pictures and boxes together
    pictures_changed = Signal()  # pictures or boxes of the shown frame arrived
    tracking_changed = Signal()  # tracks or the state of their source, for some camera
    colours_changed = Signal()  # what is hidden or how it is coloured
    selection_changed = Signal()  # the selected track
    playing_changed = Signal()
    problem_changed = Signal()  # the sentence in ``problem``

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner
        self._job: LocalJob | None = None
        self._local: frozenset[int] = frozenset()
        self._settled = False
        self._job_findings: tuple[Finding, ...] = ()
        self._shown: ShownFrame | None = None
        self._wanted = 0
        self._prefetching: int | None = None
        self._cache = FrameCache()
        self._class_order: tuple[str, ...] = ()
        self._visibility = Visibility()
        self._selected_track: tuple[str, int] | None = None
        self._tracking = TrackingRead()
        self._notes: Mapping[str, CameraNote] = {}
        self._problem: AppError | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 / FRAMES_PER_SECOND))
        self._timer.timeout.connect(self._on_tick)

    # -- what is open -------------------------------------------------------------------------------------------

    @property
    def job(self) -> LocalJob | None:
        """The open job."""
        return self._job

    @property
    def sequence(self) -> Sequence:
        """The frames of the open job; empty without one."""
        return self._job.sequence if self._job else Sequence(frames=())

    @property
    def problem(self) -> AppError | None:
        """Why the last thing asked for cannot be shown."""
        return self._problem

    def open_path(self, path: Path, *, mask: Path | None = None) -> None:
        """Open something from disk in the background; the job shown stays until the new one is read."""
        self.runner.run(
            lambda _progress: look_at(open_path(path, mask=mask), settled=True),
            title=f"Opening {path.name}",
            key="open",
            on_success=self.set_job,
            on_failure=self.report_problem,
        )

    def set_job(self, opened: OpenedJob) -> None:
        """Show another job, as it says how."""
        for key in ("frame", "prefetch", "pictures", "tracks"):
            self.runner.cancel_key(key)
        self.set_playing(False)
        if self._job is not None:
            self._job.close()
        self._job, self._local, self._shown, self._wanted = opened.job, opened.local_frames, None, opened.first_frame
        self._job_findings, self._settled = opened.findings, opened.settled
        self._cache.clear()
        self._prefetching = None
        self._class_order = class_order(frame.legend for frame in self.sequence.frames)
        self._visibility = opened.visibility
        self._selected_track, self._tracking, self._notes = None, TrackingRead(), {}
        self._problem = None
        facts = (self.job_changed, self.problem_changed, self.availability_changed, self.frame_changed)
        for fact in (*facts, self.wanted_changed, self.tracking_changed):
            fact.emit()
        if len(self.sequence):
            self._load_wanted()
            self.reload_tracking()

    # -- time ---------------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> int:
        """The frame asked for; equals the shown one as soon as that is decoded."""
        return self._wanted

    @property
    def shown(self) -> ShownFrame | None:
        """The frame on screen."""
        return self._shown

    @property
    def playing(self) -> bool:
        """Whether frames advance by themselves."""
        return self._timer.isActive()

    def show_frame(self, index: int) -> None:
        """Go to a frame; asked again before it is decoded, only the last one asked for is shown."""
        index = max(0, min(index, len(self.sequence) - 1))
        if index == self._wanted or not len(self.sequence):
            return
        self._wanted = index
        self.wanted_changed.emit()
        self._load_wanted()

    def step(self, frames: int) -> None:
        """Move by a number of frames, either way."""
        self.show_frame(self._wanted + frames)

    def set_playing(self, playing: bool) -> None:  # noqa: FBT001 - slot of a toggled signal
        """Start or stop playing; from the last frame it starts over."""
        if playing == self.playing or (playing and len(self.sequence) < 2):
            return
        if playing:
            if self._wanted == len(self.sequence) - 1:
                self.show_frame(0)
            self._timer.start()
        else:
            self._timer.stop()
        self.playing_changed.emit()

    def is_local(self, index: int) -> bool:
        """Whether cloud and mask of a frame are on this machine."""
        return index in self._local

    @property
    def local_frames(self) -> frozenset[int]:
        """Frames whose cloud and mask are on this machine."""
        return self._local

    def note_arrival(self, index: int) -> None:
        """Cloud and mask of a frame are here, or one more of its pictures: show what is waited for."""
        if index not in self._local:
            self._local |= {index}
            self.availability_changed.emit()
        if self._shown is None or self._shown.index != index:
            self._cache.drop_incomplete(index)
            if index == self._wanted:
                self._load_wanted()
        elif not self._shown.complete:
            self._load_pictures()

    def reload_incomplete(self) -> None:
        """Read frames again that lacked a file, after files came in another order than usual."""
        for index in range(len(self.sequence)):
            self._cache.drop_incomplete(index)
        if self._shown is not None and not self._shown.complete and self._job is not None:
            self._load("frame", self._shown.index, self._on_frame)

    def reload_pictures(self) -> None:
        """Read camera images again, after others came to be shown; the frame on screen stays until it is whole."""
        for key in ("frame", "prefetch", "pictures"):
            self.runner.cancel_key(key)
        self._prefetching = None
        self._cache.clear()
        if len(self.sequence):
            self._load_wanted()

    # -- colour -------------------------------------------------------------------------------------------------

    @property
    def legend(self) -> Legend:
        """The legend of the shown frame."""
        return self._shown.frame.legend if self._shown else Legend()

    def legend_rows(self) -> tuple[ClassRow, ...]:
        """The legend of the shown frame by class, with points."""
        counts = self._shown.frame.label_counts if self._shown else {}
        return legend_table(self.legend, counts, order=self._class_order)

    @property
    def visibility(self) -> Visibility:
        """What is hidden."""
        return self._visibility

    def is_class_visible(self, class_name: str) -> bool:
        """Whether a class is drawn; UNMAPPED_CLASS stands for keys without a legend."""
        return self._visibility.shows_class(class_name)

    def is_key_visible(self, label_key: int) -> bool:
        """Whether points of a label key are drawn."""
        return self._visibility.shows_key(label_key, self.legend)

    def set_class_visible(self, class_name: str, *, visible: bool) -> None:
        """Show or hide a class in every frame."""
        self._set_visibility(self._visibility.with_class(class_name, visible=visible))

    def set_keys_visible(self, label_keys: Iterable[int], *, visible: bool) -> None:
        """Show or hide label keys in every frame, with one change of colours."""
        self._set_visibility(self._visibility.with_keys(label_keys, visible=visible))

    def isolate_class(self, class_name: str) -> None:
        """Show only this class; when it is alone already, show all."""
        self._set_visibility(self._visibility.isolating(class_name, self._class_order))

    def show_all(self) -> None:
        """Hide nothing."""
        self._set_visibility(Visibility())

    def color_table(self, label_keys: tuple[int, ...]) -> Bytes:
        """(K, 4) uint8 RGBA for the shown frame, one row per label key; alpha 0 where hidden."""
        return key_colors(label_keys, self.legend, self._visibility, Coloring())

    def _set_visibility(self, visibility: Visibility) -> None:
        if visibility != self._visibility:
            self._visibility = visibility
            self.colours_changed.emit()

    # -- tracks -------------------------------------------------------------------------------------------------

    @property
    def tracks(self) -> tuple[TrackSummary, ...]:
        """Every track of every camera."""
        return self._tracking.tracks

    @property
    def boxes(self) -> dict[str, FrameBoxes]:
        """Boxes of every camera at the shown frame, in pixels of its image."""
        return {} if self._shown is None else self._tracking.boxes(self._shown)

    @property
    def tracking(self) -> Mapping[str, CameraTracking]:
        """The results of every camera with how their boxes are placed."""
        return self._tracking.by_camera

    @property
    def selected_track(self) -> tuple[str, int] | None:
        """Camera and track id."""
        return self._selected_track

    @property
    def notes(self) -> Mapping[str, CameraNote]:
        """Per camera what its boxes wait for and what the user can do about it; cameras with boxes are absent."""
        return self._notes

    def select_track(self, track: tuple[str, int] | None) -> None:
        """Mark one track in images, list and timeline."""
        if track != self._selected_track:
            self._selected_track = track
            self.selection_changed.emit()

    def set_note(self, camera: str, note: CameraNote | None) -> None:
        """Note what the boxes of a camera wait for, and what can be done about it; None clears it."""
        notes = with_note(self._notes, camera, note)
        if notes != self._notes:
            self._notes = notes
            self.tracking_changed.emit()

    def reload_tracking(self) -> None:
        """Read boxes and tracks again, after they arrived or a link changed."""
        job = self._job
        if job is not None:
            self.runner.run(
                lambda _progress: read_job_tracking(job),
                title="Reading tracks",
                key="tracks",
                quiet=True,
                on_success=self._on_tracking,
            )

    def _on_tracking(self, read: TrackingRead) -> None:
        lacked = self._shown is not None and self._tracking.lacks_pictures(self._shown)
        self._tracking, self._job_findings = read, read.findings
        for camera, sentence in read.sentences.items():
            self.set_note(camera, CameraNote(sentence) if sentence else None)
        self.tracking_changed.emit()
        if not lacked:  # else reading again has not helped
            self._place_boxes()

    def _place_boxes(self) -> None:
        """Boxes that came before any picture of their camera had nothing to be placed in: now there may be one."""
        if self._shown is not None and self._tracking.lacks_pictures(self._shown):
            self.reload_tracking()

    # -- findings -----------------------------------------------------------------------------------------------

    def findings(self) -> tuple[Finding, ...]:
        """What the checks say about the job and the shown frame."""
        return merge_findings(self._job_findings, self._shown.frame.findings if self._shown else ())

    # -- loading ------------------------------------------------------------------------------------------------

    def _load_wanted(self) -> None:
        kept = self._cache.get(self._wanted)
        if kept is not None:
            self.runner.cancel_key("frame")
            self._show(kept)
        elif self._wanted == self._prefetching:
            self.runner.cancel_key("frame")  # its decoding is under way: never decode a frame twice
        elif self._settled or self.is_local(self._wanted):
            self._load("frame", self._wanted, self._on_frame)

    def _load(self, key: str, index: int, on_success: Callable[[Any], None]) -> None:
        job = self._job
        if job is None:
            return
        self.runner.run(
            lambda progress: load_frame(job, index, progress),
            title=f"Reading frame {index + 1}",
            key=key,
            quiet=True,
            on_success=on_success,
        )

    def _on_frame(self, shown: ShownFrame) -> None:
        self._cache.put(shown)
        if shown.index == self._wanted:
            self._show(shown)

    def _show(self, shown: ShownFrame) -> None:
        self._shown = shown
        self.frame_changed.emit()
        self._place_boxes()
        self._prefetch()
        if not shown.complete:
            self._load_pictures()

    def _prefetch(self) -> None:
        ahead = range(self._wanted + 1, min(self._wanted + 1 + PREFETCH, len(self.sequence)))
        index = next((index for index in ahead if index not in self._cache and self.is_local(index)), None)
        if index is not None and index != self._prefetching:
            self._prefetching = index
            self._load("prefetch", index, self._on_prefetched)

    def _on_prefetched(self, shown: ShownFrame) -> None:
        self._prefetching = None
        self._on_frame(shown)
        self._prefetch()

    def _load_pictures(self) -> None:
        job, shown = self._job, self._shown
        if job is None or shown is None:
            return
        self.runner.run(
            lambda progress: with_pictures(job, shown, progress),
            title="Reading camera images",
            key="pictures",
            quiet=True,
            on_success=self._on_pictures,
        )

    def _on_pictures(self, shown: ShownFrame) -> None:
        self._cache.put(shown)
        if self._shown is not None and self._shown.index == shown.index:
            self._shown = shown
            self.pictures_changed.emit()
            self._place_boxes()

    def _on_tick(self) -> None:
        waiting = self._shown is None or self._shown.index != self._wanted
        if waiting:
            return  # the next frame is not there yet: play on when it is, never skip
        if self._wanted + 1 >= len(self.sequence):
            self.set_playing(False)
            return
        self.step(1)

    def report_problem(self, error: AppError) -> None:
        """Say why what was asked for cannot be shown; what is shown stays."""
        self._problem = error
        self.problem_changed.emit()
