"""How long the GUI thread keeps its events waiting while a job is fetched, opened and played: ``bench heartbeat``."""

import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.bench.rows import Row
from app.domain.cuts import Cuts
from app.errors import AppError
from app.gui.main_window import MainWindow
from app.gui.services import Services
from app.gui.start import make_application
from app.gui.timed_application import TimedApplication, timed_application
from app.progress import Progress
from app.sandbox.deliveries import open_deliveries
from app.sandbox.street import street_folder
from app.settings import credentials_from, load_settings

BEAT_MS = 2
GOAL_MS = 50.0
PATIENCE_SECONDS = 120.0


class Heartbeat(QObject):
    """A precise timer on the GUI thread; what keeps it from ticking is what a user feels as a stutter."""

    def __init__(self, drawing_seconds: Callable[[], float]) -> None:
        super().__init__()
        self.longest: dict[str, float] = {}  # ms by phase, drawing taken out
        self._drawing_seconds = drawing_seconds
        self._phase = ""
        self._last = (0.0, 0.0)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Record under this name while the block runs."""
        self._phase = name
        self.longest.setdefault(name, 0.0)
        self._last = (time.perf_counter(), self._drawing_seconds())
        self._timer.start(BEAT_MS)
        try:
            yield
        finally:
            self._on_beat()
            self._timer.stop()

    def _on_beat(self) -> None:
        now = (time.perf_counter(), self._drawing_seconds())
        gap = (now[0] - self._last[0]) - (now[1] - self._last[1])
        self._last = now
        self.longest[self._phase] = max(self.longest[self._phase], 1000 * gap - BEAT_MS)


def measure() -> list[Row]:
    """Fetch, open and play the synthetic street in a real window; the services run in a process of their own.

    Raises AppError where there is no display, or when the street does not arrive in time.
    """
    application = timed_application()
    street = street_folder(Progress())
    with tempfile.TemporaryDirectory(prefix="pointproof-bench-") as folder, services_apart(street) as environment:
        environment["POINTPROOF_WORKSPACE"] = str(Path(folder) / "workspace")
        longest = _measure_window(application, environment, street)
    return [
        Row(f"GUI thread, longest wait: {phase}", milliseconds, "what is felt", GOAL_MS, milliseconds / GOAL_MS, 1.0)
        for phase, milliseconds in longest.items()
    ]


@contextmanager
def services_apart(street: Path) -> Iterator[dict[str, str]]:
    """Run the sandbox in another process; yields the variables that point the program there."""
    command = [sys.executable, "-m", "app", "sandbox", "--root", str(street)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().removeprefix("export ").strip() for _ in range(4)]
            yield {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}
        finally:
            process.terminate()


def _measure_window(application: TimedApplication, environment: dict[str, str], street: Path) -> dict[str, float]:
    window = new_window(environment)
    heartbeat = Heartbeat(lambda: application.drawing.seconds)
    delivery = open_deliveries([street])[0]
    viewer = window.viewer
    for phase in ("fetch", "open"):  # the second time everything is on disk
        with heartbeat.phase(phase):
            window.downloads.open_job(delivery.project_id, str(delivery.job["job_id"]))
            until(lambda: viewer.shown is not None and viewer.shown.complete and not window.runner.running)
    with heartbeat.phase("play"):
        viewer.playback.set_playing(True)
        until(lambda: not viewer.playback.playing)
    viewer.show_frame(0)
    with heartbeat.phase("play, colours and cuts changing"):
        viewer.frame_changed.connect(_changing(window))
        viewer.playback.set_playing(True)
        until(lambda: not viewer.playback.playing)
    window.close()
    return heartbeat.longest


def _changing(window: MainWindow) -> Callable[[], None]:
    """Changes one thing after the other of how points look, one at each call."""
    viewer, appearance = window.viewer, window.viewer.appearance
    changes: tuple[Callable[[], None], ...] = (
        window.color_modes.cycle,
        lambda: appearance.set_cuts(Cuts(ceiling=2.0)),
        window.color_modes.cycle,
        lambda: appearance.isolate_class(viewer.legend_rows()[0].class_name),
        window.color_modes.cycle,
        lambda: appearance.set_cuts(Cuts(farthest=30.0)),
        window.color_modes.cycle,
        appearance.show_all,
        lambda: appearance.set_cuts(Cuts()),
    )
    turns = itertools.cycle(changes)

    def change_next() -> None:
        change = next(turns)
        change()

    return change_next


def new_window(environment: dict[str, str]) -> MainWindow:
    """The program's window, its 3D view ready, with the workspace and the services that the variables name."""
    settings = msgspec.structs.replace(load_settings(environment), workspace=environment["POINTPROOF_WORKSPACE"])
    services = Services(settings, credentials_from(environment))
    make_application("dark", services.redaction)
    window = MainWindow(services, remember=False)
    window.show()
    until(lambda: window.scene_view.canvas is not None or not window.scene_view.can_draw)
    return window


def until(holds: Callable[[], bool]) -> None:
    """Run the event loop until it holds; raises AppError after a long time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        QApplication.processEvents()
        if time.monotonic() > deadline:
            raise AppError("The window did not get that far in time.", next_step="Measure on an idle machine.")
