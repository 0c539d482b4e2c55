"""A window on sandbox services, closed whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.gui.main_window import MainWindow
from app.gui.services import Services
from app.sandbox.server import Sandbox
from app.settings import Credentials, Settings
from tests.builders import small_delivery

PATIENCE = 30_000  # ms; software rendering on two busy cores


class Desk:
    """Opens windows on a workspace and does what a person does with them."""

    def __init__(self, qtbot, workspace: Path) -> None:
        self.qtbot = qtbot
        self.workspace = workspace

    def window(self, sandbox: Sandbox, *, credentials: Credentials | None = None) -> MainWindow:
        settings = Settings(
            telus_url=sandbox.telus_url, edge_impulse_url=sandbox.edge_impulse_url, workspace=str(self.workspace)
        )
        keys = Credentials(telus_key=sandbox.telus_key, edge_impulse_key=sandbox.edge_impulse_key)
        window = MainWindow(Services(settings, credentials or keys), remember=False)
        self.qtbot.addWidget(window)
        window.resize(1100, 760)
        window.show()
        return window

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=PATIENCE)

    def wait_for_frame(self, window: MainWindow, index: int) -> None:
        """Until the 3D view, pictures and boxes of a frame are on screen and nothing is under way."""
        self.until(lambda: is_at_rest(window) and window.viewer.shown.index == index)

    def open(self, window: MainWindow, delivery: Path) -> None:
        project, job = ids(delivery)
        window.downloads.open_job(project, job)
        self.until(lambda: is_at_rest(window) and window.viewer.job.job_id == job)
        window.viewer.show_frame(0)  # a job opens where it was left
        self.wait_for_frame(window, 0)

    def link(self, window: MainWindow) -> None:
        """Accept the suggested links."""
        with self.qtbot.waitSignal(window.linking.choices_loaded, timeout=PATIENCE) as loaded:
            window.linking.load_choices()
        with self.qtbot.waitSignal(window.linking.links_saved, timeout=PATIENCE):
            window.linking.save(loaded.args[0].suggested)
        self.until(lambda: is_at_rest(window) and bool(window.viewer.tracks))


def is_at_rest(window: MainWindow) -> bool:
    viewer = window.viewer
    shown = viewer.shown
    return (
        shown is not None
        and shown.index == viewer.wanted == window.scene_view.drawn_index
        and not window.runner.running
        and len(window.camera_area.views) == len(viewer.sequence.cameras)
    )


def ids(delivery: Path) -> tuple[str, str]:
    """Project id and job id of a delivery folder."""
    from app.sandbox.deliveries import open_deliveries

    opened = open_deliveries([delivery])[0]
    return opened.project_id, str(opened.job["job_id"])


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "delivery", frames=4, points=3000, cameras=("front", "left"))


@pytest.fixture
def desk(qtbot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path / "workspace")


@pytest.fixture
def sandbox(delivery: Path) -> Iterator[Sandbox]:
    with ExitStack() as stack:
        yield stack.enter_context(Sandbox([delivery]))


@pytest.fixture
def window(desk: Desk, delivery: Path, sandbox: Sandbox) -> Iterator[MainWindow]:
    """With the delivery open in it."""
    window = desk.window(sandbox)
    desk.open(window, delivery)
    yield window
    window.close()
