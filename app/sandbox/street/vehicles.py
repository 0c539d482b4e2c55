"""Cars, vans and buses: body, cabin and wheels with painted windows, lamps and seams."""

from dataclasses import dataclass

import numpy as np

from app.sandbox.street.noise import Floats, wrap
from app.sandbox.street.solids import profile, wheel
from app.sandbox.street.things import Coat, Color, Paint, Part, over, plain, spread

GLASS: Color = (0.012, 0.015, 0.018)
TRIM: Color = (0.012, 0.012, 0.013)
LAMP: Color = (0.9, 0.9, 0.86)
TAIL: Color = (0.55, 0.012, 0.01)
RIM: Color = (0.42, 0.43, 0.45)
PLATE: Color = (0.75, 0.75, 0.70)

Outline = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class CarModel:
    """Side views in (x, z) metres, counter-clockwise, x forward from the middle; ``cabin`` stands on the body."""

    length: float
    width: float
    height: float
    body: Outline
    cabin: Outline
    axle: float  # x of the front axle, the rear one mirrors it
    wheel: float  # radius
    sill: float  # z where the side windows begin
    posts: tuple[float, ...]  # x of the pillars between side windows


SEDAN = CarModel(
    4.55, 1.80, 1.44,
    ((-2.18, 0.24), (2.16, 0.22), (2.27, 0.42), (2.24, 0.66), (2.02, 0.80), (0.95, 0.95), (-1.75, 1.0), (-2.2, 0.96),
     (-2.28, 0.70), (-2.26, 0.40)),
    ((-1.80, 0.90), (1.12, 0.90), (0.42, 1.36), (0.12, 1.43), (-0.75, 1.44), (-1.05, 1.40)),
    1.36, 0.33, 0.97, (-0.95, -0.12),
)  # fmt: skip
HATCH = CarModel(
    4.05, 1.76, 1.50,
    ((-1.93, 0.26), (1.92, 0.24), (2.02, 0.45), (2.0, 0.70), (1.78, 0.86), (1.0, 1.0), (-1.8, 1.04), (-2.0, 0.95),
     (-2.03, 0.45)),
    ((-1.92, 0.92), (1.18, 0.92), (0.50, 1.42), (0.2, 1.49), (-1.2, 1.50), (-1.5, 1.44)),
    1.25, 0.32, 1.0, (-1.15, -0.2),
)  # fmt: skip
SUV = CarModel(
    4.65, 1.88, 1.70,
    ((-2.22, 0.34), (2.2, 0.32), (2.32, 0.55), (2.30, 0.86), (2.12, 1.0), (1.1, 1.12), (-2.1, 1.16), (-2.3, 1.05),
     (-2.33, 0.55)),
    ((-2.22, 1.05), (1.30, 1.05), (0.66, 1.62), (0.35, 1.69), (-1.5, 1.70), (-1.85, 1.64)),
    1.40, 0.37, 1.14, (-1.35, -0.2),
)  # fmt: skip
VAN = CarModel(
    5.6, 2.02, 2.45,
    ((-2.75, 0.34), (2.68, 0.32), (2.80, 0.55), (2.78, 0.95), (2.55, 1.2), (1.9, 1.35), (-2.78, 1.38), (-2.8, 0.5)),
    ((-2.78, 1.2), (2.02, 1.2), (1.35, 2.2), (1.05, 2.42), (-2.6, 2.45), (-2.76, 2.38)),
    1.75, 0.36, 1.42, (),
)  # fmt: skip


def car(model: CarModel, color: Color) -> tuple[Part, ...]:
    """The parts of a car on its wheels, its middle at the origin."""
    half = model.width / 2
    parts = [
        Part(profile(model.body, half, lean=0.06, foot=0.6), _body_paint(model, color)),
        Part(profile(model.cabin, half - 0.05, lean=0.30, foot=model.sill), _cabin_paint(model, color)),
    ]
    rims = _wheel_paint((model.axle, -model.axle), model.wheel)
    for x in (model.axle, -model.axle):
        for side in (1, -1):
            tyre = wheel(model.wheel, 0.11, x=x, y=side * (half - 0.05), z=model.wheel)
            parts.append(Part(tyre, rims))
    return tuple(parts)


def _body_paint(model: CarModel, color: Color) -> Paint:
    end = model.length / 2

    def paint(points: Floats, normals: Floats) -> Coat:
        x, y, z = points
        albedo, gloss = spread(color, len(x)), np.full(len(x), 0.42, np.float32)
        side = np.abs(normals[1]) > 0.6
        seams = (
            side & ((np.abs(x - 0.05) < 0.011) | (np.abs(x + 1.0) < 0.011) | (np.abs(x - 1.08) < 0.011)) & (z > 0.36)
        )
        handles = side & (np.abs(z - 0.80) < 0.02) & ((np.abs(x + 0.15) < 0.09) | (np.abs(x + 1.15) < 0.07))
        arches = side & (np.minimum(np.abs(x - model.axle), np.abs(x + model.axle)) < model.wheel * 1.2)
        reach = np.hypot(np.abs(x) - model.axle, z - model.wheel)
        arches &= reach < model.wheel * 1.17
        low = z < model.body[0][1] + 0.10
        front, rear = x > end - 0.30, x < 0.16 - end
        wide = np.abs(y)
        band = (z > model.sill - 0.34) & (z < model.sill - 0.16)
        grille = front & (wide < 0.52) & (z > 0.32) & (z < model.sill - 0.2) & (normals[0] > 0.6)
        dark = low | seams | arches | grille
        over(albedo, dark | handles, TRIM)
        over(albedo, front & band & (wide > model.width * 0.29), LAMP)
        over(albedo, rear & (z > model.sill - 0.36) & (z < model.sill - 0.08) & (wide > model.width * 0.31), TAIL)
        over(albedo, (np.abs(x) > end - 0.1) & (wide < 0.26) & (np.abs(z - 0.52) < 0.06), PLATE)
        gloss[dark] = 0.05
        return albedo, gloss

    return paint


def _cabin_paint(model: CarModel, color: Color) -> Paint:
    top = model.height - 0.13
    panelled = not model.posts  # a delivery van: glass at the front only

    def paint(points: Floats, normals: Floats) -> Coat:
        x, y, z = points
        albedo, gloss = spread(color, len(x)), np.full(len(x), 0.42, np.float32)
        tall = (z > model.sill + 0.03) & (z < top)
        glass = tall & (np.abs(normals[1]) > 0.6) & (z < top - 0.02)
        for post in model.posts:
            glass &= np.abs(x - post) > 0.04
        lean = (z - model.sill) * 0.55
        bow, stern = max(x for x, _ in model.cabin), min(x for x, _ in model.cabin)
        glass &= (x < bow - 0.2 - lean * 1.25) & (x > (0.75 if panelled else stern + 0.12 + lean * 0.6))
        ends = tall & (normals[2] < 0.93) & (np.abs(y) < model.width / 2 - 0.2 - lean * 0.5)
        glass |= ends & (np.abs(normals[0]) > 0.35) & ((x > 0) | (not panelled))
        over(albedo, glass, GLASS)
        gloss[glass] = 1.0
        return albedo, gloss

    return paint


def _wheel_paint(axles: tuple[float, float], radius: float) -> Paint:
    def paint(points: Floats, normals: Floats) -> Coat:
        x, z = (
            points[0] - np.where(points[0] > 0, np.float32(axles[0]), np.float32(axles[1])),
            points[2] - np.float32(radius),
        )
        from_hub, angle = np.hypot(x, z), np.arctan2(z, x)
        spokes = (wrap(angle * np.float32(5 / (2 * np.pi)), 1) < 0.56) | (from_hub > radius * 0.58)
        rim = (np.abs(normals[1]) > 0.9) & (from_hub < radius * 0.66)
        albedo = spread(TRIM, len(from_hub))
        over(albedo, rim & (spokes | (from_hub < radius * 0.2)), RIM)
        return albedo, np.where(rim, 0.3, 0.0).astype(np.float32)

    return paint


def bus(color: Color, stripe: Color) -> tuple[Part, ...]:
    """A city bus, 11.4 m long."""
    outline = (
        (-5.6, 0.32), (5.55, 0.32), (5.7, 0.6), (5.7, 1.2), (5.45, 2.85), (5.2, 3.05), (-5.45, 3.08), (-5.68, 2.9),
        (-5.7, 0.6)
    )  # fmt: skip
    rounded = profile(outline, 1.27, lean=0.035, foot=0.6)
    parts = [
        Part(rounded, _bus_paint(color, stripe)),
        Part(profile(((-3.6, 2.9), (1.4, 2.9), (1.1, 3.28), (-3.3, 3.28)), 0.8), plain((0.6, 0.6, 0.6))),
    ]
    rims = _wheel_paint((3.3, -3.0), 0.48)
    for x in (3.3, -3.0):
        for side in (1, -1):
            parts.append(Part(wheel(0.48, 0.15, x=x, y=side * 1.13, z=0.48), rims))
    return tuple(parts)


def _bus_paint(color: Color, stripe: Color) -> Paint:
    def paint(points: Floats, normals: Floats) -> Coat:
        x, y, z = points
        albedo, gloss = spread(color, len(x)), np.full(len(x), 0.35, np.float32)
        over(albedo, (z < 1.02) & (z > 0.78) | (z > 2.72), stripe)
        side = np.abs(normals[1]) > 0.7
        door = side & (y < 0) & ((np.abs(x - 4.5) < 0.62) | (np.abs(x - 0.2) < 0.68)) & (z > 0.42) & (z < 2.55)
        panes = side & (z > 1.25) & (z < 2.45) & (np.abs(x) < 5.2)
        posts = wrap(x + 0.7, 1.42) < 0.09
        front = (normals[0] > 0.6) & (z > 1.1) & (z < 2.5) & (np.abs(y) < 1.12)
        rear = (normals[0] < -0.6) & (z > 1.6) & (z < 2.5) & (np.abs(y) < 1.0)
        glass = (panes & ~posts) | front | rear | (door & (np.abs(wrap(x, 0.6) - 0.3) < 0.27))
        arches = side & (np.hypot(np.where(x > 0, x - 3.3, x + 3.0), z - 0.48) < 0.58)
        over(albedo, (door & ~glass) | (panes & posts), TRIM)
        over(albedo, glass, GLASS)
        sign = (normals[0] > 0.6) & (z > 2.58) & (z < 2.86) & (np.abs(y) < 0.85)
        over(albedo, sign, (0.01, 0.01, 0.01))
        over(albedo, sign & (np.abs(wrap(y, 0.16) - 0.08) < 0.05) & (np.abs(z - 2.72) < 0.08), (0.9, 0.5, 0.05))
        over(albedo, (x > 5.5) & (np.abs(np.abs(y) - 0.95) < 0.18) & (np.abs(z - 0.72) < 0.12), LAMP)
        over(albedo, (x < -5.5) & (np.abs(np.abs(y) - 1.05) < 0.12) & (np.abs(z - 1.2) < 0.2), TAIL)
        over(albedo, arches | (z < 0.42), TRIM)
        gloss[glass] = 1.0
        return albedo, gloss

    return paint
