"""What ``pointproof tracking`` says."""

from collections.abc import Iterator

import msgspec

from app.cli.inspection import OriginReport, PlacementReport
from app.domain.finding import printable


class LogRow(msgspec.Struct, frozen=True):
    """One line of the log of a job that failed."""

    level: str
    text: str


class CameraTrackingReport(msgspec.Struct, frozen=True):
    """How fetching for one camera went. ``state`` is "stored", "running", "no results" or "failed"; ``pictures`` is
    "stored", "processing", "failed", or null where the sample's pictures are not needed."""

    camera: str
    sample_id: int
    sample: str
    block_id: int
    variant: str
    state: str
    message: str
    job_id: int | None
    log: tuple[LogRow, ...]
    pictures: str | None
    pictures_message: str | None
    placement: PlacementReport | None
    origin: OriginReport | None

    @property
    def complete(self) -> bool:
        """Whether everything that was wanted is here."""
        return self.state == "stored" and self.pictures in (None, "stored")


class TrackingReport(msgspec.Struct, frozen=True):
    """What ``tracking --json`` writes."""

    workspace: str
    job_id: str
    name: str
    cameras: tuple[CameraTrackingReport, ...]


def lines(report: TrackingReport) -> Iterator[str]:
    """The report for people."""
    yield f"{printable(report.name)}"
    for camera in report.cameras:
        named = f"{camera.camera} = {camera.sample} ({camera.sample_id}), block {camera.block_id}, {camera.variant}"
        yield printable(f"  {named}: {camera.state}")
        yield from (f"    {told}" for told in _told(camera))
        yield from (f"      {row.level:5}  {row.text}" for row in camera.log)
    yield f"Workspace: {report.workspace}"


def _told(camera: CameraTrackingReport) -> Iterator[str]:
    yield printable(camera.message)
    if camera.pictures_message:
        yield printable(camera.pictures_message)
    if camera.origin:
        yield printable(camera.origin.sentence)
    if camera.placement:
        yield printable(camera.placement.reason)
        if camera.placement.stale:
            yield printable(camera.placement.stale)
