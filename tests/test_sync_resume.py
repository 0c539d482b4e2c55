"""A download that was cut goes on where it stopped in a later run, the result document like every other file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.api.http import HttpClient, Timeouts
from app.api.telus import TelusClient
from app.errors import DocumentFormatError, UnreachableError
from app.progress import Cancelled, Progress
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.sync import DownloadSummary, download_job
from app.workspace import Workspace
from app.workspace.incoming import Incoming
from tests.builders import identifier, small_delivery

PROJECT, JOB = (identifier("street", what) for what in ("project", "job"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "street", frames=2, points=5000)


@pytest.fixture
def sandbox(folder: Path) -> Iterator[Sandbox]:
    with Sandbox([folder]) as sandbox:
        yield sandbox


def pull(root: Path, sandbox: Sandbox, progress: Progress | None = None) -> DownloadSummary:
    """One run of the program that tries each file once."""
    timeouts = Timeouts(2.0, 5.0, 10.0)
    with Workspace.open(root) as workspace, HttpClient(tries=1, timeouts=timeouts) as http:
        telus = TelusClient(http, base_url=sandbox.telus_url, key=sandbox.telus_key)
        work = progress or Progress()
        return download_job(workspace, telus, project_id=PROJECT, job_id=JOB, progress=work)


def ranges(sandbox: Sandbox, name: str) -> list[str]:
    return [
        request.headers.get("range", "")
        for request in sandbox.requests
        if request.origin == "store" and request.path.endswith(name)
    ]


def check(root: Path, folder: Path, summary: DownloadSummary) -> None:
    with Workspace.open(root) as workspace:
        assert list(workspace.verify(read_data=True)) == []
        assert (workspace.left_overs().partials, workspace.left_overs().objects) == (0, ())
        for url in (url for frame in summary.sequence.frames for url in frame.urls):
            original = folder / "files" / url.partition("/street/")[2]
            assert workspace.read(url) == original.read_bytes()


def test_a_cut_scan_is_gone_on_with_by_the_next_run(tmp_path: Path, folder: Path, sandbox: Sandbox) -> None:
    root = tmp_path / "ws"
    sandbox.faults.add(Fault(FaultKind.CUT, path_contains="000001.pcd", origin="store", after_bytes=30_000))
    summary = pull(root, sandbox)
    assert [Path(problem.url).name for problem in summary.problems] == ["000001.pcd"]
    summary = pull(root, sandbox)
    assert summary.problems == ()
    assert ranges(sandbox, "000001.pcd") == ["", "bytes=30000-"]
    check(root, folder, summary)


def test_a_cut_result_document_is_gone_on_with_by_the_next_run(tmp_path: Path, folder: Path, sandbox: Sandbox) -> None:
    root = tmp_path / "ws"
    sandbox.faults.add(Fault(FaultKind.CUT, path_contains="result.json", origin="store", after_bytes=3_000))
    with pytest.raises(UnreachableError):
        pull(root, sandbox)
    summary = pull(root, sandbox)
    assert ranges(sandbox, "result.json") == ["", "bytes=3000-"]
    check(root, folder, summary)


def test_a_result_document_that_cannot_be_read_is_asked_for_anew(
    tmp_path: Path, folder: Path, sandbox: Sandbox
) -> None:
    root, document = tmp_path / "ws", folder / "result.json"
    sound = document.read_bytes()
    document.write_bytes(b"{}")
    with pytest.raises(DocumentFormatError):
        pull(root, sandbox)
    document.write_bytes(sound)
    summary = pull(root, sandbox)
    assert ranges(sandbox, "result.json") == ["", ""]
    check(root, folder, summary)


def test_a_cancelled_download_keeps_what_came_of_each_file(
    tmp_path: Path, folder: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, progress = tmp_path / "ws", Progress()
    began = set[Path]()
    write = Incoming.write

    def write_and_cancel(self: Incoming, data: bytes) -> int:
        written = write(self, data)
        if self.head.startswith(b"# .PCD"):
            began.add(self.path)
            progress.cancel()
        return written

    with monkeypatch.context() as watched:
        watched.setattr(Incoming, "write", write_and_cancel)
        sandbox.faults.add(Fault(FaultKind.SLOW, path_contains=".pcd", origin="store", times=9))
        with pytest.raises(Cancelled):
            pull(root, sandbox, progress)
    assert {path for path in began if path.exists()} == began != set()
    kept = {path.stat().st_size for path in began}
    sandbox.faults.clear()
    sandbox.forget_requests()
    summary = pull(root, sandbox)
    assert {f"bytes={size}-" for size in kept} <= set(ranges(sandbox, ".pcd"))
    check(root, folder, summary)


def test_a_scan_that_changed_between_two_runs_comes_anew(tmp_path: Path, folder: Path, sandbox: Sandbox) -> None:
    root, scan = tmp_path / "ws", folder / "files" / "lidar" / "000001.pcd"
    sandbox.faults.add(Fault(FaultKind.CUT, path_contains="000001.pcd", origin="store", after_bytes=30_000))
    pull(root, sandbox)
    scan.write_bytes(scan.read_bytes()[:-1] + b"!")
    summary = pull(root, sandbox)
    assert ranges(sandbox, "000001.pcd") == ["", "bytes=30000-"]
    check(root, folder, summary)
