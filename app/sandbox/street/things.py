"""What stands and moves in the street: things made of painted solids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.geometry import Pose
from app.sandbox.street.noise import Floats
from app.sandbox.street.solids import Solid

LEAVES = -1.0  # gloss of foliage: it scatters light in all directions
Color = tuple[float, float, float]  # linear albedo, 0..1
Coat = tuple[Floats, Floats]  # (3, n) linear albedo and (n,) gloss, 0 matt to 1 glass or LEAVES
Paint = Callable[[Floats, Floats], Coat]  # from (3, n) points and (3, n) normals in the thing's own space


@dataclass(frozen=True)
class Part:
    """A solid in its thing's space with its paint."""

    solid: Solid
    paint: Paint


@dataclass(frozen=True)
class Thing:
    """Something with one label: ``number`` counts instances, 0 for what is not counted, as walls and trees.

    ``pose`` gives ``world_from_thing`` and ``body`` the parts at a time in seconds. An empty label is clutter that
    nobody annotated.
    """

    label: str
    body: Callable[[float], tuple[Part, ...]]
    pose: Callable[[float], Pose]
    number: int = 0
    moves: bool = False


def standing(label: str, parts: tuple[Part, ...], pose: Pose, *, number: int = 0) -> Thing:
    """A thing that stays as it is."""
    return Thing(label, lambda _time: parts, lambda _time: pose, number)


def plain(color: Color, *, gloss: float = 0.0) -> Paint:
    """One colour all over."""

    def paint(points: Floats, _normals: Floats) -> Coat:
        count = points.shape[1]
        return spread(color, count), np.full(count, gloss, np.float32)

    return paint


def painted(color: Color, solids: Sequence[Solid]) -> list[Part]:
    """Parts of one colour."""
    paint = plain(color)
    return [Part(solid, paint) for solid in solids]


def spread(color: Color, count: int) -> Floats:
    """(3, count) of one colour."""
    return np.repeat(np.array(color, dtype=np.float32)[:, None], count, axis=1)


def over(albedo: Floats, where: NDArray[np.bool_], color: Color) -> None:
    """Paint one colour over the spots of (3, n) ``albedo`` that ``where`` names."""
    spots = where.nonzero()[0]
    if len(spots):
        for channel, value in enumerate(color):
            albedo[channel, spots] = value
