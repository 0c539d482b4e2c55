"""A frame made ready to draw, away from the GUI thread: arrays that go to the graphics card as they are."""

from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float32, Float64, Integers, frozen
from app.domain.mask import Mask
from app.domain.point_cloud import PointCloud
from app.scene.drawing_order import drawing_order

SPREAD_SAMPLE = 20_000  # points that say where a cloud lies; more would not move the answer
SPREAD_PERCENT = (2.0, 98.0)
FARTHEST = 1e6  # metres; what lies beyond is drawn if it can be, but never decides where to look from
GROUND_RANGE = 15.0  # metres around the ego in which the ground is looked for
GROUND_POINTS = 20  # fewer near the ego say nothing
GROUND_STEP, MOST_STEPS = 0.1, 10_000  # metres between the heights that are told apart, and how many of them
GROUND_SPAN = (1.0, 95.0)  # percent of the heights among which it is looked for
PILE_SHARE = 0.5  # of the highest pile of points that a lower one has to reach to be the ground
NARROW_TABLE = 1 << 20  # label keys within this range are mapped by table instead of by search


@dataclass(frozen=True)
class Spread:
    """Where most points are, outliers left out: ``low`` and ``high`` (3,) float64 metres in cloud coordinates.

    ``ego`` is the lidar's origin in the same coordinates, ``ground`` the height z of the ground around it.
    """

    low: Float64
    high: Float64
    ego: Float64
    ground: float


@dataclass(frozen=True)
class PreparedCloud:
    """A frame of N points of which the M finite ones are drawn; arrays are contiguous and read-only.

    ``xyz``: (N, 3) float32 metres in file order, the cloud's own memory.
    ``label_index``: (N,) float32 in file order, a row of the colour table: a whole number, exact up to 2^24, in the
    form that a graphics card takes without a copy; None without a mask.
    ``label_keys``: the label key of each row; () without a mask.
    ``points_per_row``: (K,) int64 finite points of each row.
    ``order``: (M,) int32 positions in the file in drawing order, see drawing_order.
    """

    xyz: Float32
    label_index: Float32 | None
    label_keys: tuple[int, ...]
    points_per_row: Integers
    order: Integers
    spread: Spread

    def __len__(self) -> int:
        return int(self.order.shape[0])

    @property
    def total(self) -> int:
        """Points in the file, those included that are not finite."""
        return int(self.xyz.shape[0])


def prepare_cloud(cloud: PointCloud, mask: Mask | None) -> PreparedCloud:
    """Choose what can be drawn and in which order, and turn label keys into rows of a table.

    ``mask`` must have one key per point of the file, None paints nothing. Raises ValueError where it does not fit.
    """
    if mask is not None and len(mask) != len(cloud):
        raise ValueError(f"a mask of {len(mask)} label keys cannot paint {len(cloud)} points")
    finite = np.flatnonzero(cloud.finite).astype(np.int32) if cloud.nonfinite_points else None
    order = drawing_order(len(cloud) if finite is None else len(finite))
    xyz = np.ascontiguousarray(cloud.xyz, dtype=np.float32)
    label_keys, label_index = _label_rows(mask)
    return PreparedCloud(
        xyz=frozen(xyz),
        label_index=label_index,
        label_keys=label_keys,
        points_per_row=frozen(_points_per_row(mask, finite, label_index)),
        order=order if finite is None else frozen(finite[order]),
        spread=spread_of(xyz if finite is None else xyz.take(_sample_of(finite), axis=0), ego=-cloud.origin),
    )


def _sample_of(finite: Integers) -> Integers:
    sample: Integers = finite[:: max(1, len(finite) // SPREAD_SAMPLE)]
    return sample


def spread_of(xyz: Float32, *, ego: Float64) -> Spread:
    """Where most of the finite points (M, 3) are; always finite, around the ego where there are none."""
    ego = np.clip(np.nan_to_num(ego.astype(np.float64)), -FARTHEST, FARTHEST)
    sample = xyz[:: max(1, len(xyz) // SPREAD_SAMPLE)].astype(np.float64).clip(-FARTHEST, FARTHEST)
    if len(sample) == 0:
        return Spread(frozen(ego - 1.0), frozen(ego + 1.0), frozen(ego), float(ego[2]))
    low, high = np.percentile(sample, SPREAD_PERCENT, axis=0)
    return Spread(frozen(low), frozen(high), frozen(ego), _ground_height(sample, ego))


def _ground_height(sample: Float64, ego: Float64) -> float:
    """The lowest height at which the points near the ego pile up; of all points where hardly any is near.

    A low percentile would be pulled down by what reflections and slopes put under the road, a plain mode up by a wall.
    """
    near = np.hypot(sample[:, 0] - ego[0], sample[:, 1] - ego[1]) < GROUND_RANGE
    heights = sample[near, 2] if np.count_nonzero(near) >= GROUND_POINTS else sample[:, 2]
    low, high = np.percentile(heights, GROUND_SPAN, method="nearest")  # heights that there are
    if high - low <= 2 * GROUND_STEP:
        return float(np.median(heights))
    bins = int(min((high - low) / GROUND_STEP, MOST_STEPS)) + 1
    counts, edges = np.histogram(heights, bins=bins, range=(float(low), float(high)))
    lowest = int(np.argmax(counts >= PILE_SHARE * counts.max()))
    around = (heights >= edges[lowest] - GROUND_STEP) & (heights <= edges[lowest + 1] + GROUND_STEP)
    return float(np.median(heights[around]))


def _label_rows(mask: Mask | None) -> tuple[tuple[int, ...], Float32 | None]:
    """The table's label keys, and (N,) the row of each point."""
    if mask is None:
        return (), None
    label_keys = tuple(mask.counts)
    return label_keys, frozen(_rows(mask.label_keys, np.array(label_keys, dtype=np.int64)))


def _points_per_row(mask: Mask | None, finite: Integers | None, label_index: Float32 | None) -> Integers:
    if mask is None or label_index is None:
        return np.zeros(0, dtype=np.int64)
    if finite is None:
        return np.fromiter(mask.counts.values(), dtype=np.int64)  # every point is drawn: counted already
    rows = len(mask.counts)
    counts: Integers = np.bincount(label_index.take(finite).astype(np.int64), minlength=rows)[:rows]
    return counts


def _rows(keys: Integers, table: Integers) -> Float32:
    """Positions (N,) float32 of ``keys`` in the ascending ``table``."""
    if len(keys) == 0:
        return np.zeros(0, dtype=np.float32)
    first, last = int(table[0]), int(table[-1])
    if last - first >= NARROW_TABLE:
        return np.searchsorted(table, keys).astype(np.float32)
    row_of = np.zeros(last - first + 1, dtype=np.float32)
    row_of[table - first] = np.arange(len(table), dtype=np.float32)
    rows: Float32 = row_of[keys if first == 0 else keys.astype(np.int64) - first]
    return rows
