"""The object-tracking service, Edge Impulse Studio: samples, impulses and post-processing results."""

import re
from typing import Any

import msgspec

from app.api.answers import Answer, key_refused, plain
from app.api.exchange import Credential, clean_key
from app.api.http import HttpClient
from app.api.urls import join, parse_address, service_base
from app.domain.impulse import KeyInfo, PostProcessingConfig, SamplePage, ServiceJob
from app.errors import ApiError, ServiceError
from app.formats.edge_impulse import (
    build_post_processing_request,
    parse_job_status,
    parse_key_info,
    parse_post_processing_config,
    parse_samples,
)
from app.progress import Progress

SERVICE = "the object-tracking service"
POST_PROCESSING = "post-processing"  # the category of samples that post-processing blocks run on
_KEY_TROUBLE = re.compile(r"api key|unauthori[sz]ed|not logged in|permission|no access|forbidden|jwt", re.IGNORECASE)


class EdgeImpulseClient:
    """Reads one project; every method raises the ApiError tree or Cancelled. Nothing here starts billable work."""

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
        """Samples of a category from ``offset`` on, at most ``limit``; ``search`` is looked for in their names."""
        query = {"category": category, "limit": str(limit), "offset": str(offset)}
        query |= {"search": search} if search else {}
        return parse_samples(self._ask((str(project_id), "raw-data"), progress, query=query))

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
        return self._ask(
            (str(project_id), "post-processing", str(block_id), "samples", str(sample_id)),
            progress,
            body=build_post_processing_request(config, variant=variant),
        )

    def job_status(self, project_id: int, job_id: int, progress: Progress | None = None) -> ServiceJob:
        """How far a job of the service is."""
        return parse_job_status(self._ask((str(project_id), "jobs", str(job_id), "status"), progress))

    def _ask(
        self,
        segments: tuple[str, ...],
        progress: Progress | None,
        *,
        query: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> bytes:
        answer = self._http.request(
            join(self._base, "v1", "api", *segments, query=query),
            method="GET" if body is None else "POST",
            credential=self._credential(),
            body=body,
            idempotent=True,
            explain=_explain,
            progress=progress,
        )
        raw = answer.json_body()
        if (told := _error_of(answer)) is not None:
            raise told
        return raw

    def _credential(self) -> Credential:
        origin = parse_address(self._base).origin
        return Credential("x-api-key", clean_key(self._key, service=SERVICE), origin)


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
