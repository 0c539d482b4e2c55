"""A job of the sandbox in a workspace, with everything of the window that talks to Edge Impulse but the window."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.gui.downloads import look_up
from app.gui.linking import Linking
from app.gui.project_jobs import ProjectJobs
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.gui.tracking_downloads import TrackingDownloads
from app.gui.viewer import Viewer
from app.progress import Progress
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.settings import Credentials, Settings
from app.sync import download_job
from app.workspace import CameraLink
from tests.builders import identifier, small_delivery

PROJECT, BLOCK, FRONT, LEFT = 5001, 4, 9001, 9002
JOB = identifier("street", "job")


@dataclass(frozen=True)
class Parts:
    """What a test acts on; ``desk`` is the parent of its dialogs."""

    sandbox: Sandbox
    services: Services
    runner: TaskRunner
    viewer: Viewer
    tracking: TrackingDownloads
    linking: Linking
    jobs: ProjectJobs
    desk: QWidget

    def link(self, *links: CameraLink) -> None:
        """Remember links as if they had been made before."""
        self.services.workspace.save_camera_links(JOB, links)

    def asked(self, part: str) -> list[str]:
        """What Edge Impulse was asked with this in its path or query."""
        return [request.target for request in self.sandbox.requests if part in request.target]


def front_link(**options) -> CameraLink:
    """A link of the front camera."""
    return CameraLink("front", PROJECT, FRONT, "street front", BLOCK, "int8", **options)


@contextmanager
def edge_impulse_parts(qtbot, folder: Path, *, missing: str = "") -> Iterator[Parts]:
    """The job of a small delivery, downloaded and shown; ends its threads. Files with ``missing`` in their path could
    not be fetched."""
    delivery = small_delivery(folder / "delivery", cameras=("front", "left"))
    with Sandbox([delivery]) as sandbox:
        settings = Settings(
            telus_url=sandbox.telus_url,
            edge_impulse_url=sandbox.edge_impulse_url,
            workspace=str(folder / "workspace"),
        )
        keys = Credentials(telus_key=sandbox.telus_key, edge_impulse_key=sandbox.edge_impulse_key)
        services, runner, desk = Services(settings, keys), TaskRunner(), QWidget()
        qtbot.addWidget(desk)
        if missing:
            sandbox.faults.add(Fault(FaultKind.ERROR, origin="store", path_contains=missing, times=50, status=404))
        project = identifier("street", "project")
        download_job(services.workspace, services.telus(), project_id=project, job_id=JOB, progress=Progress())
        sandbox.faults.clear()
        viewer = Viewer(runner)
        tracking = TrackingDownloads(services, runner, viewer)
        parts = Parts(
            sandbox,
            services,
            runner,
            viewer,
            tracking,
            Linking(services, runner, viewer, tracking),
            ProjectJobs(services, runner, runner),
            desk,
        )
        viewer.set_job(look_up(services, JOB).opened)
        qtbot.waitUntil(lambda: viewer.shown is not None and not runner.running)
        sandbox.forget_requests()
        try:
            yield parts
        finally:
            assert runner.shutdown()
            viewer.job.close()
            services.close()
