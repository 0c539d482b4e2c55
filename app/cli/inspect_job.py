"""From a job on disk to the report of ``inspect``; one frame in memory at a time."""

from collections.abc import Iterable

from app.cli.inspect_alignment import Alignments
from app.cli.inspect_cameras import describe_camera, describe_poses, describe_track, describe_view
from app.cli.inspect_cloud import describe_bounds, describe_channels, describe_cloud
from app.cli.inspection import FindingReport, FrameReport, Inspection, LegendReport
from app.domain.finding import Finding
from app.domain.legend import UNMAPPED_COLOR, LegendEntry
from app.domain.sequence import Frame
from app.jobs import LocalJob
from app.progress import Progress


def inspect_job(job: LocalJob, progress: Progress, *, with_alignment: bool = False) -> Inspection:
    """Decode every frame of a job and report it; raises Cancelled, and AppError where nothing can be reported."""
    legend, alignments = LegendSums(), Alignments(job)
    frames, findings = [], list(job.findings())
    for index in range(len(job.sequence)):
        progress.report(index, len(job.sequence), job.sequence.frames[index].frame_id)
        frame = job.load_frame(index)
        legend.add(frame)
        report = describe_frame(job, frame)
        frames.append(alignments.add(frame, report) if with_alignment else report)
        findings.extend(frame.findings)
    findings.extend(job.rig.findings())  # of what the frames above showed
    tracks = job.tracks()
    return Inspection(
        name=job.name,
        frames=tuple(frames),
        legend=legend.rows(),
        cameras=tuple(alignments.of_camera(describe_camera(job, camera, tracks)) for camera in job.sequence.cameras),
        tracks=tuple(describe_track(track) for track in tracks),
        findings=describe_findings([*findings, *alignments.findings()]),
        camera_poses=describe_poses(job),
    )


def describe_frame(job: LocalJob, frame: Frame) -> FrameReport:
    """One decoded frame."""
    cloud = frame.cloud
    return FrameReport(
        frame_id=frame.record.frame_id,
        points=len(cloud) if cloud is not None else 0,
        nonfinite_points=cloud.nonfinite_points if cloud is not None else 0,
        fields=tuple(field.name for field in cloud.source.fields) if cloud is not None else (),
        bounds=describe_bounds(cloud) if cloud is not None else None,
        label_counts={str(key): count for key, count in sorted(frame.label_counts.items())},
        cameras={camera.name: describe_view(job, frame, camera) for camera in job.sequence.cameras},
        cloud=describe_cloud(cloud) if cloud is not None else None,
        time_s=frame.record.time_s,
        channels=describe_channels(cloud) if cloud is not None else (),
    )


def describe_findings(findings: Iterable[Finding]) -> tuple[FindingReport, ...]:
    """Findings without repeats, in the order they were made."""
    return tuple(
        FindingReport(finding.rule, finding.severity.value, finding.message, finding.frame_id)
        for finding in dict.fromkeys(findings)
    )


class LegendSums:
    """Legend rows and points per label key over the frames of a job."""

    def __init__(self) -> None:
        self._entries: dict[int, LegendEntry] = {}
        self._points: dict[int, int] = {}
        self._frames: dict[int, int] = {}

    def add(self, frame: Frame) -> None:
        """Count one frame; of several entries for a key the first frame's is kept."""
        for entry in frame.legend:
            self._entries.setdefault(entry.label_key, entry)
        for key, count in frame.label_counts.items():
            self._points[key] = self._points.get(key, 0) + count
            self._frames[key] = self._frames.get(key, 0) + 1

    def rows(self) -> tuple[LegendReport, ...]:
        """One row per label key, ascending."""
        return tuple(self._row(key) for key in sorted(self._entries.keys() | self._points.keys()))

    def _row(self, key: int) -> LegendReport:
        entry = self._entries.get(key)
        return LegendReport(
            label_key=key,
            text=entry.text if entry else "",
            class_name=entry.class_name if entry else "",
            color="#{:02x}{:02x}{:02x}".format(*(entry.color if entry else UNMAPPED_COLOR)),
            track_id=entry.track_id if entry else "",
            in_legend=entry is not None,
            points=self._points.get(key, 0),
            frames=self._frames.get(key, 0),
        )
