import threading
from functools import partial

import pytest
from PySide6.QtCore import QObject

from app.errors import ServiceError
from app.gui.tasks import TaskRunner, TaskState
from app.progress import Progress


@pytest.fixture
def runner(qtbot):
    runner = TaskRunner()
    yield runner
    assert runner.shutdown()


def gui_thread_probe():
    home = threading.get_ident()
    seen = []
    return seen, lambda value: seen.append((value, threading.get_ident() == home))


def test_what_work_returns_arrives_on_the_gui_thread(qtbot, runner):
    seen, note = gui_thread_probe()
    task = runner.run(lambda _progress: threading.get_ident(), title="work", on_success=note)
    qtbot.waitUntil(lambda: bool(seen))
    worker, on_gui_thread = seen[0]
    assert on_gui_thread
    assert worker != threading.get_ident()
    assert task.state is TaskState.DONE


def test_a_known_failure_arrives_as_it_was_raised(qtbot, runner):
    error = ServiceError("The job is gone.", code="FS_0006")
    seen = []

    def work(_progress: Progress):
        raise error

    runner.run(work, title="work", on_failure=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [error]


def test_an_unforeseen_failure_becomes_a_sentence_without_internals(qtbot, runner, caplog):
    seen = []
    runner.run(lambda _progress: 1 // 0, title="work", on_failure=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert "ZeroDivisionError" in str(seen[0])
    assert "by zero" not in str(seen[0])
    assert caplog.records[0].exc_info is not None


def test_a_later_task_with_the_same_key_silences_the_earlier_one(qtbot, runner):
    gate, results = threading.Event(), []

    def slow(_progress: Progress):
        gate.wait(5)
        return "late"

    first = runner.run(slow, title="first", key="frame", on_success=results.append)
    second = runner.run(lambda _progress: "new", title="second", key="frame", on_success=results.append)
    qtbot.waitUntil(lambda: second.state is TaskState.DONE)
    gate.set()
    qtbot.waitUntil(lambda: not runner.running)
    assert results == ["new"]
    assert first.state is TaskState.CANCELLED


def test_cancelling_takes_effect_at_the_next_report(qtbot, runner):
    started = threading.Event()

    def endless(progress: Progress):
        while True:
            started.set()
            progress.report(1, 2, "on and on")

    task = runner.run(endless, title="endless")
    started.wait(5)
    with qtbot.waitSignal(task.cancelled):
        task.cancel()


def test_the_newest_step_wins_when_work_reports_faster_than_the_window_looks(qtbot, runner):
    def chatty(progress: Progress):
        for done in range(10_000):
            progress.report(done, 10_000, "step")
        progress.report(10_000, 10_000, "whole")

    steps = []
    task = runner.run(chatty, title="chatty")
    task.progressed.connect(steps.append)
    with qtbot.waitSignal(task.finished):
        pass
    assert steps[-1].done == 10_000
    assert len(steps) < 5_000


def test_retry_runs_failed_work_again_as_the_same_task(qtbot, runner):
    tries = []

    def second_time_lucky(_progress: Progress):
        tries.append(1)
        if len(tries) == 1:
            raise ServiceError("Try again after some time.")
        return len(tries)

    results = []
    task = runner.run(second_time_lucky, title="work", on_success=results.append)
    qtbot.waitUntil(lambda: task.state is TaskState.FAILED)
    runner.retry(task)
    qtbot.waitUntil(lambda: results == [2])


def test_shutdown_ends_running_work_in_time_and_delivers_nothing(qtbot):
    runner, results, started = TaskRunner(), [], threading.Event()

    def patient(progress: Progress):
        started.set()
        progress.wait(60)

    runner.run(patient, title="patient", on_success=results.append)
    started.wait(5)
    assert runner.shutdown(seconds=2)
    qtbot.wait(1)
    assert results == []


def test_after_shutdown_nothing_starts(qtbot):
    runner, ran = TaskRunner(), []
    runner.shutdown()
    runner.run(lambda _progress: ran.append(1), title="late")
    qtbot.wait(1)
    assert ran == []
    assert runner.running == ()


def test_work_that_holds_a_qt_object_is_refused(runner):
    owner = QObject()

    def inner():
        return owner.objectName()

    for work in (
        lambda _progress: owner.objectName(),
        lambda _progress: inner(),
        partial(lambda held, _progress: held, owner),
        Holder().work,
    ):
        with pytest.raises(TypeError, match="holds a"):
            runner.run(work, title="work")
    assert runner.running == ()


class Holder(QObject):
    def work(self, _progress):
        return self
