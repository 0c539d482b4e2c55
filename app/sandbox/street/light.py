"""Sun and sky: what falls on a surface, and the shadows that solids throw."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.geometry import Pose
from app.sandbox.street.casting import cast
from app.sandbox.street.linear import product
from app.sandbox.street.noise import Floats, Noise, smooth_sample
from app.sandbox.street.rays import Hits, RayGrid
from app.sandbox.street.road import place
from app.sandbox.street.solids import Solid

TO_SUN = np.array([-0.56, 0.42, 0.0]) / np.hypot(0.56, 0.42) * np.cos(0.80) + np.array([0, 0, np.sin(0.80)])
SUNLIGHT = np.array([1.0, 0.90, 0.74], dtype=np.float32) * np.float32(3.3)
SKYLIGHT = np.array([0.64, 0.76, 1.0], dtype=np.float32) * np.float32(1.15)
BOUNCE = np.array([0.34, 0.31, 0.28], dtype=np.float32) * np.float32(0.75)
HAZE = np.array([0.80, 0.87, 0.95], dtype=np.float32) * np.float32(1.25)
_ZENITH = np.array([0.13, 0.33, 0.80], dtype=np.float32) * np.float32(1.25)
_CLOUD = np.array([1.0, 0.99, 0.97], dtype=np.float32) * np.float32(1.7)
_SUN_DISTANCE = 1500.0  # metres: far enough for shadows that are as good as parallel
_MIDDLE = 25.0  # metres along the road where the map of shadows is centred


def sky(directions: Floats, noise: Noise) -> Floats:
    """(3, n) light from the sky along (3, n) unit directions: a gradient with clouds and a glow around the sun."""
    rise = np.clip(directions[2], 0, 1)
    blend = (1 - rise) ** 2 * (1 - rise)
    color = _ZENITH[:, None] + (HAZE - _ZENITH)[:, None] * blend
    flat = 1 / (rise + np.float32(0.12))
    veil = smooth_sample(noise.rough, directions[0] * flat, directions[1] * flat, cell=0.02)
    cloud = np.clip((veil - 0.52) * 3.4, 0, 1) * np.clip(rise * 9, 0, 1) * np.float32(0.85)
    color += (_CLOUD[:, None] - color) * cloud
    lit: Floats = color + near_sun(directions, doublings=4) * np.float32(0.8)
    return lit


def near_sun(directions: Floats, *, doublings: int) -> Floats:
    """(n,) a glow around the sun: the cosine to it, squared ``doublings`` times."""
    x, y, z = TO_SUN.astype(np.float32)
    glow: Floats = np.maximum(x * directions[0] + y * directions[1] + z * directions[2], 0)
    for _ in range(doublings):
        glow *= glow
    return glow


def sky_gradient(rise: Floats) -> Floats:
    """(3, n) light of a clear sky by the height of a direction above the horizon: for reflections."""
    low = 1 - np.clip(rise, 0, 1)
    blend = low * low * low
    lit: Floats = _ZENITH[:, None] + (HAZE - _ZENITH)[:, None] * blend
    return lit


@dataclass(frozen=True)
class ShadowMap:
    """Distances seen from the sun, on a regular grid: rows and columns of a pinhole with ``focal`` pixels."""

    inverse: Floats  # (rows, columns)
    world_from_sun: Pose
    focal: float

    def lit(self, points: Floats) -> Floats:
        """(n,) share of the sun that reaches (3, n) world points, from four neighbours of the map."""
        rotation = self.world_from_sun.rotation.T.astype(np.float32)
        x, y, z = product(rotation, points) - (rotation @ self.world_from_sun.position.astype(np.float32))[:, None]
        rows, columns = self.inverse.shape
        scale = np.float32(self.focal) / z
        u, v = x * scale + np.float32(columns / 2 - 0.5), y * scale + np.float32(rows / 2 - 0.5)
        left, top = np.floor(u), np.floor(v)
        right_share, down_share = u - left, v - top
        column = np.clip(left.astype(np.int32), 0, columns - 2)
        row = np.clip(top.astype(np.int32), 0, rows - 2)
        limit = 1 / (np.sqrt(x * x + y * y + z * z) - np.float32(0.22))
        at, flat = row * columns + column, self.inverse.reshape(-1)
        upper = (flat[at] < limit) * (1 - right_share) + (flat[at + 1] < limit) * right_share
        at += columns
        lower = (flat[at] < limit) * (1 - right_share) + (flat[at + 1] < limit) * right_share
        share: Floats = upper + (lower - upper) * down_share
        return share


class Sun:
    """Casts shadows: once for what stands still, again in each frame for what moves."""

    def __init__(self, still: Sequence[Solid], *, cell: float, length: float = 156.0, width: float = 70.0) -> None:
        self._pose = _sun_pose()
        self._focal = _SUN_DISTANCE / cell
        columns, rows = round(length / cell), round(width / cell)
        u = np.arange(columns) - (columns / 2 - 0.5)
        v = np.arange(rows) - (rows / 2 - 0.5)
        grid = np.stack([*np.meshgrid(u / self._focal, v / self._focal), np.ones((rows, columns))], axis=2)
        self._grid = RayGrid.of(grid, tile=(32, 32))
        self._rays = self._grid.seen_from(self._pose)
        self._still = Hits.none(self._rays)
        cast(self._rays, still, self._still, reach=np.inf)

    def shadows(self, moving: Sequence[Solid]) -> ShadowMap:
        """The map with ``moving`` solids added."""
        hits = Hits(self._still.inverse.copy(), self._still.part.copy())
        cast(self._rays, moving, hits, reach=np.inf)
        inverse: NDArray[np.float32] = np.ascontiguousarray(self._grid.untiled(hits.inverse), dtype=np.float32)
        return ShadowMap(inverse, self._pose, self._focal)


def _sun_pose() -> Pose:
    """Optical axes looking down at the street, x along it."""
    middle = place(_MIDDLE, 0.0)
    forward = -TO_SUN
    right = middle.rotation[:, 0] - forward * (middle.rotation[:, 0] @ forward)
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(forward, right), forward], axis=1)
    center = middle.position + np.array([0.0, 6.0, 4.0])
    return Pose(rotation, center + TO_SUN * _SUN_DISTANCE)
