"""Tracking results of one camera, placed in its pictures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.box_match import Support
from app.domain.box_placement import BoxPlacement, place
from app.domain.impulse import Impulse
from app.domain.impulse.tracks_origin import TracksOrigin, origin_of
from app.domain.post_processing import stale_sentence
from app.domain.track_facts import BoxSize, TrackFacts, track_facts
from app.domain.track_trails import trails
from app.domain.tracking import Box, CoordinateSpace, Size, Tracking
from app.errors import AppError
from app.formats.edge_impulse import parse_impulses, parse_post_processing_answer, parse_request
from app.jobs.files import JobFiles, read_bytes
from app.jobs.track_summary import TrackSummary, summary
from app.workspace import CameraLink
from app.workspace.local_files import LocalFile

FOMO = "fomo"
NO_RESULTS_YET = "There are no tracking results for this camera yet."


@dataclass(frozen=True)
class FrameBoxes:
    """Boxes of one camera at one frame, in pixels of its image, not clamped to it.

    ``kept`` are ids of tracks whose box the tracker put out without a detection; for the others, ``behind`` is the
    place of their detection in ``detected``. ``centroids`` where only the middles of boxes mean something.
    """

    tracked: tuple[Box, ...] = ()
    detected: tuple[Box, ...] = ()
    kept: frozenset[int] = frozenset()
    behind: Mapping[int, int] = field(default_factory=dict)
    centroids: bool = False

    def score(self, track_id: int) -> float | None:
        """The score of the detection behind a track's box."""
        return self.detected[self.behind[track_id]].score if track_id in self.behind else None


@dataclass(frozen=True)
class CameraTracking:
    """The results with what placing them needs. Without ``tracking``, ``problem`` says why where there is a document.

    ``image_size`` is that of the camera's first picture that is here; boxes of frame i have frameIndex
    ``i + frame_offset``. ``placement`` tells how boxes are placed and why; boxes that came ``in_pixels`` need neither
    it nor a picture. ``stale`` says in a sentence with which other parameters they were made, ``origin`` by what.
    ``centroids`` where the model finds middles only (FOMO).
    """

    file: LocalFile | None = None
    link: CameraLink | None = None
    tracking: Tracking | None = None
    placement: BoxPlacement | None = None
    image_size: Size | None = None
    problem: str = ""
    in_pixels: bool = False
    stale: str = ""
    origin: TracksOrigin | None = None
    centroids: bool = False

    @property
    def space(self) -> CoordinateSpace:
        """The space of the boxes; RATIO without any."""
        if self.in_pixels:
            return CoordinateSpace.IMAGE
        return self.placement.space.value if self.placement else CoordinateSpace.RATIO

    @property
    def model_size(self) -> Size | None:
        """(width, height) in pixels of the model's input, where the impulse is here."""
        return self.placement.model_size if self.placement else None

    @property
    def frame_offset(self) -> int:
        """What is added to a frame's index to get the service's frameIndex."""
        return self.link.frame_offset if self.link else 0

    @property
    def last_number(self) -> int | None:
        """The highest frameIndex that has boxes; None without any."""
        numbers = (*self.tracking.tracked, *self.tracking.detected) if self.tracking else ()
        return max(numbers, default=None)

    def boxes(self, index: int, *, picture_size: Size | None = None) -> FrameBoxes:
        """The boxes at a frame of the job, in a picture of ``picture_size``, by default that of the first one; none
        without results or without any picture to place them in."""
        if self.tracking is None:
            return FrameBoxes()
        number, size = index + self.frame_offset, picture_size or self.image_size
        tracked, detected = self.tracking.tracked.get(number, ()), self.tracking.detected.get(number, ())
        behind = self._support.behind(number, tracked)
        return FrameBoxes(
            self._placed(tracked, size),
            self._placed(detected, size),
            kept=self._support.kept(number, tracked, behind=behind),
            behind=behind,
            centroids=self.centroids,
        )

    def trails(self, index: int, *, frames: int, picture_size: Size | None = None) -> Mapping[int, tuple[Box, ...]]:
        """The boxes that each track of a frame had in the ``frames`` before and has in it, oldest first, in pixels of
        a picture of ``picture_size``; they end where the track has a gap."""
        if self.tracking is None:
            return {}
        number, size = index + self.frame_offset, picture_size or self.image_size
        before = trails(self.tracking, number, frames=frames)
        return {track_id: self._placed(boxes, size) for track_id, boxes in before.items()}

    def tracks(self, camera: str) -> tuple[TrackSummary, ...]:
        """Its tracks by track id; a track keeps the label of its first box."""
        return tuple(
            summary(camera, fact, frame_offset=self.frame_offset, size=self._in_pixels(fact.size))
            for fact in self._track_facts
        )

    @cached_property
    def _track_facts(self) -> tuple[TrackFacts, ...]:
        """They take a second for thousands of tracks."""
        return track_facts(self.tracking, centroids=self.centroids) if self.tracking else ()

    def _in_pixels(self, size: BoxSize) -> BoxSize | None:
        """As large as it is in the first picture, for which boxes are scaled alike wherever they are; None where they
        are not in pixels and there is none."""
        placed = self._placed((Box(0.0, 0.0, 1.0, 1.0, ""),), self.image_size)
        return size.scaled(placed[0].width, placed[0].height) if placed else None

    @cached_property
    def _support(self) -> Support:
        return Support(self.tracking.detected if self.tracking else {}, self.centroids)

    def _placed(self, boxes: Iterable[Box], size: Size | None) -> tuple[Box, ...]:
        if self.in_pixels:
            return tuple(boxes)
        if self.placement is None or size is None:
            return ()
        return tuple(self.placement.in_picture(box, size) for box in boxes)


def read_tracking(
    files: JobFiles, camera: str, *, image_size: Size | None, sample_size: Size | None = None, frames: int = 0
) -> CameraTracking:
    """Read and place the answer for a camera; a document that cannot be used gives its ``problem``, never raises.

    ``sample_size`` is that of the sample's own pictures where they are here, ``frames`` how many the job has.
    """
    file, link = files.answer(camera), files.link(camera)
    if file is None:
        return CameraTracking(link=link)
    try:
        answer = parse_post_processing_answer(read_bytes(file, "tracking results"))
        impulse = _linked_impulse(_impulses(files, camera), link)
        asked_for = _asked_for(files, impulse, link)
    except AppError as error:
        return CameraTracking(file, link, problem=str(error))
    if answer.tracking is None:
        return CameraTracking(file, link, problem=NO_RESULTS_YET)
    placement = place(
        answer.tracking,
        image_size=image_size,
        sample_size=sample_size,
        model_size=impulse.model_size if impulse else None,
        frames=frames,
        frame_offset=link.frame_offset if link else 0,
        space=link.space if link else None,
        resize_mode=link.resize_mode if link else None,
        impulse_mode=_impulse_mode(impulse),
    )
    made_with = answer.tracking.parameters
    block_id, variant = (link.block_id, link.variant) if link else (None, "")
    origin = origin_of(impulse, block_id=block_id, variant=variant, parameters=made_with)
    return CameraTracking(
        file,
        link,
        answer.tracking,
        placement,
        image_size,
        stale=stale_sentence(made_with, asked_for),
        origin=origin,
        centroids=finds_centroids(impulse),
    )


def _asked_for(files: JobFiles, impulse: Impulse | None, link: CameraLink | None) -> Mapping[str, str]:
    """The parameters that were last asked for: those of the stored request, else those of the stored block."""
    request = files.find(link.request_address) if link else None
    if request is not None:
        return parse_request(read_bytes(request, "a request for tracking"))
    config = impulse.post_processing_config(link.block_id) if impulse and link else None
    return config.values if config else {}


def _impulse_mode(impulse: Impulse | None) -> str:
    blocks = impulse.input_blocks if impulse else ()
    return next((block.resize_mode for block in blocks if block.resize_mode), "")


def finds_centroids(impulse: Impulse | None) -> bool:
    """Whether its model finds the middles of things and no sizes, as FOMO does: its boxes are cells of a grid."""
    configs = impulse.learn_block_keras_configs if impulse else ()
    return any(config.metadata and config.metadata.object_detection_last_layer == FOMO for config in configs)


def _impulses(files: JobFiles, camera: str) -> tuple[Impulse, ...]:
    file = files.impulses(camera)
    return parse_impulses(read_bytes(file, "the impulses")).impulses if file else ()


def _linked_impulse(impulses: Iterable[Impulse], link: CameraLink | None) -> Impulse | None:
    """The impulse that has the linked block; without a link, the first that tracks objects."""
    for impulse in impulses:
        blocks = {block.block_id for block in impulse.post_processing_blocks}
        if link.block_id in blocks if link else impulse.tracking_blocks:
            return impulse
    return None
