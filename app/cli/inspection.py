"""The report of ``inspect`` as it is written to JSON: fields are added here, never renamed or removed."""

from typing import Any

import msgspec

Triple = tuple[float, float, float]


class Bounds(msgspec.Struct, frozen=True):
    """Corners of the box around all finite points, source coordinates in metres."""

    min: Triple
    max: Triple


class Cloud(msgspec.Struct, frozen=True):
    """What the cloud's file says about itself, and sums that prove how it was read.

    ``xyz_sha256``: of all coordinates as little-endian float32, point after point, NaN counted as 0.
    """

    format: str
    version: str
    encoding: str
    width: int
    height: int
    viewpoint: tuple[float, ...] | None
    types: tuple[str, ...]
    sizes: tuple[int, ...]
    counts: tuple[int, ...]
    trailing_bytes: int
    mean_xyz: Triple | None
    xyz_sha256: str


class Picture(msgspec.Struct, frozen=True):
    """A camera image that is there and can be read; width and height in pixels. ``source`` is "job" or "sample"."""

    width: int
    height: int
    url: str
    source: str = "job"


class AlignmentReport(msgspec.Struct, frozen=True):
    """How well points and pictures agree, from 0 to 1; null, for the reason in ``untold``, where that cannot be told.

    ``right_px``, ``down_px`` and ``clockwise_deg`` are how the points would have to move to agree best.
    """

    score: float | None
    untold: str | None
    edges: int
    right_px: float
    down_px: float
    clockwise_deg: float


class CameraView(msgspec.Struct, frozen=True):
    """One camera in one frame; what cannot be known without the picture or the lens is null. ``alignment`` is null
    unless it was asked for."""

    points_in_image: int | None
    mean_uv: tuple[float, float] | None
    image: Picture | None
    alignment: AlignmentReport | None = None


class ChannelReport(msgspec.Struct, frozen=True):
    """A number that points can be coloured by: ``name`` is what ``render --color-by`` takes; ``unit`` is empty where
    the file does not say it, ``min`` and ``max`` are null without a finite value."""

    name: str
    title: str
    unit: str
    min: float | None
    max: float | None


class FrameReport(msgspec.Struct, frozen=True):
    """One frame. Without a readable cloud the counts are 0 and ``cloud`` is null."""

    frame_id: str
    points: int
    nonfinite_points: int
    fields: tuple[str, ...]
    bounds: Bounds | None
    label_counts: dict[str, int]
    cameras: dict[str, CameraView]
    cloud: Cloud | None
    time_s: float | None
    channels: tuple[ChannelReport, ...]


class LegendReport(msgspec.Struct, frozen=True):
    """A label key of the job, in any of its frames; ``class_name`` and ``text`` are empty without a legend entry."""

    label_key: int
    text: str
    class_name: str
    color: str
    track_id: str
    in_legend: bool
    points: int
    frames: int


class SampleReport(msgspec.Struct, frozen=True):
    """The sample that a camera is linked to; ``pictures`` is whose the camera shows: "auto", "sample" or "job"."""

    project_id: int
    sample_id: int
    name: str
    block_id: int
    variant: str
    pictures: str


class PlacementReport(msgspec.Struct, frozen=True):
    """How boxes were placed and why; ``stale`` is null unless they were made with other parameters than asked for."""

    space: str
    space_chosen: bool
    resize_mode: str
    resize_mode_chosen: bool
    frame_offset: int
    suggested_offset: int | None
    reason: str
    stale: str | None


class ScaleReport(msgspec.Struct, frozen=True):
    """What size the intrinsics are for, decided for the first picture that is here: they are used ``factor`` times as
    large as given, and not at all where that is null."""

    factor: float | None
    reason: str


class OriginReport(msgspec.Struct, frozen=True):
    """What made the tracks of a camera; ``parameters`` are those that they were made with, not those of the block now.

    ``impulse_id`` and ``impulse`` are null and empty where the impulses are not on this machine.
    """

    impulse_id: int | None
    impulse: str
    block_id: int | None
    block: str
    block_type: str
    variant: str
    parameters: dict[str, str]
    sentence: str


class CameraReport(msgspec.Struct, frozen=True):
    """A camera of the job, with the sums of its tracking results where there are any. ``alignment`` is that of all its
    frames together, null unless it was asked for."""

    name: str
    sensor_id: str
    model: str | None
    images: int
    tracks: int
    tracked_boxes: int
    detections: int
    sample_images: int
    sample: SampleReport | None
    placement: PlacementReport | None
    origin: OriginReport | None
    alignment: AlignmentReport | None = None
    scale: ScaleReport | None = None


class ConventionReport(msgspec.Struct, frozen=True):
    """How poses are read: ``direction`` is "pose" (camera to points) or "inverse", ``axes`` "optical" or "body",
    ``space`` "points", "ego" or "world"."""

    direction: str
    axes: str
    space: str


class PosesReport(msgspec.Struct, frozen=True):
    """How the camera poses of the job are read, ``chosen`` where somebody decided it, and what its data speaks for;
    ``sure`` is false where another reading fits as well. Without any pose there is no suggestion."""

    convention: ConventionReport
    chosen: bool
    suggestion: ConventionReport | None
    sure: bool
    reason: str


class SwitchReport(msgspec.Struct, frozen=True):
    """Where a track's identity probably changed, at the position ``frame``: it "goes on as", "goes on from" or "swaps
    with" ``other_track_id``, or "becomes" ``label``; what does not apply is null or empty."""

    frame: int
    kind: str
    other_track_id: int | None
    label: str


class TrackReport(msgspec.Struct, frozen=True):
    """An object tracked in the pictures of one camera, from ``first_frame`` to ``last_frame`` (positions in frames).

    ``gaps`` are runs [first, last] without a box, ``kept`` runs of boxes that the tracker put out without a detection.
    ``mean_score`` is that of the detections behind its boxes; ``size`` the median width and height in pixels of the
    image, ``size_spread`` the width of the middle half of each; null where they are not known.
    """

    camera: str
    track_id: int
    label: str
    boxes: int
    first_frame: int
    last_frame: int
    length: int
    gaps: tuple[tuple[int, int], ...]
    switches: tuple[SwitchReport, ...]
    kept: tuple[tuple[int, int], ...]
    mean_score: float | None
    size: tuple[float, float] | None
    size_spread: tuple[float, float] | None


class FindingReport(msgspec.Struct, frozen=True):
    """A finding; ``frame_id`` is empty where it is about the whole job."""

    rule: str
    severity: str
    message: str
    frame_id: str


class Inspection(msgspec.Struct, frozen=True):
    """Everything ``inspect`` says about one path."""

    name: str
    frames: tuple[FrameReport, ...]
    legend: tuple[LegendReport, ...]
    cameras: tuple[CameraReport, ...]
    tracks: tuple[TrackReport, ...]
    findings: tuple[FindingReport, ...]
    camera_poses: PosesReport | None = None

    @property
    def has_errors(self) -> bool:
        """Whether a finding says that data is wrong."""
        return any(finding.severity == "error" for finding in self.findings)


def to_json(report: Any) -> str:
    """Indented JSON in the order of the fields; numbers that are not finite become null."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1).decode("utf-8")
