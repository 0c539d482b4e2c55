"""How a job was looked at last: frame, camera and what was hidden, kept in the workspace and taken up again."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject

from app.domain.visibility import Visibility
from app.errors import AppError
from app.gui.services import Services
from app.gui.shown_frame import OpenedJob, frames_needing, look_at
from app.gui.tasks import TaskRunner
from app.gui.view_record import (
    LastView,
    boxes_of,
    camera_view,
    coloring_of,
    cuts_of,
    decoded,
    encoded,
    image_points_of,
    look_of,
    part,
    placement_of,
    saved_of,
    saved_part,
)
from app.gui.viewer import Viewer
from app.jobs import open_workspace_job
from app.workspace import Workspace

if TYPE_CHECKING:
    from app.gui.downloads import Downloads
    from app.gui.scene_view import SceneView

log = logging.getLogger(__name__)


def taken_up(opened: OpenedJob, view: LastView) -> OpenedJob:
    """The job to be shown as it was looked at last; a frame that it no longer has becomes its last."""
    return replace(
        opened,
        first_frame=max(0, min(view.frame, len(opened.job.sequence) - 1)),
        visibility=Visibility(
            frozenset(view.hidden_classes), frozenset(view.hidden_keys), frozenset(view.dimmed_classes)
        ),
        view=view.view,
        placement=placement_of(view.camera),
        coloring=coloring_of(view),
        cuts=cuts_of(view),
        look=look_of(view),
        boxes=boxes_of(view),
        image_points=image_points_of(view),
        saved_views=saved_of(view),
    )


def open_as_left(workspace: Workspace, job_id: str, *, settled: bool = False) -> OpenedJob:
    """Open a job of the workspace as it was looked at last; for a worker thread. Raises as open_workspace_job does."""
    opened = look_at(open_workspace_job(workspace, job_id), settled=settled)
    damaged = workspace.damaged_keys(opened.job.job_id)
    opened = replace(opened, damaged=frames_needing(opened.job.sequence, damaged))
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
        self._job_id, self._job = "", viewer.job
        self._view = LastView()
        self._drawn = False  # whether the camera of the 3D view is this job's
        viewer.job_changed.connect(self._on_job_changed)
        appearance, saved = viewer.appearance, scene_view.navigation.saved
        looks = (
            appearance.visibility_changed,
            appearance.coloring_changed,
            appearance.cuts_changed,
            appearance.look_changed,
            appearance.image_points_changed,
        )
        for fact in (viewer.wanted_changed, *looks, saved.edited, viewer.box_style.changed):
            fact.connect(self._note)
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
        self._job_id, self._job = opened.job.job_id, opened.job
        self._view = LastView(view=opened.view, camera=camera_view(opened.placement))
        self._scene_view.start_from(opened.view, opened.placement)
        self._scene_view.navigation.saved.take(opened.saved_views, kept=self._services.workspace.writable)
        self._dress(opened)
        self._note()

    def _dress(self, opened: OpenedJob) -> None:
        """What was never kept of a job stays as it is."""
        appearance = self._viewer.appearance
        if opened.coloring is not None:
            appearance.set_coloring(opened.coloring)
        if opened.cuts is not None:
            appearance.set_cuts(opened.cuts)
        if opened.look is not None:
            appearance.set_look(opened.look)
        if opened.boxes is not None:
            self._viewer.box_style.set_look(opened.boxes)
        if opened.image_points is not None:
            appearance.set_image_points(opened.image_points)

    def _on_frame_drawn(self, _index: int) -> None:
        self._drawn = bool(self._job_id)

    def _note(self) -> None:
        """While another job is being opened, what changes is no longer this job's."""
        if not self._job_id or self._viewer.job is not self._job:
            return
        appearance = self._viewer.appearance
        hidden = appearance.visibility
        self._view = msgspec.structs.replace(
            self._view,
            frame=self._viewer.wanted,
            hidden_classes=tuple(sorted(hidden.hidden_classes)),
            hidden_keys=tuple(sorted(hidden.hidden_keys)),
            dimmed_classes=tuple(sorted(hidden.dimmed_classes)),
            coloring=part(appearance.coloring),
            cuts=part(appearance.cuts),
            look=part(appearance.look),
            boxes=part(self._viewer.box_style.look),
            image_points=part(appearance.image_points),
            saved=saved_part(self._scene_view.navigation.saved.slots),
        )

    def _left(self) -> LastView:
        if not self._drawn:
            return self._view
        scene = self._scene_view
        return msgspec.structs.replace(self._view, view=scene.view_name, camera=camera_view(scene.placement))


def _save(services: Services, job_id: str, view: LastView) -> None:
    if services.workspace.writable:
        services.workspace.save_last_view(job_id, encoded(view))
