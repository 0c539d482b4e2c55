"""What ``inspect --alignment`` says: how well the points and the pictures of each camera agree."""

import math
from collections.abc import Iterator

import msgspec

from app.checks.alignment import FrameAlignment, check_alignment
from app.cli.inspection import AlignmentReport, CameraReport, FrameReport
from app.domain.edge_alignment import EdgeAlignment, combined
from app.domain.finding import Finding
from app.domain.sequence import Frame
from app.jobs import LocalJob, camera_alignment


class Alignments:
    """What is known of each camera of a job, frame by frame."""

    def __init__(self, job: LocalJob) -> None:
        self._job = job
        self._frames: dict[str, list[FrameAlignment]] = {}

    def add(self, frame: Frame, report: FrameReport) -> FrameReport:
        """Compare a frame with its pictures; the report with what came of it."""
        views = dict(report.cameras)
        for camera in self._job.cameras:
            found = camera_alignment(self._job, frame, camera)
            if found is not None:
                of_sample = self._job.pictures.shows_sample(frame.index, camera)
                self._frames.setdefault(camera, []).append(FrameAlignment(report.frame_id, found, of_sample=of_sample))
                views[camera] = msgspec.structs.replace(views[camera], alignment=describe_alignment(found))
        return msgspec.structs.replace(report, cameras=views)

    def of_camera(self, report: CameraReport) -> CameraReport:
        """The report with all frames of a camera taken together."""
        known = self._frames.get(report.name)
        if known is None:
            return report
        together = combined(frame.alignment for frame in known)
        return msgspec.structs.replace(report, alignment=describe_alignment(together))

    def findings(self) -> Iterator[Finding]:
        """What all frames say about the calibrations."""
        for camera, known in self._frames.items():
            yield from check_alignment(camera, known)


def describe_alignment(found: EdgeAlignment) -> AlignmentReport:
    """One alignment, its turn in pixels of the picture."""
    best = found.best
    return AlignmentReport(
        score=None if found.score is None else round(found.score, 3),
        untold=found.untold,
        edges=found.edges,
        right_px=round(found.focal * math.tan(math.radians(best.right)), 1),
        down_px=round(found.focal * math.tan(math.radians(best.down)), 1),
        clockwise_deg=round(best.clockwise, 1),
    )
