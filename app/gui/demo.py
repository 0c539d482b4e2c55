"""The program showing a job that services on this machine serve: the whole path over real HTTP, without a network."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.display import ensure_display, has_display
from app.errors import AppError
from app.gui.linking import LinkChoices
from app.gui.main_window import MainWindow
from app.gui.services import Services
from app.gui.start import make_application, run_until_closed
from app.progress import Progress
from app.sandbox.deliveries import Delivery, open_deliveries
from app.sandbox.server import Sandbox
from app.sandbox.street import street_folder
from app.settings import Credentials, Settings

SNAPSHOT = Path("pointproof-demo.png")
EXTRA_JOBS = 130  # enough rows for the list to be paged


@dataclass(frozen=True)
class Served:
    """The running services and what they serve."""

    sandbox: Sandbox
    delivery: Delivery


class Demo(QObject):
    """Starts the services, then does in the window what a user would: open the job, link its cameras."""

    linked = Signal()  # the suggested links are saved and their boxes asked for
    failed = Signal(str)

    def __init__(self, window: MainWindow, closing: ExitStack, *, root: Path | None, frame: int) -> None:
        super().__init__(window)
        self._window = window
        self._closing = closing
        self._root = root
        self._frame = frame
        self.served: Served | None = None
        self.links_saved = False

    def start(self) -> None:
        """Make the street if it is not there yet, and serve it; all in the background."""
        root, closing = self._root, self._closing
        self._window.runner.run(
            lambda progress: serve(root, closing, progress),
            title="Preparing the street" if root is None else f"Serving {root.name}",
            on_success=self._on_served,
            on_failure=self._on_failed,
        )

    def _on_served(self, served: Served) -> None:
        self.served = served
        window, sandbox = self._window, served.sandbox
        keys = Credentials(telus_key=sandbox.telus_key, edge_impulse_key=sandbox.edge_impulse_key)
        window.services.reconnect(
            telus_url=sandbox.telus_url, edge_impulse_url=sandbox.edge_impulse_url, credentials=keys
        )
        window.library.add_project(served.delivery.project_id)
        window.library.load_jobs(served.delivery.project_id, str(served.delivery.batch["id"]))
        window.viewer.job_changed.connect(self._on_job_changed)
        window.downloads.open_job(served.delivery.project_id, str(served.delivery.job["job_id"]))

    def _on_job_changed(self) -> None:
        window = self._window
        window.viewer.job_changed.disconnect(self._on_job_changed)
        window.viewer.show_frame(self._frame)
        window.linking.choices_loaded.connect(self._on_choices)
        window.linking.load_choices()

    def _on_choices(self, choices: LinkChoices) -> None:
        self._window.linking.choices_loaded.disconnect(self._on_choices)
        self._window.linking.links_saved.connect(self._on_links_saved)
        self._window.linking.save(choices.suggested)

    def _on_links_saved(self) -> None:
        self._window.linking.links_saved.disconnect(self._on_links_saved)
        self.links_saved = True
        self.linked.emit()

    def _on_failed(self, error: AppError) -> None:
        self._window.viewer.report_problem(error)


def serve(root: Path | None, closing: ExitStack, progress: Progress) -> Served:
    """Start the services for a delivery folder, or for the synthetic street; they stop when ``closing`` closes."""
    folder = street_folder(progress) if root is None else root
    delivery = open_deliveries([folder])[0]
    return Served(closing.enter_context(Sandbox([folder], extra_jobs=EXTRA_JOBS)), delivery)


def run_demo(
    *,
    root: Path | None,
    snapshot: Path | None,
    theme: str | None,
    frame: int | None,
    size: tuple[int, int] | None,
) -> int:
    """Show the demonstration until its window is closed. Without a display, or with ``snapshot``, the complete
    picture is saved, what it shows is printed, and the program ends; returns the exit code."""
    if not has_display():
        snapshot = snapshot or SNAPSHOT
    ensure_display()
    with ExitStack() as closing:
        workspace = closing.enter_context(tempfile.TemporaryDirectory(prefix="pointproof-demo-"))
        settings = msgspec.structs.replace(Settings(), workspace=str(Path(workspace) / "workspace"))
        services = Services(settings, Credentials())
        application = make_application(theme or "dark", services.redaction)
        window = MainWindow(services, remember=False)
        if size is not None:
            window.resize(*size)
        window.show()
        demo = Demo(window, closing, root=root, frame=frame or 0)
        demo.start()
        return run_until_closed(
            application,
            window,
            snapshot=snapshot,
            ready=lambda: demo.links_saved,
            report=lambda: print_report(window, demo, snapshot),
        )


def print_report(window: MainWindow, demo: Demo, snapshot: Path | None) -> None:
    """What was fetched and what is shown, in a few lines on stdout."""
    viewer, served = window.viewer, demo.served
    shown = viewer.shown
    if served is None or shown is None or shown.frame.cloud is None:
        return
    frame, cloud = shown.frame, shown.frame.cloud
    requests = len(served.sandbox.requests)
    lines = [
        f"Fetched  {served.delivery.name}: {len(viewer.sequence)} frames, {len(viewer.sequence.cameras)} cameras, "
        f"{requests} requests",
        f"Shows    frame {shown.index + 1} of {len(viewer.sequence)} ({frame.record.frame_id}): "
        f"{len(cloud):,} points, {len(frame.label_counts)} label keys",
        *(f"         {row.text}: {row.points:,} points" for row in viewer.legend_rows() if row.points),
        *(
            f"         camera {camera}: {len(boxes.tracked)} tracked, {len(boxes.detected)} detected boxes"
            for camera, boxes in viewer.boxes.items()
        ),
        *(f"Finding  {finding.severity}: {finding.message}" for finding in viewer.findings()),
        f"Picture  {snapshot}",
    ]
    print("\n".join(lines))  # noqa: T201 - this is what the command is for
