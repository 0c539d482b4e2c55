"""What every test stands on: a home of its own, no network but loopback, and nothing left behind."""

import gc
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
HOME_VARIABLES = {
    "HOME": ".",
    "USERPROFILE": ".",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}
# names that no resolver may ever find (RFC 2606): a test may ask for them to see a failure
UNREACHABLE_NAMES = (".invalid", ".example", ".test")
SCREENS = pytest.StashKey[ExitStack]()
THREADS_THAT_STAY = ("pytest_timeout", "pytest-timeout", "execnet", "asyncio_")


# how long an example takes says more about the machine than about the program
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def has_display() -> bool:
    """Whether windows can appear, be it out of sight."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a run may leave in the repository, only when asked."""
    parser.addoption("--update-screenshot", action="store_true", help="save the demo's picture for the README")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Each process that shares the work gets a screen of its own: on one they would take the keys from each other."""
    if sys.platform.startswith("linux") and os.environ.get("DISPLAY"):
        from app.display import private_display

        node.workerinput["display"] = node.config.stash[SCREENS].enter_context(private_display({}))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The screens go once nobody draws on them any more."""
    config.stash[SCREENS].close()


def pytest_configure(config: pytest.Config) -> None:
    """Variables of the person who runs the tests must not reach them, not even while modules are imported."""
    config.stash[SCREENS] = ExitStack()
    own_screen = getattr(config, "workerinput", {}).get("display")
    if own_screen:
        os.environ["DISPLAY"] = own_screen
    for name in [name for name in os.environ if name.startswith("POINTPROOF_") and name != "POINTPROOF_TEST_DATA"]:
        del os.environ[name]
    # a GL driver that finds no screen says so on every start, and Qt's theme plugins would differ from desk to desk
    os.environ.setdefault("QT_QPA_PLATFORMTHEME", "")
    os.environ["NO_AT_BRIDGE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a display Qt ends the process, so what needs one is skipped.

    Where two processes share the work, a file stays whole, with what it prepares once, and one of them has all windows.
    """
    for item in items:
        folder = item.path.parent.name
        with_windows = folder in ("gui", "journeys") or {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ()))
        item.add_marker(pytest.mark.xdist_group("windows" if with_windows else str(item.path)))
    if has_display():
        return
    no_display = pytest.mark.skip(reason="no display: run packaging/test, or set DISPLAY")
    for item in items:
        windows = {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("gl") or (windows and not os.environ.get("QT_QPA_PLATFORM")):
            item.add_marker(no_display)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real recordings; tests that need one skip where it is absent."""
    path = Path(os.environ.get("POINTPROOF_TEST_DATA") or REPOSITORY.parent / "shared" / "data")
    if not path.is_dir():
        pytest.skip("no recordings: set POINTPROOF_TEST_DATA to their folder")
    return path


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic street, made once for the whole run."""
    from app.progress import Progress
    from app.sandbox.street import street_folder

    return street_folder(Progress(), cache=tmp_path_factory.mktemp("cache") / "pointproof")


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """One style on every machine."""
    return ["pointproof", "-style", "Fusion"]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; settings, caches and workspaces of a test end up there."""
    folder = tmp_path_factory.mktemp("home")
    for name, below in HOME_VARIABLES.items():
        monkeypatch.setenv(name, str(folder / below))
    return folder


def _is_loopback(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "localhost")
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return name == "localhost"


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection beyond this machine, and fail the test that tried."""
    attempts: list[str] = []
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(host: object) -> OSError:
        attempts.append(str(host))
        return OSError(f"tests may not reach {host}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and not _is_loopback(address[0]):
            raise refuse(address[0])
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family != getattr(socket, "AF_UNIX", None) and not _is_loopback(address[0]):
            raise refuse(address[0])
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if str(host).endswith(UNREACHABLE_NAMES):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if not _is_loopback(host):
            raise refuse(host)
        return getaddrinfo(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    if attempts:
        pytest.fail(f"reached for the network: {', '.join(attempts)}")


def _threads() -> set[threading.Thread]:
    # threads that Qt or VTK made and that once ran Python stay listed as dummies for ever
    return {
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread) and not thread.name.startswith(THREADS_THAT_STAY)
    }


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail the test whose threads are still alive after it."""
    before = _threads()
    yield
    for thread in _threads() - before:
        thread.join(timeout=3)
    left = sorted(thread.name for thread in _threads() - before)
    if left:
        pytest.fail(f"threads left behind: {', '.join(left)}")


def _qt_left_overs(known: set[int]) -> list[str]:
    """Top-level widgets and running threads of Qt that were not there before, by class."""
    from PySide6.QtCore import QCoreApplication, QEvent, QThread
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application = QApplication.instance()
    threads = [thread for thread in application.findChildren(QThread) if thread.isRunning()] if application else []
    widgets = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in known]
    return [type(left).__name__ for left in [*threads, *widgets]]


@pytest.fixture(autouse=True)
def garbage_stays_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Python collects cycles in whichever thread allocates next; Qt objects must not die in a worker."""
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    gc.disable()
    gc.freeze()  # what was there before need not be looked through after every test
    yield
    gc.collect()
    gc.unfreeze()
    gc.enable()


@pytest.fixture(autouse=True)
def no_widget_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that leaves a window or a running QThread behind; deliver what Qt was asked to delete later."""
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    from PySide6.QtWidgets import QApplication

    before = {id(widget): widget for widget in QApplication.topLevelWidgets()}
    yield
    left = _qt_left_overs(set(before))
    if left:
        gc.collect()
        left = _qt_left_overs(set(before))
    if left:
        pytest.fail(f"Qt objects left behind: {', '.join(left)}")
