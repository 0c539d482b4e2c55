"""The object-tracking service, Edge Impulse Studio: samples, impulses and post-processing results."""

import re
from collections.abc import Callable
from typing import Any, BinaryIO

import msgspec

from app.api.answers import Answer, Received, key_refused, plain
from app.api.exchange import Credential, clean_key
from app.api.http import HttpClient
from app.api.urls import join, parse_address, service_base
from app.domain.impulse import PostProcessingConfig
from app.domain.post_processing import JobLog, ServiceJob, ServiceJobs
from app.domain.sample import POST_PROCESSING, KeyInfo, ModelVariant, Sample, SamplePage
from app.errors import ApiError, ServiceError
from app.formats.edge_impulse import (
    build_post_processing_request,
    parse_job_log,
    parse_job_status,
    parse_jobs,
    parse_key_info,
    parse_model_variants,
    parse_post_processing_config,
    parse_sample,
    parse_samples,
)
from app.progress import Progress

SERVICE = "the object-tracking service"
LOG_LINES = 1000  # the most that the service gives at once
OnBytes = Callable[[int, int | None], None]  # told bytes so far and in all
_KEY_TROUBLE = re.compile(r"api key|unauthori[sz]ed|not logged in|permission|no access|forbidden|jwt", re.IGNORECASE)


class EdgeImpulseClient:
    """Reads one project; every method raises the ApiError tree or Cancelled. ``classify`` alone starts work there."""

    def __init__(self, http: HttpClient, *, base_url: str, key: str) -> None:
        self._http = http
        self._base = service_base(base_url)
        self._key = key

    def key_info(self, progress: Progress | None = None) -> KeyInfo:
        """Which project the key opens, and as what role."""
        return parse_key_info(self._ask(("projects", "api-key-info"), progress))

    def samples(
        self,
        project_id: int,
        *,
        category: str = POST_PROCESSING,
        offset: int = 0,
        limit: int = 100,
        search: str = "",
        progress: Progress | None = None,
    ) -> SamplePage:
        """Samples of a category from ``offset`` on, at most ``limit``; ``search`` is looked for in their names.

        Categories are those of ``domain.sample``; the service sorts the newest first.
        """
        query = {"category": category, "limit": str(limit), "offset": str(offset)}
        query |= {"search": search} if search else {}
        return parse_samples(self._ask((str(project_id), "raw-data"), progress, query=query))

    def sample(self, project_id: int, sample_id: int, progress: Progress | None = None) -> Sample:
        """One sample, without its values."""
        segments = (str(project_id), "raw-data", str(sample_id))
        return parse_sample(self._ask(segments, progress, query={"limitPayloadValues": "1"}))

    def sample_video(
        self,
        project_id: int,
        sample_id: int,
        sink: BinaryIO,
        *,
        on_bytes: OnBytes | None = None,
        progress: Progress | None = None,
    ) -> Received:
        """Stream the MP4 of a video sample into ``sink``; raises ServiceError in the service's words for a sample that
        has none (yet)."""
        segments = (str(project_id), "raw-data", str(sample_id), "video")
        return self._stream(segments, sink, accept="video/mp4", on_bytes=on_bytes, progress=progress)

    def sample_image(
        self,
        project_id: int,
        sample_id: int,
        sink: BinaryIO,
        *,
        on_bytes: OnBytes | None = None,
        progress: Progress | None = None,
    ) -> Received:
        """Stream the JPEG of an image sample into ``sink``; raises as ``sample_video``."""
        segments = (str(project_id), "raw-data", str(sample_id), "image")
        return self._stream(segments, sink, accept="image/jpeg", on_bytes=on_bytes, progress=progress)

    def model_variants(
        self, project_id: int, *, impulse_id: int | None = None, progress: Progress | None = None
    ) -> tuple[ModelVariant, ...]:
        """The variants that a project offers for one impulse, by default its main one."""
        query = {} if impulse_id is None else {"impulseId": str(impulse_id)}
        return parse_model_variants(self._ask((str(project_id), "model-variants"), progress, query=query))

    def impulses_document(self, project_id: int, progress: Progress | None = None) -> bytes:
        """The impulses-detailed document as received."""
        return self._ask((str(project_id), "impulses-detailed"), progress)

    def post_processing_config(
        self, project_id: int, block_id: int, progress: Progress | None = None
    ) -> PostProcessingConfig:
        """Settings in force of a post-processing block."""
        return parse_post_processing_config(self._ask((str(project_id), "post-processing", str(block_id)), progress))

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
        """The answer about one sample as received: a read although it is a POST, so it may be sent again."""
        body = build_post_processing_request(config, variant=variant)
        return self._ask(_of_sample(project_id, block_id, sample_id), progress, body=body)

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
        """Have the service make results for one sample, which uses compute time of the project: only for a user who
        said yes. Never sent twice. The answer as received, for ``parse_classify_answer``."""
        body = build_post_processing_request(config, variant=variant)
        segments = (*_of_sample(project_id, block_id, sample_id), "classify")
        return self._ask(segments, progress, body=body, idempotent=False)

    def active_jobs(self, project_id: int, progress: Progress | None = None) -> ServiceJobs:
        """Jobs of the project that wait or run."""
        return parse_jobs(self._ask((str(project_id), "jobs"), progress))

    def finished_jobs(
        self, project_id: int, *, limit: int = 50, offset: int = 0, progress: Progress | None = None
    ) -> ServiceJobs:
        """Jobs of the project that ended, the newest first, at most ``limit`` from ``offset`` on."""
        query = {"limit": str(limit), "offset": str(offset)}
        return parse_jobs(self._ask((str(project_id), "jobs", "history"), progress, query=query))

    def job_status(self, project_id: int, job_id: int, progress: Progress | None = None) -> ServiceJob:
        """How far a job of the service is."""
        return parse_job_status(self._ask((str(project_id), "jobs", str(job_id), "status"), progress))

    def job_log(
        self, project_id: int, job_id: int, *, limit: int = LOG_LINES, progress: Progress | None = None
    ) -> JobLog:
        """The last ``limit`` lines of a job's log; the service gives 1000 at most."""
        segments = (str(project_id), "jobs", str(job_id), "stdout")
        return parse_job_log(self._ask(segments, progress, query={"limit": str(limit)}))

    def download_job_log(
        self, project_id: int, job_id: int, sink: BinaryIO, progress: Progress | None = None
    ) -> Received:
        """Stream the whole log as plain text, control characters and all, into ``sink``."""
        segments = (str(project_id), "jobs", str(job_id), "stdout", "download")
        return self._stream(segments, sink, accept="text/plain", on_bytes=None, progress=progress)

    def _ask(
        self,
        segments: tuple[str, ...],
        progress: Progress | None,
        *,
        query: dict[str, str] | None = None,
        body: bytes | None = None,
        idempotent: bool = True,
    ) -> bytes:
        answer = self._http.request(
            join(self._base, "v1", "api", *segments, query=query),
            method="GET" if body is None else "POST",
            credential=self._credential(),
            body=body,
            idempotent=idempotent,
            explain=_explain,
            progress=progress,
        )
        raw = answer.json_body()
        if (told := _error_of(answer)) is not None:
            raise told
        return raw

    def _stream(
        self,
        segments: tuple[str, ...],
        sink: BinaryIO,
        *,
        accept: str,
        on_bytes: OnBytes | None,
        progress: Progress | None,
    ) -> Received:
        return self._http.download(
            join(self._base, "v1", "api", *segments),
            sink,
            credential=self._credential(),
            explain=_explain,
            on_bytes=on_bytes,
            accept=accept,
            progress=progress,
        )

    def _credential(self) -> Credential:
        origin = parse_address(self._base).origin
        return Credential("x-api-key", clean_key(self._key, service=SERVICE), origin)


def _of_sample(project_id: int, block_id: int, sample_id: int) -> tuple[str, ...]:
    return str(project_id), "post-processing", str(block_id), "samples", str(sample_id)


def _explain(answer: Answer) -> ApiError | None:
    return _error_of(answer)


def _error_of(answer: Answer) -> ApiError | None:
    """The service also fails with status 200 and ``success: false``; an ``error`` beside success means nothing."""
    told = _error_text(answer.body)
    if told is None:
        return None
    if answer.status in (401, 403) or _KEY_TROUBLE.search(told):
        return key_refused(answer.host, reason=f"({told})" if told else f"with status {answer.status}")
    said = f": {told}" if told else " and gives no reason"
    return ServiceError(
        f"{answer.host} refused the request{said}.",
        code="" if answer.status == 200 else str(answer.status),
        next_step="Check the project, the block and the sample.",
    )


class _Outcome(msgspec.Struct):
    """The part of every answer that tells success from failure; ``error`` may be missing or be no text."""

    success: bool = True
    error: Any = None


def _error_text(body: bytes) -> str | None:
    """The reason of a failed answer, empty where it gives none; None for an answer that is no failure."""
    try:
        found = msgspec.json.decode(body, type=_Outcome)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if found.success:
        return None
    return plain(found.error).rstrip(".") if isinstance(found.error, str) else ""
