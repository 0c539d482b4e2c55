"""The object-tracking service's answers, and the one request body it needs.

Facts about the service: its OpenAPI description. It answers failures with HTTP 200 and ``success: false``, so that is
looked at before anything else; an ``error`` beside ``success: true`` means nothing.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from msgspec import UNSET

from app.domain.impulse import ImpulseList, PostProcessingConfig
from app.domain.post_processing import ClassifyAnswer, JobLog, PostProcessingAnswer, ServiceJob, ServiceJobs
from app.domain.sample import KeyInfo, ModelVariant, Sample, SamplePage
from app.errors import DocumentFormatError, ServiceError
from app.formats.documents import decode, flag, part, rows, spoken, text, whole
from app.formats.edge_impulse_impulses import read_impulses
from app.formats.edge_impulse_jobs import read_job, read_log
from app.formats.edge_impulse_records import (
    ClassifyRecord,
    Envelope,
    JobAnswer,
    JobRecord,
    JobsAnswer,
    KeyInfoAnswer,
    LogAnswer,
    PostProcessingRecord,
    SampleAnswer,
    SampleRecord,
    SamplesAnswer,
    VariantRecord,
    VariantsAnswer,
)
from app.formats.edge_impulse_samples import read_sample
from app.formats.edge_impulse_settings import read_config, read_request, write_request
from app.formats.edge_impulse_tracking import read_answer

Accepted = TypeVar("Accepted", bound=Envelope)
T = TypeVar("T")

# Every parser below raises ServiceError with the service's own words where it refuses, and DocumentFormatError where
# its answer cannot be read.


def parse_key_info(raw: bytes) -> KeyInfo:
    """The project that an API key opens; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, KeyInfoAnswer, what="key answer")
    project_id = whole(answer.project_id)
    if project_id is None:
        raise DocumentFormatError("The key answer does not say which project the key belongs to.")
    return KeyInfo(project_id, role=text(answer.role), expires=text(answer.expires))


def parse_samples(raw: bytes) -> SamplePage:
    """One page of samples, those without an id left out; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, SamplesAnswer, what="samples answer")
    if answer.samples is UNSET:
        raise DocumentFormatError("The samples answer lists no samples.")
    return SamplePage(*_page(map(read_sample, rows(answer.samples, SampleRecord)), answer.total_count))


def parse_sample(raw: bytes) -> Sample:
    """One sample; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, SampleAnswer, what="sample answer")
    record = part(answer.sample, SampleRecord)
    sample = read_sample(record) if record else None
    if sample is None:
        raise DocumentFormatError("The sample answer does not describe a sample.")
    return sample


def parse_model_variants(raw: bytes) -> tuple[ModelVariant, ...]:
    """The variants that a project offers; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, VariantsAnswer, what="variants answer")
    if answer.model_variants is UNSET:
        raise DocumentFormatError("The variants answer lists no variants.")
    return tuple(
        ModelVariant(
            text(record.variant),
            is_reference=flag(record.is_reference_variant),
            is_enabled=record.is_enabled is not False,
            is_selected=flag(record.is_selected),
        )
        for record in rows(answer.model_variants, VariantRecord)
        if text(record.variant)
    )


def parse_impulses(raw: bytes) -> ImpulseList:
    """The impulses-detailed document; raises ServiceError, DocumentFormatError."""
    return read_impulses(_accepted_document(raw, what="impulses document"))


def parse_post_processing_config(raw: bytes) -> PostProcessingConfig:
    """Settings in force of one block; raises ServiceError, DocumentFormatError."""
    return read_config(_accepted_document(raw, what="block configuration"))


def parse_post_processing_answer(raw: bytes) -> PostProcessingAnswer:
    """Whether there are results for a sample, and which; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, PostProcessingRecord, what="tracking answer")
    return read_answer(answer)


def parse_classify_answer(raw: bytes) -> ClassifyAnswer:
    """What asking to classify a sample led to; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, ClassifyRecord, what="classify answer")
    if isinstance(answer.results, dict):
        return ClassifyAnswer(results=parse_post_processing_answer(raw))
    job_id = whole(answer.id)
    if job_id is None:
        raise DocumentFormatError("The classify answer names neither a job nor results.")
    return ClassifyAnswer(job_id=job_id)


def parse_job_status(raw: bytes) -> ServiceJob:
    """How far a job is; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, JobAnswer, what="job answer")
    record = part(answer.job, JobRecord)
    job = read_job(record) if record else None
    if job is None:
        raise DocumentFormatError("The job answer does not describe a job.")
    return job


def parse_jobs(raw: bytes) -> ServiceJobs:
    """Some jobs of a project, those without an id left out; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, JobsAnswer, what="jobs answer")
    if answer.jobs is UNSET:
        raise DocumentFormatError("The jobs answer lists no jobs.")
    return ServiceJobs(*_page(map(read_job, rows(answer.jobs, JobRecord)), answer.total_job_count))


def parse_job_log(raw: bytes) -> JobLog:
    """The last lines of a job's log, control characters taken out; raises ServiceError, DocumentFormatError."""
    answer = _accepted(raw, LogAnswer, what="log")
    if answer.stdout is UNSET:
        raise DocumentFormatError("The log answer holds no log.")
    return read_log(answer.stdout, answer.total_count)


def parse_request(raw: bytes) -> dict[str, str]:
    """The parameters that a stored request for results asked for; raises DocumentFormatError."""
    return read_request(raw)


def build_post_processing_request(config: PostProcessingConfig, *, variant: str) -> bytes:
    """The JSON body that asks for results made with ``config`` by ``variant`` ("int8", "float32", "akida")."""
    return write_request(config, variant=variant)


def _accepted(raw: bytes, kind: type[Accepted], *, what: str) -> Accepted:
    answer = decode(raw, kind, what=what)
    _refuse(answer)
    return answer


def _accepted_document(raw: bytes, *, what: str) -> dict[str, Any]:
    document = decode(raw, dict[str, Any], what=what)
    _refuse(Envelope(document.get("success"), document.get("error")))
    return document


def _page(found: Iterable[T | None], total_count: object) -> tuple[tuple[T, ...], int]:
    """What could be read, and how many there are in all: as many, where the service gives no number."""
    known = tuple(item for item in found if item is not None)
    total = whole(total_count)
    return known, len(known) if total is None else total


def _refuse(answer: Envelope) -> None:
    if answer.success is False:
        reason = spoken(answer.error).rstrip(".") or "the request failed, without a reason"
        raise ServiceError(f"The object-tracking service says: {reason}.")
