"""Where things end against what lies behind them, as a lidar sees it and a camera should.

Only what ends to the left or to the right counts: along a ring of a lidar points lie close together, from ring to ring
they do not. After J. Levinson and S. Thrun, "Automatic Online Calibration of Cameras and Lasers", RSS 2013.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from app.domain.arrays import Bool, Float64, Integers
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import PointCloud

MOST_POINTS = 500_000  # of a cloud that are looked at, evenly from all: more than any single scan has
AZIMUTH_CELL, ELEVATION_CELL = np.radians(0.25), np.radians(0.4)  # of the raster in which neighbours are looked for
REACH = 4  # cells to the left and to the right in which the next point is looked for
JUMP, JUMP_SHARE = 0.5, 0.1  # metres, and share of the distance, by which what lies behind must be farther
UPRIGHT = 0.3  # of the jump, by which the distance may grow from the next point below a top up to it
MOST_WEIGHT = 3.0  # metres of a jump beyond which an edge counts no more
COVER_CELL = 0.012  # radians in the middle of a picture, of the cells in which the nearest point may cover an edge
COVER_WIDEST = 4.0  # tangent of 76 degrees off the axis, up to which there are such cells
CLEARANCE, CLEARANCE_SHARE = 0.3, 0.1  # metres, and share of the depth, by which it must be nearer to do so


@dataclass(frozen=True)
class DepthEdges:
    """``xyz`` (E, 3) float64 metres in the camera's optical axes, ``weights`` (E,) float64, ``upright`` (E,) bool: the
    side of something, otherwise its top."""

    xyz: Float64
    weights: Float64
    upright: Bool

    def __len__(self) -> int:
        return len(self.xyz)

    def thinned(self, most: int) -> "DepthEdges":
        """At most ``most`` of them, evenly from all."""
        chosen = np.linspace(0, len(self) - 1, min(most, len(self))).astype(np.int64)
        return DepthEdges(self.xyz[chosen], self.weights[chosen], self.upright[chosen])


@dataclass(frozen=True)
class _Sight:
    """The points that fall into the picture as the lidar sees them: directions (M, 3) and distances (M,)."""

    directions: Float64
    distances: Float64


def depth_edges(placed: PlacedCamera, cloud: PointCloud, *, lidar: Float64) -> DepthEdges:
    """The edges that a camera sees. ``placed`` in the cloud's coordinates (``relative_to`` its origin), ``lidar`` (3,)
    where the lidar is in them, with z upwards.

    An edge lies half way between the last point of what is in front and the first of what is behind it, as far away as
    the former; those that the camera does not see for something nearer are left out.
    """
    xyz = cloud.xyz[:: max(1, len(cloud) // MOST_POINTS)].astype(np.float64)
    seen = xyz[placed.project(xyz).seen]
    if not len(seen):
        return DepthEdges(np.zeros((0, 3)), np.zeros(0), np.zeros(0, dtype=np.bool_))
    sight = _sight(seen - lidar)
    nearest = _raster(sight)
    sides, tops = _sides(sight, nearest), _tops(sight, nearest)
    front, behind = np.concatenate([sides[0], tops[0]]), np.concatenate([sides[1], tops[1]])
    middle = sight.directions[front] + sight.directions[behind]
    middle *= (sight.distances[front] / np.linalg.norm(middle, axis=1))[:, np.newaxis]
    camera_from_cloud = placed.lidar_from_camera.inverse()
    edges = camera_from_cloud.apply(middle + lidar)
    weights = np.sqrt(np.minimum(sight.distances[behind] - sight.distances[front], MOST_WEIGHT))
    free = _uncovered(edges, camera_from_cloud.apply(seen))
    upright = np.arange(len(front)) < len(sides[0])
    return DepthEdges(edges[free], weights[free], upright[free])


def _sight(rays: Float64) -> _Sight:
    distances = np.maximum(np.linalg.norm(rays, axis=1), 1e-9)
    return _Sight(rays / distances[:, np.newaxis], distances)


def _sides(sight: _Sight, nearest: Integers) -> tuple[Integers, Integers]:
    """Pairs (E,), (E,) of points: the last in front, and the next to its left or right that is clearly farther."""
    found = [_farther(raster, _next(raster), sight.distances) for raster in (nearest, nearest[:, ::-1])]
    return np.concatenate([front for front, _ in found]), np.concatenate([behind for _, behind in found])


def _tops(sight: _Sight, nearest: Integers) -> tuple[Integers, Integers]:
    """The same for the next above, where the next below is about as near as the last in front: the ground, which goes
    on into the distance, has no top."""
    upwards = nearest.T
    above, below = _next(upwards), _next(upwards[:, ::-1])[:, ::-1]
    has_below = below >= 0
    front, behind = _farther(np.where(has_below, upwards, -1), above, sight.distances)
    under = np.zeros(len(sight.distances), dtype=np.int64)
    under[upwards[has_below]] = below[has_below]
    gap = sight.distances[behind] - sight.distances[front]
    upright = np.abs(sight.distances[front] - sight.distances[under[front]]) < UPRIGHT * gap
    return front[upright], behind[upright]


def _raster(sight: _Sight) -> Integers:
    """(rows, columns) the nearest point in each cell of elevation and azimuth; -1 where there is none."""
    x, y, z = sight.directions.T
    ahead = np.arctan2(y.mean(), x.mean())
    azimuth = (np.arctan2(y, x) - ahead + np.pi) % (2 * np.pi)  # the seam lies behind
    columns, rows = _cells(azimuth, AZIMUTH_CELL), _cells(np.arcsin(np.clip(z, -1.0, 1.0)), ELEVATION_CELL)
    nearest = np.full((int(rows.max()) + 1, int(columns.max()) + 1), -1, dtype=np.int64)
    farthest_first = np.argsort(-sight.distances, kind="stable")
    nearest[rows[farthest_first], columns[farthest_first]] = farthest_first
    return nearest


def _cells(angles: Float64, size: float) -> Integers:
    cells = np.floor(angles / size).astype(np.int64)
    first: Integers = cells - cells.min()
    return first


def _next(raster: Integers) -> Integers:
    """For each cell the next point in the same row behind it; -1 where there is none within REACH."""
    found = np.full_like(raster, -1)
    for step in range(min(REACH, raster.shape[1] - 1), 0, -1):
        beside = raster[:, step:]
        found[:, :-step] = np.where(beside >= 0, beside, found[:, :-step])
    return found


def _farther(raster: Integers, beside: Integers, distances: Float64) -> tuple[Integers, Integers]:
    """Points and those ``beside`` them that are clearly farther."""
    both = (raster >= 0) & (beside >= 0)
    front, behind = raster[both], beside[both]
    ends = distances[behind] - distances[front] > np.maximum(JUMP, JUMP_SHARE * distances[front])
    return front[ends], behind[ends]


def _uncovered(edges: Float64, points: Float64) -> Bool:
    """(E,) whether nothing among the ``points`` (M, 3) clearly nearer lies before an edge, all in optical axes."""
    cells, wanted = _seen_from_camera(points), _seen_from_camera(edges)
    low, high = cells.min(axis=0), cells.max(axis=0)
    nearest = np.full(high - low + 1, np.inf)
    np.minimum.at(nearest.reshape(-1), np.ravel_multi_index(tuple((cells - low).T), nearest.shape), points[:, 2])
    nearest = ndimage.minimum_filter(nearest, 3)
    cover = nearest[tuple((np.clip(wanted, low, high) - low).T)]
    free: Bool = edges[:, 2] < cover * (1 + CLEARANCE_SHARE) + CLEARANCE
    return free


def _seen_from_camera(xyz: Float64) -> Integers:
    """(N, 2) the cell across and down in which each of (N, 3) points in optical axes lies; all beyond COVER_WIDEST
    share the outermost ones, as a raster of all that a fisheye sees would have no end."""
    tangents = np.clip(xyz[:, :2] / xyz[:, 2:], -COVER_WIDEST, COVER_WIDEST)
    cells: Integers = np.floor(tangents / COVER_CELL).astype(np.int64)
    return cells
