"""The whole path through real sockets: sandbox, clients, workspace, and back with the sandbox gone."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.domain.annotation import JobResult
from app.domain.post_processing import JOB_IS_RUNNING, NO_RESULTS
from app.errors import KeyRefusedError, ServiceError
from app.formats.telus import parse_job_result
from app.jobs import LocalJob, open_path, open_workspace_job
from app.progress import Cancelled, Progress
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.sync import (
    DownloadSummary,
    TrackingState,
    TrackingStep,
    download_job,
    download_tracking,
    fetch_impulses,
    list_all_jobs,
    list_batches,
    suggest_links,
)
from app.workspace import CameraLink, Workspace
from tests.api.origins import seconds_to_cancel
from tests.builders import small_delivery

CAMERAS = ("front", "left")


class WholePath:
    """Everything between the sandbox and a workspace."""

    def __init__(self, folder: Path, root: Path, sandbox: Sandbox, http: HttpClient) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.http = http
        self.workspace = Workspace.open(root)
        self.edge_impulse = EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url, key=sandbox.edge_impulse_key)

    @property
    def job(self) -> JobResult:
        return parse_job_result((self.folder / "job.json").read_bytes())

    def telus(self, key: str = "") -> TelusClient:
        return TelusClient(self.http, base_url=self.sandbox.telus_url, key=key or self.sandbox.telus_key)

    def download(self, *, progress: Progress | None = None, key: str = "") -> DownloadSummary:
        ids = {"project_id": self.job.project_id, "job_id": self.job.job_id}
        return download_job(self.workspace, self.telus(key), **ids, progress=progress or Progress())

    def links(self) -> tuple[CameraLink, ...]:
        project_id = self.edge_impulse.key_info().project_id
        impulses = fetch_impulses(self.workspace, self.edge_impulse, project_id, progress=Progress()).impulses
        samples = self.edge_impulse.samples(project_id).samples
        return suggest_links(CAMERAS, "street", samples, impulses, ei_project_id=project_id)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[WholePath]:
    folder = small_delivery(tmp_path / "street", cameras=CAMERAS)
    with Sandbox([folder]) as sandbox, HttpClient(requests_per_second=None, backoff=0.01) as http:
        opened = WholePath(folder, tmp_path / "ws", sandbox, http)
        with opened.workspace:
            yield opened


def pictures(job: LocalJob) -> list[np.ndarray]:
    return [job.load_image(index, camera) for index in range(len(job.sequence)) for camera in CAMERAS]


def test_a_job_fetched_from_the_services_looks_the_same_without_them(path: WholePath) -> None:
    path.download()
    links = path.links()
    path.workspace.save_camera_links(path.job.job_id, links)
    for link in links:
        assert download_tracking(path.workspace, path.edge_impulse, link, progress=Progress()).state == "stored"
    assert path.sandbox.leaks == ()
    path.sandbox.stop()
    original, job = open_path(path.folder), open_workspace_job(path.workspace, path.job.job_id)
    for index in range(3):
        one, other = original.load_frame(index), job.load_frame(index)
        assert one.cloud is not None
        assert other.cloud is not None
        assert np.array_equal(one.cloud.xyz, other.cloud.xyz)
        assert one.label_counts == other.label_counts
        assert [original.boxes(index, camera) for camera in CAMERAS] == [job.boxes(index, camera) for camera in CAMERAS]
        assert job.boxes(index, "front").tracked
    assert all(np.array_equal(*pair) for pair in zip(pictures(original), pictures(job), strict=True))
    assert job.tracks() == original.tracks()


def test_a_second_download_sends_nothing(path: WholePath) -> None:
    path.download()
    path.sandbox.forget_requests()
    assert path.download().fetched == 0
    assert path.sandbox.requests == ()


def test_no_key_and_no_signature_is_written_anywhere(path: WholePath) -> None:
    path.download()
    for link in path.links():
        download_tracking(path.workspace, path.edge_impulse, link, progress=Progress())
    signatures = [request.target.partition("?")[2] for request in path.sandbox.requests if request.origin == "store"]
    assert all(signatures)
    secrets = [path.sandbox.telus_key, path.sandbox.edge_impulse_key, *signatures]
    for file in path.workspace.root.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not any(secret.encode() in content for secret in secrets)


@pytest.mark.parametrize("kind", [FaultKind.CUT, FaultKind.TOO_MANY, FaultKind.ERROR, FaultKind.EXPIRED])
def test_a_passing_fault_is_overcome(path: WholePath, kind: FaultKind) -> None:
    path.sandbox.faults.add(Fault(kind, origin="store", path_contains="000001.pcd"))
    assert path.download().problems == ()
    record = open_workspace_job(path.workspace, "street").load_frame(1)
    assert record.mask is not None


def test_a_file_that_stays_broken_is_told_and_fetched_next_time(path: WholePath) -> None:
    path.sandbox.faults.add(Fault(FaultKind.HTML, origin="store", path_contains="000001.pcd", times=99))
    summary = path.download()
    assert [problem.frame_id for problem in summary.problems] == ["000001"]
    assert list(path.workspace.root.rglob("*.part")) == []
    path.sandbox.faults.clear()
    assert (path.download().fetched, path.download().reused) == (1, 12)


def test_a_body_shorter_than_declared_is_tried_again_and_what_came_is_kept_for_the_next_time(path: WholePath) -> None:
    path.sandbox.faults.add(Fault(FaultKind.CUT, origin="store", path_contains="000001.pcd", after_bytes=1000, times=4))
    (problem,) = path.download().problems
    assert "cut the transfer short" in problem.message
    assert path.workspace.find(problem.url) is None
    assert path.workspace.left_overs().partials == 1
    asked = [request for request in path.sandbox.requests if request.origin == "store"]
    assert sum("000001.pcd" in request.target for request in asked) == 4
    path.sandbox.forget_requests()
    assert path.download().problems == ()
    assert path.workspace.left_overs().partials == 0
    (resumed,) = [request for request in path.sandbox.requests if request.origin == "store"]
    assert resumed.headers["range"] == "bytes=4000-"


@pytest.mark.parametrize("where", ["/jobs/", "result.json"])
def test_a_log_in_page_instead_of_json_is_named_and_nothing_is_stored(path: WholePath, where: str) -> None:
    path.sandbox.faults.add(Fault(FaultKind.HTML, path_contains=where, times=9))
    with pytest.raises(ServiceError, match="a web page") as caught:
        path.download()
    assert "proxy" in caught.value.next_step
    assert path.workspace.jobs() == ()
    assert path.workspace.usage() == 0
    assert path.workspace.left_overs().partials == 0


def test_a_key_refused_in_the_middle_of_a_job_ends_it_without_another_try(path: WholePath) -> None:
    path.sandbox.faults.add(Fault(FaultKind.ERROR, origin="telus", path_contains="000001.pcd", status=401, times=99))
    with pytest.raises(KeyRefusedError, match="401"):
        path.download()
    assert sum("000001.pcd" in request.target for request in path.sandbox.requests) == 1


def test_a_cancelled_download_keeps_what_came_of_a_file_and_goes_on_from_there(path: WholePath) -> None:
    path.sandbox.faults.add(Fault(FaultKind.STALL, origin="store", path_contains="000001.pcd", after_bytes=2000))
    steps = [0]

    def stalled() -> bool:
        """All other files are here, and of this one what comes before the silence."""
        if steps[-1] < 11:  # others still come and go
            return False
        parts = (part for part in path.workspace.root.rglob("*.part") if ".json." not in part.name)
        return [part.stat().st_size for part in parts] == [2000]

    def download(progress: Progress) -> None:
        path.download(progress=progress.part(lambda step: steps.append(step.done)))

    seconds_to_cancel(download, when=stalled)
    assert path.workspace.left_overs().partials == 1
    path.sandbox.forget_requests()
    summary = path.download()
    assert (summary.fetched, summary.problems) == (1, ())
    assert [request.headers.get("range") for request in path.sandbox.requests if request.origin == "store"] == [
        "bytes=2000-"
    ]


def test_a_wrong_key_ends_the_download(path: WholePath) -> None:
    with pytest.raises(KeyRefusedError):
        path.download(key="wrong-key")
    assert path.workspace.jobs() == ()


def test_cancelling_while_the_store_is_silent_ends_at_once(path: WholePath) -> None:
    path.sandbox.faults.add(Fault(FaultKind.HANG, origin="store", path_contains=".pcd", times=99))
    told = threading.Event()
    progress = Progress(lambda step: told.set() if step.done >= 6 else None)  # all but the scans are here soon
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(path.download, progress=progress)
        assert told.wait(20)
        start = time.perf_counter()
        progress.cancel()
        with pytest.raises(Cancelled):
            running.result(10)
        assert time.perf_counter() - start < 1.0


def test_all_jobs_of_a_project_are_listed(path: WholePath) -> None:
    project = list_batches(path.workspace, path.telus(), path.job.project_id, progress=Progress())
    batch_id = project.batches[0].batch_id
    jobs = list_all_jobs(path.workspace, path.telus(), project.project_id, batch_id, progress=Progress())
    assert [job.job_id for job in jobs] == [path.job.job_id]
    assert path.workspace.job("street") is not None


def test_links_are_suggested_for_every_camera(path: WholePath) -> None:
    assert {link.camera: link.sample_name for link in path.links()} == {
        "front": "street front",
        "left": "street left",
    }


def test_a_running_job_of_the_service_ends_in_results(path: WholePath) -> None:
    (link, *_rest) = path.links()
    path.sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=2)
    steps: list[TrackingStep] = []
    step = download_tracking(
        path.workspace, path.edge_impulse, link, progress=Progress(), on_state=steps.append, interval=0.001
    )
    assert [told.state for told in steps] == [TrackingState.RUNNING, TrackingState.RUNNING, TrackingState.STORED]
    assert steps[1].message.endswith("(job 70001). Tracking  50 %")
    assert step.state is TrackingState.STORED
    assert json.loads(path.workspace.read(link.answer_address) or b"")["hasResults"] == "has-results"


@pytest.mark.parametrize(
    ("state", "succeeds", "expected"),
    [(JOB_IS_RUNNING, False, TrackingState.FAILED), (NO_RESULTS, True, TrackingState.NO_RESULTS)],
)
def test_what_the_service_lacks_is_told(path: WholePath, state: str, succeeds: bool, expected: TrackingState) -> None:
    (link, *_rest) = path.links()
    path.sandbox.set_sample_state("street front", state, succeeds=succeeds)
    step = download_tracking(path.workspace, path.edge_impulse, link, progress=Progress(), interval=0.001)
    assert step.state is expected
    assert not any("classify" in request.target for request in path.sandbox.requests)


def test_a_real_delivery_survives_the_whole_path(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "deliveries" / "street"
    truth = json.loads((folder / "truth.json").read_text())["frames"]
    with Sandbox([folder]) as sandbox, HttpClient(requests_per_second=None, backoff=0.01) as http:
        opened = WholePath(folder, tmp_path / "ws", sandbox, http)
        with opened.workspace:
            opened.download()
            sandbox.stop()
            job = open_workspace_job(opened.workspace, "street")
            for index in range(3):
                frame = job.load_frame(index)
                expected = truth[frame.record.frame_id]
                assert {str(key): count for key, count in frame.label_counts.items()} == expected["label_counts"]
