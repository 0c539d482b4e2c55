"""A sweep of the spinning LiDAR, with what every return belongs to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.sandbox.street.labels import UNLABELLED, Labels
from app.sandbox.street.noise import Floats, Noise
from app.sandbox.street.rays import GROUND, RayGrid
from app.sandbox.street.road import KERB, SIDE_HALF, SIDE_ROAD, road_coordinates
from app.sandbox.street.scene import Moment
from app.sandbox.street.trace import Surfaces, trace

RANGE = 115.0  # metres
ANNOTATED = 88.0  # metres: farther returns stay without a label
SWEEP = 0.1  # seconds a turn takes


@dataclass(frozen=True)
class Scan:
    """The returns of a turn in the order they came; the label keys are the truth."""

    xyz: Floats  # (N, 3) metres, lidar space
    intensity: Floats  # (N,) 0..255
    ring: NDArray[np.uint16]  # (N,) beam, 0 on top
    timestamp: Floats  # (N,) seconds since the turn began
    label_keys: NDArray[np.int32]  # (N,)

    @property
    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Fields for a point cloud file."""
        x, y, z = self.xyz.T
        return {"x": x, "y": y, "z": z, "intensity": self.intensity, "ring": self.ring, "timestamp": self.timestamp}


def sweep(grid: RayGrid, moment: Moment, noise: Noise, labels: Labels, *, seed: tuple[int, ...]) -> Scan:
    """One turn; ``seed`` decides noise and lost returns."""
    random = np.random.default_rng(seed)
    rays = grid.seen_from(moment.world_from_lidar)
    _, surfaces = trace(rays, moment, noise, reach=RANGE)
    directions = rays.directions.reshape(3, -1).take(surfaces.rays, axis=1)
    strength = _strength(surfaces, directions)
    kept = _returned(surfaces, strength, random)
    distance = _measured(surfaces, random)
    keys = _keys(surfaces, moment, labels)
    order, ring, step = _as_turned(grid, surfaces.rays, kept)
    local = grid.directions.reshape(3, -1).take(surfaces.rays[order], axis=1)
    return Scan(
        np.ascontiguousarray((local * distance[order]).T),
        np.round(255 * np.clip(strength[order] * 1.25, 0, 1)).astype(np.float32),
        ring.astype(np.uint16),
        (step * np.float32(SWEEP / grid.shape[1])).astype(np.float32),
        keys[order],
    )


def _strength(surfaces: Surfaces, directions: Floats) -> Floats:
    """Share of the light that comes back: material, angle and distance."""
    facing = np.abs(np.einsum("cn,cn->n", directions, surfaces.normals))
    facing[surfaces.gloss < 0] = 0.75
    reflectivity = 0.08 + 0.75 * surfaces.albedo.mean(axis=0) + 0.3 * surfaces.painted
    reflectivity *= 1 - 0.85 * np.clip(surfaces.gloss, 0, 1) ** 2
    spread = 1 / (1 + (surfaces.distance * np.float32(1 / 90)) ** 2)
    strength: Floats = reflectivity * (0.25 + 0.75 * facing) * spread
    return strength


def _returned(surfaces: Surfaces, strength: Floats, random: np.random.Generator) -> NDArray[np.bool_]:
    """Weak returns get lost by chance, glass mirrors most of the light away, and a few are lost for no reason."""
    chance = np.clip((strength - 0.002) * 60, 0, 0.985)
    chance[surfaces.gloss > 0.6] *= 0.35
    returned: NDArray[np.bool_] = random.random(len(chance), dtype=np.float32) < chance
    returned &= (surfaces.distance < RANGE) & (surfaces.distance > 0.9)
    return returned


def _measured(surfaces: Surfaces, random: np.random.Generator) -> Floats:
    count = len(surfaces.distance)
    error = random.standard_normal(count, dtype=np.float32) * (0.012 + 0.00015 * surfaces.distance)
    # leaves stop the beam somewhere behind the first ones
    deeper = np.where(surfaces.gloss < 0, random.random(count, dtype=np.float32) * 0.28, 0)
    distance: Floats = surfaces.distance + error + deeper
    return distance.astype(np.float32)


def _keys(surfaces: Surfaces, moment: Moment, labels: Labels) -> NDArray[np.int32]:
    table = np.array([labels.key(placed.thing) for placed in moment.placed], dtype=np.int32)
    keys: NDArray[np.int32] = table[np.maximum(surfaces.part, 0)]
    on_ground = surfaces.part == GROUND
    along, across = road_coordinates(surfaces.points[0, on_ground], surfaces.points[1, on_ground])
    paved = (np.abs(across) > KERB - 0.02) & (np.abs(along - SIDE_ROAD) > SIDE_HALF)
    marked = surfaces.painted[on_ground] > 0.4
    keys[on_ground] = np.where(paved, labels.pavement, np.where(marked, labels.marking, labels.road))
    keys[surfaces.distance > ANNOTATED] = UNLABELLED
    return keys


def _as_turned(
    grid: RayGrid, rays: NDArray[np.intp], kept: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Indices into ``rays`` of what was kept, step by step and from the top down; their rings and steps."""
    position = np.full(grid.directions.shape[1] * grid.directions.shape[2], -1)
    position[rays[kept]] = np.flatnonzero(kept)
    numbers = np.arange(len(position)).reshape(grid.directions.shape[1:])
    turned = position[grid.untiled(numbers).T.astype(np.intp)]
    step, ring = np.nonzero(turned >= 0)
    return turned[step, ring], ring, step
