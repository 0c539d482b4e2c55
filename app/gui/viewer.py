"""What is open, which frame is shown and how it is coloured: the one object that panels talk to.

Signals are facts in the past tense and carry nothing; slots read the viewer. Values are frozen and replaced whole.
Each matter has a room of its own: ``frames``, ``neighbours``, ``guides``, ``playback``, ``appearance``,
``cut_counts``, ``painter``, ``rig``, ``sights``, ``alignment``, ``track_state``, ``selection``, ``images`` and
``box_style``.
"""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.coloring import job_order
from app.domain.finding import Finding, merge_findings
from app.domain.legend import Legend
from app.domain.legend_table import ClassRow, legend_table
from app.domain.sequence import Sequence
from app.errors import AppError
from app.gui.alignment_state import AlignmentState
from app.gui.appearance import Appearance
from app.gui.box_style import BoxStyle
from app.gui.camera_note import CameraNote
from app.gui.cut_counts import CutCounts
from app.gui.frames import FrameLoader
from app.gui.guide_state import GuideState
from app.gui.image_state import ImageState
from app.gui.matched_track import MatchedTrack
from app.gui.neighbours import Neighbours
from app.gui.painting import Painter
from app.gui.playback import Playback
from app.gui.rig_state import RigState
from app.gui.selected_rows import SelectedRows
from app.gui.selection import Selection, TrackChoice
from app.gui.shown_frame import OpenedJob, ShownFrame, look_at
from app.gui.sights import Sights
from app.gui.tasks import TaskRunner
from app.gui.track_state import TrackState
from app.jobs import CameraTracking, FrameBoxes, LocalJob, TrackSummary, open_path


class Viewer(QObject):
    """The state of the window; lives on the GUI thread."""

    job_changed = Signal()  # another job is open, or none
    availability_changed = Signal()  # which frames are on this machine
    wanted_changed = Signal()  # the frame asked for
    frame_changed = Signal()  # the frame shown: cloud, legend, pictures and boxes together
    pictures_changed = Signal()  # pictures or boxes of the shown frame arrived
    tracking_changed = Signal()  # tracks or the state of their source, for some camera
    colours_changed = Signal()  # what is hidden or how it is coloured
    selection_changed = Signal()  # what is chosen
    problem_changed = Signal()  # the sentence in ``problem``

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner
        self.frames = FrameLoader(runner, self)
        self.rig = RigState(runner, self.frames, self)
        self.alignment = AlignmentState(runner, self.frames, self)
        self.neighbours = Neighbours(runner, self.frames, self)
        self.guides = GuideState(self.frames, self.rig, self.neighbours, self)
        self.playback = Playback(self.frames, self)
        self.appearance = Appearance(self.frames, self.rig, self)
        self.cut_counts = CutCounts(runner, self.frames, self.neighbours, self.appearance, self)
        self.painter = Painter(runner, self.frames, self.neighbours, self.appearance, self, rig=self.rig)
        self.track_state = TrackState(runner, self.frames, self)
        self.sights = Sights(runner, self.frames, self, rig=self.rig)
        self.playback.wait_for_all(self.sights.has_all)
        self.sights.came_ahead.connect(self.playback.note_arrival)
        self.selection = Selection(self)
        SelectedRows(runner, self.frames, self.selection, rig=self.rig, sights=self.sights, tracks=self.track_state)
        MatchedTrack(self.frames, self.selection, rig=self.rig, sights=self.sights, tracks=self.track_state)
        self.images = ImageState(self)
        self.box_style = BoxStyle(self.frames, self.appearance, self)
        self._job: LocalJob | None = None
        self._problem: AppError | None = None
        self._pass_on()

    def _pass_on(self) -> None:
        """News of the rooms, for those who listen to the viewer only."""
        frames, appearance, tracks = self.frames, self.appearance, self.track_state
        frames.availability_changed.connect(self.availability_changed)
        frames.wanted_changed.connect(self.wanted_changed)
        frames.shown_changed.connect(self.frame_changed)
        frames.pictures_changed.connect(self.pictures_changed)
        appearance.visibility_changed.connect(self.colours_changed)
        appearance.coloring_changed.connect(self.colours_changed)
        appearance.flash_changed.connect(self.colours_changed)
        appearance.look_changed.connect(self.colours_changed)  # dimmed colours follow the background
        tracks.changed.connect(self.tracking_changed)
        self.selection.changed.connect(self.selection_changed)
        for heard in (self.neighbours.reread, self.painter.repaint_cameras, self.alignment.forget):
            self.rig.convention_changed.connect(heard)
        self.rig.convention_changed.connect(self.pictures_changed)
        self.selection.matched_changed.connect(self.selection_changed)

    # -- what is open -------------------------------------------------------------------------------------------

    @property
    def job(self) -> LocalJob | None:
        """The open job."""
        return self._job

    @property
    def sequence(self) -> Sequence:
        """The frames of the open job; empty without one."""
        return self.frames.sequence

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
        self.playback.set_playing(False)
        if self._job is not None:
            self._job.close()
        self._job, self._problem = opened.job, None
        self.frames.open(opened)
        self.rig.open(opened)
        self.alignment.open(opened)
        self.neighbours.open(opened)
        self.guides.open(opened)
        self.track_state.open(opened)
        self.selection.choose(None)
        self.images.open()
        self.painter.open()
        self.appearance.open(opened.visibility, job_order(frame.legend for frame in self.sequence.frames))
        self.box_style.open()
        facts = (
            self.job_changed,
            self.problem_changed,
            self.rig.changed,
            self.availability_changed,
            self.frame_changed,
        )
        for fact in (*facts, self.wanted_changed, self.tracking_changed):
            fact.emit()
        if len(self.sequence):
            self.frames.load_wanted()
            self.reload_tracking()

    def report_problem(self, error: AppError) -> None:
        """Say why what was asked for cannot be shown; what is shown stays."""
        self._problem = error
        self.problem_changed.emit()

    def findings(self) -> tuple[Finding, ...]:
        """What the checks say about the job and the shown frame."""
        of_job = (*self.track_state.findings, *self.rig.findings)
        of_frame = self.shown.frame.findings if self.shown else ()
        return merge_findings(of_job, of_frame, self.alignment.findings)

    # -- time ---------------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> int:
        """The frame asked for; equals the shown one as soon as that is decoded."""
        return self.frames.wanted

    @property
    def shown(self) -> ShownFrame | None:
        """The frame on screen."""
        return self.frames.shown

    def show_frame(self, index: int) -> None:
        """Go to a frame; asked again before it is decoded, only the last one asked for is shown."""
        self.frames.show(index)

    def step(self, frames: int) -> None:
        """Move by a number of frames, either way."""
        self.show_frame(self.wanted + frames)

    @property
    def local_frames(self) -> frozenset[int]:
        """Frames whose cloud and mask are on this machine."""
        return self.frames.local

    def is_local(self, index: int) -> bool:
        """Whether cloud and mask of a frame are on this machine."""
        return index in self.local_frames

    # -- classes ------------------------------------------------------------------------------------------------

    @property
    def legend(self) -> Legend:
        """The legend of the shown frame."""
        return self.frames.legend

    def legend_rows(self) -> tuple[ClassRow, ...]:
        """The legend of the shown frame by class, with points."""
        counts = self.shown.frame.label_counts if self.shown else {}
        return legend_table(self.legend, counts, order=self.appearance.order.classes)

    # -- tracks -------------------------------------------------------------------------------------------------

    @property
    def tracks(self) -> tuple[TrackSummary, ...]:
        """Every track of every camera."""
        return self.track_state.read.tracks

    @property
    def boxes(self) -> dict[str, FrameBoxes]:
        """Boxes of every camera at the shown frame, in pixels of its image."""
        return self.track_state.boxes()

    @property
    def tracking(self) -> Mapping[str, CameraTracking]:
        """The results of every camera with how their boxes are placed."""
        return self.track_state.read.by_camera

    @property
    def selected_track(self) -> tuple[str, int] | None:
        """Camera and track id."""
        return self.selection.track

    def track(self, key: tuple[str, int] | None) -> TrackSummary | None:
        """A track by its camera and id, None where there is none."""
        return self.track_state.read.by_key.get(key) if key is not None else None

    @property
    def notes(self) -> Mapping[str, CameraNote]:
        """Per camera what its boxes wait for and what the user can do about it; cameras with boxes are absent."""
        return self.track_state.notes

    def select_track(self, track: tuple[str, int] | None) -> None:
        """Mark one track in images, list and timeline."""
        self.selection.choose(None if track is None else TrackChoice(*track))

    def set_note(self, camera: str, note: CameraNote | None) -> None:
        """Note what the boxes of a camera wait for, and what can be done about it; None clears it."""
        self.track_state.set_note(camera, note)

    def reload_tracking(self) -> None:
        """Read boxes and tracks again, after they arrived or a link changed."""
        self.track_state.reload()
