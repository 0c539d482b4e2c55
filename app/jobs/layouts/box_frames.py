"""Sequences whose frames are numbered pictures with boxes, with or without point clouds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.camera import Camera
from app.domain.finding import Finding, Severity, counted
from app.domain.geometry import Pose
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame
from app.formats.box_lines import BoxText
from app.jobs.layouts.layout import Layout, missing


@dataclass(frozen=True)
class NumberedFiles:
    """Everything by the position of its frame, from 0. ``first`` is the number that the dataset gives to frame 0."""

    camera: Camera
    boxes: BoxText
    pictures: Mapping[int, Path]
    scans: Mapping[int, Path] = field(default_factory=dict)
    lidar_from_camera: Pose | None = None
    first: int = 0
    at_least: int = 0  # frames, also without anything in them
    frames_per_second: float | None = None

    @property
    def count(self) -> int:
        """Frames up to the last one that has anything."""
        last = max(*self.pictures, *self.scans, -1, -1)
        return max(self.at_least, self.boxes.frames, last + 1)


def boxes_layout(name: str, files: NumberedFiles, findings: list[Finding]) -> Layout:
    """One frame for each number up to the last; a frame without a picture keeps its boxes."""
    if files.boxes.ignored:
        message = f"{counted(files.boxes.ignored, 'entry', 'entries')} marked to be ignored, left out."
        findings.append(Finding("layout.left-out", Severity.INFO, message))
    absent = files.count - len(files.scans)
    if files.scans and absent:
        findings.append(missing(f"{absent:,} of {counted(files.count, 'frame')} have no point cloud."))
    frames = tuple(_frame(index, files) for index in range(files.count))
    sequence = Sequence(frames, (files.camera,), tuple(findings))
    return Layout(name, sequence, _paths(files), {files.camera.name: files.boxes.tracking})


def _frame(index: int, files: NumberedFiles) -> SequenceFrame:
    picture = files.pictures.get(index)
    pose = files.lidar_from_camera
    return SequenceFrame(
        frame_id=f"{index + files.first:06d}",
        scan_url=_scan_url(files.scans[index]) if index in files.scans else "",
        mask_url="",
        images=(CameraImageRef(files.camera.name, _picture_url(picture), pose),) if picture else (),
        mask_expected=False,
        scan_expected=False,
        time_s=index / files.frames_per_second if files.frames_per_second else None,
    )


def _paths(files: NumberedFiles) -> dict[str, Path]:
    scans = {_scan_url(path): path for path in files.scans.values()}
    return scans | {_picture_url(path): path for path in files.pictures.values()}


def _scan_url(path: Path) -> str:
    return f"cloud/{path.name}"


def _picture_url(path: Path) -> str:
    return f"image/{path.name}"
