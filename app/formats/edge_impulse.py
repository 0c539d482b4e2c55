"""The object-tracking service's answers, and the one request body it needs.

Facts about the service: its OpenAPI description. It answers failures with HTTP 200 and ``success: false``, so that is
looked at before anything else; an ``error`` beside ``success: true`` means nothing.
"""

from msgspec import UNSET

from app.domain.impulse import (
    ImpulseList,
    KeyInfo,
    PostProcessingAnswer,
    PostProcessingConfig,
    Sample,
    SamplePage,
    ServiceJob,
)
from app.errors import DocumentFormatError, ServiceError
from app.formats.documents import decode, flag, number, part, rows, spoken, text, whole
from app.formats.edge_impulse_impulse_records import ImpulsesAnswer
from app.formats.edge_impulse_impulses import read_impulses
from app.formats.edge_impulse_records import (
    ConfigRecord,
    Datastream,
    Dimensions,
    Envelope,
    JobAnswer,
    JobRecord,
    KeyInfoAnswer,
    PostProcessingRecord,
    SampleRecord,
    SamplesAnswer,
)
from app.formats.edge_impulse_settings import read_config, read_size, write_request
from app.formats.edge_impulse_tracking import read_answer

# Every parser below raises ServiceError with the service's own words where it refuses, and DocumentFormatError where
# its answer cannot be read.


def parse_key_info(raw: bytes) -> KeyInfo:
    """The project that an API key opens; raises ServiceError, DocumentFormatError."""
    answer = decode(raw, KeyInfoAnswer, what="key answer")
    _refuse(answer)
    project_id = whole(answer.project_id)
    if project_id is None:
        raise DocumentFormatError("The key answer does not say which project the key belongs to.")
    return KeyInfo(project_id, role=text(answer.role), expires=text(answer.expires))


def parse_samples(raw: bytes) -> SamplePage:
    """One page of samples, those without an id left out; raises ServiceError, DocumentFormatError."""
    answer = decode(raw, SamplesAnswer, what="samples answer")
    _refuse(answer)
    if answer.samples is UNSET:
        raise DocumentFormatError("The samples answer lists no samples.")
    found = [(whole(record.id), record) for record in rows(answer.samples, SampleRecord)]
    samples = tuple(_sample(sample_id, record) for sample_id, record in found if sample_id is not None)
    total = whole(answer.total_count)
    return SamplePage(samples, total_count=len(samples) if total is None else total)


def parse_impulses(raw: bytes) -> ImpulseList:
    """The impulses-detailed document; raises ServiceError, DocumentFormatError."""
    answer = decode(raw, ImpulsesAnswer, what="impulses document")
    _refuse(answer)
    return read_impulses(answer)


def parse_post_processing_config(raw: bytes) -> PostProcessingConfig:
    """Settings in force of one block; raises ServiceError, DocumentFormatError."""
    answer = decode(raw, ConfigRecord, what="block configuration")
    _refuse(answer)
    return read_config(answer)


def parse_post_processing_answer(raw: bytes) -> PostProcessingAnswer:
    """Whether there are results for a sample, and which; raises ServiceError, DocumentFormatError."""
    answer = decode(raw, PostProcessingRecord, what="tracking answer")
    _refuse(answer)
    return read_answer(answer)


def parse_job_status(raw: bytes) -> ServiceJob:
    """How far a job is; raises ServiceError, DocumentFormatError."""
    answer = decode(raw, JobAnswer, what="job answer")
    _refuse(answer)
    record = part(answer.job, JobRecord)
    job_id = whole(record.id) if record else None
    if record is None or job_id is None:
        raise DocumentFormatError("The job answer does not describe a job.")
    successful = record.finished_successful if isinstance(record.finished_successful, bool) else None
    finished = bool(text(record.finished)) or successful is not None
    return ServiceJob(
        job_id,
        category=text(record.category),
        started=bool(text(record.started)) or finished,
        finished=finished,
        finished_successful=successful,
    )


def build_post_processing_request(config: PostProcessingConfig, *, variant: str) -> bytes:
    """The JSON body that asks for results made with ``config`` by ``variant`` ("int8", "float32", "akida")."""
    return write_request(config, variant=variant)


def _refuse(answer: Envelope) -> None:
    if answer.success is False:
        reason = spoken(answer.error).rstrip(".") or "the request failed, without a reason"
        raise ServiceError(f"The object-tracking service says: {reason}.")


def _sample(sample_id: int, record: SampleRecord) -> Sample:
    stream = next(iter(rows(record.datastreams, Datastream)), None) or Datastream()
    size = part(record.image_dimensions, Dimensions) or part(stream.image_dimensions, Dimensions) or Dimensions()
    failed = flag(record.processing_error)
    return Sample(
        sample_id=sample_id,
        name=text(record.filename) or f"Sample {sample_id}",
        category=text(record.category),
        label=text(record.label),
        kind=text(record.chart_type),
        frame_rate=_positive(number(record.frequency)) or _positive(number(stream.frequency_hz)),
        frame_count=whole(record.values_count) if record.values_count is not None else whole(stream.values_count),
        image_size=read_size(size.width, size.height),
        is_processing=flag(record.is_processing),
        is_disabled=flag(record.is_disabled),
        problem=(spoken(record.processing_error_string) or "Processing failed.") if failed else "",
    )


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None
