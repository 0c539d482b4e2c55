"""Houses along the street: walls with painted windows, shops, roofs and balconies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.sandbox.street.noise import Floats, Noise, smooth_sample, wrap
from app.sandbox.street.solids import box, convex
from app.sandbox.street.things import Coat, Color, Paint, Part, over, plain, spread

GROUND_FLOOR = 4.0  # metres
STOREY = 3.1
DEPTH = 12.0
PANE: Color = (0.02, 0.025, 0.03)
FRAME: Color = (0.62, 0.61, 0.58)

Plane = tuple[float, float, float, float]


@dataclass(frozen=True)
class HousePlan:
    """One house; it stands on y = 0 with its front to -y, x along the street."""

    width: float
    storeys: int
    wall: Color
    trim: Color
    roof: Color
    pitched: bool
    shop: bool
    brick: bool
    shutters: bool
    sign: Color
    columns: int
    balconies: tuple[tuple[int, int], ...]  # (column, storey)

    @property
    def height(self) -> float:
        """Metres up to the eaves."""
        return GROUND_FLOOR + self.storeys * STOREY + 0.5

    @property
    def pitch(self) -> float:
        """Metres from window to window."""
        return self.width / self.columns


def house(plan: HousePlan, noise: Noise) -> tuple[Part, ...]:
    """The parts of one house."""
    half, high = plan.width / 2, plan.height
    sides: list[Plane] = [(0, -1, 0, 0), (0, 1, 0, DEPTH), (1, 0, 0, half), (-1, 0, 0, half), (0, 0, -1, 0.5)]
    rise = 0.75 if plan.pitched else 0.0
    roof: list[Plane] = [(0, -rise, 1, high), (0, rise, 1, high + rise * DEPTH)] if plan.pitched else [(0, 0, 1, high)]
    top = high + rise * DEPTH / 2
    parts = [Part(convex(sides + roof, [(-half, 0, -0.5), (half, DEPTH, top)]), _house_paint(plan, noise))]
    parts.append(Part(box((-half - 0.02, -0.28, high - 0.32), (half + 0.02, 0.1, high + 0.02)), plain(plan.trim)))
    parts.append(Part(box((-half, -0.10, GROUND_FLOOR - 0.06), (half, 0.1, GROUND_FLOOR + 0.14)), plain(plan.trim)))
    if plan.pitched:
        stack = box((half * 0.4, 3.6, high), (half * 0.4 + 1.1, 4.3, top + 0.9))
        parts.append(Part(stack, plain((0.26, 0.13, 0.09))))
    if plan.shop:
        parts.append(_awning(plan))
    for column, storey in plan.balconies:
        parts.extend(_balcony(plan, column, storey))
    return tuple(parts)


def _awning(plan: HousePlan) -> Part:
    """A striped blind over the shop's window."""
    half = plan.width / 2 - 0.7
    planes = [
        (0, -0.45, 1, 3.22),
        (0, 0.45, -1, -3.12),
        (0, -1, 0, 1.35),
        (0, 1, 0, 0),
        (1, 0, 0, half),
        (-1, 0, 0, half),
    ]

    def paint(points: Floats, _normals: Floats) -> Coat:
        albedo = spread(plan.sign, points.shape[1])
        over(albedo, wrap(points[0], 0.7) < 0.35, (0.70, 0.68, 0.62))
        return albedo, np.zeros(points.shape[1], np.float32)

    return Part(convex(planes, [(-half, -1.35, 2.4), (half, 0, 3.3)]), paint)


def _balcony(plan: HousePlan, column: int, storey: int) -> tuple[Part, ...]:
    middle = (column + 0.5) * plan.pitch - plan.width / 2
    floor = GROUND_FLOOR + storey * STOREY + 0.2
    wide = min(1.15, plan.pitch / 2 - 0.1)

    def rails(points: Floats, normals: Floats) -> Coat:
        run = np.where(np.abs(normals[0]) > 0.5, points[1], points[0])
        bars = (wrap(run, 0.13) < 0.05) | (points[2] > floor + 0.93) | (points[2] < floor + 0.18)
        albedo = spread((0.10, 0.10, 0.11), points.shape[1])
        over(albedo, bars, (0.025, 0.027, 0.03))
        return albedo, np.zeros(points.shape[1], np.float32)

    slab = box((middle - wide, -1.05, floor - 0.14), (middle + wide, 0.05, floor))
    fence = box((middle - wide, -1.05, floor), (middle + wide, 0.0, floor + 1.0))
    return Part(slab, plain((0.5, 0.49, 0.46))), Part(fence, rails)


def _house_paint(plan: HousePlan, noise: Noise) -> Paint:
    def paint(points: Floats, normals: Floats) -> Coat:
        x, y, z = points
        albedo, gloss = spread(plan.wall, len(x)), np.zeros(len(x), np.float32)
        front = normals[1] < -0.9
        run = np.where(np.abs(normals[0]) > 0.5, y, x)
        stain = smooth_sample(noise.rough, run, z, cell=0.12) - 0.5
        drips = smooth_sample(noise.rough, run, z * 0.12, cell=0.05) - 0.5
        albedo *= 1 + 0.22 * stain + 0.14 * drips
        if plan.brick:
            _lay_bricks(albedo, run, z, noise)
        over(albedo, (z < 0.75) & ~_roof(normals), (0.24, 0.235, 0.225))
        _add_windows(albedo, gloss, plan, points, front)
        (_add_shop if plan.shop else _add_door)(albedo, gloss, plan, points, front)
        _tile_roof(albedo, plan, points, _roof(normals))
        return albedo, gloss

    return paint


def _roof(normals: Floats) -> NDArray[np.bool_]:
    roof: NDArray[np.bool_] = normals[2] > 0.3
    return roof


def _lay_bricks(albedo: Floats, run: Floats, z: Floats, noise: Noise) -> None:
    course = np.floor(z * np.float32(1 / 0.09))
    shifted = run + wrap(course, 2) * np.float32(0.13)
    tone = smooth_sample(noise.fine, course, np.floor(shifted * np.float32(1 / 0.26)), cell=1.0)
    joint = (wrap(z, 0.09) < 0.014) | (wrap(shifted, 0.26) < 0.014)
    albedo *= np.where(joint, 1.25, 0.80 + 0.36 * tone)


def _add_windows(albedo: Floats, gloss: Floats, plan: HousePlan, points: Floats, front: NDArray[np.bool_]) -> None:
    x, z = points[0], points[2]
    run = x + np.float32(plan.width / 2)
    column, row = np.floor(run / np.float32(plan.pitch)), np.floor((z - GROUND_FLOOR) * np.float32(1 / STOREY))
    across = run - (column + np.float32(0.5)) * np.float32(plan.pitch)
    up = z - GROUND_FLOOR - row * np.float32(STOREY)
    upstairs = front & (row >= 0) & (row < plan.storeys)
    wide = np.abs(across)
    surround = upstairs & (wide < 0.76) & (up > 0.52) & (up < 2.66)
    opening = upstairs & (wide < 0.58) & (up > 0.70) & (up < 2.50)
    frame = opening & ((wide > 0.51) | (wide < 0.035) | (up < 0.78) | (up > 2.42) | (np.abs(up - 1.95) < 0.03))
    drawn = wrap(np.sin(column * 12.99 + row * 78.23 + plan.width * 37.7) * 4375.85, 1)
    curtain = opening & (wide > 0.58 - 0.32 * drawn) & (drawn > 0.35)
    blind = opening & (up > 2.5 - 1.6 * wrap(drawn * 7.3, 1)) & (drawn < 0.22)
    over(albedo, surround, plan.trim)
    if plan.shutters:
        over(albedo, upstairs & (wide > 0.62) & (wide < 1.08) & (up > 0.70) & (up < 2.50), plan.sign)
    over(albedo, opening, PANE)
    over(albedo, curtain, (0.30, 0.28, 0.25))
    over(albedo, blind, (0.42, 0.39, 0.33))
    # the lintel and the reveal shade the upper and one side of the opening
    shade = opening & ((up > 2.28) | (across < -0.44))
    albedo[:, shade] *= np.float32(0.55)
    over(albedo, frame, FRAME)
    gloss[opening & ~frame] = 0.75
    gloss[shade] *= np.float32(0.5)


def _add_shop(albedo: Floats, gloss: Floats, plan: HousePlan, points: Floats, front: NDArray[np.bool_]) -> None:
    x, z = points[0], points[2]
    ground = front & (z < GROUND_FLOOR)
    inner = np.abs(x) < plan.width / 2 - 0.45
    over(albedo, ground & ~inner, plan.trim)
    over(albedo, ground & inner, tuple(value * 0.35 for value in plan.sign))  # type: ignore[arg-type]
    board = ground & inner & (z > 3.25) & (z < 3.85)
    over(albedo, board, plan.sign)
    letters = board & (np.abs(z - 3.55) < 0.17) & (np.abs(x) < plan.width * 0.24)
    stroke = wrap(np.sin(np.floor(x * 9) * 91.7 + np.floor(z * 11) * 31.3 + plan.width) * 971.7, 1) > 0.42
    over(albedo, letters & stroke, (0.85, 0.83, 0.76))
    pane = ground & inner & (z > 0.5) & (z < 3.0) & (wrap(x, 1.55) > 0.09)
    door = ground & (np.abs(x - 0.2) < 0.55) & (z < 2.55)
    goods = pane & (z < 1.5) & (wrap(np.sin(np.floor(x * 4) * 17.3) * 43.7, 1) > z - 0.75)
    over(albedo, pane, (0.035, 0.034, 0.032))
    over(albedo, goods, (0.16, 0.12, 0.09))
    over(albedo, door, (0.05, 0.045, 0.04))
    gloss[pane | (door & (np.abs(x - 0.2) < 0.42) & (z > 0.3))] = 0.7


def _add_door(albedo: Floats, gloss: Floats, plan: HousePlan, points: Floats, front: NDArray[np.bool_]) -> None:
    x, z = points[0], points[2]
    ground = front & (z < GROUND_FLOOR - 0.1)
    run = x + np.float32(plan.width / 2)
    column = np.floor(run / np.float32(plan.pitch))
    wide = np.abs(run - (column + np.float32(0.5)) * np.float32(plan.pitch))
    entrance = column == plan.columns // 2
    over(albedo, ground & ~entrance & (wide < 0.8) & (z > 0.95) & (z < 3.05), plan.trim)
    pane = ground & ~entrance & (wide < 0.62) & (z > 1.12) & (z < 2.9)
    bars = pane & ((wide < 0.035) | (wide > 0.55) | (np.abs(z - 2.2) < 0.03))
    over(albedo, pane, PANE)
    over(albedo, bars, FRAME)
    gloss[pane & ~bars] = 0.75
    over(albedo, ground & entrance & (wide < 0.85) & (z < 3.0), plan.trim)
    over(albedo, ground & entrance & (wide < 0.62) & (z < 2.75), tuple(value * 0.5 for value in plan.sign))  # type: ignore[arg-type]
    fanlight = ground & entrance & (wide < 0.52) & (z > 2.25) & (z < 2.65)
    over(albedo, fanlight, PANE)
    gloss[fanlight] = 0.75


def _tile_roof(albedo: Floats, plan: HousePlan, points: Floats, roof: NDArray[np.bool_]) -> None:
    over(albedo, roof, plan.roof)
    if plan.pitched:
        rows = wrap(points[1], 0.32) < 0.06
        albedo[:, roof & rows] *= np.float32(0.7)
