"""Trees, lamps, signs and the small things on pavements."""

import numpy as np

from app.sandbox.street.noise import Floats, Noise, smooth_sample
from app.sandbox.street.solids import ball, box, column, convex, foliage, limb
from app.sandbox.street.things import LEAVES, Coat, Color, Paint, Part, over, plain, spread

STEEL: Color = (0.055, 0.065, 0.065)
BARK: Color = (0.11, 0.085, 0.065)
_THIRTY = np.array(
    [[dot == "#" for dot in row] for row in (
        "####..##.", "...#.#..#", "...#.#..#", ".###.#..#", "...#.#..#", "...#.#..#", "####..##.",
    )]
)  # fmt: skip


def tree(random: np.random.Generator, noise: Noise, *, height: float, balls: int = 8) -> tuple[Part, ...]:
    """A street tree: a trunk, boughs and a crown of leafy ``balls``, fewer where it is only seen from afar."""
    fork = height * 0.36
    bark = _bark(noise)
    parts = [Part(column(0.15, -0.1, fork + 0.9, sides=9), bark)]
    middle = height * 0.66
    for turn in np.arange(3 if balls > 5 else 0) * 2.1 + random.uniform(0, 2):
        tip = (np.cos(turn) * 0.9, np.sin(turn) * 0.9, middle)
        parts.append(Part(limb((0, 0, fork), tip, 0.085), bark))
    shade = random.uniform(0.85, 1.2)
    green: Color = (0.085 * shade * random.uniform(0.8, 1.5), 0.165 * shade, 0.035 * shade)
    reach = height * 0.21
    leaves = _foliage(noise, green, low=middle - reach, high=middle + reach * 1.4)
    for index in range(balls):
        turn = index * 2.4 + random.uniform(-0.3, 0.3)
        out = reach * random.uniform(0.55, 0.95) * (index > 0)
        up = middle + height * (random.uniform(-0.13, 0.19) if index else 0.05)
        size = reach * random.uniform(0.60, 0.82) * (1 if index else 1.35) * (1 + 0.04 * (8 - balls))
        crown = ball((np.cos(turn) * out, np.sin(turn) * out, up), (size, size, size * 0.85), leafy=noise)
        parts.append(Part(crown, leaves))
    return tuple(parts)


def bush(noise: Noise, *, length: float) -> tuple[Part, ...]:
    """A clipped row of green."""
    paint = _foliage(noise, (0.06, 0.13, 0.03), low=0.0, high=1.1)
    steps = np.arange(-length / 2, length / 2 + 0.01, 0.6)
    return tuple(Part(ball((x, 0.0, 0.55), (0.55, 0.42, 0.6), leafy=noise), paint) for x in steps)


def lamp() -> tuple[Part, ...]:
    """A street lamp that reaches over the road, towards -y."""
    return (
        Part(column(0.11, 0.0, 1.1), plain(STEEL, gloss=0.1)),
        Part(column(0.065, 1.0, 6.9), plain(STEEL, gloss=0.1)),
        Part(limb((0, 0.02, 6.85), (0, -1.55, 7.15), 0.045), plain(STEEL, gloss=0.1)),
        Part(box((-0.16, -2.1, 7.06), (0.16, -1.4, 7.2)), _lamp_head),
    )


def _lamp_head(points: Floats, normals: Floats) -> Coat:
    albedo = spread(STEEL, points.shape[1])
    over(albedo, normals[2] < -0.5, (0.8, 0.78, 0.7))
    return albedo, np.zeros(points.shape[1], np.float32)


def pole(*, height: float, radius: float = 0.045) -> tuple[Part, ...]:
    """A bare post."""
    return (Part(column(radius, 0.0, height, sides=7), plain((0.30, 0.31, 0.32), gloss=0.15)),)


def round_sign(*, height: float) -> tuple[Part, ...]:
    """A speed limit: a white disc with a red rim that faces -x."""

    def paint(points: Floats, normals: Floats) -> Coat:
        out = np.hypot(points[1], points[2] - height)
        albedo = spread((0.32, 0.33, 0.34), points.shape[1])
        face = normals[0] < -0.5
        over(albedo, face, (0.60, 0.02, 0.02))
        over(albedo, face & (out < 0.235), (0.82, 0.82, 0.80))
        row = np.floor((height + 0.13 - points[2]) * np.float32(7 / 0.26)).astype(np.int32)
        dot = np.floor((0.165 - points[1]) * np.float32(9 / 0.33)).astype(np.int32)
        inside = (row >= 0) & (row < 7) & (dot >= 0) & (dot < 9)
        ink = _THIRTY[np.clip(row, 0, 6), np.clip(dot, 0, 8)] & inside
        over(albedo, face & ink, (0.02, 0.02, 0.02))
        return albedo, np.zeros(points.shape[1], np.float32)

    turns = np.arange(16) * np.pi / 8
    planes = [(0.0, np.cos(a), np.sin(a), 0.32 + np.sin(a) * height) for a in turns]
    planes += [(1.0, 0.0, 0.0, -0.05), (-1.0, 0.0, 0.0, 0.08)]
    return (Part(convex(planes, [(-0.08, -0.33, height - 0.33), (-0.05, 0.33, height + 0.33)]), paint),)


def crossing_sign(*, height: float) -> tuple[Part, ...]:
    """A pedestrian crossing: a blue square with a white triangle that faces -x."""

    def paint(points: Floats, normals: Floats) -> Coat:
        up = points[2] - height
        albedo = spread((0.32, 0.33, 0.34), points.shape[1])
        face = normals[0] < -0.5
        over(albedo, face, (0.02, 0.10, 0.42))
        over(albedo, face & (up > -0.2) & (np.abs(points[1]) < (0.22 - up) * 0.55), (0.82, 0.82, 0.80))
        figure = (np.abs(points[1]) < 0.035) & (up < 0.06) & (up > -0.17)
        over(albedo, face & figure, (0.02, 0.02, 0.02))
        return albedo, np.zeros(points.shape[1], np.float32)

    return (Part(box((-0.08, -0.30, height - 0.30), (-0.05, 0.30, height + 0.30)), paint),)


def signal() -> tuple[Part, ...]:
    """The head of a traffic light that faces -x."""

    def paint(points: Floats, normals: Floats) -> Coat:
        albedo = spread((0.015, 0.016, 0.016), points.shape[1])
        face = (normals[0] < -0.5) & (np.abs(points[1]) < 0.1)
        for middle, color in ((3.2, (0.10, 0.01, 0.01)), (2.95, (0.10, 0.06, 0.01)), (2.70, (0.10, 1.6, 0.55))):
            over(albedo, face & (np.hypot(points[1], points[2] - middle) < 0.085), color)
        return albedo, np.zeros(points.shape[1], np.float32)

    return (Part(box((-0.2, -0.17, 2.5), (-0.03, 0.17, 3.4)), paint),)


def litter_bin() -> tuple[Part, ...]:
    """A bin."""
    return (Part(column(0.26, 0.0, 0.95, sides=10), plain((0.04, 0.09, 0.06), gloss=0.1)),)


def cafe_table() -> tuple[Part, ...]:
    """A round table with two stools."""
    wood: Color = (0.23, 0.14, 0.08)
    return (
        Part(column(0.38, 0.70, 0.74, sides=12), plain(wood, gloss=0.15)),
        Part(column(0.035, 0.0, 0.7, sides=6), plain(STEEL)),
        Part(column(0.19, 0.40, 0.45, sides=8, x=0.62, y=0.1), plain(wood)),
        Part(column(0.05, 0.0, 0.4, sides=6, x=0.62, y=0.1), plain(STEEL)),
        Part(column(0.19, 0.40, 0.45, sides=8, x=-0.6, y=-0.12), plain(wood)),
        Part(column(0.05, 0.0, 0.4, sides=6, x=-0.6, y=-0.12), plain(STEEL)),
    )


def cabinet() -> tuple[Part, ...]:
    """A switch box of the electricity company."""
    return (Part(box((-0.55, -0.2, 0.0), (0.55, 0.2, 1.15)), plain((0.28, 0.30, 0.28))),)


def _bark(noise: Noise) -> Paint:
    def paint(points: Floats, _normals: Floats) -> Coat:
        ribs = smooth_sample(noise.rough, points[0] * 6 + points[1] * 6, points[2], cell=0.1) - 0.5
        albedo = spread(BARK, points.shape[1]) * (1 + 1.1 * ribs)
        return albedo.astype(np.float32), np.zeros(points.shape[1], np.float32)

    return paint


def _foliage(noise: Noise, green: Color, *, low: float, high: float) -> Paint:
    def paint(points: Floats, _normals: Floats) -> Coat:
        x, y, z = points
        clump = smooth_sample(noise.rough, z + 0.5 * x, x - y, cell=0.05) - 0.5
        leaf = 2 * (foliage(noise, points) - 0.5)
        light = 0.62 + 0.62 * np.clip((z - low) / (high - low), 0, 1)
        albedo = spread(green, len(x)) * (light * (1 + 1.1 * clump + 1.0 * leaf))
        albedo[0] *= 1 + 0.5 * clump
        return np.maximum(albedo, 0.004).astype(np.float32), np.full(len(x), LEAVES, np.float32)

    return paint
