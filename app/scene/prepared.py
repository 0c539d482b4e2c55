"""A frame made ready to draw, away from the GUI thread: arrays that go to the graphics card as they are."""

from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float32, Float64, Integers, frozen
from app.domain.mask import Mask
from app.domain.point_cloud import PointCloud

SPREAD_SAMPLE = 20_000  # points that say where a cloud lies; more would not move the answer
SPREAD_PERCENT = (2.0, 98.0)
FARTHEST = 1e6  # metres; what lies beyond is drawn if it can be, but never decides where to look from
GROUND_RANGE = 25.0  # metres around the ego in which the ground is looked for
GROUND_PERCENT = 10.0
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
    """The M finite points of a frame in drawing order; arrays are contiguous and read-only.

    ``xyz``: (M, 3) float32 metres. ``label_index``: (M,) uint8, uint16 or uint32, a row of the colour table.
    ``label_keys``: the label key of each row; () without a mask, and then ``label_index`` is all 0.
    ``points_per_row``: (K,) int64 drawn points of each row.
    ``source_index``: (M,) uint32 position of each drawn point in its file, None where that is the same.
    ``total``: points in the file, those included that are not finite.
    """

    xyz: Float32
    label_index: Integers
    label_keys: tuple[int, ...]
    points_per_row: Integers
    source_index: Integers | None
    spread: Spread
    total: int

    def __len__(self) -> int:
        return int(self.xyz.shape[0])


def prepare_cloud(cloud: PointCloud, mask: Mask | None) -> PreparedCloud:
    """Drop what cannot be drawn and turn label keys into rows of a table.

    ``mask`` must have one key per point of the file, None paints nothing. Raises ValueError where it does not fit.
    """
    if mask is not None and len(mask) != len(cloud):
        raise ValueError(f"a mask of {len(mask)} label keys cannot paint {len(cloud)} points")
    chosen = frozen(np.flatnonzero(cloud.finite).astype(np.uint32)) if cloud.nonfinite_points else None
    xyz = np.ascontiguousarray(cloud.xyz if chosen is None else cloud.xyz.take(chosen, axis=0), dtype=np.float32)
    label_keys, label_index = _label_rows(mask, chosen, len(xyz))
    return PreparedCloud(
        xyz=frozen(xyz),
        label_index=frozen(label_index),
        label_keys=label_keys,
        points_per_row=frozen(_points_per_row(mask, chosen, label_index, rows=len(label_keys))),
        source_index=chosen,
        spread=spread_of(xyz, ego=-cloud.origin),
        total=len(cloud),
    )


def spread_of(xyz: Float32, *, ego: Float64) -> Spread:
    """Where most of the finite points (M, 3) are; always finite, around the ego where there are none."""
    ego = np.clip(np.nan_to_num(ego.astype(np.float64)), -FARTHEST, FARTHEST)
    sample = xyz[:: max(1, len(xyz) // SPREAD_SAMPLE)].astype(np.float64).clip(-FARTHEST, FARTHEST)
    if len(sample) == 0:
        return Spread(frozen(ego - 1.0), frozen(ego + 1.0), frozen(ego), float(ego[2]))
    low, high = np.percentile(sample, SPREAD_PERCENT, axis=0)
    return Spread(frozen(low), frozen(high), frozen(ego), _ground_height(sample, ego))


def _ground_height(sample: Float64, ego: Float64) -> float:
    """A low percentile of the heights near the ego; of all heights where nothing is near."""
    near = np.hypot(sample[:, 0] - ego[0], sample[:, 1] - ego[1]) < GROUND_RANGE
    heights = sample[near, 2] if near.any() else sample[:, 2]
    return float(np.percentile(heights, GROUND_PERCENT))


def _label_rows(mask: Mask | None, chosen: Integers | None, drawn: int) -> tuple[tuple[int, ...], Integers]:
    """The table's label keys, and (drawn,) the row of each point."""
    if mask is None:
        return (), np.zeros(drawn, dtype=np.uint8)
    label_keys = tuple(mask.counts)
    keys = mask.label_keys if chosen is None else mask.label_keys.take(chosen)
    return label_keys, _rows(keys, np.array(label_keys, dtype=np.int64))


def _points_per_row(mask: Mask | None, chosen: Integers | None, label_index: Integers, *, rows: int) -> Integers:
    if mask is not None and chosen is None:
        return np.fromiter(mask.counts.values(), dtype=np.int64, count=rows)  # every point is drawn: counted already
    counts: Integers = np.bincount(label_index, minlength=rows)[:rows]
    return counts


def _rows(keys: Integers, table: Integers) -> Integers:
    """Positions (N,) of ``keys`` in the ascending ``table``, in the smallest dtype that holds them."""
    dtype = np.min_scalar_type(max(len(table) - 1, 0))
    if len(keys) == 0:
        return np.zeros(0, dtype=dtype)
    first, last = int(table[0]), int(table[-1])
    if last - first >= NARROW_TABLE:
        return np.searchsorted(table, keys).astype(dtype)
    row_of = np.zeros(last - first + 1, dtype=dtype)
    row_of[table - first] = np.arange(len(table), dtype=dtype)
    rows: Integers = row_of[keys if first == 0 else keys.astype(np.int64) - first]
    return rows
