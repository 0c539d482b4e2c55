"""How a job was looked at last: frame, camera and what was hidden, kept in the workspace and taken up again."""

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject

from app.domain.visibility import Visibility
from app.errors import AppError
from app.gui.services import Services
from app.gui.shown_frame import OpenedJob, look_at
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.jobs import open_workspace_job
from app.scene.views import CameraPlacement
from app.workspace import Workspace

if TYPE_CHECKING:
    from app.gui.downloads import Downloads
    from app.gui.scene_view import SceneView

log = logging.getLogger(__name__)

Vector = tuple[float, float, float]


class CameraView(msgspec.Struct, frozen=True):
    """Where the camera of the 3D view stands, in metres; see CameraPlacement."""

    position: Vector
    focal_point: Vector
    up: Vector
    half_height: float = 0.0


class LastView(msgspec.Struct, frozen=True):
    """What is kept of a job; fields that a newer version adds are left out when read. ``view`` names the view of the
    3D scene, and is empty where the user had moved the camera elsewhere."""

    frame: int = 0
    hidden_classes: tuple[str, ...] = ()
    hidden_keys: tuple[int, ...] = ()
    view: str = ""
    camera: CameraView | None = None


def encoded(view: LastView) -> bytes:
    """As the workspace keeps it."""
    return msgspec.json.encode(view)


def decoded(raw: bytes | None) -> LastView:
    """What was kept; the usual start where that is nothing or unreadable."""
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(raw or b"{}", type=LastView)
    return LastView()


def taken_up(opened: OpenedJob, view: LastView) -> OpenedJob:
    """The job to be shown as it was looked at last; a frame that it no longer has becomes its last."""
    return replace(
        opened,
        first_frame=max(0, min(view.frame, len(opened.job.sequence) - 1)),
        visibility=Visibility(frozenset(view.hidden_classes), frozenset(view.hidden_keys)),
        view=view.view,
        placement=_placement(view.camera),
    )


def open_as_left(workspace: Workspace, job_id: str, *, settled: bool = False) -> OpenedJob:
    """Open a job of the workspace as it was looked at last; for a worker thread. Raises as open_workspace_job does."""
    opened = look_at(open_workspace_job(workspace, job_id), settled=settled)
    return taken_up(opened, decoded(workspace.last_view(opened.job.job_id)))


class LastViews(QObject):
    """Follows the job that is shown from the workspace, and writes down how it was left."""

    def __init__(
        self, services: Services, runner: TaskRunner, viewer: Viewer, scene_view: "SceneView", downloads: "Downloads"
    ) -> None:
        super().__init__(viewer)
        self._services = services
        self._runner = runner
        self._viewer = viewer
        self._scene_view = scene_view
        self._job_id = ""
        self._view = LastView()
        self._drawn = False  # whether the camera of the 3D view is this job's
        viewer.job_changed.connect(self._on_job_changed)
        viewer.wanted_changed.connect(self._note)
        viewer.colours_changed.connect(self._note)
        downloads.job_shown.connect(self._on_job_shown)
        scene_view.frame_drawn.connect(self._on_frame_drawn)

    def close(self) -> None:
        """Write down the open job at once, because the window is closing."""
        if not self._job_id:
            return
        try:
            _save(self._services, self._job_id, self._left())
        except AppError as error:
            log.warning("The view of the job was not saved: %s", error)

    def _on_job_changed(self) -> None:
        """Another job is open; what was noted is still the earlier one's."""
        if self._job_id:
            services, job_id, view = self._services, self._job_id, self._left()
            self._runner.run(lambda _progress: _save(services, job_id, view), title="Remembering the view", quiet=True)
        self._job_id, self._drawn = "", False

    def _on_job_shown(self, opened: OpenedJob) -> None:
        self._job_id, self._view = opened.job.job_id, LastView(view=opened.view, camera=_camera(opened.placement))
        self._scene_view.start_from(opened.view, opened.placement)
        self._note()

    def _on_frame_drawn(self, _index: int) -> None:
        self._drawn = bool(self._job_id)

    def _note(self) -> None:
        if self._job_id:
            hidden = self._viewer.appearance.visibility
            self._view = msgspec.structs.replace(
                self._view,
                frame=self._viewer.wanted,
                hidden_classes=tuple(sorted(hidden.hidden_classes)),
                hidden_keys=tuple(sorted(hidden.hidden_keys)),
            )

    def _left(self) -> LastView:
        if not self._drawn:
            return self._view
        scene = self._scene_view
        return msgspec.structs.replace(self._view, view=scene.view_name, camera=_camera(scene.placement))


def _save(services: Services, job_id: str, view: LastView) -> None:
    if services.workspace.writable:
        services.workspace.save_last_view(job_id, encoded(view))


def _camera(placement: CameraPlacement | None) -> CameraView | None:
    if placement is None:
        return None
    return CameraView(placement.position, placement.focal_point, placement.up, placement.half_height)


def _placement(camera: CameraView | None) -> CameraPlacement | None:
    if camera is None or camera.position == camera.focal_point:
        return None
    return CameraPlacement(camera.position, camera.focal_point, camera.up, half_height=camera.half_height)
