"""Tracking results of one camera, placed in its pictures."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.impulse import Impulse
from app.domain.tracking import Box, CoordinateSpace, Size, Tracking, box_in_image, detect_space
from app.errors import AppError
from app.formats.edge_impulse import parse_impulses, parse_post_processing_answer
from app.jobs.files import JobFiles, read_bytes
from app.workspace import CameraLink
from app.workspace.local_files import LocalFile

NO_RESULTS_YET = "There are no tracking results for this camera yet."


@dataclass(frozen=True)
class FrameBoxes:
    """Boxes of one camera at one frame, in pixels of its image, not clamped to it."""

    tracked: tuple[Box, ...] = ()
    detected: tuple[Box, ...] = ()


@dataclass(frozen=True)
class TrackSummary:
    """One track in one camera: ``first`` and ``last`` are frame indices of the job, ``count`` is its boxes."""

    camera: str
    track_id: int
    label: str
    first: int
    last: int
    count: int


@dataclass(frozen=True)
class CameraTracking:
    """The results with what placing them needs. Without ``tracking``, ``problem`` says why where there is a document.

    ``image_size`` is that of the camera's first picture that is here; boxes of frame i have frameIndex
    ``i + frame_offset``. Boxes that came ``in_pixels`` need no picture to be placed in.
    """

    file: LocalFile | None = None
    link: CameraLink | None = None
    tracking: Tracking | None = None
    space: CoordinateSpace = CoordinateSpace.RATIO
    image_size: Size | None = None
    model_size: Size | None = None
    problem: str = ""
    in_pixels: bool = False

    @property
    def frame_offset(self) -> int:
        """What is added to a frame's index to get the service's frameIndex."""
        return self.link.frame_offset if self.link else 0

    def boxes(self, index: int) -> FrameBoxes:
        """The boxes at a frame of the job; none without results, or without any picture to place them in."""
        if self.tracking is None:
            return FrameBoxes()
        number = index + self.frame_offset
        tracked, detected = self.tracking.tracked.get(number, ()), self.tracking.detected.get(number, ())
        return FrameBoxes(self._placed(tracked), self._placed(detected))

    def tracks(self, camera: str) -> tuple[TrackSummary, ...]:
        """Its tracks by track id; a track keeps the label of its first box."""
        seen: dict[int, list[tuple[int, str]]] = {}
        for number, boxes in sorted(self.tracking.tracked.items()) if self.tracking else ():
            for box in boxes:
                if box.track_id is not None:
                    seen.setdefault(box.track_id, []).append((number - self.frame_offset, box.label))
        return tuple(
            TrackSummary(camera, track_id, label=at[0][1], first=at[0][0], last=at[-1][0], count=len(at))
            for track_id, at in sorted(seen.items())
        )

    def _placed(self, boxes: Iterable[Box]) -> tuple[Box, ...]:
        if self.in_pixels:
            return tuple(boxes)
        size = self.image_size
        if size is None:
            return ()
        return tuple(box_in_image(box, space=self.space, image_size=size, model_size=self.model_size) for box in boxes)


def read_tracking(files: JobFiles, camera: str, *, image_size: Size | None) -> CameraTracking:
    """Read and place the answer for a camera; a document that cannot be used gives its ``problem``, never raises."""
    file, link = files.answer(camera), files.link(camera)
    if file is None:
        return CameraTracking(link=link)
    try:
        answer = parse_post_processing_answer(read_bytes(file, "tracking results"))
        model_size = _model_size(_impulses(files, camera), link)
    except AppError as error:
        return CameraTracking(file, link, problem=str(error))
    if answer.tracking is None:
        return CameraTracking(file, link, problem=NO_RESULTS_YET)
    space = _space(answer.tracking, link, image_size=image_size, model_size=model_size)
    return CameraTracking(file, link, answer.tracking, space, image_size, model_size)


def _space(
    tracking: Tracking, link: CameraLink | None, *, image_size: Size | None, model_size: Size | None
) -> CoordinateSpace:
    chosen = link.space if link else None
    if chosen is CoordinateSpace.MODEL_INPUT and model_size is None:
        chosen = None  # the choice needs the impulse, which is not here
    return chosen or detect_space(tracking, model_size=model_size, image_size=image_size)


def _impulses(files: JobFiles, camera: str) -> tuple[Impulse, ...]:
    file = files.impulses(camera)
    return parse_impulses(read_bytes(file, "the impulses")).impulses if file else ()


def _model_size(impulses: Iterable[Impulse], link: CameraLink | None) -> Size | None:
    """The input size of the impulse that has the linked block; without a link, of the first that tracks objects."""
    for impulse in impulses:
        blocks = {block.block_id for block in impulse.post_processing_blocks}
        if link.block_id in blocks if link else impulse.tracking_blocks:
            return impulse.model_size
    return None
