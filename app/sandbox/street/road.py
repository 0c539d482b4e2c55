"""The road: a bend of constant radius with parking lanes, kerbs, pavements and a side road.

``along`` is metres on the centre line, ``across`` metres to its left. Heights: the carriageway falls from its middle
to the gutters, pavements lie a kerb higher.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.geometry import Pose
from app.sandbox.street.noise import Floats, Noise, sample, smooth_sample, wrap
from app.sandbox.street.rays import GROUND, Hits, Rays

RADIUS = 140.0  # of the bend, to the left
LANE = 3.35  # metres from the centre line to the parking lane
KERB = 5.55
FACADE = 9.9
CAMBER = 0.02
PAVEMENT = 0.06  # metres above the crown of the road
ZEBRA = (40.0, 43.4)
SIDE_ROAD, SIDE_HALF = 53.0, 5.0
BAY = 6.2  # length of a parking bay
FAR = 260.0

CARRIAGEWAY, WALKWAY, KERBSTONE = 0, 1, 2


def place(along: float, across: float, *, up: float = 0.0, turn: float = 0.0) -> Pose:
    """``world_from_thing`` for a thing that stands on the road's coordinates, x along the road, turned to the left."""
    angle = along / RADIUS
    position = ((RADIUS - across) * np.sin(angle), RADIUS - (RADIUS - across) * np.cos(angle), up)
    half = (angle + turn) / 2
    return Pose.from_quaternion(position, w=float(np.cos(half)), x=0.0, y=0.0, z=float(np.sin(half)))


def height(across: float) -> float:
    """Metres of the surface above the crown, away from the side road."""
    return PAVEMENT if abs(across) > KERB else -CAMBER * abs(across)


def road_coordinates(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """(along, across) of world positions."""
    toward = np.float32(RADIUS) - y
    along: Floats = np.arctan2(x, toward) * np.float32(RADIUS)
    across: Floats = np.float32(RADIUS) - np.hypot(x, toward)
    return along, across


def across_at(x: Floats, y: Floats) -> Floats:
    """The second of ``road_coordinates`` alone."""
    across: Floats = np.float32(RADIUS) - np.hypot(x, np.float32(RADIUS) - y)
    return across


@dataclass(frozen=True)
class Ground:
    """Where rays meet the ground: flat ray numbers, road coordinates, kind of surface and distance, all (n,)."""

    rays: NDArray[np.intp]
    along: Floats
    across: Floats
    kind: NDArray[np.int8]
    distance: Floats

    def some(self, run: slice) -> "Ground":
        """A stretch of the rays."""
        return Ground(self.rays[run], self.along[run], self.across[run], self.kind[run], self.distance[run])


def cast_ground(rays: Rays, hits: Hits) -> Ground:
    """Meet the ground with every ray that points down, writing into ``hits``.

    A ray that is still over the road where it sinks below the pavement's level, and past the kerb where it reaches
    the road's level, has met the face of a kerbstone between the two.
    """
    flat = rays.directions.reshape(3, -1)
    numbers = np.flatnonzero(flat[2] < -(rays.origin[2] + 0.2) / FAR)
    directions = flat[:, numbers]
    upper = (np.float32(PAVEMENT - rays.origin[2])) / directions[2]
    along, across = _at(rays, directions, upper)
    kind = np.where(_paved(along, across), WALKWAY, CARRIAGEWAY).astype(np.int8)
    distance = upper.copy()
    low = np.flatnonzero(kind == CARRIAGEWAY)
    below = -CAMBER * np.minimum(np.abs(across[low]), KERB) - np.float32(rays.origin[2])
    lower = below / directions[2, low]
    low_along, low_across = _at(rays, directions[:, low], lower)
    stopped = _paved(low_along, low_across)
    before, after = np.abs(across[low]), np.abs(low_across)
    share = np.clip((KERB - before) / np.maximum(after - before, 1e-4), 0, 1)
    distance[low] = np.where(stopped, upper[low] + share * (lower - upper[low]), lower)
    along[low] = low_along
    across[low] = np.where(stopped, np.clip(low_across, -KERB, KERB), low_across)
    kind[low[stopped]] = KERBSTONE
    hits.inverse.reshape(-1)[numbers] = 1 / distance
    hits.part.reshape(-1)[numbers] = GROUND
    return Ground(numbers, along, across, kind, distance)


def _at(rays: Rays, directions: Floats, distance: Floats) -> tuple[Floats, Floats]:
    x = np.float32(rays.origin[0]) + directions[0] * distance
    y = np.float32(rays.origin[1]) + directions[1] * distance
    return road_coordinates(x, y)


def _paved(along: Floats, across: Floats) -> NDArray[np.bool_]:
    paved: NDArray[np.bool_] = (np.abs(across) > KERB) & (np.abs(along - SIDE_ROAD) > SIDE_HALF)
    return paved


def markings(along: Floats, across: Floats, distance: Floats) -> Floats:
    """How much of a spot is painted white, 0..1; edges are as wide as the ray's footprint."""
    blur = 0.004 + distance * np.float32(0.0016)
    side = np.abs(across)
    away = np.abs(along - SIDE_ROAD) > SIDE_HALF + 0.8
    clear = away & ~((along > ZEBRA[0] - 2.2) & (along < ZEBRA[1] + 2))
    dashes = _stripe(side, 0.0, 0.075, blur) * (wrap(along, 6) < 3.2)
    edge = _stripe(side, LANE, 0.055, blur) * (wrap(along, 2) < 1.2)
    bays = _stripe(wrap(along + BAY / 2, BAY), BAY / 2, 0.055, blur) * ((side > LANE) & (side < KERB - 0.35))
    painted = np.maximum(np.maximum(dashes, edge), bays) * clear
    bars = _stripe(wrap(across, 1.0), 0.5, 0.25, blur) * (side < KERB - 0.4)
    zebra = bars * _stripe(along, sum(ZEBRA) / 2, (ZEBRA[1] - ZEBRA[0]) / 2, blur * 4)
    right, left = (across < -0.15) & (across > -LANE), (across > 0.15) & (across < LANE)
    stop = _stripe(along, ZEBRA[0] - 1.3, 0.2, blur * 4) * right + _stripe(along, SIDE_ROAD + 7.2, 0.2, blur * 4) * left
    total: Floats = np.maximum(painted, np.maximum(zebra, stop)).astype(np.float32)
    return total


def _stripe(value: Floats, middle: float, half: float, blur: Floats) -> Floats:
    covered = np.clip((np.float32(half) - np.abs(value - np.float32(middle))) / blur + 0.5, 0, 1)
    # a stripe thinner than the footprint fades instead of flickering
    faded: Floats = covered * np.minimum(1, np.float32(2 * half) / blur)
    return faded


def ground_colors(ground: Ground, noise: Noise) -> tuple[Floats, Floats]:
    """(3, n) linear albedo and (n,) paint coverage of the ground."""
    along, across, distance = ground.along, ground.across, ground.distance
    fade = np.clip(1.3 - distance * np.float32(1 / 30), 0, 1)
    grain = (sample(noise.fine, along, across, cell=0.018) - 0.5) * fade
    stain = smooth_sample(noise.rough, along, across, cell=0.09) - 0.5
    broad = smooth_sample(noise.rough, across, along, cell=0.7) - 0.5
    painted = np.where(ground.kind == CARRIAGEWAY, markings(along, across, distance), 0)
    painted *= np.clip(0.92 + 0.5 * stain + 0.35 * grain, 0, 1)
    tarmac = _tarmac(ground, grain, stain, broad)
    tarmac += (0.62 - tarmac) * painted
    slabs = _slabs(along, across, fade, noise) * (1 + 0.25 * stain + 0.15 * grain + 0.15 * broad)
    stone = 0.40 * (1 + 0.3 * stain + 0.25 * grain)
    paved = ground.kind == WALKWAY
    brink = paved & (np.abs(across) < KERB + 0.16) & (distance < 70)
    grey = np.where(paved & ~brink, slabs, np.where(ground.kind == CARRIAGEWAY, tarmac, stone))
    warm = np.where(paved, np.float32(1), np.float32(0))
    colors: Floats = np.stack([grey * (1 + 0.05 * warm), grey, grey * (1.03 - 0.11 * warm)]).astype(np.float32)
    return colors, painted.astype(np.float32)


def _tarmac(ground: Ground, grain: Floats, stain: Floats, broad: Floats) -> Floats:
    along, across, distance = ground.along, ground.across, ground.distance
    side = np.abs(across)
    wheels = np.exp(-(((np.abs(side - 1.65) - 0.78) / 0.3) ** 2))
    base = 0.115 * (1 + 0.32 * grain + 0.5 * stain + 0.45 * broad) - 0.012 * wheels
    gutter = np.clip((side - KERB + 0.42) * 8, 0, 1) * (side < KERB)
    # tar in a wandering crack, and one repaired trench across the road
    crack = np.abs(across + 0.9 + 1.2 * broad + 0.25 * stain) < 0.018 + 0.0008 * distance
    trench = (np.abs(along - 14.5) < 0.8) & (across < 1.1)
    found: Floats = np.where(trench, base * 0.72, base) * np.where(crack, 0.6, 1) + 0.05 * gutter
    return found


def _slabs(along: Floats, across: Floats, fade: Floats, noise: Noise) -> Floats:
    row = np.floor(across * np.float32(1 / 0.5))
    shifted = along + wrap(row, 2) * np.float32(0.3)
    joint = (wrap(shifted, 0.6) < 0.014) | (wrap(across, 0.5) < 0.014)
    tone = sample(noise.fine, shifted, across, cell=0.6) - 0.5
    found: Floats = 0.34 * (1 + 0.16 * tone * (0.4 + 0.6 * fade)) * (1 - 0.35 * joint * fade)
    return found
