"""What cameras see of the shown frame, worked out in the background and kept while it is shown."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.camera import Intrinsics
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import PointCloud
from app.domain.sight import CameraSight, sight_of
from app.domain.tracking import Size
from app.gui.frames import FrameLoader
from app.gui.tasks import TaskRunner
from app.progress import Progress

_Key = tuple[str, Intrinsics, Size, bytes, bytes]  # a camera by its values: poses are arrays, which make no keys


class Sights(QObject):
    """One for all views, layers and searches, as each of them asks about the same points in the same pictures."""

    changed = Signal()  # one more is there, or none is any more

    def __init__(self, runner: TaskRunner, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._frames = runner, frames
        self._cloud: PointCloud | None = None
        self._found: dict[_Key, CameraSight] = {}
        self._sought: set[_Key] = set()
        frames.shown_changed.connect(self._follow)

    def of(self, placed: PlacedCamera | None) -> CameraSight | None:
        """What a camera, placed in the coordinates of the file, sees of the shown frame; None for no camera, without a
        cloud, and while it is being worked out: ``changed`` tells when it is there."""
        self._follow()
        if placed is None or self._cloud is None:
            return None
        key = _key(placed)
        if key not in self._found and key not in self._sought:
            self._seek(key, placed, self._cloud)
        return self._found.get(key)

    def _follow(self) -> None:
        shown = self._frames.shown
        cloud = None if shown is None else shown.frame.cloud
        if cloud is self._cloud:
            return
        for key in self._sought:
            self._runner.cancel_key(_task_key(key))
        self._cloud, self._found, self._sought = cloud, {}, set()
        self.changed.emit()

    def _seek(self, key: _Key, placed: PlacedCamera, cloud: PointCloud) -> None:
        self._sought.add(key)
        self._runner.run(
            partial(_sight, placed, cloud),
            title=f"Looking what {placed.name} sees",
            key=_task_key(key),
            quiet=True,
            on_success=partial(self._on_found, key),
        )

    def _on_found(self, key: _Key, sight: CameraSight) -> None:
        self._sought.discard(key)
        self._found[key] = sight
        self.changed.emit()


def _sight(placed: PlacedCamera, cloud: PointCloud, _progress: Progress) -> CameraSight:
    sight = sight_of(placed, cloud)
    assert sight.index  # made here and not with the first look
    return sight


def _key(placed: PlacedCamera) -> _Key:
    pose = placed.lidar_from_camera
    return placed.name, placed.intrinsics, placed.size, pose.rotation.tobytes(), pose.position.tobytes()


def _task_key(key: _Key) -> str:
    return f"sight {hash(key)}"
