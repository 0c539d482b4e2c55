"""How the person looked at the impulses of each project last: taken up again, and kept when it changes."""

from dataclasses import replace

from PySide6.QtCore import QObject

from app.gui.impulses.page import ImpulsesPage
from app.gui.preferences import Preferences
from app.settings import KeptTable


class KeptTables(QObject):
    """Follows a page; columns that a project no longer has, and words that no filter knows, are passed over."""

    def __init__(self, page: ImpulsesPage, preferences: Preferences) -> None:
        super().__init__(page)
        self._page = page
        self._preferences = preferences
        self._project: int | None = None
        page.divider.height, page.divider.width = preferences.impulses_division
        page.divider.moved.connect(self._on_divided)
        page.project_shown.connect(self._on_project)
        page.arranging.changed.connect(self._keep)

    def _on_project(self, project_id: int) -> None:
        self._project = None  # nothing of the way there is kept
        kept = self._preferences.impulses_table(project_id)
        if kept is not None:
            arranging = self._page.arranging
            arranging.take(
                replace(
                    arranging.arrangement,
                    columns=kept.columns,
                    sort=kept.sort,
                    descending=kept.descending,
                    pinned=frozenset(kept.pinned),
                )
            )
            self._page.strip.take(kept.filters)
        self._project = project_id

    def _keep(self) -> None:
        if self._project is None:
            return
        shown = self._page.arranging.arrangement
        kept = KeptTable(
            shown.columns, shown.sort, shown.descending, tuple(sorted(shown.pinned)), self._page.strip.texts
        )
        self._preferences.remember_impulses_table(self._project, kept)

    def _on_divided(self) -> None:
        self._preferences.remember_impulses_division(self._page.divider.height, self._page.divider.width)
