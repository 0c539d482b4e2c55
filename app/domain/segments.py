"""Which points of one label key hang together: the segments that a review goes through.

Two points are connected where no more than a *reach* lies between them, and a segment is whatever can be walked
through in such steps (single linkage, as DBSCAN with one point to a core: Ester et al., KDD 1996). The reach grows with
the distance from the lidar, as the gaps between its rays do: it is ``least`` metres near by, which bridges what
reflects nothing, such as the window of a car, and ``per_metre`` times the range beyond (the linear term of the adaptive
breakpoint detector of Borges and Aldon, Intelligent and Robotic Systems 40, 2004). Ground seen at a grazing angle
thins out with the square of the range and so falls into rings of its own far away.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from app.domain.arrays import Bool, Float64, Integers, frozen
from app.domain.mask import Mask
from app.domain.point_cloud import PointCloud
from app.domain.segment import Segment

CELL = 0.5  # reaches, the edge of a cell: its diagonal in four dimensions is one reach
MOST_PAIRS = 1 << 12  # points of one cell times points of another that are measured one by one
BATCH = 1 << 18  # distances measured at a time


@dataclass(frozen=True)
class Reach:
    """How far apart two connected points may be: ``least`` metres, or ``per_metre`` of their range where that is more,
    in radians the angle between them: 0.03 is more than the 1.33 degrees between two rays of a lidar with 32.

    Raises ValueError for numbers that make no reach.
    """

    least: float = 0.5
    per_metre: float = 0.03

    def __post_init__(self) -> None:
        if not (0 < self.least < np.inf and 1e-4 <= self.per_metre < 1):
            raise ValueError(f"no reach: {self.least} m, {self.per_metre} per metre")


USUAL = Reach()


def segment_of(cloud: PointCloud, mask: Mask, row: int, *, frame_index: int, reach: Reach = USUAL) -> Segment:
    """The segment that the point of a row belongs to; of the row alone where the point is not finite.

    Raises IndexError for a row that the cloud does not have.
    """
    if not 0 <= row < len(cloud):
        raise IndexError(f"there is no point {row}")
    label_key = int(mask.label_keys[row])
    for segment in segments_of(cloud, mask, label_key, frame_index=frame_index, reach=reach):
        if (segment.rows == row).any():
            return segment
    return Segment(frame_index, label_key, frozen(np.array([row], dtype=np.int64)))


def segments_of(
    cloud: PointCloud, mask: Mask, label_key: int, *, frame_index: int, reach: Reach = USUAL
) -> tuple[Segment, ...]:
    """The segments of one label key, the largest first; points that are not finite belong to none."""
    rows = np.flatnonzero((mask.label_keys == label_key) & cloud.finite)
    return tuple(Segment(frame_index, label_key, part) for part in _parts(cloud, rows, reach))


def _parts(cloud: PointCloud, rows: Integers, reach: Reach) -> Iterator[Integers]:
    """Ascending ``rows`` as those of each segment, ascending."""
    if len(rows) == 0:
        return
    parts = partition(in_reaches(cloud.xyz[rows].astype(np.float64) + cloud.origin, reach))
    order = np.argsort(parts, kind="stable")
    sizes = np.bincount(parts)
    groups = np.split(rows[order], np.cumsum(sizes)[:-1])
    for place in sorted(range(len(groups)), key=lambda place: (-len(groups[place]), groups[place][0])):
        yield frozen(groups[place])


def in_reaches(xyz_in_lidar: Float64, reach: Reach) -> Float64:
    """(N, 4): points whose reaches vary, laid out in a space where every reach is 1.

    Up to the range r0 where the reach begins to grow it is x, y, z over ``least``. Beyond, the direction over
    ``per_metre``, and in the fourth dimension ln(range / r0) over ``per_metre``, as a step along the ray is as long as
    one across. No two points are farther apart in it than their distance over the reach of the nearer one.
    """
    distance = np.linalg.norm(xyz_in_lidar, axis=1)
    laid = np.empty((len(distance), 4))
    laid[:, :3] = xyz_in_lidar / np.maximum(reach.least, reach.per_metre * distance)[:, np.newaxis]
    laid[:, 3] = np.log(np.maximum(reach.per_metre / reach.least * distance, 1.0)) / reach.per_metre
    return laid


def partition(points: Float64) -> Integers:
    """(N,) the part, from 0, that each of (N, D) points belongs to, D at most 4: those that steps of length 1 connect.

    Exact, yet it looks at few distances: points of one cell are connected anyway, most cells by one point of each,
    and only what is still apart then and near enough is measured point by point.
    """
    cells = _Cells(points)
    first = KDTree(points[cells.rows[cells.starts]]).query_pairs(1.0, output_type="ndarray")
    parts = _connected(len(cells.centres), first)
    second = cells.touching(_close_apart(cells.centres, parts))
    whole: Integers = _connected(len(cells.centres), np.concatenate([first, second]))[cells.of_point]
    return whole


class _Cells:
    """Points sorted into a grid: ``rows`` (N,) of the points by cell, from ``starts`` (C,) on, ``counts`` (C,) each."""

    def __init__(self, points: Float64) -> None:
        self._points = points
        grid = np.floor(points / CELL)
        self.rows: Integers = np.lexsort(grid.T)
        in_order = grid[self.rows]
        self.starts: Integers = np.flatnonzero(np.r_[True, (in_order[1:] != in_order[:-1]).any(axis=1)])
        self.counts: Integers = np.diff(np.r_[self.starts, len(points)])
        self.centres: Float64 = (in_order[self.starts] + 0.5) * CELL
        self.of_point: Integers = np.empty(len(points), dtype=np.intp)
        self.of_point[self.rows] = np.repeat(np.arange(len(self.starts)), self.counts)

    def touching(self, pairs: Integers) -> Integers:
        """Those of (P, 2) pairs of cells that have points no more than 1 apart."""
        many = self.counts[pairs].prod(axis=1)
        touch = np.array([self._crowds_touch(*pair) for pair in pairs[many > MOST_PAIRS].tolist()], dtype=np.bool_)
        few = pairs[many <= MOST_PAIRS]
        edges = np.searchsorted(np.cumsum(many[many <= MOST_PAIRS]), np.arange(BATCH, many.sum() + BATCH, BATCH))
        batches = [self._measured(part) for part in np.split(few, np.unique(edges)) if len(part)]
        return np.concatenate([pairs[many > MOST_PAIRS][touch], *batches])

    def _crowds_touch(self, one: int, other: int) -> bool:
        here, there = (self._points[self.rows[self.starts[at] :][: self.counts[at]]] for at in (one, other))
        return bool((KDTree(here).query(there, distance_upper_bound=np.nextafter(1.0, 2.0))[0] <= 1.0).any())

    def _measured(self, pairs: Integers) -> Integers:
        """All points of one cell against all of the other."""
        left, right = self.counts[pairs].T
        sizes = left * right
        pair = np.repeat(np.arange(len(pairs)), sizes)
        number = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        here = self.rows[self.starts[pairs[pair, 0]] + number // right[pair]]
        there = self.rows[self.starts[pairs[pair, 1]] + number % right[pair]]
        gap = self._points[here] - self._points[there]
        close: Integers = pairs[np.unique(pair[np.einsum("ij,ij->i", gap, gap) <= 1.0])]
        return close


def _close_apart(centres: Float64, parts: Integers) -> Integers:
    """(P, 2) pairs of cells of different parts whose points can be 1 apart: all but one part is looked around at."""
    others = np.flatnonzero(parts != np.bincount(parts).argmax())
    if len(others) == 0:
        return np.zeros((0, 2), dtype=np.intp)
    near = KDTree(centres[others]).sparse_distance_matrix(KDTree(centres), 2.0 + 1e-9, output_type="coo_matrix")
    pairs = np.stack([others[near.row], near.col], axis=1)
    lacking: Bool = (parts[pairs[:, 0]] != parts[pairs[:, 1]]) & (
        (pairs[:, 0] < pairs[:, 1]) | ~np.isin(pairs[:, 1], others)
    )
    apart: Integers = pairs[lacking]
    return apart


def _connected(count: int, pairs: Integers) -> Integers:
    graph = coo_matrix((np.ones(len(pairs), dtype=np.bool_), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    parts: Integers = connected_components(graph, directed=False)[1]
    return parts
