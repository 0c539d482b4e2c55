"""Pedestrians and a cyclist, out of ellipsoids that swing as they walk."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.sandbox.street.noise import Floats
from app.sandbox.street.solids import Ellipsoid, ball, limb, wheel
from app.sandbox.street.things import Coat, Color, Part, over, painted, plain, spread

SHOE: Color = (0.03, 0.025, 0.02)


@dataclass(frozen=True)
class Clothes:
    """Colours of a person."""

    top: Color
    legs: Color
    hair: Color
    skin: Color
    bag: bool = False


def walker(clothes: Clothes, *, height: float, stride: float, phase: float) -> Callable[[float], tuple[Part, ...]]:
    """Parts of somebody who walks along x; ``stride`` is steps per second, 0 for standing."""
    scale = height / 1.75

    def body(time: float) -> tuple[Part, ...]:
        swing = np.sin(phase + time * stride * np.pi) * (0.30 if stride else 0.05)
        top, legs, shoes, parts = [], [], [], []
        for side, sign in ((0.09, 1), (-0.09, -1)):
            step = swing * sign
            knee, foot = (0.16 * step + 0.05, side, 0.50), (0.95 * step, side, 0.08)
            hand = (-0.8 * step + 0.1, side * 2.7, 0.86)
            elbow = (-0.35 * step, side * 2.6, 1.12)
            legs += [_limb(scale, (0, side, 0.95), knee, 0.088), _limb(scale, knee, foot, 0.062)]
            shoes.append(_limb(scale, (foot[0] - 0.03, side, 0.06), (foot[0] + 0.17, side, 0.05), 0.05))
            top += [_limb(scale, (0, side * 2.1, 1.42), elbow, 0.06), _limb(scale, elbow, hand, 0.05)]
        top.append(ball((0, 0, 1.20 * scale), (0.14 * scale, 0.20 * scale, 0.34 * scale)))
        legs.append(ball((0, 0, 0.94 * scale), (0.13 * scale, 0.17 * scale, 0.14 * scale)))
        for color, solids in ((clothes.top, top), (clothes.legs, legs), (SHOE, shoes)):
            parts += painted(color, solids)
        parts.append(_head(clothes, (0.03 * scale, 0, 1.63 * scale), scale))
        if clothes.bag:
            parts.append(Part(ball((-0.17, 0, 1.22 * scale), (0.12, 0.15, 0.22)), plain((0.05, 0.09, 0.25))))
        return tuple(parts)

    return body


def _limb(scale: float, start: tuple[float, ...], end: tuple[float, ...], thickness: float) -> Ellipsoid:
    a, b = ([value * scale for value in point] for point in (start, end))
    return limb(a, b, thickness * scale)


def _head(clothes: Clothes, center: tuple[float, float, float], scale: float) -> Part:
    def paint(points: Floats, _normals: Floats) -> Coat:
        albedo = spread(clothes.skin, points.shape[1])
        hair = (points[2] > center[2] + 0.035 * scale) | (points[0] < center[0] - 0.03 * scale)
        over(albedo, hair, clothes.hair)
        return albedo, np.zeros(points.shape[1], np.float32)

    return Part(ball(center, (0.105 * scale, 0.085 * scale, 0.135 * scale)), paint)


def cyclist(clothes: Clothes) -> Callable[[float], tuple[Part, ...]]:
    """Parts of a cyclist who rides along x."""

    def body(time: float) -> tuple[Part, ...]:
        crank = time * 7.0
        parts = [_spoked(0.53), _spoked(-0.53)]
        parts += painted((0.45, 0.03, 0.03), [limb(start, end, 0.024) for start, end in _TUBES])
        for side, turn in ((0.10, crank), (-0.10, crank + np.pi)):
            pedal = (0.02 + 0.16 * np.cos(turn), side, 0.30 + 0.16 * np.sin(turn))
            knee = (0.26 + 0.05 * np.cos(turn), side, 0.74 + 0.09 * np.sin(turn))
            parts.append(Part(limb((-0.18, side, 0.98), knee, 0.085), plain(clothes.legs)))
            parts.append(Part(limb(knee, pedal, 0.06), plain(clothes.legs)))
            parts.append(Part(limb((0.12, side * 1.7, 1.42), (0.42, side * 2.2, 1.06), 0.052), plain(clothes.top)))
        parts.append(Part(limb((-0.22, 0, 1.0), (0.16, 0, 1.46), 0.165), plain(clothes.top)))
        parts.append(_head(clothes, (0.27, 0, 1.66), 1.0))
        parts.append(Part(ball((0.26, 0, 1.72), (0.14, 0.105, 0.09)), plain((0.85, 0.85, 0.82), gloss=0.3)))
        return tuple(parts)

    return body


_TUBES = (
    ((-0.20, 0, 0.92), (0.02, 0, 0.30)),
    ((-0.17, 0, 0.84), (0.40, 0, 0.86)),
    ((0.02, 0, 0.30), (0.41, 0, 0.82)),
    ((0.38, 0, 1.02), (0.53, 0, 0.34)),
    ((0.02, 0, 0.30), (-0.53, 0, 0.34)),
    ((-0.18, 0, 0.86), (-0.53, 0, 0.34)),
    ((0.40, -0.26, 1.04), (0.40, 0.26, 1.04)),
)


def _spoked(x: float) -> Part:
    """A wheel that is mostly air would need holes; a thin dark disc with a bright hub reads the same."""

    def paint(points: Floats, _normals: Floats) -> Coat:
        from_hub = np.hypot(points[0] - x, points[2] - 0.34)
        albedo = spread((0.16, 0.16, 0.16), points.shape[1])
        over(albedo, from_hub > 0.30, (0.015, 0.015, 0.015))
        over(albedo, from_hub < 0.05, (0.5, 0.5, 0.5))
        return albedo, np.zeros(points.shape[1], np.float32)

    return Part(wheel(0.34, 0.014, x=x, y=0.0, z=0.34), paint)
