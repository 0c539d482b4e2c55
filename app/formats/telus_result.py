"""The result document of a point cloud segmentation job, in its current and its older form, as a Sequence."""

from collections.abc import Iterable

from msgspec import UNSET, Struct

from app.domain.camera import Camera
from app.domain.finding import counted, listed, quoted
from app.domain.legend import Legend
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame
from app.errors import DocumentFormatError
from app.formats.documents import oddities, part, rows, text
from app.formats.telus_camera import read_intrinsics, read_pose, read_scale_factor
from app.formats.telus_legend import is_segmentation, read_legends
from app.formats.telus_notes import Notes
from app.formats.telus_records import (
    Annotation,
    AnnotationData,
    FrameName,
    FrameSensor,
    MaskRecord,
    ResultBody,
    ResultDocument,
    SensorData,
    SensorFrame,
    SensorMeta,
    SensorType,
)
from app.formats.telus_sensors import CAMERA, LIDAR, Sensor, SensorFile, SensorTable

ONLY_FRAME = "0"  # the id of a frame that the document does not name


def read_result(document: ResultDocument) -> Sequence:
    """The frames of a result document; what was odd in it becomes findings of the sequence.

    Raises DocumentFormatError where the document is no segmentation result.
    """
    inner = part(document.data, ResultBody)
    body = inner if inner is not None and not _has_content(document) else document
    if not _has_content(body):
        raise _other_document(body)
    if body.annotation_data is UNSET and body.sensor_data is UNSET:
        return _older_form(body)
    annotations = None if body.annotation_data is UNSET else part(body.annotation_data, AnnotationData)
    sensor_data = None if body.sensor_data is UNSET else part(body.sensor_data, SensorData)
    return _current_form(annotations or AnnotationData(), sensor_data or SensorData())


def _has_content(body: ResultBody) -> bool:
    return not (body.annotation_data is UNSET and body.sensor_data is UNSET and body.legend is UNSET)


def _other_document(body: ResultBody) -> DocumentFormatError:
    marks = {
        "the service's answer about a job, not the result it points to": body.job_id,
        "a list of batches": body.batches,
        "a list of jobs": body.jobs,
        "the result of a video job": body.video_data,
        "the result of an image job": body.image_url,
    }
    kind = next((kind for kind, mark in marks.items() if mark is not UNSET), "")
    is_what = f"is {kind}" if kind else "holds neither annotation_data nor sensor_data nor a legend"
    return DocumentFormatError(
        f"The result document {is_what}.", next_step="Give the result of a point cloud segmentation job."
    )


def _older_form(body: ResultBody) -> Sequence:
    """``{legend, url}``: one point cloud whose column ``label_key`` is the mask."""
    if isinstance(body.legend, dict):
        raise DocumentFormatError(
            "The result document belongs to an image segmentation job: its legend is keyed by colours.",
            next_step="Give the result of a point cloud segmentation job.",
        )
    notes = Notes()
    entries = [] if body.legend is UNSET else rows(body.legend, Annotation)
    for entry in entries:
        entry.frame_id = ONLY_FRAME
    legends = read_legends(entries, [ONLY_FRAME], notes)
    url = text(body.url)
    frame = SequenceFrame(ONLY_FRAME, scan_url=url, mask_url=url, legend=legends[ONLY_FRAME])
    return Sequence((frame,), findings=notes.findings() + frame.gaps)


def _current_form(annotations: AnnotationData, sensor_data: SensorData) -> Sequence:
    notes = Notes()
    table = SensorTable(rows(sensor_data.sensor_meta, SensorMeta), rows(annotations.sensors, SensorType), notes)
    steps = _steps(sensor_data, annotations, notes)
    masks = _masks_by_frame(rows(annotations.masks, MaskRecord), list(steps), notes)
    legends = read_legends(rows(annotations.annotations, Annotation), list(steps), notes)
    frames = tuple(
        _frame(frame_id, step, masks=masks[frame_id], legend=legends[frame_id], table=table, notes=notes)
        for frame_id, step in steps.items()
    )
    cameras = tuple(_camera(sensor, notes) for sensor in table.cameras())
    table.note_names()
    _note_odd_entries(annotations, sensor_data, notes)
    gaps = tuple(gap for frame in frames for gap in frame.gaps)
    return Sequence(frames, cameras, notes.findings() + gaps)


def _steps(sensor_data: SensorData, annotations: AnnotationData, notes: Notes) -> dict[str, SensorFrame]:
    """The time steps by frame id, in the order of ``sensor_data``; ids are compared as text, never sorted."""
    named = _named_frames(annotations)
    records = rows(sensor_data.frames, SensorFrame)
    if not records and rows(sensor_data.sensors, FrameSensor):
        records = [SensorFrame(sensor_data.frame_id, sensor_data.ego_pose, sensor_data.sensors)]
    if not records:
        records = [SensorFrame(frame_id) for frame_id in named]
    if not records:
        notes.error("sequence.empty", "The result lists no frame at all. Ask the vendor whether the job is finished.")
    steps: dict[str, SensorFrame] = {}
    for index, record in enumerate(records):
        frame_id = text(record.frame_id) or _stand_in(index, records, named, notes)
        if frame_id in steps:
            notes.warning("frame.repeated", f"Frame {quoted(frame_id)} is listed more than once; the first is used.")
            continue
        steps[frame_id] = record
    _note_left_out([frame_id for frame_id in named if frame_id not in steps], notes)
    return steps


def _named_frames(annotations: AnnotationData) -> list[str]:
    listed_ids = [text(frame.id) or text(frame.frame_id) for frame in rows(annotations.frames, FrameName)]
    mask_ids = [text(mask.frame_id) for mask in rows(annotations.masks, MaskRecord)]
    return list(dict.fromkeys(filter(None, [*listed_ids, *mask_ids])))


def _stand_in(index: int, records: list[SensorFrame], named: list[str], notes: Notes) -> str:
    """An id for a frame without one: with a single frame there is no doubt which one the annotations mean."""
    if len(records) == 1:
        return named[0] if named else ONLY_FRAME
    notes.warning("frame.unnamed", f"The frame at position {index + 1:,} has no id, so no mask can belong to it.")
    return f"unnamed {index + 1}"


def _masks_by_frame(masks: list[MaskRecord], frame_ids: list[str], notes: Notes) -> dict[str, list[MaskRecord]]:
    by_frame: dict[str, list[MaskRecord]] = {frame_id: [] for frame_id in frame_ids}
    homeless = 0
    for mask in masks:
        if not is_segmentation(mask.type):
            continue
        frame_id = text(mask.frame_id) or (frame_ids[0] if len(frame_ids) == 1 else "")
        if frame_id:
            by_frame.setdefault(frame_id, []).append(mask)
        else:
            homeless += 1
    if homeless:
        notes.warning("mask.without-frame", f"{counted(homeless, 'mask')} left out: no frame is named.")
    return by_frame


def _frame(
    frame_id: str, step: SensorFrame, *, masks: list[MaskRecord], legend: Legend, table: SensorTable, notes: Notes
) -> SequenceFrame:
    files = table.files(rows(step.sensors, FrameSensor), frame_id=frame_id)
    scan = _scan([file for file in files if file.sensor.modality == LIDAR], masks, table, frame_id, notes)
    mask = _mask(masks, scan.sensor if scan else None, table, frame_id, notes)
    images = [_image(file, frame_id, notes) for file in files if file.sensor.modality == CAMERA]
    return SequenceFrame(
        frame_id,
        scan_url=scan.url if scan else "",
        mask_url=_address(mask) if mask else "",
        images=tuple(images),
        legend=legend,
        world_from_ego=read_pose(step.ego_pose, owner="the vehicle", frame_id=frame_id, notes=notes),
    )


def _scan(
    files: list[SensorFile], masks: list[MaskRecord], table: SensorTable, frame_id: str, notes: Notes
) -> SensorFile | None:
    """The lidar file that the masks belong to, else the primary view's, else the first with an address."""
    if len(files) <= 1:
        return files[0] if files else None
    masked = {table.lidar(text(mask.sensor_id)) for mask in masks}
    ranked = sorted(files, key=lambda file: (not file.url, file.sensor not in masked, not file.sensor.is_primary))
    name = quoted(ranked[0].sensor.name)
    notes.info("scan.several", f"There is more than one point cloud; the one of {name} is used.", frame_id=frame_id)
    return ranked[0]


def _mask(
    masks: list[MaskRecord], lidar: Sensor | None, table: SensorTable, frame_id: str, notes: Notes
) -> MaskRecord | None:
    """The mask with an address of its own; of several the one whose sensor is the frame's lidar, else the first."""
    filled = list({_address(mask): mask for mask in reversed(masks) if _address(mask)}.values())[::-1]
    if len(filled) <= 1:
        return filled[0] if filled else None
    matching = [mask for mask in filled if lidar is not None and table.lidar(text(mask.sensor_id)) == lidar]
    which = "the one of the point cloud's sensor" if len(matching) == 1 else "the first"
    severity = notes.info if len(matching) == 1 else notes.warning
    severity("mask.several", f"There is more than one mask for a frame; {which} is used.", frame_id=frame_id)
    return (matching or filled)[0]


def _address(mask: MaskRecord) -> str:
    return text(mask.label_url) or text(mask.url)


def _image(file: SensorFile, frame_id: str, notes: Notes) -> CameraImageRef:
    owner = f"camera {quoted(file.sensor.name)}"
    pose = read_pose(file.record.sensor_pose, owner=owner, frame_id=frame_id, notes=notes)
    return CameraImageRef(file.sensor.name, file.url, pose)


def _camera(sensor: Sensor, notes: Notes) -> Camera:
    if sensor.meta is None:
        return Camera(sensor.name, sensor.sensor_id, None)
    intrinsics = read_intrinsics(sensor.meta, camera=sensor.name, notes=notes)
    return Camera(sensor.name, sensor.sensor_id, intrinsics, read_scale_factor(sensor.meta))


def _note_left_out(frame_ids: list[str], notes: Notes) -> None:
    if frame_ids:
        names = listed(map(quoted, frame_ids))
        what = counted(len(frame_ids), "annotated frame")
        notes.warning("frame.without-sensors", f"{what} left out, as no sensor data belongs to it: {names}.")


def _note_odd_entries(annotations: AnnotationData, sensor_data: SensorData, notes: Notes) -> None:
    lists: Iterable[tuple[object, type[Struct]]] = (
        (annotations.annotations, Annotation),
        (annotations.masks, MaskRecord),
        (sensor_data.frames, SensorFrame),
        (sensor_data.sensor_meta, SensorMeta),
    )
    total = sum(oddities(value, kind) for value, kind in lists)
    if total:
        notes.warning(
            "document.odd-entries", f"{counted(total, 'entry', 'entries')} left out: not of the form expected."
        )
