"""What the lists of jobs and downloads stand on, against sandbox services, without the window around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.gui.downloads import Downloads
from app.gui.library import Library
from app.gui.services import Services
from app.gui.storage import Storage
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.sandbox.server import Sandbox
from app.settings import Credentials, Settings
from tests.builders import identifier

PATIENCE = 20_000  # ms
PROJECT, BATCH, JOB = (identifier("street", what) for what in ("project", "batch", "job"))


@dataclass(frozen=True)
class Parts:
    services: Services
    runner: TaskRunner
    viewer: Viewer
    library: Library
    downloads: Downloads
    storage: Storage

    @property
    def queue(self):
        return self.downloads.queue

    def states(self) -> dict[str, str]:
        return {item.job_id: item.state.value for item in self.queue.items}


@contextmanager
def download_parts(
    sandbox: Sandbox, workspace: Path, *, key: str | None = None, quota_gb: float = 0
) -> Iterator[Parts]:
    """Everything connected as in the window; ends its threads. ``key`` None is the right one."""
    settings = Settings(telus_url=sandbox.telus_url, workspace=str(workspace), quota_gb=quota_gb)
    services = Services(settings, Credentials(telus_key=sandbox.telus_key if key is None else key))
    runner = TaskRunner()
    viewer = Viewer(runner)
    library = Library(services, runner)
    downloads = Downloads(services, runner, viewer)
    downloads.stored_changed.connect(library.refresh_stored)
    try:
        yield Parts(services, runner, viewer, library, downloads, Storage(services, runner, library, downloads.queue))
    finally:
        assert runner.shutdown()
        services.close()
