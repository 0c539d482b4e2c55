"""Camera pictures: the traced surfaces in the light of the street."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.domain.geometry import Pose
from app.sandbox.street import light
from app.sandbox.street.linear import product
from app.sandbox.street.noise import Floats, Noise
from app.sandbox.street.rays import GROUND, RayGrid
from app.sandbox.street.road import FACADE, across_at
from app.sandbox.street.scene import Moment, Placed
from app.sandbox.street.solids import Convex
from app.sandbox.street.trace import Surfaces, trace

_STEPS = 4096
_CHUNK = 1 << 15  # rays: what the processor's cache holds
_HAZE_LENGTH = 420.0  # metres


@dataclass(frozen=True)
class Picture:
    """A rendered picture, (rows, columns, 3) uint8 RGB, and the part each pixel shows."""

    rgb: NDArray[np.uint8]
    part: NDArray[np.int16]


def take_picture(grid: RayGrid, world_from_camera: Pose, moment: Moment, noise: Noise) -> Picture:
    """Trace one picture."""
    rays = grid.seen_from(world_from_camera)
    hits, surfaces = trace(rays, moment, noise)
    flat = rays.directions.reshape(3, -1)
    color = np.empty((3, flat.shape[1]), np.float32)
    open_sky = np.flatnonzero(hits.part.reshape(-1) == -1)
    color[:, open_sky] = light.sky(flat[:, open_sky], noise)
    vehicles = _footprints(moment, surfaces)
    for start in range(0, len(surfaces.rays), _CHUNK):
        some = surfaces.some(slice(start, start + _CHUNK))
        color[:, some.rays] = _lit(some, flat.take(some.rays, axis=1), moment, vehicles)
    tiled = _developed(color).T.reshape(*hits.part.shape, 3)
    rgb, part = grid.untiled(tiled).astype(np.uint8), grid.untiled(hits.part).astype(np.int16)
    return Picture(_softened(rgb, part), part)


def scaled_up(rgb: NDArray[np.uint8], size: tuple[int, int]) -> Image.Image:
    """The picture at the camera's size (width, height)."""
    image = Image.fromarray(rgb)
    return image if image.size == size else image.resize(size, Image.Resampling.BICUBIC)


def _lit(surfaces: Surfaces, directions: Floats, moment: Moment, vehicles: list[Placed]) -> Floats:
    normals = surfaces.normals
    leaves = surfaces.gloss < 0
    toward = product(light.TO_SUN.astype(np.float32)[None], normals)[0]
    # leaves pass light on and point everywhere
    toward[leaves] = np.clip(0.38 + 0.62 * toward[leaves], 0.1, 1)
    sunny = np.flatnonzero(toward > 0.01)
    sun = np.zeros(len(toward), np.float32)
    away = surfaces.points[:, sunny] + normals[:, sunny] * np.float32(0.04)
    sun[sunny] = toward[sunny] * moment.shadows.lit(away)
    up = normals[2] * np.float32(0.5) + np.float32(0.5)
    shade = _shade(surfaces, vehicles)
    color = np.empty_like(surfaces.albedo)
    for channel in range(3):
        ambient = light.BOUNCE[channel] + (light.SKYLIGHT[channel] - light.BOUNCE[channel]) * up
        ambient *= shade
        ambient += sun * light.SUNLIGHT[channel]
        np.multiply(ambient, surfaces.albedo[channel], out=color[channel])
    _add_reflections(color, surfaces, directions, sun)
    haze = 1 - np.exp(surfaces.distance * np.float32(-1 / _HAZE_LENGTH))
    color += (light.HAZE[:, None] * np.float32(0.8) - color) * haze
    return color


def _shade(surfaces: Surfaces, vehicles: list[Placed]) -> Floats:
    """How much of the sky a spot sees: less near the foot of walls and things, and under vehicles."""
    z = surfaces.points[2]
    grounded = surfaces.part == GROUND
    shade = np.where(grounded, np.float32(1), np.clip(0.58 + z * np.float32(0.26), 0.42, 1)).astype(np.float32)
    tall = np.clip(0.75 + z * np.float32(0.03), 0, 1)
    shade *= np.where(grounded, np.float32(0.86), tall)
    spots = np.flatnonzero(grounded & (surfaces.distance < 60))
    x, y = surfaces.points[0, spots], surfaces.points[1, spots]
    across = across_at(x, y)
    wall = 0.62 + 0.38 * np.clip((FACADE - np.abs(across)) * np.float32(1 / 1.6), 0, 1)
    for placed in vehicles:
        wall *= _under(placed, x, y)
    shade[spots] *= wall
    return shade


def _footprints(moment: Moment, surfaces: Surfaces) -> list[Placed]:
    """The bodies of vehicles in sight: the first part of every wheeled thing."""
    seen = set(np.unique(surfaces.part).tolist())
    found = []
    last = None
    for number, placed in enumerate(moment.placed):
        if (
            placed.thing is not last
            and placed.thing.label in ("Car", "Van", "Bus")
            and seen & {number, number + 2, number + 3}
        ):
            found.append(placed)
        last = placed.thing
    return found


def _under(placed: Placed, x: Floats, y: Floats) -> Floats:
    solid = placed.part.solid
    if not isinstance(solid, Convex):
        return np.ones_like(x)
    length = float(solid.offsets[np.argmax(solid.normals[:, 0])])
    width = float(solid.offsets[-1])
    rotation, position = placed.pose.rotation, placed.pose.position
    dx, dy = x - np.float32(position[0]), y - np.float32(position[1])
    along = np.abs(np.float32(rotation[0, 0]) * dx + np.float32(rotation[1, 0]) * dy) - np.float32(length)
    across = np.abs(np.float32(rotation[0, 1]) * dx + np.float32(rotation[1, 1]) * dy) - np.float32(width)
    outside = np.maximum(along, across)
    dark: Floats = np.clip(0.32 + (outside + 0.35) * np.float32(0.95), 0.18, 1)
    return dark


def _add_reflections(color: Floats, surfaces: Surfaces, directions: Floats, sun: Floats) -> None:
    shiny = np.flatnonzero(surfaces.gloss > 0.04)
    view, normals = directions[:, shiny], surfaces.normals[:, shiny]
    facing = np.clip(-np.einsum("cn,cn->n", view, normals), 0, 1)
    mirrored = view + 2 * facing * normals
    grazing = np.square(np.square(1 - facing))
    strength = surfaces.gloss[shiny] * (0.09 + 0.80 * grazing)
    rise = mirrored[2]
    # below the roofs opposite a pane mirrors walls and road, not the sky
    around = light.sky_gradient(np.maximum(rise, 0.05))
    walls = np.array([0.42, 0.38, 0.34], dtype=np.float32)[:, None] * np.clip(0.65 + rise, 0.35, 1.0)
    open_share = np.clip((rise - 0.30) * 6, 0, 1)
    glint = light.near_sun(mirrored, doublings=6) * np.where(sun[shiny] > 0, np.float32(8), np.float32(0))
    color[:, shiny] += strength * (walls + (around - walls) * open_share + glint)


def _developed(color: Floats) -> NDArray[np.uint8]:
    """Linear light to (3, n) uint8: a film curve, then gamma, through a table."""
    index = np.clip(color * np.float32(_STEPS / 6), 0, _STEPS - 1).astype(np.uint16)
    developed: NDArray[np.uint8] = _FILM[index]
    return developed


def _film() -> NDArray[np.uint8]:
    # the curve of Narkowicz's ACES fit
    x = (np.arange(_STEPS) + 0.5) * 6 / _STEPS * 0.62
    mapped = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    table: NDArray[np.uint8] = np.round(255 * np.clip(mapped, 0, 1) ** (1 / 2.2)).astype(np.uint8)
    return table


_FILM = _film()


def _softened(rgb: NDArray[np.uint8], part: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Blend pixels on the outline of a part with their neighbours, so that edges do not look like stairs."""
    edge = np.zeros(part.shape, np.bool_)
    edge[:, 1:] |= part[:, 1:] != part[:, :-1]
    edge[1:] |= part[1:] != part[:-1]
    edge[:, :-1] |= edge[:, 1:]
    edge[:-1] |= edge[1:]
    edge[[0, -1]] = False
    edge[:, [0, -1]] = False
    row, column = np.nonzero(edge)
    total = 4 * rgb[row, column].astype(np.uint16)
    for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        total += rgb[row + down, column + right]
    soft = rgb.copy()
    soft[row, column] = (total // 8).astype(np.uint8)
    return soft


def part_numbers(picture: Picture, moment: Moment) -> NDArray[np.int32]:
    """(rows, columns) instance number each pixel shows, 0 for what is not counted."""
    table = np.concatenate([moment.numbers, [0, 0]]).astype(np.int32)
    numbers: NDArray[np.int32] = table[picture.part]
    return numbers
