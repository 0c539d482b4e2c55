"""The tracking results of a job as the window shows them, read at once on a worker thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.finding import Finding
from app.gui.shown_frame import Picture, ShownFrame
from app.jobs import CameraTracking, FrameBoxes, LocalJob, TrackSummary

NO_BOXES = "No boxes in this sample"


@dataclass(frozen=True)
class TrackingRead:
    """The results of every camera, their tracks, and what the checks say about the job now that they are here."""

    by_camera: Mapping[str, CameraTracking] = field(default_factory=dict)
    tracks: tuple[TrackSummary, ...] = ()
    findings: tuple[Finding, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[tuple[str, int], TrackSummary]:
        """The tracks by camera and id."""
        return {track.key: track for track in self.tracks}

    @property
    def sentences(self) -> Mapping[str, str]:
        """Why cameras that have a document show no box."""
        told = {camera: known.problem or _nothing(known) for camera, known in self.by_camera.items()}
        return {camera: sentence for camera, sentence in told.items() if sentence}

    def boxes(self, shown: ShownFrame) -> dict[str, FrameBoxes]:
        """Boxes of every camera at a frame, in pixels of the picture that is shown there."""
        return {camera: self.boxes_of(camera, shown) for camera in self.by_camera}

    def boxes_of(self, camera: str, shown: ShownFrame) -> FrameBoxes:
        """Those of one camera; none where it is not known."""
        known = self.by_camera.get(camera)
        if known is None:
            return FrameBoxes()
        return known.boxes(shown.index, picture_size=_size(shown.pictures.get(camera)))

    def lacks_pictures(self, shown: ShownFrame) -> bool:
        """Whether results came before any picture of their camera, but there is one now to place them in."""
        return any(
            known.tracking is not None and known.image_size is None and _size(shown.pictures.get(camera)) is not None
            for camera, known in self.by_camera.items()
        )


def read_job_tracking(job: LocalJob) -> TrackingRead:
    """Read everything again from disk."""
    job.forget_tracking()
    return TrackingRead({camera: job.tracking_of(camera) for camera in job.cameras}, job.tracks(), job.findings())


def _nothing(known: CameraTracking) -> str:
    return NO_BOXES if known.tracking is not None and not any(known.tracking.boxes) else ""


def _size(picture: Picture | None) -> tuple[int, int] | None:
    if picture is None or picture.image is None:
        return None
    return picture.image.width(), picture.image.height()
