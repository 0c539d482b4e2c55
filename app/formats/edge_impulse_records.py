"""The object-tracking service's documents as they are on the wire; only what is read is listed, msgspec skips the rest.

Names are the service's own in snake case. Its schema grows over time and makes new fields required, so nothing is
required here, and every enumeration is open text.
"""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from app.formats.documents import Maybe, Rows


class Wire(Struct, rename="camel"):
    """A record of the service."""


class Envelope(Wire):
    """What every answer has around it; an ``error`` beside ``success: true`` means nothing."""

    success: Any = None
    error: Any = None


class KeyInfoAnswer(Envelope):
    """Answer about the API key itself."""

    project_id: Any = None
    role: Any = None
    expires: Any = None


class Dimensions(Wire):
    """Pixels of a picture."""

    width: Any = None
    height: Any = None


class Datastream(Wire):
    """One stream of a sample that has several."""

    frequency_hz: Any = None
    values_count: Any = None
    image_dimensions: Maybe[Dimensions] = None


class SampleRecord(Wire):
    """One recording."""

    id: Any = None
    filename: Any = None
    category: Any = None
    label: Any = None
    chart_type: Any = None
    frequency: Any = None
    values_count: Any = None
    image_dimensions: Maybe[Dimensions] = None
    datastreams: Rows[Datastream] = None
    is_processing: Any = None
    is_disabled: Any = None
    processing_error: Any = None
    processing_error_string: Any = None


class SampleAnswer(Envelope):
    """One sample; its values are not looked at."""

    sample: Maybe[SampleRecord] = None


class SamplesAnswer(Envelope):
    """One page of samples."""

    samples: Rows[SampleRecord] | UnsetType = UNSET
    total_count: Any = None


class BoxRecord(Wire):
    """A tracked object has an ``id`` and no score, a detection the reverse."""

    label: Any = None
    id: Any = None
    x: Any = None
    y: Any = None
    width: Any = None
    height: Any = None
    score: Any = None


class BoxFrame(Wire):
    """The boxes of one frame; frames come in any order."""

    frame_index: Any = None
    objects: Rows[BoxRecord] = None


class BoxList(Wire):
    """``objectTracking`` or ``objectDetection``."""

    frames: Rows[BoxFrame] = None
    parameters: Any = None


class ResultsRecord(Wire):
    """Both lists; either may be missing."""

    object_tracking: Maybe[BoxList] = None
    object_detection: Maybe[BoxList] = None


class RunningConfig(Wire):
    """What a running job works with."""

    enabled: Any = None
    parameters: Any = None


class RequestRecord(Wire):
    """What results were asked for with."""

    config: Maybe[RunningConfig] = None


class RunningJob(Wire):
    """The job that is making the results."""

    job_id: Any = None
    config: Maybe[RunningConfig] = None


class PostProcessingRecord(Envelope):
    """The answer about one sample."""

    has_results: Any = None
    results: Maybe[ResultsRecord] = None
    job_is_running: Maybe[RunningJob] = None


class ClassifyRecord(Envelope):
    """Either a job's ``id`` or the results; nothing else tells the two apart."""

    id: Any = None
    results: Any = None


class VariantRecord(Wire):
    """One form of a project's models."""

    variant: Any = None
    is_reference_variant: Any = None
    is_enabled: Any = None
    is_selected: Any = None


class VariantsAnswer(Envelope):
    """The variants of a project."""

    model_variants: Rows[VariantRecord] | UnsetType = UNSET


class JobRecord(Wire):
    """Work on the service's side; ``finished`` is a date once it ended."""

    id: Any = None
    category: Any = None
    created: Any = None
    started: Any = None
    finished: Any = None
    finished_successful: Any = None


class JobAnswer(Envelope):
    """Answer about a job."""

    job: Maybe[JobRecord] = None


class JobsAnswer(Envelope):
    """Some jobs of a project."""

    jobs: Rows[JobRecord] | UnsetType = UNSET
    total_job_count: Any = None


class LogRecord(Wire):
    """A piece of a job's log, usually a line with its end."""

    created: Any = None
    data: Any = None
    log_level: Any = None


class LogAnswer(Envelope):
    """The last pieces of a job's log."""

    stdout: Rows[LogRecord] | UnsetType = UNSET
    total_count: Any = None
