"""What a sensor sees: first hits, and the colour and direction of the surfaces there."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.sandbox.street.casting import REACH, cast
from app.sandbox.street.linear import product
from app.sandbox.street.noise import Floats, Noise
from app.sandbox.street.rays import Hits, Rays
from app.sandbox.street.road import KERBSTONE, Ground, cast_ground, ground_colors, road_coordinates
from app.sandbox.street.scene import Moment, Placed

_CHUNK = 1 << 15  # rays: what the processor's cache holds


@dataclass(frozen=True)
class Surfaces:
    """The surface each ray meets; ``rays`` numbers the (n) rays that meet any, arrays run along them."""

    rays: NDArray[np.intp]
    part: NDArray[np.int16]
    distance: Floats
    points: Floats  # (3, n) metres, world
    normals: Floats  # (3, n), world
    albedo: Floats  # (3, n) linear
    gloss: Floats
    painted: Floats  # share of road paint

    def some(self, run: slice) -> "Surfaces":
        """A stretch of the rays."""
        return Surfaces(
            self.rays[run], self.part[run], self.distance[run], self.points[:, run], self.normals[:, run],
            self.albedo[:, run], self.gloss[run], self.painted[run],
        )  # fmt: skip


def trace(rays: Rays, moment: Moment, noise: Noise, *, reach: float = REACH) -> tuple[Hits, Surfaces]:
    """Meet the street with all rays, then look up what is there."""
    hits = Hits.none(rays)
    ground = cast_ground(rays, hits)
    cast(rays, moment.solids, hits, reach=reach)
    return hits, _surfaces(rays, hits, ground, moment, noise)


def _surfaces(rays: Rays, hits: Hits, ground: Ground, moment: Moment, noise: Noise) -> Surfaces:
    part = hits.part.reshape(-1)
    # sorted by part: sky comes first after the ground, then one run a solid
    order = np.argsort(part, kind="stable")
    counts = np.bincount(part + 2, minlength=len(moment.solids) + 2)
    on_ground, sky = int(counts[0]), int(counts[1])
    order = np.concatenate([order[:on_ground], order[on_ground + sky :]])
    distance = np.reciprocal(hits.inverse.reshape(-1)[order])
    points: Floats = rays.directions.reshape(3, -1).take(order, axis=1)
    points *= distance
    points += rays.origin.astype(np.float32)[:, None]
    count = len(order)
    found = Surfaces(
        order, part[order], distance, points, np.zeros((3, count), np.float32), np.empty((3, count), np.float32),
        np.zeros(count, np.float32), np.zeros(count, np.float32),
    )  # fmt: skip
    _fill_ground(found, slice(0, on_ground), ground, noise)
    for together in _runs(moment, counts, on_ground):
        _fill_solids(found, together)
    return found


def _runs(moment: Moment, counts: NDArray[np.intp], start: int) -> Iterator[list[tuple[Placed, slice]]]:
    """The seen parts with their stretches; neighbours of one thing under the same paint come together."""
    together: list[tuple[Placed, slice]] = []
    for number in np.flatnonzero(counts[2:]):
        placed, end = moment.placed[number], start + int(counts[number + 2])
        last = together[-1][0] if together else placed
        if last.thing is not placed.thing or last.part.paint is not placed.part.paint:
            yield together
            together = []
        together.append((placed, slice(start, end)))
        start = end
    if together:
        yield together


def _fill_ground(found: Surfaces, run: slice, ground: Ground, noise: Noise) -> None:
    still = np.searchsorted(ground.rays, found.rays[run])
    seen = Ground(
        ground.rays[still], ground.along[still], ground.across[still], ground.kind[still], ground.distance[still]
    )
    for start in range(0, run.stop, _CHUNK):
        part = slice(start, min(start + _CHUNK, run.stop))
        found.albedo[:, part], found.painted[part] = ground_colors(seen.some(part), noise)
    found.normals[2, run] = 1
    kerb = np.flatnonzero(seen.kind == KERBSTONE)
    x, y = found.points[0, run][kerb], found.points[1, run][kerb]
    side = np.sign(seen.across[kerb])
    along, _ = road_coordinates(x, y)
    turn = along * np.float32(1 / 140.0)
    found.normals[0, kerb], found.normals[1, kerb] = np.sin(turn) * side, -np.cos(turn) * side
    found.normals[2, kerb] = 0.3


def _fill_solids(found: Surfaces, together: list[tuple[Placed, slice]]) -> None:
    placed, whole = together[0][0], slice(together[0][1].start, together[-1][1].stop)
    rotation = placed.pose.rotation.astype(np.float32)
    local = product(rotation.T, found.points[:, whole] - placed.pose.position.astype(np.float32)[:, None])
    normals = np.empty_like(local)
    for other, run in together:
        part = slice(run.start - whole.start, run.stop - whole.start)
        normals[:, part] = other.part.solid.surface_normals(local[:, part])
    found.albedo[:, whole], found.gloss[whole] = placed.part.paint(local, normals)
    found.normals[:, whole] = product(rotation, normals)
