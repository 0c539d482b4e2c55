"""Starting and ending the desktop program."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.display import ensure_display
from app.errors import AppError
from app.gui.collector import GarbageCollector
from app.gui.first_window import FirstWindow, the_application
from app.gui.services import Services
from app.gui.snapshot import Snapshot
from app.gui.surface import prepare_surface_format
from app.gui.theme import apply_theme
from app.logs import Redaction, set_up_logging
from app.settings import Credentials, Settings

if TYPE_CHECKING:
    from app.gui.main_window import MainWindow

log = logging.getLogger(__name__)

# How long a busy worker may keep Python from the GUI thread. The usual 5 ms are felt: one event takes many turns.
SWITCH_SECONDS = 0.001

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def make_application(theme: str, redaction: Redaction) -> QApplication:
    """The one QApplication, themed; its messages and those of Python go to the log, keys taken out."""
    set_up_logging(redaction)
    sys.setswitchinterval(SWITCH_SECONDS)
    qInstallMessageHandler(lambda kind, _context, text: log.log(_LEVELS[kind], "Qt: %s", text))
    prepare_surface_format()
    application = the_application()
    apply_theme(application, theme)
    return application


def run_gui(
    settings: Settings,
    credentials: Credentials,
    *,
    open_path: Path | None = None,
    mask: Path | None = None,
    snapshot: Path | None = None,
    first: FirstWindow | None = None,
) -> int:
    """Show the window until it is closed, or until ``snapshot`` is saved; returns the exit code.

    It takes the place of ``first``, where that is on screen already.
    """
    if snapshot is not None:
        ensure_display()
    services = Services(settings, credentials)
    application = make_application(settings.theme, services.redaction)
    from app.gui.main_window import MainWindow

    window = MainWindow(services)
    if first is not None:
        first.give_way_to(window)
    window.scene_view.navigation.smooth = snapshot is None
    window.show()
    if open_path is not None:
        window.open_path(open_path, mask=mask)
    window.library.show_remembered()
    window.downloads.queue.restore()
    code = run_until_closed(application, window, snapshot=snapshot)
    if snapshot is None and not window.threads_ended:
        # everything is saved; a thread inside an import or a system call would keep the process for seconds
        logging.shutdown()
        os._exit(code)
    return code


def run_until_closed(
    application: QApplication,
    window: "MainWindow",
    *,
    snapshot: Path | None,
    ready: Callable[[], bool] = lambda: True,
    report: Callable[[], None] = lambda: None,
) -> int:
    """Run the event loop; Ctrl-C and SIGTERM close the window as its button does.

    With ``snapshot`` the window is saved and closed once it is ``ready`` and complete, after ``report``.
    """
    collector = GarbageCollector(window)
    alive = _let_signals_in(window)
    saver = Snapshot(window, snapshot, ready=ready) if snapshot is not None else None
    if saver is not None:
        saver.saved.connect(report)
        saver.ended.connect(window.close)
    code = application.exec()
    collector.stop()
    alive.stop()
    if saver is None:
        return code
    if saver.problem:
        raise AppError(saver.problem)
    return 0


def _let_signals_in(window: "MainWindow") -> QTimer:
    """Python runs signal handlers only between bytecodes: a slow timer gives it the chance inside Qt's loop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: QTimer.singleShot(0, window.close))
    timer = QTimer(window)
    timer.timeout.connect(lambda: None)
    timer.start(200)
    return timer
