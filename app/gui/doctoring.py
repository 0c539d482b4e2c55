"""Lets the doctor look at this machine from within the window."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.gui.dialogs.doctor import DoctorDialog
from app.gui.scene_view import SceneView
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.settings import Credentials, Settings


class Doctoring(QObject):
    """Shows the report in a dialog over a window; lives on the GUI thread."""

    def __init__(self, window: QWidget, services: Services, runner: TaskRunner, scene_view: SceneView) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._runner = runner
        self._scene_view = scene_view
        scene_view.doctor_requested.connect(self.show)

    def show(self) -> DoctorDialog:
        """Open the dialog and look; it takes some seconds."""
        dialog = DoctorDialog(self._window)
        dialog.open()
        settings, credentials = self._services.settings, self._services.credentials
        platform, renderer = QGuiApplication.platformName(), self._scene_view.problem or self._scene_view.renderer_text
        task = self._runner.run(
            lambda _progress: report_text(settings, credentials, platform, renderer),
            title="Looking at this machine",
            key="doctor",
            quiet=True,
        )
        task.succeeded.connect(dialog.tell)
        task.failed.connect(dialog.tell_failure)
        return dialog


def report_text(settings: Settings, credentials: Credentials, qt_platform: str, window_renderer: str) -> str:
    """The report as text; for a worker thread."""
    from app.doctor import as_text, examine

    return as_text(examine(settings, credentials, qt_platform=qt_platform, window_renderer=window_renderer))
