"""Which camera shows a thing best, and where in its picture."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64, Integers
from app.domain.sight import CameraSight
from app.domain.tracking import Size

AT_THE_RIM = 0.25  # of a point in the middle of a picture counts one in its corner: lenses blur, things are cut off
MARGIN = 0.5  # of its larger side that is shown around a thing
SMALLEST = 96.0  # pixels of a crop: fewer show nothing but blocks

Rect = tuple[float, float, float, float]  # left, top, width, height in pixels


@dataclass(frozen=True)
class CameraFit:
    """How well a camera shows a thing: the higher ``score``, the better; ``around`` (left, top, width, height) is where
    its visible points lie, in pixels."""

    camera: str
    score: float
    around: Rect


def best_camera(sights: Mapping[str, CameraSight], rows: Integers) -> CameraFit | None:
    """The camera that sees most of the points ``rows`` (n,), those in the middle of its picture counting more; of
    equals the one that shows them larger. None where none sees any."""
    fits = (_fit(camera, sight, rows) for camera, sight in sights.items())
    return max((fit for fit in fits if fit), key=lambda fit: (fit.score, fit.around[2] * fit.around[3]), default=None)


def crop_around(thing: Rect, size: Size) -> Rect:
    """What to show of a picture of ``size`` (width, height) so that a thing is seen with what is around it."""
    left, top, width, height = thing
    margin = MARGIN * max(width, height)
    wide, tall = (
        min(float(full), max(SMALLEST, side + 2 * margin)) for side, full in zip((width, height), size, strict=True)
    )
    return (
        min(max(left + width / 2 - wide / 2, 0.0), size[0] - wide),
        min(max(top + height / 2 - tall / 2, 0.0), size[1] - tall),
        wide,
        tall,
    )


def _fit(camera: str, sight: CameraSight, rows: Integers) -> CameraFit | None:
    places = sight.places_of(rows)
    uv = sight.uv[places[sight.visible[places]]]
    if not len(uv):
        return None
    (left, top), (right, bottom) = uv.min(axis=0).tolist(), uv.max(axis=0).tolist()
    return CameraFit(camera, float(_weights(uv, sight.placed.size).sum()), (left, top, right - left, bottom - top))


def _weights(uv: Float64, size: Size) -> Float64:
    """(n,) from 1 in the middle of the picture to AT_THE_RIM in its corners."""
    half = np.array(size) / 2
    aside = np.linalg.norm((uv - half) / half, axis=1) / np.sqrt(2.0)
    weights: Float64 = 1 - (1 - AT_THE_RIM) * aside
    return weights
