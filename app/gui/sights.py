"""What cameras see of the shown frame, worked out in the background and kept while it is shown."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.camera import Intrinsics
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import PointCloud
from app.domain.sight import CameraSight, sight_of
from app.domain.tracking import Size
from app.gui.frames import FrameLoader
from app.gui.rig_state import RigState
from app.gui.shown_frame import ShownFrame
from app.gui.tasks import TaskRunner
from app.progress import Progress

AHEAD = 2  # frames beside the shown one: while one is painted the one after it is ready, and the next is worked out

_Key = tuple[str, Intrinsics, Size, bytes, bytes]  # a camera by its values: poses are arrays, which make no keys
_Place = tuple[int, _Key]  # with the id of a cloud


class Sights(QObject):
    """One for all views, layers and searches, as each of them asks about the same points in the same pictures.

    What was asked of the shown frame is worked out for those needed next as well, as soon as they are decoded: while
    frames play, points over pictures come with them.
    """

    changed = Signal()  # one more of the shown frame is there, or none is any more
    came_ahead = Signal()  # one more of another frame is there

    def __init__(self, runner: TaskRunner, frames: FrameLoader, parent: QObject, *, rig: RigState) -> None:
        super().__init__(parent)
        self._runner, self._frames, self._rig = runner, frames, rig
        self._cloud: PointCloud | None = None
        self._clouds: dict[int, PointCloud] = {}  # by id, which no other can have while it is held: those looked at
        self._asked: dict[_Key, PlacedCamera] = {}  # of the shown frame
        self._found: dict[_Place, CameraSight] = {}
        self._sought: set[_Place] = set()
        frames.shown_changed.connect(self._follow)
        frames.decoded.connect(self._look_ahead)

    def of(self, placed: PlacedCamera | None) -> CameraSight | None:
        """What a camera, placed in the coordinates of the file, sees of the shown frame; None for no camera, without a
        cloud, and while it is being worked out: ``changed`` tells when it is there."""
        self._follow()
        if placed is None or self._cloud is None:
            return None
        key = _key(placed)
        if key not in self._asked:
            self._asked[key] = placed
            self._seek(key, placed, self._cloud)
            self._look_ahead()
        return self._found.get((id(self._cloud), key))

    def has_all(self, index: int) -> bool:
        """Whether all that was asked of the shown frame is known of another one as well. Of one that is not decoded
        nothing can be."""
        shown = self._frames.kept_at(index)
        return shown is None or all((id(cloud), key) in self._found for key, _, cloud in self._asked_in(shown))

    def _follow(self) -> None:
        cloud = _cloud_of(self._frames.shown)
        if cloud is self._cloud:
            return
        self._cloud, self._asked = cloud, {}
        self._hold([shown.frame.cloud for shown in self._next()])
        self.changed.emit()

    def _next(self) -> list[ShownFrame]:
        """Decoded frames that are needed soon."""
        kept = [self._frames.kept_at(index) for index in self._frames.needed[1 : 1 + AHEAD]]
        return [shown for shown in kept if shown is not None]

    def _hold(self, others: list[PointCloud | None]) -> None:
        """Let go of all that is about other clouds than the shown one and these."""
        self._clouds = {id(cloud): cloud for cloud in (self._cloud, *others) if cloud is not None}
        for place in [place for place in self._sought if place[0] not in self._clouds]:
            self._sought.discard(place)
            self._runner.cancel_key(_task_key(place))
        self._found = {place: sight for place, sight in self._found.items() if place[0] in self._clouds}

    def _look_ahead(self, _decoded: object = None) -> None:
        """One frame after the other, and nothing while the shown one itself is waited for."""
        if self._sought or not self._asked:
            return
        ahead = self._next()
        self._hold([shown.frame.cloud for shown in ahead])
        for shown in ahead:
            for asked in self._asked_in(shown):
                self._seek(*asked)
            if self._sought:
                return

    def _asked_in(self, shown: ShownFrame) -> list[tuple[_Key, PlacedCamera, PointCloud]]:
        """What was asked of the shown frame, of another one."""
        cloud = shown.frame.cloud
        moved = [self._rig.moved(asked, shown.index) for asked in self._asked.values()]
        return [(_key(placed), placed, cloud) for placed in moved if placed is not None and cloud is not None]

    def _seek(self, key: _Key, placed: PlacedCamera, cloud: PointCloud) -> None:
        place = id(cloud), key
        if place in self._found or place in self._sought:
            return
        self._sought.add(place)
        self._runner.run(
            partial(_sight, placed, cloud),
            title=f"Looking what {placed.name} sees",
            key=_task_key(place),
            quiet=True,
            on_success=partial(self._on_found, place),
        )

    def _on_found(self, place: _Place, sight: CameraSight) -> None:
        self._sought.discard(place)
        self._found[place] = sight
        (self.changed if place[0] == id(self._cloud) else self.came_ahead).emit()
        self._look_ahead()


def _cloud_of(shown: ShownFrame | None) -> PointCloud | None:
    return None if shown is None else shown.frame.cloud


def _sight(placed: PlacedCamera, cloud: PointCloud, _progress: Progress) -> CameraSight:
    sight = sight_of(placed, cloud)
    assert sight.far_to_near is not None  # sorted here and not while something is painted
    return sight


def _key(placed: PlacedCamera) -> _Key:
    pose = placed.lidar_from_camera
    return placed.name, placed.intrinsics, placed.size, pose.rotation.tobytes(), pose.position.tobytes()


def _task_key(place: _Place) -> str:
    return f"sight {hash(place)}"
