"""The two solids everything is made of, convex bodies and ellipsoids, and where rays meet them.

With all rays leaving one point, 1 / distance to a plane is linear in the direction: a convex body costs one small
matrix product, and keeping the largest inverse distance is the depth test.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.domain.geometry import Pose
from app.sandbox.street.linear import product
from app.sandbox.street.noise import Floats, Noise, sample

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Convex:
    """Points with ``normals @ p <= offsets``; (k, 3) unit normals, (k,) metres, and a ball around the body."""

    normals: Doubles
    offsets: Doubles
    center: Doubles
    radius: float

    def moved(self, pose: Pose) -> "Convex":
        """The body in the space that ``pose`` leads to."""
        normals = self.normals @ pose.rotation.T
        center = pose.rotation @ self.center + pose.position
        return Convex(normals, self.offsets + normals @ pose.position, center, self.radius)

    def inverse_distance(self, directions: Floats, origin: Doubles, *, margin: float = 0.0) -> Floats:
        """(n,) float32 for (3, n) unit directions; 0 where a ray misses. ``margin`` metres grow the body."""
        room = self.offsets + margin - self.normals @ origin
        facing = room < 0
        if margin and not np.logical_or.reduce(facing):
            return np.full(directions.shape[1], np.inf, np.float32)
        scaled = scaled_planes(self.normals, room)
        return met_convex(scaled[facing], scaled[~facing], directions)

    def surface_normals(self, points: Floats) -> Floats:
        """(3, n) outward normals at (3, n) points on the body."""
        normals = self.normals.astype(np.float32)
        face = (product(normals, points) - self.offsets.astype(np.float32)[:, None]).argmax(axis=0)
        found: Floats = normals.T[:, face]
        return found


@dataclass(frozen=True, eq=False)
class Ellipsoid:
    """The ball that ``shrink @ (p - center)`` maps to the unit ball; a ``leafy`` one has holes towards its edge."""

    shrink: Doubles  # (3, 3)
    center: Doubles  # (3,) metres
    leafy: Noise | None = None

    @cached_property
    def radius(self) -> float:
        """Largest half axis in metres."""
        return float(1 / np.linalg.svd(self.shrink, compute_uv=False).min())

    def moved(self, pose: Pose) -> "Ellipsoid":
        """The body in the space that ``pose`` leads to."""
        center = pose.rotation @ self.center + pose.position
        return replace(self, shrink=self.shrink @ pose.rotation.T, center=center)

    def inverse_distance(self, directions: Floats, origin: Doubles) -> Floats:
        """(n,) float32 for (3, n) unit directions; 0 where a ray misses."""
        table = ellipsoid_tables(self.shrink[None], self.center[None], origin)[0]
        return self.met(table, directions, origin)

    def met(self, table: Floats, directions: Floats, origin: Doubles) -> Floats:
        """``inverse_distance`` from the (7, 3) row of ``ellipsoid_tables``."""
        rows = product(table[:6], directions)
        along = product(table[6:], directions)[0]
        rows *= rows
        square = rows[0] + rows[1] + rows[2]
        under_root = square - (rows[3] + rows[4] + rows[5])
        met = (under_root > 0).nonzero()[0]
        square, root = square[met], np.sqrt(under_root[met])
        distance = (-along[met] - root) / square
        inverse = np.zeros(directions.shape[1], np.float32)
        found = np.where(distance > 0, 1 / np.maximum(distance, 1e-3), 0)
        if self.leafy is not None:
            points = origin.astype(np.float32)[:, None] + directions[:, met] * distance
            found *= _leaves(self.leafy, points, root / np.sqrt(square))
        inverse[met] = found
        return inverse

    def surface_normals(self, points: Floats) -> Floats:
        """(3, n) outward normals at (3, n) points on the body."""
        metric = (self.shrink.T @ self.shrink).astype(np.float32)
        outward = product(metric, points - self.center.astype(np.float32)[:, None])
        square = outward[0] * outward[0] + outward[1] * outward[1] + outward[2] * outward[2]
        found: Floats = outward / np.sqrt(np.maximum(square, np.float32(1e-12)))
        return found


Solid = Convex | Ellipsoid


def scaled_planes(normals: Doubles, room: Doubles) -> Floats:
    """(k, 3) whose product with a direction is 1 / distance to each plane, ``room`` (k,) metres from the origin."""
    scaled: Floats = (normals / np.where(np.abs(room) < 1e-6, 1e-6, room)[:, None]).astype(np.float32)
    return scaled


def met_convex(facing: Floats, averted: Floats, directions: Floats) -> Floats:
    """(n,) inverse distances from the scaled planes that face the origin and those that do not; 0 where missed.

    A ray is inside once it has crossed all planes that face its origin and until it crosses one of the others.
    """
    if not len(facing):
        return np.zeros(directions.shape[1], np.float32)
    entry: Floats = np.minimum.reduce(product(facing, directions), axis=0)
    leaving = np.maximum.reduce(product(averted, directions), axis=0, initial=1e-9)
    entry[entry < leaving] = 0
    return entry


def ellipsoid_tables(shrink: Doubles, center: Doubles, origin: Doubles) -> Floats:
    """(m, 7, 3) for (m, 3, 3) shapes at (m, 3): with a direction, the way through the unit ball.

    Rows 0..2 shrink the direction, 3..5 are its cross product with the shrunk start, 6 its product with it. The cross
    product keeps its digits at any distance, which the usual discriminant does not.
    """
    start = np.einsum("mij,mj->mi", shrink, origin - center)
    table = np.empty((len(shrink), 7, 3), np.float32)
    table[:, :3] = shrink
    table[:, 3:6] = np.cross(start[:, None, :], shrink.swapaxes(1, 2)).swapaxes(1, 2)
    table[:, 6] = np.einsum("mi,mij->mj", start, shrink)
    return table


def _leaves(noise: Noise, points: Floats, depth: Floats) -> NDArray[np.bool_]:
    """Whether a leaf stops the ray: always in the middle of a crown, by chance towards its edge."""
    stops: NDArray[np.bool_] = foliage(noise, points) + 0.85 * depth > 0.74
    return stops


def foliage(noise: Noise, points: Floats) -> Floats:
    """(n,) 0..1 that varies in all three directions: two planes' noise, across each other."""
    x, y, z = points
    level = sample(noise.fine, x + 0.3 * z, y - 0.2 * z, cell=0.09)
    upright = sample(noise.fine, z + 0.25 * y, 0.7 * (x - y), cell=0.085)
    clump = sample(noise.rough, z - 0.4 * x, x + y, cell=0.03)
    return (level + upright + clump) * np.float32(1 / 3)


def convex(planes: Sequence[tuple[float, float, float, float]], corners: Sequence[Sequence[float]]) -> Convex:
    """A body from planes (x, y, z of any length, offset) and points whose bounds hold it."""
    table, points = np.array(planes, dtype=np.float64), np.array(corners, dtype=np.float64)
    lengths = np.linalg.norm(table[:, :3], axis=1)
    center = (points.min(axis=0) + points.max(axis=0)) / 2
    radius = float(np.linalg.norm(points - center, axis=1).max())
    return Convex(table[:, :3] / lengths[:, None], table[:, 3] / lengths, center, radius)


def box(low: tuple[float, float, float], high: tuple[float, float, float]) -> Convex:
    """An upright box between two corners."""
    planes = [
        (*np.eye(3)[axis] * sign, sign * (high if sign > 0 else low)[axis]) for axis in range(3) for sign in (1, -1)
    ]
    return convex(planes, [low, high])


def profile(
    outline: Sequence[tuple[float, float]], half_width: float, *, lean: float = 0.0, foot: float = 0.0
) -> Convex:
    """A convex outline in (x, z), counter-clockwise, given a width along y.

    The sides lean inwards by ``lean`` metres per metre of height above ``foot``.
    """
    planes = []
    for (x0, z0), (x1, z1) in zip(outline, [*outline[1:], outline[0]], strict=True):
        normal = (z1 - z0, x0 - x1)
        planes.append((normal[0], 0.0, normal[1], normal[0] * x0 + normal[1] * z0))
    for sign in (1.0, -1.0):
        planes.append((0.0, sign, lean, half_width + lean * foot))
    corners = [(x, sign * half_width, z) for x, z in outline for sign in (1, -1)]
    return convex(planes, corners)


def column(radius: float, low: float, high: float, *, sides: int = 8, x: float = 0.0, y: float = 0.0) -> Convex:
    """An upright column with ``sides`` faces."""
    turns = np.arange(sides) * 2 * np.pi / sides
    planes = [(np.cos(a), np.sin(a), 0.0, radius + np.cos(a) * x + np.sin(a) * y) for a in turns]
    planes += [(0.0, 0.0, 1.0, high), (0.0, 0.0, -1.0, -low)]
    reach = radius * 1.1
    return convex(planes, [(x - reach, y - reach, low), (x + reach, y + reach, high)])


def wheel(radius: float, half_width: float, *, x: float, y: float, z: float) -> Convex:
    """A disc that rolls along x."""
    turns = np.arange(14) * 2 * np.pi / 14
    planes = [(np.cos(a), 0.0, np.sin(a), radius + np.cos(a) * x + np.sin(a) * z) for a in turns]
    planes += [(0.0, 1.0, 0.0, y + half_width), (0.0, -1.0, 0.0, half_width - y)]
    reach = radius * 1.03
    return convex(planes, [(x - reach, y - half_width, z - reach), (x + reach, y + half_width, z + reach)])


def limb(start: Sequence[float], end: Sequence[float], thickness: float) -> Ellipsoid:
    """A long ellipsoid from one point to another: arms, legs, tubes."""
    a, b = np.array(start, dtype=np.float64), np.array(end, dtype=np.float64)
    along = b - a
    length = float(np.linalg.norm(along))
    axis = along / length
    across = np.eye(3) - np.outer(axis, axis)
    return Ellipsoid(np.outer(axis, axis) / (length / 2 + thickness * 0.5) + across / thickness, (a + b) / 2)


def ball(center: Sequence[float], half_axes: Sequence[float], *, leafy: Noise | None = None) -> Ellipsoid:
    """An upright ellipsoid."""
    return Ellipsoid(np.diag(1 / np.array(half_axes, dtype=np.float64)), np.array(center, dtype=np.float64), leafy)
