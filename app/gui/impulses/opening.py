"""The window of impulses: made when it is first asked for, beside the main one, where the person left it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.impulse import Impulse
from app.gui.impulses.loading import ImpulseSource
from app.gui.layout import as_text, from_text
from app.gui.linking import Linking
from app.gui.preferences import Preferences
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer

if TYPE_CHECKING:
    from app.gui.impulses.window import ImpulsesWindow

NO_JOB = "Open a job with cameras first, then choose the impulse for its tracks."
NOT_OF_A_SERVICE = "Links are remembered for jobs of the service; this one was opened from disk."


class Impulses(QObject):
    """Opens the window, and does what its page asks for."""

    news = Signal(str)  # one sentence for the status line
    failed = Signal(object)  # AppError, also where a key is missing or refused
    connection_requested = Signal()
    link_requested = Signal()

    def __init__(
        self,
        window: QWidget,
        services: Services,
        runner: TaskRunner,
        viewer: Viewer,
        *,
        linking: Linking,
        preferences: Preferences,
    ) -> None:
        super().__init__(window)
        self._main = window
        self._runner = runner
        self._viewer = viewer
        self._linking = linking
        self._preferences = preferences
        self._source = ImpulseSource(services, runner, self)
        self._source.failed.connect(self.failed.emit)
        self.window: ImpulsesWindow | None = None
        self._behind = False  # another job was opened while the window was closed
        viewer.job_changed.connect(self._on_job)

    def show(self) -> None:
        """Bring it up; it looks for impulses where it has none yet, or has those of an earlier job."""
        if self.window is None:
            self.window = self._made()
            self.window.page.look()
        elif self._behind:
            self.window.page.follow()
        else:
            self.window.page.look_again()
        self._behind = False
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """Go with the main window."""
        if self.window is not None:
            self.window.close()

    def use_key(self) -> None:
        """Another key is in force: look again where nothing was to be had."""
        if self.window is not None:
            self.window.page.look_again()

    def _made(self) -> "ImpulsesWindow":
        # loaded when it is first asked for: the window opens sooner
        from app.gui.impulses.exporting import TableExport
        from app.gui.impulses.kept_tables import KeptTables
        from app.gui.impulses.page import ImpulsesPage
        from app.gui.impulses.window import ImpulsesWindow

        page = ImpulsesPage(self._source, TableExport(self._runner, self), lambda: self._viewer.job)
        page.connection_requested.connect(self.connection_requested.emit)
        page.use_requested.connect(self.ask_for_cameras)
        KeptTables(page, self._preferences)
        window = ImpulsesWindow(page, self._main)
        geometry = from_text(self._preferences.impulses_geometry)
        if geometry is not None:
            window.restoreGeometry(geometry)
        window.closed.connect(self._on_closed)
        return window

    def ask_for_cameras(self, project_id: int, impulse: Impulse, block_id: int, variant: str) -> None:
        """Ask for which cameras of the open job an impulse's block and variant are to be used."""
        from app.gui.impulses.use_dialog import UseDialog

        job = self._viewer.job
        if self.window is None:
            return
        if job is None or not job.cameras or not job.job_id:
            self.window.page.note.say(NO_JOB if job is None or not job.cameras else NOT_OF_A_SERVICE, wrong=True)
            return
        links = tuple(known.link for known in self._linking.results.values() if known.link is not None)
        dialog = UseDialog(impulse, links, project_id=project_id, block_id=block_id, parent=self.window)
        dialog.prefer(variant)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.link_requested.connect(self.link_requested.emit)
        dialog.chosen.connect(lambda cameras, block, name: self._use(impulse, cameras, block, name))
        dialog.open()

    def _use(self, impulse: Impulse, cameras: tuple[str, ...], block_id: int, variant: str) -> None:
        self._linking.use_block(cameras, block_id=block_id, variant=variant)
        sentence = f"Tracks of {', '.join(cameras)} come from {impulse.name}, {variant}."
        self.news.emit(sentence)
        if self.window is not None:
            self.window.page.note.say(sentence)

    def _on_job(self) -> None:
        if self.window is not None and self.window.isVisible():
            self.window.page.follow()
        else:
            self._behind = True

    def _on_closed(self) -> None:
        if self.window is not None:
            self.window.page.stop()
            self._preferences.remember_impulses(as_text(self.window.saveGeometry()))
