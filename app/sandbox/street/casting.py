"""First hits of many rays among many solids."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.sandbox.street.linear import product
from app.sandbox.street.noise import Floats
from app.sandbox.street.rays import Hits, Rays
from app.sandbox.street.solids import Convex, Ellipsoid, Solid, ellipsoid_tables, met_convex, scaled_planes

REACH = 160.0  # metres: solids farther away are left out
SMALLEST = 0.0032  # radians: parts that look smaller, about a traced pixel and a half, are left out
_LARGE = 24  # tiles: from here on a closer look at the outline pays


def cast(rays: Rays, solids: Sequence[Solid], hits: Hits, *, reach: float = REACH) -> None:
    """Write into ``hits`` where the rays meet the solids, numbered in their order; nearer hits stay."""
    if not solids:
        return
    seen, near = _tiles_in_sight(rays, solids)
    farthest = hits.inverse.min(axis=1)
    kernels = _Kernels(solids, rays.origin)
    width = rays.directions.shape[2]
    for index in np.argsort(near, kind="stable"):
        if near[index] > reach:
            break
        if solids[index].radius < SMALLEST * near[index]:
            continue
        solid = solids[index]
        tiles = (seen[index] & (farthest * near[index] < 1)).nonzero()[0]
        if len(tiles) > _LARGE and isinstance(solid, Convex):
            tiles = _outlined(rays, solid, tiles)
        if not len(tiles):
            continue
        directions = rays.directions.take(tiles, axis=1).reshape(3, -1)
        inverse = kernels.inverse_distance(int(index), directions).reshape(-1, width)
        _keep_nearer(hits, tiles, inverse, int(index), farthest)


class _Kernels:
    """What meeting each solid from one origin needs, computed for all of them at once."""

    def __init__(self, solids: Sequence[Solid], origin: NDArray[np.float64]) -> None:
        self._solids, self._origin = solids, origin
        bodies = [(index, solid) for index, solid in enumerate(solids) if isinstance(solid, Convex)]
        balls = [(index, solid) for index, solid in enumerate(solids) if isinstance(solid, Ellipsoid)]
        self._planes: dict[int, tuple[Floats, Floats]] = {}
        self._tables: dict[int, Floats] = {}
        if bodies:
            self._add_planes(bodies)
        if balls:
            shapes = np.array([ball.shrink for _, ball in balls])
            centers = np.array([ball.center for _, ball in balls])
            self._tables = dict(zip((i for i, _ in balls), ellipsoid_tables(shapes, centers, origin), strict=True))

    def _add_planes(self, bodies: list[tuple[int, Convex]]) -> None:
        normals = np.concatenate([body.normals for _, body in bodies])
        room = np.concatenate([body.offsets for _, body in bodies]) - normals @ self._origin
        sizes = np.array([len(body.offsets) for _, body in bodies])
        owner = np.repeat(np.arange(len(bodies)), sizes)
        facing_first = np.lexsort((room >= 0, owner))
        scaled = scaled_planes(normals, room)[facing_first]
        facing = np.bincount(owner, weights=room < 0, minlength=len(bodies)).astype(int)
        ends = np.cumsum(sizes)
        for (index, _), end, size, count in zip(bodies, ends.tolist(), sizes.tolist(), facing.tolist(), strict=True):
            start = end - size
            self._planes[index] = scaled[start : start + count], scaled[start + count : end]

    def inverse_distance(self, index: int, directions: Floats) -> Floats:
        """As the solid's own ``inverse_distance``."""
        solid = self._solids[index]
        if isinstance(solid, Ellipsoid):
            return solid.met(self._tables[index], directions, self._origin)
        return met_convex(*self._planes[index], directions)


def _keep_nearer(hits: Hits, tiles: NDArray[np.intp], inverse: Floats, number: int, farthest: Floats) -> None:
    before = hits.inverse[tiles]
    nearer = inverse > before
    changed = np.logical_or.reduce(nearer, axis=1).nonzero()[0]
    if not len(changed):
        return
    if len(changed) < len(tiles):
        tiles, nearer, inverse, before = tiles[changed], nearer[changed], inverse[changed], before[changed]
    after = np.maximum(inverse, before)
    hits.inverse[tiles] = after
    parts = hits.part[tiles]
    parts[nearer] = number
    hits.part[tiles] = parts
    farthest[tiles] = np.minimum.reduce(after, axis=1)


def _tiles_in_sight(rays: Rays, solids: Sequence[Solid]) -> tuple[NDArray[np.bool_], Floats]:
    """(solids, tiles) whether the cone of a tile meets the ball around a solid, and each solid's least distance."""
    centers = np.array([solid.center for solid in solids]) - rays.origin
    radii = np.array([solid.radius for solid in solids])
    distance = np.maximum(np.linalg.norm(centers, axis=1), 1e-6)
    sine = np.clip(radii / distance, 0, 1)[:, None].astype(np.float32)
    cosine = np.sqrt(1 - sine * sine)
    bound = cosine * np.cos(rays.spread) - sine * np.sin(rays.spread)
    towards = (centers / distance[:, None]).astype(np.float32)
    seen: NDArray[np.bool_] = product(towards, rays.axes.T) >= bound
    seen[distance <= radii] = True
    return seen, np.maximum(distance - radii, 1e-3).astype(np.float32)


def _outlined(rays: Rays, solid: Convex, tiles: NDArray[np.intp]) -> NDArray[np.intp]:
    """Drop the tiles of a large convex body that its ball covers and the body itself does not."""
    far = float(np.linalg.norm(solid.center - rays.origin)) + solid.radius
    margin = far * float(rays.spread[tiles].max()) + 0.01
    axes = np.ascontiguousarray(rays.axes[tiles].T)
    return tiles[solid.inverse_distance(axes, rays.origin, margin=margin) > 0]
