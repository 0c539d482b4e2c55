"""Which points a box in a picture means: those of the thing in front, not of what is behind, before or under it."""

from collections.abc import Iterable

import numpy as np

from app.domain.arrays import Bool, Float32, Float64, Integers
from app.domain.box_classes import BoxClasses
from app.domain.segments import partition
from app.domain.sight import PIXEL_MIDDLE, CameraSight
from app.domain.tracking import Box

REACH, REACH_SHARE = 0.4, 0.01  # metres, and share of the depth, up to which points belong to the same thing
FEWEST, FEWEST_SHARE = 2, 0.05  # points of a cluster, and share of the largest, below which it is a stray
FILLING = 0.7  # share of the box that a cluster fills, of that which the fullest one does: less is a pole before it
EDGE_PERCENT = 5.0  # of a cluster's pixels on each side that do not count for how far it reaches
GROUND_CELL = 1.5  # metres of the squares in which the ground is looked for, in each and those around it
OVER_GROUND = 0.15  # metres up to which points belong to the ground
_FARTHEST, _ROW_STEP = 1 << 30, 1 << 32  # squares from the middle, and how the numbers of those side by side differ
_STEPS_AROUND = tuple(across * _ROW_STEP + along for across in (-1, 0, 1) for along in (-1, 0, 1))


def box_points(
    sight: CameraSight, xyz: Float32, box: Box, *, others: Iterable[Box] = (), classes: BoxClasses | None = None
) -> Integers:
    """Rows (M,) int64 of the cloud, ascending; the box in pixels of the picture that ``sight`` is of, ``xyz`` (N, 3)
    float32 metres of all points of the cloud.

    Of ``others`` in the picture those that end lower stand nearer, and what they mean belongs to them. By ``classes``
    no box means points of another class: where those are in front, it means what there is of its own.
    """
    nearer = sorted((other for other in others if _foot(other) > _foot(box)), key=_foot, reverse=True)
    taken = np.zeros(0, dtype=np.int64)
    for other in nearer:
        if _overlap(other, box):
            taken = np.concatenate([taken, _front_thing(sight, xyz, other, taken=taken, classes=classes)])
    return _front_thing(sight, xyz, box, taken=taken, classes=classes)


def _front_thing(
    sight: CameraSight, xyz: Float32, box: Box, *, taken: Integers, classes: BoxClasses | None
) -> Integers:
    """Without what is taken: what is in front, or what of the box's own class is, where that is another."""
    inside = np.flatnonzero(_in_box(sight.uv, box))
    inside = inside[~np.isin(sight.rows[inside], taken)]
    found = _nearest(sight, xyz, inside)
    if classes is None or not len(found) or classes.confirm(box, found):
        return found
    own = _nearest(sight, xyz, inside[classes.of_box(box, sight.rows[inside])])
    return found if not len(own) and classes.allow(box, found) else own


def _nearest(sight: CameraSight, xyz: Float32, inside: Integers) -> Integers:
    """Rows of the cloud, of those at the places ``inside``: without the ground, which would join everything, the
    nearest of the clusters that fill the box. Where only ground is found, all of it."""
    if not len(inside):
        return inside
    rows = sight.rows[inside]
    standing = _over_ground(xyz[rows], xyz)
    if standing.any():
        inside, rows = inside[standing], rows[standing]
    depth = sight.depth[inside]
    reach = REACH + REACH_SHARE * float(np.median(depth))
    cluster_of = partition(xyz[rows].astype(np.float64) / reach)
    meant: Integers = rows[cluster_of == _front(cluster_of, depth, sight.uv[inside])]
    return meant


def _front(cluster_of: Integers, depth: Float64, uv: Float64) -> int:
    """The cluster that is meant."""
    sizes = np.bincount(cluster_of)
    large = np.flatnonzero(sizes >= min(max(FEWEST, FEWEST_SHARE * sizes.max()), sizes.max()))
    members = {int(cluster): cluster_of == cluster for cluster in large}
    areas = {cluster: _area(uv[among]) for cluster, among in members.items()}
    filling = [cluster for cluster, area in areas.items() if area >= FILLING * max(areas.values())]
    return min(filling, key=lambda cluster: float(np.median(depth[members[cluster]])))


def _area(uv: Float64) -> float:
    """Square pixels over which points spread, strays left out."""
    low, high = np.percentile(uv, (EDGE_PERCENT, 100 - EDGE_PERCENT), axis=0)
    return float(np.prod(high - low))


def _foot(box: Box) -> float:
    return box.sides[3]


def _overlap(one: Box, other: Box) -> bool:
    (left, top, right, bottom), (left_2, top_2, right_2, bottom_2) = one.sides, other.sides
    return left <= right_2 and left_2 <= right and top <= bottom_2 and top_2 <= bottom


def _in_box(uv: Float64, box: Box) -> Bool:
    left, top, right, bottom = (side - PIXEL_MIDDLE for side in box.sides)
    inside: Bool = (uv[:, 0] >= left) & (uv[:, 0] <= right) & (uv[:, 1] >= top) & (uv[:, 1] <= bottom)
    return inside


def _over_ground(points: Float32, xyz: Float32) -> Bool:
    """(n,) which of ``points`` (n, 3) stand clear of the lowest points of ``xyz`` (N, 3) around them."""
    low, high = points.min(axis=0)[:2] - 2 * GROUND_CELL, points.max(axis=0)[:2] + 2 * GROUND_CELL
    with np.errstate(invalid="ignore"):
        around = xyz[((xyz[:, :2] >= low) & (xyz[:, :2] <= high)).all(axis=1)]
    squares, square_of = np.unique(_squares(around), return_inverse=True)
    lowest = np.full(len(squares), np.inf, dtype=np.float32)
    np.minimum.at(lowest, square_of, around[:, 2])
    ground = np.full(len(points), np.inf, dtype=np.float32)
    for step in _STEPS_AROUND:
        at = np.minimum(np.searchsorted(squares, _squares(points) + step), len(squares) - 1)
        ground = np.where(squares[at] == _squares(points) + step, np.minimum(ground, lowest[at]), ground)
    over: Bool = points[:, 2] > ground + OVER_GROUND
    return over


def _squares(points: Float32) -> Integers:
    """(n,) int64, one number for each square of the ground; a point far beyond all others lies in the last one."""
    column, row = np.floor(points[:, :2] / GROUND_CELL).clip(-_FARTHEST, _FARTHEST).astype(np.int64).T
    numbers: Integers = column * _ROW_STEP + row
    return numbers
