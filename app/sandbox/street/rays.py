"""Rays of a sensor, cut into tiles so that a solid is only tested where it can be seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.geometry import Pose
from app.sandbox.street.linear import product
from app.sandbox.street.noise import Floats


@dataclass(frozen=True)
class RayGrid:
    """Unit directions in the axes of the sensor, (3, tiles, rays of a tile) float32.

    ``axes`` (tiles, 3) are the middles of the tiles and ``spread`` (tiles,) their half angles in radians.
    ``shape`` is the sensor's (rows, columns), ``tile`` the rows and columns of a tile; edges are padded.
    """

    directions: Floats
    axes: Floats
    spread: Floats
    shape: tuple[int, int]
    tile: tuple[int, int]

    @staticmethod
    def of(directions: NDArray[np.float64], *, tile: tuple[int, int]) -> "RayGrid":
        """Cut (rows, columns, 3) directions of any length into tiles."""
        rows, columns = directions.shape[:2]
        padding = ((0, -rows % tile[0]), (0, -columns % tile[1]), (0, 0))
        unit = np.pad(directions / np.linalg.norm(directions, axis=2, keepdims=True), padding, mode="edge")
        down, across = unit.shape[0] // tile[0], unit.shape[1] // tile[1]
        tiled = unit.reshape(down, tile[0], across, tile[1], 3).transpose(4, 0, 2, 1, 3)
        tiled = tiled.reshape(3, down * across, tile[0] * tile[1])
        axes = tiled.mean(axis=2)
        axes /= np.linalg.norm(axes, axis=0)
        closeness = np.clip(np.einsum("ctm,ct->tm", tiled, axes).min(axis=1), -1, 1)
        return RayGrid(
            np.ascontiguousarray(tiled, dtype=np.float32),
            np.ascontiguousarray(axes.T, dtype=np.float32),
            (np.arccos(closeness) + 1e-4).astype(np.float32),
            (rows, columns),
            tile,
        )

    def untiled(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """(tiles, rays, ...) values back to (rows, columns, ...)."""
        down, across = -(-self.shape[0] // self.tile[0]), -(-self.shape[1] // self.tile[1])
        rest = values.shape[2:]
        grid = values.reshape(down, across, *self.tile, *rest)
        grid = grid.swapaxes(1, 2).reshape(down * self.tile[0], across * self.tile[1], *rest)
        return grid[: self.shape[0], : self.shape[1]]

    def seen_from(self, world_from_sensor: Pose) -> "Rays":
        """The same rays in world axes."""
        rotation = world_from_sensor.rotation.astype(np.float32)
        directions = product(rotation, self.directions.reshape(3, -1)).reshape(self.directions.shape)
        return Rays(world_from_sensor.position, directions, self.axes @ rotation.T, self.spread)


@dataclass(frozen=True)
class Rays:
    """Rays that leave one ``origin`` (3,) metres in the world; arrays as in RayGrid, in world axes."""

    origin: NDArray[np.float64]
    directions: Floats
    axes: Floats
    spread: Floats


@dataclass(frozen=True)
class Hits:
    """What every ray meets first: ``inverse`` distance (1 / metres, 0 for the sky) and the number of the part."""

    inverse: Floats  # (tiles, rays)
    part: NDArray[np.int16]  # (tiles, rays): SKY, GROUND or the index of a solid

    @staticmethod
    def none(rays: Rays) -> "Hits":
        """All sky."""
        shape = rays.directions.shape[1:]
        return Hits(np.zeros(shape, np.float32), np.full(shape, SKY, np.int16))


SKY = -1
GROUND = -2
