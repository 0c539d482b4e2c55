"""Guessing from a few frames how camera poses are meant: documents do not say, and public examples disagree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from app.domain.arrays import Float64
from app.domain.calibration import Calibration, ShownPicture
from app.domain.cloud_space import AWAY, is_in_world
from app.domain.finding import counted
from app.domain.geometry import Pose
from app.domain.pose_convention import DOCUMENTED, CameraAxes, PoseConvention, PoseDirection, PoseSpace
from app.domain.sequence import Sequence as Job

BESIDE = 10.0  # metres from the lidar within which the cameras of one vehicle are
UPRIGHT = 0.7  # cosine between a camera's y axis and straight down from which on it stands upright
CLEAR = 0.25  # of a score by which a reading must be better than the documented one to be suggested for sure
SCORES = 2.5  # the best that a reading can have: upright 1, the others a half each
_SIDES = {"front": 1, "forward": 1, "left": 1j, "right": -1j, "back": -1, "rear": -1}  # x forward, y left


@dataclass(frozen=True)
class Evidence:
    """A frame by its position, with some of its points: (M, 3) float64 finite metres in their file's coordinates."""

    index: int
    points: Float64


@dataclass(frozen=True)
class Reading:
    """How well the cameras of some frames stand under one convention.

    ``upright`` is the mean cosine between their y axes and straight down, ``standing`` how many are UPRIGHT,
    ``beside`` how many are near the lidar, ``seen`` how many of the ``sampled`` points fall into their pictures, each
    counted in every picture, and ``named`` from 0 to 1 how well they look the way that their names say, None where
    names do not tell.
    """

    convention: PoseConvention
    cameras: int
    upright: float
    standing: int
    beside: int
    sampled: int
    seen: int
    named: float | None

    def score(self, most_seen: int) -> float:
        """At most SCORES."""
        named = 1.0 if self.named is None else self.named
        seen = self.seen / most_seen if most_seen else 1.0
        return self.upright + 0.5 * (self.beside / self.cameras + seen + named)

    @property
    def words(self) -> str:
        """What speaks for it."""
        words = f"{self.standing} of {counted(self.cameras, 'camera')} upright, {self.beside} beside the lidar"
        seen = f", {self.seen:,} sampled points in view" if self.sampled else ""
        named = "" if self.named is None else f", {self.named:.0%} looking as named"
        return words + seen + named


@dataclass(frozen=True)
class Suggestion:
    """The convention that the data speaks for with the reason in a sentence; not ``sure`` where another fits as well,
    or none fits."""

    convention: PoseConvention
    reason: str
    sure: bool


@np.errstate(over="ignore", invalid="ignore")  # poses at the end of the number range speak for nothing
def suggest_convention(
    job: Job, evidence: Sequence[Evidence], pictures: Mapping[str, ShownPicture]
) -> Suggestion | None:
    """What the poses of a job's cameras mean, judged by a few frames; None where no frame of them has a pose.

    Without evidence the poses of its first, middle and last frame are judged alone. ``pictures`` by camera; one that
    lacks counts as if the principal point were in its middle.
    """
    frames = evidence or [Evidence(index, np.zeros((0, 3))) for index in _spread(len(job))]
    readings = [reading for each in _candidates(job, frames) if (reading := _read(job, each, frames, pictures))]
    if not readings:
        return None
    most = max(reading.seen for reading in readings)
    # stable, so that the documented one comes first of equals
    readings.sort(key=lambda reading: -round(reading.score(most), 6))
    return _judged(readings, most, frames=len(frames))


def _judged(readings: list[Reading], most: int, *, frames: int) -> Suggestion:
    best, score = readings[0], readings[0].score(most)
    documented = next((reading for reading in readings if reading.convention == DOCUMENTED), None)
    where = f"In {counted(frames, 'frame')} read as {best.convention.words}, {best.words}"
    if best.upright < UPRIGHT:
        reason = f"{where}; no other reading is better, so that the data does not tell."
        return Suggestion(DOCUMENTED, reason, sure=False)
    if documented is not None and best is not documented and documented.score(most) > score - CLEAR:
        reason = f"{where}; {DOCUMENTED.words} fits nearly as well and is what examples use."
        return Suggestion(DOCUMENTED, reason, sure=False)
    rival = readings[1] if len(readings) > 1 else None
    if rival is not None and rival.score(most) > score - CLEAR:
        return Suggestion(best.convention, f"{where}; {rival.convention.words} fits nearly as well.", sure=False)
    other = documented if documented not in (None, best) else rival
    beside = "" if other is None else f"; read as {other.convention.words}, {other.words}"
    return Suggestion(best.convention, f"{where}{beside}.", sure=True)


def _candidates(job: Job, frames: Sequence[Evidence]) -> Iterator[PoseConvention]:
    """Every reading; those between spaces only where the spaces can be told apart."""
    egos = [job.frames[frame.index].world_from_ego for frame in frames]
    apart = any(ego is not None and np.linalg.norm(ego.position) > AWAY for ego in egos)
    spaces = tuple(PoseSpace) if apart and any(len(frame.points) for frame in frames) else (PoseSpace.POINTS,)
    for space, axes, direction in product(spaces, CameraAxes, PoseDirection):
        yield PoseConvention(direction, axes, space)


def _read(
    job: Job, convention: PoseConvention, frames: Sequence[Evidence], pictures: Mapping[str, ShownPicture]
) -> Reading | None:
    calibration = Calibration(job, convention)
    poses = [
        {camera.name: pose for camera in job.cameras if (pose := calibration.pose(frame.index, camera.name))}
        for frame in frames
    ]
    turned = np.array([-pose.rotation[2, 1] for each in poses for pose in each.values()])
    if not len(turned) or not np.isfinite(turned).all():
        return None
    rigs = [calibration.rig(frame.index, pictures) for frame in frames]
    named = [fit for each in poses if (fit := _named(each)) is not None]
    return Reading(
        convention,
        cameras=len(turned),
        upright=float(turned.mean()),
        standing=int((turned > UPRIGHT).sum()),
        beside=sum(_beside(each, frame, job) for each, frame in zip(poses, frames, strict=True)),
        sampled=sum(len(frame.points) for frame in frames),
        seen=sum(
            int(camera.project(frame.points).seen.sum())
            for rig, frame in zip(rigs, frames, strict=True)
            for camera in rig
        ),
        named=sum(named) / len(named) if named else None,
    )


def _beside(poses: Mapping[str, Pose], frame: Evidence, job: Job) -> int:
    """How many of a frame's cameras are near where the lidar is; without points wherever it may be."""
    ego = job.frames[frame.index].world_from_ego
    places = [np.zeros(3)] if ego is None else [np.zeros(3), ego.position]
    if ego is not None and len(frame.points):
        middle = np.median(frame.points, axis=0)
        reach = float(np.quantile(np.hypot(*(frame.points - middle)[:, :2].T), 0.9))
        places = places[1:] if is_in_world(middle, reach=reach, world_from_ego=ego) else places[:1]
    return sum(any(np.linalg.norm(pose.position - place) < BESIDE for place in places) for pose in poses.values())


def _named(poses: Mapping[str, Pose]) -> float | None:
    """From 0 to 1 how well the cameras of one frame look to the sides that they are named after, wherever the front
    is; None unless two differ."""
    named = {name: heading for name in poses if (heading := heading_in_name(name)) is not None}
    if len(set(named.values())) < 2:
        return None
    ahead = np.array([poses[name].rotation[:2, 2] for name in named])  # level parts of the optical axes
    return float(abs(np.mean((ahead[:, 0] + 1j * ahead[:, 1]) * np.exp(-1j * np.array(list(named.values()))))))


def heading_in_name(name: str) -> float | None:
    """The side that a camera is named after, radians counter-clockwise from the front; None where it is after none."""
    words = re.split(r"[^a-z]+", name.lower())
    sides = [_SIDES[word] for word in words if word in _SIDES]
    across = sum(side for side in sides)
    return round(float(np.angle(across)), 6) if abs(across) > 0 else None


def _spread(count: int) -> list[int]:
    """The first, the middle and the last of so many frames, each once."""
    return sorted({0, count // 2, count - 1}) if count else []
