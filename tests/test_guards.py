"""The guards around every test: each one fails a test that breaks its rule, and only that."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

LEAN = [f"-pno:{name}" for name in ("cacheprovider", "hypothesispytest", "benchmark", "xdist")]
RULES = Path(__file__).with_name("conftest.py")


@pytest.fixture
def guarded(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of its own under the same guards."""
    pytester.makeconftest(RULES.read_text(encoding="utf-8"))
    pytester.makeini("[pytest]\nqt_api = pyside6\nmarkers = gl: needs a display\n")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    return pytester


def test_reaching_for_the_network_fails_even_where_the_error_is_caught(guarded: pytest.Pytester) -> None:
    guarded.makepyfile(
        """
        import contextlib, socket

        def test_reaches_out():
            with contextlib.suppress(OSError):
                socket.create_connection(("192.0.2.1", 80), timeout=0.1)

        def test_stays_here():
            with socket.create_server(("127.0.0.1", 0)) as server:
                socket.create_connection(server.getsockname()).close()
        """
    )
    result = guarded.runpytest_subprocess(*LEAN)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_reaches_out*", "*reached for the network: 192.0.2.1*"])


def test_a_name_that_cannot_exist_is_simply_not_found(guarded: pytest.Pytester) -> None:
    guarded.makepyfile(
        """
        import pytest, socket

        def test_finds_nobody():
            with pytest.raises(socket.gaierror):
                socket.getaddrinfo("nobody.invalid", 80)
        """
    )
    guarded.runpytest_subprocess(*LEAN).assert_outcomes(passed=1)


def test_a_thread_left_behind_fails(guarded: pytest.Pytester) -> None:
    guarded.makepyfile(
        """
        import threading

        def test_leaves_a_thread():
            threading.Thread(target=threading.Event().wait, name="forgotten", daemon=True).start()

        def test_ends_its_thread():
            thread = threading.Thread(target=int)
            thread.start()
        """
    )
    result = guarded.runpytest_subprocess(*LEAN)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*threads left behind: forgotten*"])


@pytest.mark.gl
def test_a_window_left_behind_and_a_warning_of_qt_fail(guarded: pytest.Pytester) -> None:
    guarded.makeini("[pytest]\nqt_api = pyside6\nqt_log_level_fail = WARNING\nmarkers = gl: needs a display\n")
    guarded.makepyfile(
        """
        from PySide6.QtCore import qWarning
        from PySide6.QtWidgets import QWidget

        kept = []

        def test_leaves_a_window(qtbot):
            kept.append(QWidget())

        def test_closes_its_window(qtbot):
            window = QWidget()
            qtbot.addWidget(window)
            window.show()

        def test_makes_qt_complain(qtbot):
            qWarning("something is odd")
        """
    )
    result = guarded.runpytest_subprocess(*LEAN)
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["*Qt objects left behind: QWidget*", "FAILED *test_makes_qt_complain*"])


def test_without_a_display_what_needs_one_is_skipped(guarded: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    guarded.makepyfile(
        """
        import pytest

        def test_shows_a_window(qtbot):
            raise AssertionError

        @pytest.mark.gl
        def test_draws():
            raise AssertionError

        def test_counts():
            assert 1 + 1 == 2
        """
    )
    guarded.runpytest_subprocess(*LEAN).assert_outcomes(passed=1, skipped=2)


def test_every_test_has_an_empty_home_and_no_settings_of_the_person(
    guarded: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POINTPROOF_TELUS_API_KEY", "canary")
    guarded.makepyfile(
        """
        import os
        from pathlib import Path

        def test_home():
            assert list(Path.home().iterdir()) == []
            assert "POINTPROOF_TELUS_API_KEY" not in os.environ
        """
    )
    guarded.runpytest_subprocess(*LEAN).assert_outcomes(passed=1)
