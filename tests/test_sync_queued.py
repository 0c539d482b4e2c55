"""A job of the queue on its way: how its end is noted, and what holds the others."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.errors import AppError, KeyRefusedError, NotReadyError, UnreachableError, WorkspaceError
from app.progress import Cancelled, Progress, Step
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.sync import DownloadQueue, DownloadSummary, ItemState, Listener, QueueItem, Quota, download_taken
from app.sync.queued import BROKEN
from app.workspace import Workspace
from tests.builders import identifier, small_delivery
from tests.fake_services import FakeTelus

FILES = 3 * 3
PROJECT, JOB = identifier("street", "project"), identifier("street", "job")


@pytest.fixture
def telus(tmp_path: Path) -> FakeTelus:
    return FakeTelus(small_delivery(tmp_path / "street"))


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


@pytest.fixture
def queue() -> DownloadQueue:
    return DownloadQueue([QueueItem(PROJECT, JOB, "street"), QueueItem(PROJECT, "another")])


def work(
    queue: DownloadQueue, workspace: Workspace, telus: object, *, progress: Progress | None = None, limit: int = 0
) -> DownloadSummary:
    item = queue.take()
    assert item is not None
    quota = Quota(workspace, limit=limit, keep=lambda: queue.job_ids)
    return download_taken(
        queue, item, workspace, lambda: telus, quota=quota, listener=Listener(), progress=progress or Progress()
    )


def first(queue: DownloadQueue) -> QueueItem:
    return queue.items[0]


def test_a_job_that_came_whole_is_done_and_its_bytes_are_counted(workspace, telus, queue) -> None:
    summary = work(queue, workspace, telus)
    item = first(queue)
    assert (item.state, item.files, item.total_files, item.fetched) == (ItemState.DONE, FILES, FILES, FILES)
    assert item.received == summary.fetched_bytes > 0


def test_files_that_are_here_already_count_as_files_and_not_as_bytes(workspace, telus, queue) -> None:
    work(queue, workspace, telus)
    queue.add([QueueItem(PROJECT, JOB)])
    received = first(queue).received
    work(queue, workspace, telus)
    assert (first(queue).state, first(queue).files, first(queue).received) == (ItemState.DONE, FILES, received)


def test_steps_reach_both_the_queue_and_whoever_watches(workspace, telus, queue) -> None:
    seen: list[tuple[Step, QueueItem]] = []
    progress = Progress(lambda step: seen.append((step, first(queue))))
    work(queue, workspace, telus, progress=progress)
    counted = [(step, item) for step, item in seen if step.total is not None]
    assert counted
    assert all((item.files, item.total_files) == (step.done, step.total) for step, item in counted)


def test_a_job_that_lacks_a_file_has_failed_and_says_which(workspace, telus, queue) -> None:
    telus.fail["lidar/000001.pcd"] = UnreachableError("The store does not answer.")
    summary = work(queue, workspace, telus)
    item = first(queue)
    assert len(summary.problems) == 1
    assert item.state is ItemState.FAILED
    assert item.message.startswith(f"1 of {FILES} files could not be fetched.")
    assert "The store does not answer." in item.message
    assert item.problems[0].url.endswith("lidar/000001.pcd")
    telus.fail.clear()
    queue.resume(JOB)
    assert work(queue, workspace, telus).fetched == 1
    assert first(queue).state is ItemState.DONE


def test_a_job_without_a_result_fails_alone(workspace, telus, queue, monkeypatch) -> None:
    def not_ready(*_arguments: object) -> None:
        raise NotReadyError("The job has no result yet.")

    monkeypatch.setattr(telus, "job_result", not_ready)
    with pytest.raises(NotReadyError):
        work(queue, workspace, telus)
    assert (first(queue).state, first(queue).message) == (ItemState.FAILED, "The job has no result yet.")
    following = queue.take()
    assert following is not None
    assert following.job_id == "another"


@pytest.mark.parametrize(
    "error",
    [
        KeyRefusedError("The key is wrong.", next_step="Type another."),
        WorkspaceError("The disk is full.", next_step="Free some space."),
    ],
    ids=["a refused key", "a full disk"],
)
def test_what_every_job_would_meet_holds_the_queue(workspace, telus, queue, error: AppError) -> None:
    telus.fail["lidar/000000.pcd"] = error
    with pytest.raises(type(error)):
        work(queue, workspace, telus)
    assert queue.problem == str(error)
    assert (first(queue).state, queue.take()) == (ItemState.PAUSED, None)
    telus.fail.clear()
    queue.resume_all()
    work(queue, workspace, telus)
    assert first(queue).state is ItemState.DONE


def test_a_missing_key_holds_the_queue(workspace, queue) -> None:
    with HttpClient() as http, pytest.raises(KeyRefusedError):
        work(queue, workspace, TelusClient(http, base_url="https://service.invalid", key=""))
    assert "key" in queue.problem


def test_a_defect_fails_the_job_and_never_leaves_it_running(workspace, telus, queue, monkeypatch) -> None:
    monkeypatch.setattr(telus, "job_result", lambda *_arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work(queue, workspace, telus)
    assert (first(queue).state, first(queue).message) == (ItemState.FAILED, BROKEN)


@pytest.mark.parametrize("hangs", ["/jobs/", "lidar"], ids=["the service", "the store"])
def test_pausing_ends_a_download_from_a_server_that_hangs(tmp_path: Path, workspace, queue, hangs: str) -> None:
    delivery = small_delivery(tmp_path / "delivery")
    with Sandbox([delivery]) as sandbox, HttpClient() as http, ThreadPoolExecutor(1) as pool:
        sandbox.faults.add(Fault(FaultKind.HANG, path_contains=hangs, times=99))
        telus = TelusClient(http, base_url=sandbox.telus_url, key=sandbox.telus_key)
        under_way = threading.Event()
        progress = Progress(lambda step: under_way.set() if step.done or hangs != "lidar" else None)
        running = pool.submit(work, queue, workspace, telus, progress=progress)
        assert under_way.wait(20)
        queue.pause(JOB)
        progress.cancel()
        with pytest.raises(Cancelled):
            running.result(timeout=10)
    assert first(queue).state is ItemState.PAUSED


def test_a_paused_download_goes_on_without_the_files_it_has(workspace, telus, queue) -> None:
    progress = Progress()

    def pause_at_the_second_scan(url: str, _work: Progress) -> None:
        if url.endswith("000001.pcd"):
            queue.pause(JOB)
            progress.cancel()

    telus.before = pause_at_the_second_scan
    with pytest.raises(Cancelled):
        work(queue, workspace, telus, progress=progress)
    had = {url for url in telus.file_requests if workspace.find(url)}
    assert had
    telus.before = lambda _url, _progress: None
    telus.requests.clear()
    queue.resume(JOB)
    work(queue, workspace, telus)
    assert not had & set(telus.file_requests)
    assert first(queue).state is ItemState.DONE
