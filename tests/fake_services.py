"""Stand-ins for the two service clients that answer from a delivery folder and write down what was asked."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from app.api.answers import Received
from app.domain.annotation import JobPage, JobResult, Project
from app.domain.impulse import PostProcessingConfig
from app.domain.post_processing import JobLog, LogLine, ServiceJob
from app.errors import NotReadyError, UnreachableError
from app.formats.telus import parse_job_page, parse_job_result, parse_project
from app.progress import Progress
from app.workspace.delivery import Delivery


class FakeTelus:
    """TelusClient over a delivery. ``fail`` maps the end of a URL to the error it gives, ``before`` runs first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.delivery = Delivery.open(folder)
        self.requests: list[str] = []
        self.fail: dict[str, Exception] = {}
        self.before: Callable[[str, Progress], None] = lambda _url, _progress: None
        self.bodies: dict[str, bytes] = {}
        self.pages: list[JobPage] = []
        self.lock = threading.Lock()

    @property
    def job(self) -> JobResult:
        return parse_job_result((self.folder / "job.json").read_bytes())

    @property
    def file_requests(self) -> list[str]:
        return [url for url in self.requests if url.startswith("https://")]

    def project(self, project_id: str, progress: Progress | None = None) -> Project:
        self._note("details")
        return parse_project((self.folder / "details.json").read_bytes(), project_id=project_id)

    def job_page(
        self, project_id: str, batch_id: str, *, page_token: str = "", progress: Progress | None = None
    ) -> JobPage:
        self._note(f"page {page_token}")
        if self.pages:
            return self.pages.pop(0)
        return parse_job_page((self.folder / "batch.json").read_bytes())

    def job_result(self, project_id: str, job_id: str, progress: Progress | None = None) -> JobResult:
        self._note("result")
        if not self.job.result_url:
            raise NotReadyError("The job has no result yet.")
        return self.job

    def attachment(self, url: str, sink: BinaryIO, progress: Progress | None = None) -> Received:
        self._note(url)
        work = progress or Progress()
        self.before(url, work)
        for end, error in self.fail.items():
            if url.split("?", maxsplit=1)[0].endswith(end):
                sink.write(b"half of a fi")
                raise error
        path = self.delivery.document if url.endswith("result.json") else self.delivery.locate(url)
        if path is None:
            raise UnreachableError("The store does not have this file.")
        body = next((body for end, body in self.bodies.items() if url.endswith(end)), None) or path.read_bytes()
        for start in range(0, len(body), 4096):
            work.check()
            sink.write(body[start : start + 4096])
        return Received("application/octet-stream", len(body), "")

    def fetch_directly(self, url: str, sink: BinaryIO, progress: Progress | None = None) -> Received:
        self._note(f"directly {url}")
        raise UnreachableError("The customer's store does not answer.")

    def _note(self, request: str) -> None:
        with self.lock:
            self.requests.append(request)


class FakeEdgeImpulse:
    """EdgeImpulseClient that gives prepared answers and job states, one after the other, the last one for ever."""

    def __init__(self, answers: list[bytes], jobs: list[ServiceJob] | None = None) -> None:
        self.answers = answers
        self.jobs = jobs or []
        self.logs: list[list[str]] = [[]]
        self.classified = b'{"success": true, "id": 31}'
        self.config = PostProcessingConfig(enabled=True)
        self.requests: list[str] = []

    def impulses_document(self, project_id: int, progress: Progress | None = None) -> bytes:
        self.requests.append("impulses")
        return json.dumps(
            {"success": True, "impulses": [], "metricKeysByCategory": [], "extraTableColumns": []}
        ).encode()

    def post_processing_config(
        self, project_id: int, block_id: int, progress: Progress | None = None
    ) -> PostProcessingConfig:
        self.requests.append("config")
        return self.config

    def post_processing_results(
        self,
        project_id: int,
        block_id: int,
        sample_id: int,
        *,
        config: PostProcessingConfig,
        variant: str,
        progress: Progress | None = None,
    ) -> bytes:
        self.requests.append("results")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def job_status(self, project_id: int, job_id: int, progress: Progress | None = None) -> ServiceJob:
        self.requests.append(f"job {job_id}")
        return self.jobs.pop(0) if len(self.jobs) > 1 else self.jobs[0]

    def job_log(self, project_id: int, job_id: int, *, limit: int = 1000, progress: Progress | None = None) -> JobLog:
        self.requests.append(f"log {job_id}")
        lines = self.logs.pop(0) if len(self.logs) > 1 else self.logs[0]
        return JobLog(tuple(LogLine(line) for line in lines), total_count=len(lines))

    def classify(
        self,
        project_id: int,
        block_id: int,
        sample_id: int,
        *,
        config: PostProcessingConfig,
        variant: str,
        progress: Progress | None = None,
    ) -> bytes:
        self.requests.append("classify")
        return self.classified
