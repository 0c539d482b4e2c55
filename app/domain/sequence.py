"""A job as its result document describes it, and one frame as its files fill it."""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from app.domain.camera import Camera
from app.domain.finding import Finding, Severity, listed, quoted
from app.domain.geometry import Pose
from app.domain.legend import Legend, folded
from app.domain.mask import Mask
from app.domain.point_cloud import PointCloud

NO_SCAN = (
    "The result names no point cloud for this frame. "
    "Ask the vendor for it, or open the cloud file together with its mask."
)
NO_MASK = (
    "The result has no mask for this frame, so there is nothing to review in it yet. "
    "Ask the vendor whether it was annotated."
)


@dataclass(frozen=True)
class CameraImageRef:
    """Where one camera's picture of a frame lies; ``pose`` as the document gives it, None where it gives none.

    Nothing but ``Calibration`` may say what the pose means: documents do not.
    ``time_s``: when it was taken, in seconds on the clock of the frame's ``time_s``; None where that is not known.
    """

    camera: str
    url: str
    pose: Pose | None = None
    time_s: float | None = None


@dataclass(frozen=True)
class SequenceFrame:
    """One time step. URLs are the document's own; an empty URL means that the document has none."""

    frame_id: str
    scan_url: str
    mask_url: str
    images: tuple[CameraImageRef, ...] = ()
    legend: Legend = field(default_factory=Legend)
    world_from_ego: Pose | None = None
    mask_expected: bool = True  # a loose point cloud is complete without a mask
    scan_expected: bool = True  # pictures with tracks are complete without a point cloud
    time_s: float | None = None  # seconds on the recording's own clock

    def image(self, camera: str) -> CameraImageRef | None:
        """The picture of one camera, None where this frame lacks it."""
        return next((image for image in self.images if image.camera == camera), None)

    def delay_ms(self, camera: str) -> float | None:
        """Milliseconds from the scan to a camera's picture; None where either has no time."""
        image = self.image(camera)
        if image is None or image.time_s is None or self.time_s is None:
            return None
        return (image.time_s - self.time_s) * 1000

    @property
    def urls(self) -> tuple[str, ...]:
        """Every file of the frame, mask and scan first, without blanks or repeats."""
        ordered = [self.mask_url, self.scan_url, *(image.url for image in self.images)]
        return tuple(dict.fromkeys(url for url in ordered if url))

    @property
    def gaps(self) -> tuple[Finding, ...]:
        """What the document has no address for: ``scan.missing``, ``mask.missing`` and ``image.missing``."""
        return self.gaps_beside(frozenset())

    def gaps_beside(self, pictured: frozenset[str]) -> tuple[Finding, ...]:
        """The gaps where the cameras in ``pictured`` have pictures from elsewhere."""
        found = []
        if not self.scan_url and self.scan_expected:
            found.append(Finding("scan.missing", Severity.ERROR, NO_SCAN, self.frame_id))
        if not self.mask_url and self.mask_expected:
            found.append(Finding("mask.missing", Severity.WARNING, NO_MASK, self.frame_id))
        blank = [image.camera for image in self.images if not image.url and image.camera not in pictured]
        if blank:
            message = f"The result has no picture of camera {listed(map(quoted, blank))} for this frame."
            found.append(Finding("image.missing", Severity.WARNING, message, self.frame_id))
        return tuple(found)


@dataclass(frozen=True)
class Sequence:
    """The ordered frames of a job. ``findings`` are what reading the document already showed."""

    frames: tuple[SequenceFrame, ...]
    cameras: tuple[Camera, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.frames)

    @cached_property
    def frame_seconds(self) -> float | None:
        """Seconds from one frame to the next in the recording: the median, so that gaps do not count; None where the
        frames have no times that grow."""
        times = [frame.time_s for frame in self.frames]
        steps = [after - before for before, after in pairwise(times) if before is not None and after is not None]
        growing = [step for step in steps if 0 < step < math.inf]
        return statistics.median(growing) if growing else None

    @cached_property
    def class_names(self) -> frozenset[str]:
        """The classes of the legends of all frames, folded."""
        return frozenset(folded(entry.class_name) for frame in self.frames for entry in frame.legend)

    def camera(self, name: str) -> Camera | None:
        """A camera by name."""
        return next((camera for camera in self.cameras if camera.name == name), None)


@dataclass(frozen=True)
class Frame:
    """One frame decoded. ``mask`` is None where it is missing, unreadable or does not fit the cloud;
    the findings say which, so a wrong picture cannot be painted from it.
    """

    index: int
    record: SequenceFrame
    cloud: PointCloud | None
    mask: Mask | None
    findings: tuple[Finding, ...] = ()

    @property
    def legend(self) -> Legend:
        """The frame's legend."""
        return self.record.legend

    @property
    def label_counts(self) -> Mapping[int, int]:
        """Points per label key; empty without a mask."""
        return self.mask.counts if self.mask else {}
