"""What the window remembers between starts, written in the background a moment after it changed."""

import logging
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer

from app.errors import AppError
from app.gui.best_view import BestView
from app.gui.image_state import ImageState
from app.gui.layout import Layout
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.settings import KeptTable, RememberedProject, Settings, read_settings, settings_path
from app.workspace.private_file import write_private

log = logging.getLogger(__name__)

DELAY_MS = 500


class Preferences(QObject):
    """Changes of the settings file; addresses that came from the environment are not written into it."""

    def __init__(self, services: Services, runner: TaskRunner, *, remember: bool) -> None:
        super().__init__(runner)
        self._services = services
        self._runner = runner
        self._remember = remember
        self._stored = read_settings() if remember else Settings()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._save)

    @property
    def layout(self) -> Layout:
        """Where the docks were."""
        return Layout(self._stored.window_geometry, self._stored.window_state)

    @property
    def impulses_geometry(self) -> str:
        """Where the window of impulses was."""
        return self._stored.impulses_geometry

    def remember_impulses(self, geometry: str) -> None:
        """Keep where the window of impulses was."""
        self._change(impulses_geometry=geometry)

    @property
    def impulses_division(self) -> tuple[int, int]:
        """Height and width in pixels that the person gave the table of impulses; 0 where they gave none."""
        return self._stored.impulses_division

    def remember_impulses_division(self, height: int, width: int) -> None:
        """Keep how large the table of impulses was made."""
        self._change(impulses_division=(height, width))

    def impulses_table(self, project_id: int) -> KeptTable | None:
        """How the impulses of a project were looked at last."""
        return self._stored.impulses_tables.get(str(project_id))

    def remember_impulses_table(self, project_id: int, kept: KeptTable) -> None:
        """Keep how the impulses of a project are looked at."""
        self._change(impulses_tables={**self._stored.impulses_tables, str(project_id): kept})

    def remember_layout(self, layout: Layout) -> None:
        """Keep the layout; written at once, because the window is closing."""
        self._stored = msgspec.structs.replace(self._stored, window_geometry=layout.geometry, window_state=layout.state)
        if not self._remember:
            return
        try:
            _write(self._stored)
        except AppError as error:
            log.warning("The layout was not saved: %s", error)

    def remember_theme(self, name: str) -> None:
        """Keep the theme."""
        self._change(theme=name)

    def remember_addresses(self, telus_url: str, edge_impulse_url: str) -> None:
        """Keep the addresses that the user typed."""
        self._change(telus_url=telus_url, edge_impulse_url=edge_impulse_url)

    def remember_quota(self, gigabytes: int) -> None:
        """Keep the most that the workspace may hold."""
        self._services.settings = msgspec.structs.replace(self._services.settings, quota_gb=gigabytes)
        self._change(quota_gb=gigabytes)

    def remember_frame_memory(self, megabytes: int) -> None:
        """Keep the most that decoded frames may hold; 0 for a share of the machine's memory."""
        self._services.settings = msgspec.structs.replace(self._services.settings, frame_memory_mb=megabytes)
        self._change(frame_memory_mb=megabytes)

    def remember_projects(self, projects: tuple[RememberedProject, ...]) -> None:
        """Keep the projects that the user added."""
        self._services.settings = msgspec.structs.replace(self._services.settings, projects=projects)
        self._change(projects=projects)

    def keep_images(self, images: ImageState) -> None:
        """Lay camera images out as they were, and keep how they are laid out from now on."""
        images.restore(self._stored.image_arrangement, linked=self._stored.linked_zoom)
        images.arrangement_changed.connect(lambda: self._change(image_arrangement=images.arrangement.value))
        images.linked_changed.connect(lambda: self._change(linked_zoom=images.linked))

    def keep_following(self, best: BestView) -> None:
        """Whether images follow what is chosen, as it was and from now on."""
        best.set_following(following=self._stored.follow_chosen)
        best.following_changed.connect(lambda: self._change(follow_chosen=best.following))

    def _change(self, **values: Any) -> None:
        changed = msgspec.structs.replace(self._stored, **values)
        if changed != self._stored:
            self._stored = changed
            self._timer.start(DELAY_MS)

    def _save(self) -> None:
        if self._remember:
            settings = self._stored
            self._runner.run(lambda _progress: _write(settings), title="Saving settings", key="settings", quiet=True)


def _write(settings: Settings) -> None:
    write_private(settings_path(), msgspec.json.format(msgspec.json.encode(settings), indent=2))
