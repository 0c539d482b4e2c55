"""Post-processing results: boxes by the service's frame index."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.finding import counted
from app.domain.post_processing import HAS_RESULTS, JOB_IS_RUNNING, PostProcessingAnswer
from app.domain.tracking import Box, BoxesByFrame, Tracking
from app.errors import DocumentFormatError
from app.formats.documents import number, oddities, part, rows, text, whole
from app.formats.edge_impulse_records import (
    BoxFrame,
    BoxList,
    BoxRecord,
    PostProcessingRecord,
    ResultsRecord,
    RunningConfig,
    RunningJob,
)
from app.formats.edge_impulse_settings import read_values


@dataclass
class _LeftOut:
    """What could not be placed."""

    boxes: int = 0
    frames: int = 0
    remarks: list[str] = field(default_factory=list)


def read_answer(record: PostProcessingRecord) -> PostProcessingAnswer:
    """The state, with the boxes where there are results and the job where one is running.

    Raises DocumentFormatError where no state is given.
    """
    state = text(record.has_results)
    if record.has_results is None and isinstance(record.results, ResultsRecord):
        return _with_results(record)  # the answer to the request to classify names no state
    if not state or isinstance(record.has_results, bool):
        raise DocumentFormatError("The tracking answer does not say whether there are results (hasResults).")
    if state == HAS_RESULTS:
        return _with_results(record)
    if state != JOB_IS_RUNNING:
        return PostProcessingAnswer(state)
    job = part(record.job_is_running, RunningJob) or RunningJob()
    config = part(job.config, RunningConfig) or RunningConfig()
    return PostProcessingAnswer(state, job_id=whole(job.job_id), job_config=read_values(config.parameters))


def _with_results(record: PostProcessingRecord) -> PostProcessingAnswer:
    results = part(record.results, ResultsRecord) or ResultsRecord()
    tracked, detected = part(results.object_tracking, BoxList), part(results.object_detection, BoxList)
    left_out = _LeftOut()
    tracking = Tracking(
        tracked=_boxes_by_frame(tracked, left_out),
        detected=_boxes_by_frame(detected, left_out),
        parameters=read_values(tracked.parameters) if tracked else {},
    )
    if tracked is None and detected is None:
        left_out.remarks.append("The service says that there are results but sent none.")
    if left_out.frames:
        left_out.remarks.append(f"{counted(left_out.frames, 'frame')} left out: no frame number.")
    if left_out.boxes:
        left_out.remarks.append(f"{counted(left_out.boxes, 'box', 'boxes')} left out: no position or size.")
    return PostProcessingAnswer(HAS_RESULTS, tracking=tracking, remarks=tuple(left_out.remarks))


def _boxes_by_frame(boxes: BoxList | None, left_out: _LeftOut) -> BoxesByFrame:
    """Boxes by frame index, ascending. A frame listed twice has the boxes of both, equal ones once."""
    if boxes is None:
        return {}
    by_frame: dict[int, dict[Box, None]] = {}
    left_out.frames += oddities(boxes.frames, BoxFrame)
    for frame in rows(boxes.frames, BoxFrame):
        index = whole(frame.frame_index)
        if index is None:
            left_out.frames += 1
            continue
        left_out.boxes += oddities(frame.objects, BoxRecord)
        by_frame.setdefault(index, {}).update(dict.fromkeys(_boxes(rows(frame.objects, BoxRecord), left_out)))
    return {index: tuple(by_frame[index]) for index in sorted(by_frame)}


def _boxes(records: Iterable[BoxRecord], left_out: _LeftOut) -> Iterable[Box]:
    for record in records:
        sides = [number(side) for side in (record.x, record.y, record.width, record.height)]
        known = [side for side in sides if side is not None]
        if len(known) < len(sides):
            left_out.boxes += 1
            continue
        x, y, width, height = known
        yield Box(x, y, width, height, text(record.label), track_id=whole(record.id), score=number(record.score))
