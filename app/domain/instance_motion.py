"""Where instances are in a frame, and how far they moved between two: by the median of the points of each track."""

from collections.abc import Iterator, Mapping

import numpy as np

from app.domain.arrays import Float32, Float64, Integers
from app.domain.point_cloud import PointCloud
from app.domain.sequence import Frame

FEWEST_POINTS = 5  # fewer say little about where a thing is
LONGEST = 25.0  # metres; what reaches farther is no single thing, and its points lie where the ego happens to be


def instance_points(frame: Frame, cloud: PointCloud) -> dict[str, Float64]:
    """Where each track of a frame is: (3,) float64 metres relative to the cloud's origin, the median of its points."""
    return {track: np.median(cloud.xyz[rows], axis=0) for track, rows in _instances(frame, cloud.xyz)}


def track_shifts(frame: Frame, xyz: Float64, *, towards: Mapping[str, Float64]) -> Iterator[tuple[Integers, Float64]]:
    """What moves the instances of a frame to where their tracks are in another: rows (M,) and a shift (3,) in metres.

    ``xyz`` (N, 3) are the frame's points in the space of ``towards``. A median is not the middle of a thing: a side
    that comes into sight moves it too, and what turns is shifted only. Ground, buildings and all that is no single
    thing stay.
    """
    if not towards:
        return
    for track, rows in _instances(frame, xyz):
        if track in towards:
            yield rows, towards[track] - np.median(xyz[rows], axis=0)


def _instances(frame: Frame, xyz: Float32 | Float64) -> Iterator[tuple[str, Integers]]:
    """Track and rows (M,) of the finite points of each single thing."""
    if frame.mask is None:
        return
    keys = frame.mask.label_keys
    tracks = {entry.label_key: entry.thing for entry in frame.legend if entry.thing}
    wanted = np.array([key for key in frame.mask.counts if key in tracks], dtype=np.int64)
    rows = np.flatnonzero(np.isin(keys, wanted) & np.isfinite(xyz).all(axis=1))
    rows = rows[np.argsort(keys[rows], kind="stable")]
    cuts = np.flatnonzero(np.diff(keys[rows].astype(np.int64))) + 1
    for group in np.split(rows, cuts):
        if len(group) >= FEWEST_POINTS and np.ptp(xyz[group], axis=0).max() < LONGEST:
            yield tracks[int(keys[group[0]])], group
