"""A job as its result document describes it, and one frame as its files fill it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.camera import Camera
from app.domain.finding import Finding
from app.domain.geometry import Pose
from app.domain.legend import Legend
from app.domain.mask import Mask
from app.domain.point_cloud import PointCloud


@dataclass(frozen=True)
class CameraImageRef:
    """Where one camera's picture of a frame lies; ``pose`` as the document gives it, None where it gives none.

    By default the pose is read as ``lidar_from_camera`` with optical axes, see CameraPlacement in camera models.
    """

    camera: str
    url: str
    pose: Pose | None = None


@dataclass(frozen=True)
class SequenceFrame:
    """One time step. URLs are the document's own; an empty URL means that the document has none."""

    frame_id: str
    scan_url: str
    mask_url: str
    images: tuple[CameraImageRef, ...] = ()
    legend: Legend = field(default_factory=Legend)
    world_from_ego: Pose | None = None

    def image(self, camera: str) -> CameraImageRef | None:
        """The picture of one camera, None where this frame lacks it."""
        return next((image for image in self.images if image.camera == camera), None)

    @property
    def urls(self) -> tuple[str, ...]:
        """Every file of the frame, mask and scan first, without blanks or repeats."""
        ordered = [self.mask_url, self.scan_url, *(image.url for image in self.images)]
        return tuple(dict.fromkeys(url for url in ordered if url))


@dataclass(frozen=True)
class Sequence:
    """The ordered frames of a job. ``findings`` are what reading the document already showed."""

    frames: tuple[SequenceFrame, ...]
    cameras: tuple[Camera, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.frames)

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
