"""What cameras see of the shown frame, worked out in the background and kept while it is shown."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.camera import Intrinsics
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import PointCloud
from app.domain.sight import CameraSight, sight_of
from app.domain.tracking import Size
from app.gui.frames import FrameLoader
from app.gui.shown_frame import ShownFrame
from app.gui.tasks import TaskRunner
from app.progress import Progress

_Key = tuple[str, Intrinsics, Size, bytes, bytes]  # a camera by its values: poses are arrays, which make no keys
_Place = tuple[int, _Key]  # with the id of a cloud


class Sights(QObject):
    """One for all views, layers and searches, as each of them asks about the same points in the same pictures.

    What was asked of the shown frame is worked out for the one after it as well, as soon as that is decoded: while
    frames play, points over pictures come with them.
    """

    changed = Signal()  # one more is there, or none is any more

    def __init__(self, runner: TaskRunner, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._frames = runner, frames
        self._cloud: PointCloud | None = None
        self._next: PointCloud | None = None  # held, so that no other cloud can have its id
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

    def _follow(self) -> None:
        cloud = _cloud_of(self._frames.shown)
        if cloud is self._cloud:
            return
        for place in [place for place in self._sought if place[0] != id(cloud)]:
            self._sought.discard(place)
            self._runner.cancel_key(_task_key(place))
        self._found = {place: sight for place, sight in self._found.items() if place[0] == id(cloud)}
        self._cloud, self._next, self._asked = cloud, None, {}
        self.changed.emit()

    def _look_ahead(self, _decoded: object = None) -> None:
        """Nothing while the shown frame itself is waited for."""
        shown = self._frames.shown
        if shown is None or self._sought:
            return
        self._next = _cloud_of(self._frames.kept_at(shown.index + 1))
        if self._next is not None:
            for key, placed in self._asked.items():
                self._seek(key, placed, self._next)

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
        if place[0] == id(self._cloud):
            self.changed.emit()
            self._look_ahead()


def _cloud_of(shown: ShownFrame | None) -> PointCloud | None:
    return None if shown is None else shown.frame.cloud


def _sight(placed: PlacedCamera, cloud: PointCloud, _progress: Progress) -> CameraSight:
    sight = sight_of(placed, cloud)
    assert sight.index  # made here and not with the first look
    return sight


def _key(placed: PlacedCamera) -> _Key:
    pose = placed.lidar_from_camera
    return placed.name, placed.intrinsics, placed.size, pose.rotation.tobytes(), pose.position.tobytes()


def _task_key(place: _Place) -> str:
    return f"sight {hash(place)}"
