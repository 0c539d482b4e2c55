"""The annotation service's documents as they are on the wire: every part may miss or hold something else.

Field names are the service's own. Only what is read is listed; msgspec skips the rest.
"""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from app.formats.documents import Maybe, Rows


class Vector(Struct):
    """A position in metres."""

    x: Any = None
    y: Any = None
    z: Any = None


class Quaternion(Struct):
    """A heading; scalar first by name, of any length."""

    w: Any = None
    x: Any = None
    y: Any = None
    z: Any = None


class PoseRecord(Struct):
    """``ego_pose`` or ``sensor_pose``; ``{}`` is common."""

    heading: Maybe[Quaternion] = None
    position: Maybe[Vector] = None


class FrameSensor(Struct):
    """One sensor's file in one frame; ``sensor_id`` may be an id or a name of ``sensor_meta``."""

    sensor_id: Any = None
    data_url: Any = None
    original_url: Any = None
    sensor_pose: Maybe[PoseRecord] = None


class IntrinsicsRecord(Struct):
    """Pixels and distortion coefficients of a camera."""

    fx: Any = None
    fy: Any = None
    cx: Any = None
    cy: Any = None
    skew: Any = None
    k1: Any = None
    k2: Any = None
    k3: Any = None
    k4: Any = None
    k5: Any = None
    k6: Any = None
    p1: Any = None
    p2: Any = None
    scale_factor: Any = None


class SensorMeta(Struct):
    """A sensor of the job; two may share one id."""

    id: Any = None
    name: Any = None
    modality: Any = None
    primary_view: Any = None
    camera_model: Any = None
    intrinsics: Maybe[IntrinsicsRecord] = None


class SensorFrame(Struct):
    """One time step of ``sensor_data``."""

    frame_id: Any = None
    ego_pose: Maybe[PoseRecord] = None
    sensors: Rows[FrameSensor] = None


class SensorData(Struct):
    """What the customer sent: ``frames``, or a single frame spread out in this record itself."""

    frames: Rows[SensorFrame] = None
    sensor_meta: Rows[SensorMeta] = None
    frame_id: Any = None
    ego_pose: Maybe[PoseRecord] = None
    sensors: Rows[FrameSensor] = None


class Annotation(Struct):
    """One thing with its label key; of the older form's legend, too."""

    frame_id: Any = None
    type: Any = None
    label_key: Any = None
    label: Any = None
    text: Any = None
    value: Any = None
    color: Any = None
    class_id: Any = None
    track_id: Any = None


class MaskRecord(Struct):
    """Where the label keys of a frame lie: in ``label_url``, in older jobs in ``url``."""

    frame_id: Any = None
    type: Any = None
    sensor_id: Any = None
    label_url: Any = None
    url: Any = None


class FrameName(Struct):
    """A frame of ``annotation_data``."""

    id: Any = field(default=None, name="_id")
    frame_id: Any = None


class SensorType(Struct):
    """A sensor of ``annotation_data``; its type is not reliable."""

    sensor_id: Any = None
    sensor_type: Any = None


class AnnotationData(Struct):
    """What the annotators made."""

    annotations: Rows[Annotation] = None
    frames: Rows[FrameName] = None
    masks: Rows[MaskRecord] = None
    sensors: Rows[SensorType] = None


class ErrorRecord(Struct):
    """What the service says went wrong."""

    code: Any = None
    message: Any = None


class Envelope(Struct):
    """What every answer has around it; ``message`` alone is how the gateway in front refuses."""

    success: Any = None
    error: Maybe[ErrorRecord] = None
    message: Any = None


class ResultBody(Envelope):
    """A result document: the current form, the older ``legend`` and ``url``, and marks of other documents."""

    annotation_data: Maybe[AnnotationData] | UnsetType = UNSET
    sensor_data: Maybe[SensorData] | UnsetType = UNSET
    legend: Rows[Annotation] | UnsetType = UNSET
    url: Any = None
    job_id: Any = UNSET
    batches: Any = UNSET
    jobs: Any = UNSET
    video_data: Any = UNSET
    image_url: Any = UNSET


class ResultDocument(ResultBody):
    """A result document with or without the outer ``data``."""

    data: Maybe[ResultBody] = None


class BatchRecord(Struct):
    """A batch in the project's details."""

    id: Any = None
    name: Any = None
    status: Any = None
    total_jobs: Any = None
    completed_jobs: Any = None
    total_frames: Any = None
    completed_frames: Any = None
    annotations: Any = None
    created_at: Any = None


class ProjectRecord(Struct):
    """A project's details."""

    name: Any = None
    base: Any = None
    batches: Rows[BatchRecord] = None


class JobRow(Struct):
    """A job in its batch's list."""

    id: Any = None
    reference_id: Any = None
    status: Any = None
    frames: Any = None
    annotations: Any = None


class JobPageRecord(Struct):
    """One page of a batch."""

    name: Any = None
    jobs: Rows[JobRow] = None
    next_page_token: Any = None


class JobRecord(Struct):
    """A job with the address of its result."""

    project_id: Any = None
    job_id: Any = None
    reference_id: Any = None
    batch_id: Any = None
    status: Any = None
    result: Any = None


class ProjectAnswer(Envelope):
    """Envelope around a project."""

    data: Maybe[ProjectRecord] = None


class JobPageAnswer(Envelope):
    """Envelope around a page of jobs."""

    data: Maybe[JobPageRecord] = None


class JobAnswer(Envelope):
    """Envelope around a job."""

    data: Maybe[JobRecord] = None
