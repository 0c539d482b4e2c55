"""The main window: wiring only. What is shown lives in the viewer, how it looks in the panels."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QMenu, QMessageBox, QSplitter

import app
from app.errors import AppError, KeyRefusedError
from app.gui.actions import build_actions, fill_menu
from app.gui.area_height import AreaHeight
from app.gui.best_view import BestView
from app.gui.bundle_dialogs import BundleDialogs
from app.gui.bundles import Bundles
from app.gui.camera_area import CameraArea
from app.gui.color_mode_bar import PEEK_KEYS
from app.gui.color_modes import ColorModes
from app.gui.commands import window_commands
from app.gui.dialogs.calibration import CalibrationDialog
from app.gui.dialogs.connection import ConnectionDialog
from app.gui.dialogs.export import ExportDialog
from app.gui.dialogs.keys import KeySheet
from app.gui.doctoring import Doctoring
from app.gui.downloads import Downloads
from app.gui.edge_impulse_dialogs import EdgeImpulseDialogs
from app.gui.exporting import Exporting
from app.gui.frame_memory import FrameLimit
from app.gui.impulses.opening import Impulses
from app.gui.last_view import LastViews
from app.gui.layout import Layout, add_dock, restore_layout, save_layout, tabs
from app.gui.library import Library
from app.gui.linked_views import LinkedViews
from app.gui.linking import Linking
from app.gui.panels.activity import ActivityPanel
from app.gui.panels.downloads import DownloadsPanel
from app.gui.panels.findings import FindingsPanel
from app.gui.panels.jobs import JobsPanel
from app.gui.panels.legend import LegendPanel
from app.gui.panels.tracks import TracksPanel
from app.gui.peeking import Peeking
from app.gui.point_tools import PointTools
from app.gui.preferences import Preferences
from app.gui.project_jobs import ProjectJobs
from app.gui.scene_view import SceneView
from app.gui.services import Services
from app.gui.status_line import StatusLine
from app.gui.storage import Storage
from app.gui.storage_dialogs import StorageDialogs
from app.gui.tasks import TaskRunner
from app.gui.theme import apply_theme, current
from app.gui.timeline import Timeline
from app.gui.top_bar import TopBar
from app.gui.track_jumps import TrackJumps
from app.gui.view_picture_dialogs import ViewPictureDialogs
from app.gui.view_pictures import ViewPictures, is_picture
from app.gui.viewer import Viewer
from app.settings import Credentials

CLOSING_SECONDS = 1.5  # for work to notice that it was cancelled
CLOUD_FILES = (
    "Clouds, tracks, results, bundles and pictures of a view "
    "(*.pcd *.ply *.las *.laz *.bin *.npy *.npz *.txt *.json *.ppb *.png);;All files (*)"
)


class MainWindow(QMainWindow):
    """One window of the program with everything it needs."""

    closed = Signal()

    def __init__(self, services: Services, *, remember: bool = True) -> None:
        super().__init__()
        self.services = services
        self.threads_ended = True  # False after a close that some work outlived
        self.runner = TaskRunner(self)
        self._preferences = Preferences(services, self.runner, remember=remember)
        self.viewer = Viewer(self.runner, self)
        self._preferences.keep_images(self.viewer.images)
        self._make_services()
        self._make_views()
        self._make_panels()
        self._preferences.keep_following(self.best_view)
        self._frame_limit = FrameLimit(self.viewer, self.timeline.memory, services, self._preferences)
        self._commands = window_commands(self)
        self.actions_by_id = build_actions(self, self._commands)
        self.setWindowTitle("Pointproof")
        self.setAcceptDrops(True)
        self.resize(1440, 900)
        appearance = self.viewer.appearance
        Peeking(self, PEEK_KEYS, read=lambda: appearance.coloring, write=appearance.set_coloring)
        self._build_docks()
        self._build_centre()
        self._build_status()
        self._default_layout = save_layout(self)
        restore_layout(self, self._preferences.layout)
        self._connect()
        self.scene_view.set_empty_state(
            "Open a job on the left, or a delivery that is on this machine.", "Open folder…", self.choose_folder
        )

    # -- building -----------------------------------------------------------------------------------------------

    def _make_services(self) -> None:
        """What fetches, keeps and hands on."""
        services = self.services
        self.library = Library(services, self.runner, self)
        self.downloads = Downloads(services, self.runner, self.viewer)
        self.linking = Linking(services, self.runner, self.viewer, self.downloads.tracking)
        self.project_jobs = ProjectJobs(services, self.runner, self)
        self.edge_impulse = EdgeImpulseDialogs(
            self, self.viewer, self.linking, self.downloads.tracking, self.project_jobs
        )
        self.impulses = Impulses(
            self, services, self.runner, self.viewer, linking=self.linking, preferences=self._preferences
        )
        self.exporting = Exporting(self.runner, self)
        self.bundles = Bundles(services, self.runner, self.viewer)
        self.bundle_dialogs = BundleDialogs(self, self.bundles, self.viewer)
        queue = self.downloads.queue
        self.storage = Storage(services, self.runner, self.library, queue)
        self.storage_dialogs = StorageDialogs(self, self.storage, self.library, queue, self._preferences)

    def _make_views(self) -> None:
        """What is looked at and how."""
        services = self.services
        self.color_modes = ColorModes(self.viewer, self)
        self.scene_view = SceneView(self.viewer, self)
        self.point_tools = PointTools(self.viewer, self.color_modes, self.scene_view)
        self._last_views = LastViews(services, self.runner, self.viewer, self.scene_view, self.downloads)
        self.view_pictures = ViewPictures(services, self.runner, self.viewer, self.scene_view, self.downloads)
        self.picture_dialogs = ViewPictureDialogs(self, self.view_pictures, self.viewer, self.scene_view)
        self.track_jumps = TrackJumps(self.viewer, self)
        self.doctoring = Doctoring(self, services, self.runner, self.scene_view)

    def _make_panels(self) -> None:
        queue = self.downloads.queue
        self.camera_area = CameraArea(self.viewer)
        self.best_view = BestView(self.viewer, self.camera_area)
        self.linked_views = LinkedViews(self.viewer, self.scene_view.pointing)
        self.timeline = Timeline(self.viewer, queue=queue)
        self.jobs_panel = JobsPanel(self.library)
        self.legend_panel = LegendPanel(self.viewer)
        self.timeline.lanes.mark_things(self.legend_panel.counts)
        self.tracks_panel = TracksPanel(self.viewer)
        self.activity_panel = ActivityPanel(self.runner)
        self.downloads_panel = DownloadsPanel(queue)

    def _build_centre(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        for widget, stretch in ((self.scene_view, 5), (self.camera_area, 2), (self.timeline, 0)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setCollapsible(0, False)
        self.splitter.setSizes([480, 210, 120])
        AreaHeight(self.splitter, self.camera_area, self.viewer)
        self.setCentralWidget(self.splitter)
        menu = QMenu(self)
        menus = fill_menu(menu, self._commands, self.actions_by_id)
        menus["&View"].addSeparator()
        menus["&View"].addActions([dock.toggleViewAction() for dock in self._docks])
        shown = tuple(self.actions_by_id[name] for name in ("open-folder", "connection", "link-cameras"))
        self.setMenuWidget(TopBar(self.viewer, self.color_modes, shown_actions=shown, menu=menu))

    def _build_docks(self) -> None:
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        browse = tabs(("Jobs", self.jobs_panel), ("Findings", FindingsPanel(self.viewer)))
        read = tabs(("Legend", self.legend_panel), ("Tracks", self.tracks_panel))
        progress = tabs(("Activity", self.activity_panel), ("Downloads", self.downloads_panel))
        self._docks = (
            add_dock(self, "browse", "Jobs and findings", browse, left, bare=True),
            add_dock(self, "legend", "Legend and tracks", read, right, bare=True),
            add_dock(self, "activity", "Activity and downloads", progress, right, bare=True),
        )
        self.resizeDocks(list(self._docks[:2]), [290, 304], Qt.Orientation.Horizontal)
        self.resizeDocks(list(self._docks[1:]), [600, 140], Qt.Orientation.Vertical)
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, right)

    def _build_status(self) -> None:
        self.status_line = StatusLine(self.scene_view.renderer_text, self)
        self.setStatusBar(self.status_line)
        self.library.notice_changed.connect(self.status_line.set_notice)
        self.scene_view.renderer_known.connect(self.status_line.set_renderer)
        self.scene_view.navigation.said.connect(self.status_line.say)

    def _connect(self) -> None:
        self.jobs_panel.job_chosen.connect(self.downloads.open_job)
        self.jobs_panel.open_requested.connect(self.choose_folder)
        self.downloads_panel.job_chosen.connect(self.downloads.open_job)
        self.downloads.stored_changed.connect(self.library.refresh_stored)
        self.downloads.queue.failed.connect(lambda _job, error: self._ask_for_key(error))
        self.storage_dialogs.connect_panels(self.jobs_panel, self.downloads_panel)
        self.viewer.playback.wait_for_drawing(lambda: self.scene_view.is_in_sight)
        self.scene_view.frame_drawn.connect(self.viewer.playback.note_drawn)
        self.storage.verified.connect(self.timeline.marks.set_damage)
        self.storage.repaired.connect(self.viewer.frames.reload_incomplete)
        self.storage_dialogs.news.connect(self.status_line.say)
        self.camera_area.link_requested.connect(self.link_cameras)
        self.camera_area.act_requested.connect(self.edge_impulse.do)
        self.camera_area.built.connect(lambda: self.linked_views.follow(self.camera_area.views))
        self.best_view.news.connect(self.status_line.say)
        selection = self.viewer.selection
        selection.note_changed.connect(lambda: self.status_line.set_note(selection.note))
        self.camera_area.look_requested.connect(self.point_tools.toggle_images)
        self.tracks_panel.link_requested.connect(self.link_cameras)
        self.scene_view.pointing.news.connect(self.status_line.say)
        self.viewer.problem_changed.connect(self._on_problem)
        self.viewer.job_changed.connect(self._on_job_changed)
        self.viewer.rig.not_remembered.connect(lambda error: self.status_line.say(str(error)))
        self.library.projects_changed.connect(self._on_projects_changed)
        self.library.listing_failed.connect(lambda _project, error: self._ask_for_key(error))
        self.linking.choices_failed.connect(self._ask_for_key)
        self.bundle_dialogs.news.connect(self.status_line.say)
        self.bundles.imported.connect(self.library.refresh_stored)
        self.view_pictures.news.connect(self.status_line.say)
        self.exporting.ended.connect(self.status_line.say)
        self.downloads.tracking.key_refused.connect(self._ask_for_key)
        self.project_jobs.listing_failed.connect(self._ask_for_key)
        self.edge_impulse.news.connect(self.status_line.say)
        self.impulses.news.connect(self.status_line.say)
        self.impulses.failed.connect(self._ask_for_key)
        self.impulses.connection_requested.connect(self.edit_connection)
        self.impulses.link_requested.connect(self.link_cameras)
        self.track_jumps.news.connect(self.status_line.say)
        self.color_modes.refused.connect(self.status_line.say)
        cuts = self.viewer.cut_counts
        cuts.changed.connect(lambda: self.status_line.set_cuts(cuts.sentence))

    # -- intentions ---------------------------------------------------------------------------------------------

    def open_path(self, path: Path, *, mask: Path | None = None) -> None:
        """Show something from disk, or the view of a picture that was saved."""
        if is_picture(path):
            self.view_pictures.go_to(path)
        else:
            self.viewer.open_path(path, mask=mask)

    def choose_folder(self) -> None:
        """Let the user pick a delivery folder or a workspace."""
        chosen = QFileDialog.getExistingDirectory(self, "Open a delivery folder")
        if chosen:
            self.open_path(Path(chosen))

    def choose_file(self) -> None:
        """Let the user pick a result document or a point cloud."""
        chosen, _kind = QFileDialog.getOpenFileName(self, "Open a result, a bundle or a point cloud", "", CLOUD_FILES)
        if chosen:
            self.open_path(Path(chosen))

    def export_job(self) -> None:
        """Ask what to export of the open job, and where to."""
        job, shown = self.viewer.job, self.viewer.shown
        if job is None:
            self.status_line.say("Open a job first, then export it.")
            return
        ExportDialog(self.exporting, job, shown=shown.index if shown else self.viewer.wanted, parent=self).open()

    def edit_connection(self) -> None:
        """Ask for addresses and keys."""
        dialog = ConnectionDialog(self.services.settings, self.services.credentials, self)
        dialog.connection_changed.connect(self._on_connection)
        dialog.open()

    def show_calibration(self) -> None:
        """How camera poses and lenses are read, and why."""
        CalibrationDialog(self.viewer, self).show()

    def link_cameras(self, camera: str = "") -> None:
        """Ask which sample belongs to which camera."""
        self.edge_impulse.link_cameras(camera)

    def toggle_theme(self) -> None:
        """Dark instead of light, or the other way round."""
        name = "light" if current().is_dark else "dark"
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, name)
        self._preferences.remember_theme(name)
        self.viewer.colours_changed.emit()  # dimmed colours go towards the background

    def toggle_full_screen(self) -> None:
        """Fill the screen, or give it back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def reset_layout(self) -> None:
        """All panels where they were at first."""
        restore_layout(self, Layout(geometry=save_layout(self).geometry, state=self._default_layout.state))
        for dock in self._docks:
            dock.show()

    def show_keys(self) -> None:
        """All keys at a glance, beside the window that they work in."""
        KeySheet(self._commands, self).show()

    def show_about(self) -> None:
        """Version, renderer and licence."""
        box = QMessageBox(self)
        box.setWindowTitle("About Pointproof")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Pointproof {app.__version__}\n{self.scene_view.renderer_text}")
        box.setInformativeText(
            "MIT licence. Qt and PySide6 are used under the LGPL, VTK and PyVista under BSD and MIT."
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def picture(self) -> QPixmap:
        """The whole window as it is on screen, the 3D view included."""
        whole = self.grab()
        painter = QPainter(whole)
        painter.drawImage(self.scene_view.mapTo(self, QPoint(0, 0)), self.scene_view.picture())
        painter.end()
        return whole

    # -- facts --------------------------------------------------------------------------------------------------

    def _on_connection(self, telus_url: str, edge_impulse_url: str, credentials: Credentials) -> None:
        self.services.reconnect(telus_url=telus_url, edge_impulse_url=edge_impulse_url, credentials=credentials)
        self._preferences.remember_addresses(telus_url, edge_impulse_url)
        self.status_line.say("Connection changed.")
        self.downloads.tracking.use_key()
        self.impulses.use_key()
        if self.downloads.queue.problem:
            self.downloads.queue.resume_all()
        for project in self.library.projects:
            self.library.load_batches(project.project_id)

    def _on_problem(self) -> None:
        if self.viewer.problem is not None:
            self.status_line.say(str(self.viewer.problem))
            self._ask_for_key(self.viewer.problem)

    def _ask_for_key(self, error: AppError) -> None:
        """A key that is missing or refused is asked for, once at a time."""
        if isinstance(error, KeyRefusedError) and self.findChild(ConnectionDialog) is None:
            self.edit_connection()

    def _on_job_changed(self) -> None:
        job = self.viewer.job
        self.setWindowTitle(f"{job.name} · Pointproof" if job else "Pointproof")
        self.status_line.say(f"Opened {job.name}." if job else "")
        self.jobs_panel.mark_open(job.job_id if job else "")

    def _on_projects_changed(self) -> None:
        self._preferences.remember_projects(self.library.projects)

    # -- Qt -----------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome one local file or folder."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.open_path(Path(event.mimeData().urls()[0].toLocalFile()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop in this order: playing, threads, the 3D view, then remember the layout."""
        self.viewer.playback.set_playing(False)
        self.impulses.close()
        self.threads_ended = self.runner.shutdown(seconds=CLOSING_SECONDS)
        self._last_views.close()
        if self.viewer.job is not None:
            self.viewer.job.close()
        self.scene_view.close_view()
        self._preferences.remember_layout(save_layout(self))
        self.services.close()
        self.closed.emit()
        event.accept()
