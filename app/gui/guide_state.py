"""What is drawn around the points, and where the sensors of the shown frame are."""

from PySide6.QtCore import QObject, Signal

from app.domain.pose_jumps import pose_jumps
from app.domain.sensor_rig import SensorRig, sensor_rig
from app.gui.frames import FrameLoader
from app.gui.neighbours import Neighbours
from app.gui.rig_state import RigState
from app.gui.shown_frame import OpenedJob
from app.scene.guides import Guides


class GuideState(QObject):
    """The guides hold for every job; the sensors are those of the shown frame."""

    changed = Signal()

    def __init__(self, frames: FrameLoader, rig: RigState, neighbours: Neighbours, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = frames
        self._rig = rig
        self._neighbours = neighbours
        self._guides = Guides()
        self._jumps: frozenset[int] = frozenset()

    def open(self, opened: OpenedJob) -> None:
        """Another job: what the user knew about the north of the earlier one says nothing about this."""
        sequence = opened.job.sequence
        self._jumps = frozenset(jump.frame for jump in pose_jumps([frame.world_from_ego for frame in sequence.frames]))
        if self._guides.north_is_y:
            self.toggle("north_is_y")

    @property
    def guides(self) -> Guides:
        """What is switched on."""
        return self._guides

    def set_guides(self, guides: Guides) -> None:
        """Draw these."""
        if guides != self._guides:
            self._guides = guides
            self.changed.emit()

    def toggle(self, name: str) -> None:
        """Switch one of the guides the other way."""
        self.set_guides(self._guides.toggled(name))

    def sensors(self) -> SensorRig:
        """The sensors at the shown frame; none without one."""
        shown = self._frames.shown
        if shown is None:
            return SensorRig()
        return sensor_rig(self._rig.cameras, shown.index, poses=self._neighbours.poses, jumps=self._jumps)
