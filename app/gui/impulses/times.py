"""How soon the impulses of a project are on screen, and how soon a key shows in them: ``bench impulses``."""

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from app.bench.impulse_document import impulses_answer
from app.bench.rows import Row, Timed, compare, compare_times, milliseconds
from app.domain.impulse.table import table_of
from app.formats.edge_impulse import parse_impulses
from app.gui.heartbeat import until
from app.gui.impulses.exporting import TableExport
from app.gui.impulses.loading import ImpulseSource
from app.gui.impulses.page import ImpulsesPage
from app.gui.impulses.window import ImpulsesWindow
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.gui.timed_application import timed_application
from app.settings import Credentials, Settings
from app.workspace import Workspace
from app.workspace.addresses import impulses_address

OPEN_MS = 1000.0  # until all is on screen
KEY_MS = 50.0  # what is felt while typing
GOAL = 20.0  # most times that decoding the document to plain dicts takes
_PROJECT_ID = 1
_WORDS = ("s", "st", "street 1", "yolo", "street 1")


def measure(*, impulses: int = 200, metrics: int = 60, repeats: int = 9) -> list[Row]:
    """All rows of this section; raises AppError where there is no display."""
    timed_application()
    raw = impulses_answer(impulses=impulses, metrics=metrics)
    what = f"{impulses:,} impulses with {metrics} metrics"
    reading = compare(
        f"read {what} into a table",
        lambda: table_of(parse_impulses(raw)),
        peer="msgspec, to plain dicts",
        theirs=lambda: msgspec.json.decode(raw),
        goal=GOAL,
        repeats=repeats,
    )
    with tempfile.TemporaryDirectory(prefix="pointproof-bench-") as folder:
        desk = _Desk(Path(folder) / "workspace", raw)
        try:
            return [reading, *desk.rows(what, repeats=repeats)]
        finally:
            desk.close()


class _Painted(QObject):
    """Notes that a widget was painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


class _Desk:
    """Windows on a workspace that has the impulses."""

    def __init__(self, root: Path, raw: bytes) -> None:
        with Workspace.open(root) as workspace:
            workspace.store(impulses_address(_PROJECT_ID), raw)
        self._services = Services(Settings(workspace=str(root)), Credentials())
        self._parent = QWidget()
        self._runner = TaskRunner(self._parent)

    def rows(self, what: str, *, repeats: int) -> list[Row]:
        """From the command until the table is painted, and from a key until it is painted again."""
        opening = self._row(
            f"open {what}: until on screen", lambda: milliseconds(self._open_and_close), OPEN_MS, repeats
        )
        window = self._opened()
        words = itertools.cycle(_WORDS)
        typing = self._row(
            f"type into the search of {what}",
            lambda: milliseconds(lambda: _type(window.page, next(words))),
            KEY_MS,
            repeats,
        )
        window.close()
        return [opening, typing]

    def close(self) -> None:
        """End the threads and release the workspace."""
        self._runner.shutdown()
        self._services.close()
        self._parent.deleteLater()

    def _row(self, name: str, ours: Timed, limit: float, repeats: int) -> Row:
        taken = compare_times(name, ours, peer="", theirs=None, goal=None, repeats=repeats).ours
        return Row(name, taken, "the limit", limit, taken / limit, 1.0)

    def _open_and_close(self) -> None:
        window = self._opened()
        window.close()
        window.deleteLater()

    def _opened(self) -> ImpulsesWindow:
        source = ImpulseSource(self._services, self._runner, self._parent)
        page = ImpulsesPage(source, TableExport(self._runner, self._parent), lambda: None)
        window = ImpulsesWindow(page, self._parent)
        painted = _Painted(page.table.figures.viewport())
        window.show()
        page.look()
        until(lambda: page.table.model.rowCount() > 0)
        _until_painted(painted)
        return window


def _type(page: ImpulsesPage, text: str) -> None:
    painted = _Painted(page.table.figures.viewport())
    page.toolbar.search.setText(text)
    _until_painted(painted)


def _until_painted(painted: _Painted) -> None:
    seen = painted.count
    once_more: Callable[[], bool] = lambda: painted.count > seen  # noqa: E731 - what is waited for
    until(once_more)
    QApplication.sendPostedEvents()
