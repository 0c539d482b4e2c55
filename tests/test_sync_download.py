"""Fetching a job into a workspace."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.domain.annotation import JobPage, JobSummary
from app.errors import (
    DocumentFormatError,
    KeyRefusedError,
    NotReadyError,
    ServiceError,
    UnreachableError,
    WorkspaceError,
)
from app.progress import Cancelled, Progress, Step
from app.sync import DownloadSummary, download_job, list_all_jobs, list_batches, list_jobs
from app.workspace import Workspace
from app.workspace.incoming import Incoming
from tests.builders import small_delivery
from tests.fake_services import FakeTelus

FILES = 3 * 4  # frames, each with mask, scan and two images


@pytest.fixture
def telus(tmp_path: Path) -> FakeTelus:
    return FakeTelus(small_delivery(tmp_path / "street", cameras=("front", "left")))


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


def download(workspace: Workspace, telus: FakeTelus, **options: Any) -> DownloadSummary:
    options.setdefault("progress", Progress())
    return download_job(workspace, telus, project_id=telus.job.project_id, job_id=telus.job.job_id, **options)


def test_every_file_is_stored_as_it_was_received(workspace: Workspace, telus: FakeTelus) -> None:
    summary = download(workspace, telus)
    assert (summary.fetched, summary.reused, summary.problems) == (FILES, 0, ())
    total = 0
    for frame in summary.sequence.frames:
        for url in frame.urls:
            original = telus.delivery.locate(url)
            assert original is not None
            assert workspace.read(url) == original.read_bytes()
            total += original.stat().st_size
    assert summary.fetched_bytes == total
    job = workspace.job("street")
    assert job == summary.job
    assert job is not None
    assert workspace.job_document(job) == (telus.folder / "result.json").read_bytes()
    assert (job.job_id, job.frames, job.status) == (telus.job.job_id, 3, "completed")


def test_a_second_download_makes_no_request(workspace: Workspace, telus: FakeTelus) -> None:
    download(workspace, telus)
    telus.requests.clear()
    summary = download(workspace, telus)
    assert telus.requests == []
    assert (summary.fetched, summary.reused) == (0, FILES)


def test_a_refresh_asks_for_the_result_alone(workspace: Workspace, telus: FakeTelus) -> None:
    download(workspace, telus)
    telus.requests.clear()
    download(workspace, telus, refresh=True)
    assert telus.requests == ["result", telus.job.result_url]


def test_a_download_goes_on_where_it_was_broken_off(workspace: Workspace, telus: FakeTelus) -> None:
    progress = Progress()
    with pytest.raises(Cancelled):
        download(workspace, telus, progress=progress, on_frame=lambda _index: progress.cancel())
    had = {url for url in telus.file_requests if workspace.find(url)}
    assert had
    telus.requests.clear()
    summary = download(workspace, telus)
    assert not had & set(telus.file_requests)
    assert summary.fetched + summary.reused == FILES


def test_a_damaged_file_is_fetched_again(workspace: Workspace, telus: FakeTelus) -> None:
    summary = download(workspace, telus)
    url = summary.sequence.frames[1].scan_url
    stored = workspace.find(url)
    assert stored is not None
    stored.path.write_bytes(b"cut")
    telus.requests.clear()
    assert download(workspace, telus).fetched == 1
    assert telus.requests == [url]


def test_the_frame_looked_at_is_fetched_first(workspace: Workspace, telus: FakeTelus) -> None:
    seen: list[int] = []
    threads, all_four = set[int](), threading.Barrier(4, timeout=10)

    def wait_for_the_others(url: str, _work: Progress) -> None:
        if not url.endswith("result.json") and threading.get_ident() not in threads:
            threads.add(threading.get_ident())
            all_four.wait()

    telus.before = wait_for_the_others
    summary = download(workspace, telus, wanted_frame=lambda: 1, on_frame=seen.append)
    first = telus.file_requests[1:5]  # four threads, so the first four are under way together
    assert set(first) == set(summary.sequence.frames[1].urls)
    assert set(seen) == {0, 1, 2}


def test_the_sequence_is_told_before_any_file_is_asked_for(workspace: Workspace, telus: FakeTelus) -> None:
    asked: list[int] = []
    download(workspace, telus, on_sequence=lambda sequence: asked.append(len(telus.file_requests) + len(sequence)))
    assert asked == [1 + 3]  # the result document and three frames


def test_a_frame_is_told_only_when_its_mask_and_scan_are_here(workspace: Workspace, telus: FakeTelus) -> None:
    def check(index: int) -> None:
        (record,) = [frame for number, frame in enumerate(sequences[0].frames) if number == index]
        assert workspace.find(record.mask_url)
        assert workspace.find(record.scan_url)
        told.append(index)

    sequences: list[Any] = []
    told: list[int] = []
    download(workspace, telus, on_sequence=sequences.append, on_frame=check)
    assert {0, 1, 2} == set(told)


def test_a_failing_file_does_not_stop_the_others(workspace: Workspace, telus: FakeTelus) -> None:
    telus.fail["lidar/000001.pcd"] = UnreachableError("The store does not answer.")
    problems: list[tuple[int, str, str]] = []
    summary = download(workspace, telus, on_problem=lambda *problem: problems.append(problem))
    url = "https://data.example/street/lidar/000001.pcd"
    assert problems == [(1, url, "Tried the annotation service: The store does not answer.")]
    assert [(problem.frame_id, problem.url) for problem in summary.problems] == [("000001", url)]
    assert summary.fetched == FILES - 1
    assert workspace.find(url) is None
    del telus.fail["lidar/000001.pcd"]
    telus.requests.clear()
    assert download(workspace, telus).problems == ()
    assert telus.requests == [url]


def test_a_cut_file_leaves_no_object(workspace: Workspace, telus: FakeTelus) -> None:
    for end in (".pcd", ".txt", ".jpg"):
        telus.fail[end] = UnreachableError("The transfer was cut.")
    summary = download(workspace, telus)
    assert len(summary.problems) == FILES
    files = [path for path in (workspace.root / "objects").rglob("*") if path.is_file()]
    document = workspace.find(telus.job.result_url)
    assert document is not None
    assert files == [document.path]


def test_a_result_that_cannot_be_read_is_not_kept(workspace: Workspace, telus: FakeTelus) -> None:
    telus.bodies["result.json"] = b"<html>Please log in</html>"
    with pytest.raises(DocumentFormatError):
        download(workspace, telus)
    assert workspace.jobs() == ()
    assert workspace.find(telus.job.result_url) is None


def test_a_result_that_cannot_be_read_leaves_the_one_that_is_here(workspace: Workspace, telus: FakeTelus) -> None:
    download(workspace, telus)
    telus.bodies["result.json"] = b"<html>Please log in</html>"
    with pytest.raises(DocumentFormatError):
        download(workspace, telus, refresh=True)
    assert workspace.read(telus.job.result_url) == (telus.folder / "result.json").read_bytes()


def test_a_result_that_came_before_the_job_was_saved_is_not_fetched_twice(
    workspace: Workspace, telus: FakeTelus
) -> None:
    workspace.store(telus.job.result_url, (telus.folder / "result.json").read_bytes())
    download(workspace, telus)
    assert telus.job.result_url not in telus.requests


def test_a_result_of_any_size_does_not_fill_the_memory(
    workspace: Workspace, telus: FakeTelus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sync.download.MAX_DOCUMENT", 5000)
    with pytest.raises(ServiceError, match="larger than"):
        download(workspace, telus)
    assert workspace.jobs() == ()
    assert workspace.left_overs().partials == 0


def test_a_listed_job_may_be_named_by_its_reference(workspace: Workspace, telus: FakeTelus) -> None:
    list_jobs(workspace, telus, "p1", "b1", progress=Progress())
    asked: list[str] = []
    answer = telus.job_result
    telus.job_result = lambda project_id, job_id, progress=None: (  # type: ignore[method-assign]
        asked.append(job_id) or answer(project_id, job_id, progress)
    )
    download_job(workspace, telus, project_id="p1", job_id="street", progress=Progress())
    assert asked == [telus.job.job_id]


def test_a_job_without_a_result_is_not_ready(workspace: Workspace, telus: FakeTelus) -> None:
    job = telus.folder / "job.json"
    job.write_text(job.read_text().replace(telus.job.result_url, ""))
    with pytest.raises(NotReadyError):
        download(workspace, telus)


@pytest.mark.parametrize("error", [KeyRefusedError("The key is wrong."), WorkspaceError("The disk is full.")])
def test_what_would_fail_every_file_ends_the_download(workspace: Workspace, telus: FakeTelus, error: Exception) -> None:
    for end in (".pcd", ".txt", ".jpg"):
        telus.fail[end] = error
    with pytest.raises(type(error)):
        download(workspace, telus)
    assert len(telus.file_requests) <= 1 + 4  # the document, and what four threads had begun


def test_cancelling_in_the_middle_of_a_file_ends_at_once(workspace: Workspace, telus: FakeTelus) -> None:
    started, progress = threading.Event(), Progress()

    def hang(url: str, work: Progress) -> None:
        if not url.endswith("result.json"):
            started.set()
            work.wait(60)

    telus.before = hang
    with ThreadPoolExecutor(1) as pool:
        running: Future[DownloadSummary] = pool.submit(download, workspace, telus, progress=progress)
        assert started.wait(10)
        cancelled_at = time.perf_counter()
        progress.cancel()
        with pytest.raises(Cancelled):
            running.result(10)
        assert time.perf_counter() - cancelled_at < 1.0
    assert list(workspace.root.rglob("*.part")) == []


def test_files_of_one_address_are_fetched_once(workspace: Workspace, telus: FakeTelus) -> None:
    document = telus.folder / "result.json"
    document.write_text(document.read_text().replace("lidar/000001.pcd", "lidar/000000.pcd"))
    summary = download(workspace, telus)
    assert summary.fetched == FILES - 1
    assert len(telus.file_requests) == len(set(telus.file_requests))


def test_progress_counts_files_and_bytes(workspace: Workspace, telus: FakeTelus) -> None:
    steps: list[Step] = []
    telus.fail["left/000002.jpg"] = UnreachableError("gone")
    download(workspace, telus, progress=Progress(steps.append))
    counted = [step for step in steps if step.total == FILES]
    assert [step.done for step in counted] == sorted(step.done for step in counted)
    assert counted[-1].done == FILES
    assert f"{FILES} of {FILES} files" in counted[-1].message
    assert " kB" in counted[-1].message
    assert "1 failed" in counted[-1].message


def test_a_signature_in_an_address_appears_nowhere(workspace: Workspace, telus: FakeTelus) -> None:
    document = telus.folder / "result.json"
    document.write_text(document.read_text().replace(".pcd", ".pcd?X-Amz-Signature=CANARY"))
    telus.fail[".pcd"] = UnreachableError("gone")
    heard: list[object] = []
    summary = download(
        workspace, telus, progress=Progress(heard.append), on_problem=lambda *problem: heard.append(problem)
    )
    assert len(summary.problems) == 3
    assert "CANARY" not in f"{heard} {summary.problems}"
    for file in workspace.root.glob("catalogue.sqlite*"):
        assert b"CANARY" not in file.read_bytes()


def test_a_full_disk_ends_the_download_and_keeps_what_is_here(
    workspace: Workspace, telus: FakeTelus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Incoming) -> int:
        raise OSError(28, "No space left on device")

    telus.before = lambda url, _work: monkeypatch.setattr(Incoming, "sync", full) if "000002" in url else None
    with pytest.raises(WorkspaceError, match="disk is full"):
        download(workspace, telus)
    monkeypatch.undo()
    telus.before = lambda _url, _work: None
    assert download(workspace, telus).problems == ()


def test_batches_and_jobs_can_be_browsed_offline(workspace: Workspace, telus: FakeTelus) -> None:
    project = list_batches(workspace, telus, "p1", progress=Progress())
    batch_id = project.batches[0].batch_id
    page = list_jobs(workspace, telus, "p1", batch_id, progress=Progress())
    assert workspace.project("p1") == project
    assert [job.job_id for job in workspace.jobs(batch_id=batch_id)] == [job.job_id for job in page.jobs]


def job_page(*names: str, token: str) -> JobPage:
    return JobPage(tuple(JobSummary(name, name, "completed") for name in names), token)


@pytest.mark.parametrize(
    ("pages", "names"),
    [
        ([job_page("a", "b", token="1"), job_page("c", token="")], "abc"),
        ([job_page("a", token="1"), job_page("b", token="1")], "ab"),
        ([job_page("a", token="1"), *(job_page("a", token=str(number)) for number in range(2, 9))], "a"),
        ([job_page("a", token="1"), job_page(token="2"), job_page("b", "a", token="")], "ab"),
        ([job_page("a", "a", token="1"), *(job_page(token=str(number)) for number in range(2, 9))], "a"),
    ],
)
def test_pages_end_even_when_the_service_repeats_itself(
    workspace: Workspace, telus: FakeTelus, pages: list[JobPage], names: str
) -> None:
    telus.pages = pages
    found = list_all_jobs(workspace, telus, "p1", "b1", progress=Progress())
    assert "".join(job.job_id for job in found) == names
