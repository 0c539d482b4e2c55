"""Cameras: where a point of space falls in a picture."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from app.domain.arrays import Bool, Float64, frozen


class CameraModel(StrEnum):
    """Lens models the annotation service names."""

    BROWN_CONRADY = "brown_conrady"
    FISHEYE = "fisheye"

    @property
    def coefficients(self) -> tuple[str, ...]:
        """Names of its numbers for distortion; of Brown-Conrady in OpenCV's order with its rational part."""
        if self is CameraModel.FISHEYE:
            return "k1", "k2", "k3", "k4"
        return "k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6"


@dataclass(frozen=True)
class Intrinsics:
    """Focal lengths, principal point and distortion; lengths in pixels of the camera image.

    ``distortion`` holds the ``coefficients`` of the model; those that a document lacks are 0.
    """

    model: CameraModel
    fx: float
    fy: float
    cx: float
    cy: float
    skew: float = 0.0
    distortion: tuple[float, ...] = ()


@dataclass(frozen=True)
class Camera:
    """One camera of a job; ``intrinsics`` is None where the document gives none.

    Its pictures are said to be smaller than the sensor's by ``scale_factor``; see ``lens_scale`` for what that means.
    """

    name: str
    sensor_id: str
    intrinsics: Intrinsics | None
    scale_factor: float = 1.0


DIRECTIONS = 720  # around the axis, in which a lens is looked through for folds
_RINGS = 512  # places on the way out in each of them
_WIDEST = np.radians(89.9)  # off the axis: farther out no picture reaches
NEAR = 0.5  # metres: nearer points sit on the car itself and are not counted as seen
_NEWTON_STEPS = 12
_STILL = 1e-10  # steps smaller than this end the iteration
_REACHED = 1e-6  # in units of the focal length: a thousandth of a pixel for any usual lens


@np.errstate(over="ignore", invalid="ignore")  # points at the end of the number range are not seen
def project(xyz_in_camera: Float64, intrinsics: Intrinsics) -> tuple[Float64, Bool]:
    """Project (N, 3) metres in optical axes (x right, y down, z forward).

    Returns (N, 2) float64 pixels and (N,) bool: in front by more than NEAR, finite and nearer to the axis than where
    the lens model first folds. Rows that are False have undefined pixels.
    Formulas: OpenCV's calib3d, rational Brown-Conrady and Kannala-Brandt fisheye; skew is K[0, 1] in pixels.
    """
    xyz = np.asarray(xyz_in_camera, dtype=np.float64)
    uv = np.full((len(xyz), 2), np.nan)
    valid = np.zeros(len(xyz), dtype=np.bool_)
    ahead = np.flatnonzero((xyz[:, 2] > NEAR) & (xyz[:, 2] < np.inf))
    u, v, valid[ahead] = bent(xyz[ahead, 0] / xyz[ahead, 2], xyz[ahead, 1] / xyz[ahead, 2], intrinsics)
    uv[ahead, 0], uv[ahead, 1] = u, v
    return uv, valid


@np.errstate(over="ignore", invalid="ignore")
def bent(x: Float64, y: Float64, intrinsics: Intrinsics) -> tuple[Float64, Float64, Bool]:
    """Where a lens puts the directions with tangents (N,) x to the right and y down: (N,) pixels u and v, and which of
    them are finite and before any fold; the others are undefined."""
    before = _before_fold(x, y, intrinsics)
    x, y = _bent(x, y, intrinsics)
    u = intrinsics.fx * x + intrinsics.cx
    if intrinsics.skew:
        u += intrinsics.skew * y
    v = intrinsics.fy * y + intrinsics.cy
    return u, v, before & np.isfinite(u + v)


def in_image(uv: Float64, valid: Bool, *, size: tuple[int, int]) -> Bool:
    """(N,) bool: which of ``project``'s pixels lie in a picture of ``size`` (width, height), 0 <= u < w, 0 <= v < h."""
    width, height = size
    u, v = uv[:, 0], uv[:, 1]
    seen: Bool = valid & (u >= 0) & (u < width) & (v >= 0) & (v < height)
    return seen


def unproject(uv: Float64, intrinsics: Intrinsics) -> Float64:
    """The inverse of ``project``: (N, 2) pixels to (N, 3) float64 rays in optical axes with z = 1.

    Solved by Newton's method; rows of pixels that no point ahead of the camera falls on are NaN.
    """
    down = (uv[:, 1] - intrinsics.cy) / intrinsics.fy
    across = (uv[:, 0] - intrinsics.cx - intrinsics.skew * down) / intrinsics.fx
    if intrinsics.model is CameraModel.FISHEYE:
        x, y = _straight_fisheye(across, down, _coefficients(intrinsics, count=4))
    else:
        x, y = _straight_brown(across, down, _coefficients(intrinsics, count=8))
    rays = np.stack([x, y, np.ones_like(x)], axis=1)
    rays[~_before_fold(x, y, intrinsics)] = np.nan
    return rays


@lru_cache(maxsize=256)
def valid_radius(intrinsics: Intrinsics) -> float:
    """Largest ``hypot(x / z, y / z)`` up to which the radial function grows; infinite for most lenses.

    Beyond it a lens polynomial folds the picture back, so points from outside would show up inside.
    """
    if intrinsics.model is CameraModel.FISHEYE:
        k1, k2, k3, k4 = _coefficients(intrinsics, count=4)
        angle = np.sqrt(_first_root(np.polynomial.Polynomial([1, 3 * k1, 5 * k2, 7 * k3, 9 * k4])))
        return float(np.tan(angle)) if angle < np.pi / 2 else np.inf
    k1, k2, _, _, k3, k4, k5, k6 = _coefficients(intrinsics, count=8)
    over = np.polynomial.Polynomial([1, k1, k2, k3])
    under = np.polynomial.Polynomial([1, k4, k5, k6])
    square = np.polynomial.Polynomial([0, 1])
    # the numerator of d/dr of r * over(r^2) / under(r^2), in r^2
    slope = over * under + 2 * square * (over.deriv() * under - over * under.deriv())
    return float(np.sqrt(min(_first_root(slope), _first_root(under))))


def fold_radii(intrinsics: Intrinsics) -> Float64 | None:
    """(DIRECTIONS,) float64 ``hypot(x / z, y / z)`` at which a lens with tangential distortion first folds, for each
    sector counter-clockwise from x; infinite where it does not. None for a lens that is round: see ``valid_radius``.

    A lens folds where the determinant of its Jacobian is no longer positive; what lies behind in that direction is
    left out, too, even where the determinant grows again. Takes some 20 ms the first time for each distortion.
    """
    k = _coefficients(intrinsics, count=8)
    if intrinsics.model is CameraModel.FISHEYE or not (k[2] or k[3]):
        return None
    return _brown_fold_radii(k, valid_radius(intrinsics))


@lru_cache(maxsize=256)
def _brown_fold_radii(k: tuple[float, ...], round_radius: float) -> Float64:
    widest = min(np.arctan(round_radius), _WIDEST) * (1 - 1e-6)  # at the radius itself there is nothing left but noise
    rings = np.tan(np.linspace(0.0, widest, _RINGS + 1))
    directions = np.arange(DIRECTIONS)[:, np.newaxis] * (2 * np.pi / DIRECTIONS)
    xx, xy, yy = _slopes(rings * np.cos(directions), rings * np.sin(directions), k)
    folded = xx * yy - xy * xy <= 0
    radii = np.where(folded.any(axis=1), rings[np.maximum(folded.argmax(axis=1) - 1, 0)], round_radius)
    return frozen(np.minimum(radii, np.roll(radii, -1)))  # a sector ends where its narrower side does


def _before_fold(x: Float64, y: Float64, intrinsics: Intrinsics) -> Bool:
    """(N,) whether tangents lie where the lens does not fold; False for NaN."""
    square = x * x + y * y
    before: Bool = square < valid_radius(intrinsics) ** 2
    radii = fold_radii(intrinsics)
    if radii is not None:
        doubtful = np.flatnonzero(before & (square >= radii.min() ** 2))
        turn = np.arctan2(y[doubtful], x[doubtful]) * (DIRECTIONS / (2 * np.pi))
        before[doubtful] = square[doubtful] < radii[np.floor(turn).astype(np.int64) % DIRECTIONS] ** 2
    return before


def _first_root(polynomial: np.polynomial.Polynomial) -> float:
    """Smallest positive real root; infinite without one."""
    # leading coefficients that are noise beside the others would send the root finder astray
    roots = polynomial.trim(1e-15).roots()
    real = roots.real[(np.abs(roots.imag) < 1e-9 * (1 + np.abs(roots.real))) & (roots.real > 0)]
    return float(real.min()) if len(real) else np.inf


def _coefficients(intrinsics: Intrinsics, *, count: int) -> tuple[float, ...]:
    given = intrinsics.distortion[:count]
    return (*given, *(0.0,) * (count - len(given)))


def _bent(x: Float64, y: Float64, intrinsics: Intrinsics) -> tuple[Float64, Float64]:
    if intrinsics.model is CameraModel.FISHEYE:
        return _bent_fisheye(x, y, np.hypot(x, y), _coefficients(intrinsics, count=4))
    return _bent_brown(x, y, x * x + y * y, _coefficients(intrinsics, count=8))


def _bent_brown(x: Float64, y: Float64, r2: Float64, k: tuple[float, ...]) -> tuple[Float64, Float64]:
    """Normalised coordinates after the lens, all (N,) float64."""
    if not any(k):
        return x, y
    k1, k2, p1, p2, k3, k4, k5, k6 = k
    radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
    if k4 or k5 or k6:
        with np.errstate(divide="ignore", invalid="ignore"):  # outside the valid radius only
            radial /= 1 + r2 * (k4 + r2 * (k5 + r2 * k6))
    twice_xy = 2 * x * y
    bent_x = x * radial + p1 * twice_xy + p2 * (r2 + 2 * x * x)
    bent_y = y * radial + p1 * (r2 + 2 * y * y) + p2 * twice_xy
    return bent_x, bent_y


def _slopes(x: Float64, y: Float64, k: tuple[float, ...]) -> tuple[Float64, Float64, Float64]:
    """The Jacobian of Brown-Conrady, which is symmetric: d bent_x / dx, d bent_x / dy and d bent_y / dy."""
    k1, k2, p1, p2, k3, k4, k5, k6 = k
    s = x * x + y * y
    over, under = 1 + s * (k1 + s * (k2 + s * k3)), 1 + s * (k4 + s * (k5 + s * k6))
    radial = over / under
    growth = (k1 + s * (2 * k2 + s * 3 * k3) - radial * (k4 + s * (2 * k5 + s * 3 * k6))) / under
    xx = radial + 2 * x * x * growth + 2 * p1 * y + 6 * p2 * x
    xy = 2 * x * y * growth + 2 * p1 * x + 2 * p2 * y
    yy = radial + 2 * y * y * growth + 6 * p1 * y + 2 * p2 * x
    return xx, xy, yy


def _bent_fisheye(x: Float64, y: Float64, r: Float64, k: tuple[float, ...]) -> tuple[Float64, Float64]:
    angle = np.arctan(r)
    square = angle * angle
    bent = angle * (1 + square * (k[0] + square * (k[1] + square * (k[2] + square * k[3]))))
    scale = np.divide(bent, r, out=np.ones_like(r), where=r > 1e-12)
    return x * scale, y * scale


def _straight_fisheye(across: Float64, down: Float64, k: tuple[float, ...]) -> tuple[Float64, Float64]:
    bent = np.hypot(across, down)
    angle = np.minimum(bent, np.pi / 2)
    for _ in range(_NEWTON_STEPS):
        s = angle * angle
        value = angle * (1 + s * (k[0] + s * (k[1] + s * (k[2] + s * k[3]))))
        slope = 1 + s * (3 * k[0] + s * (5 * k[1] + s * (7 * k[2] + s * 9 * k[3])))
        before = angle
        angle = np.clip(angle - (value - bent) / np.where(np.abs(slope) > 1e-3, slope, 1e-3), 0.0, np.pi / 2)
        if np.abs(angle - before).max(initial=0.0) < _STILL:
            break
    r = np.tan(angle)
    scale = np.divide(r, bent, out=np.ones_like(r), where=bent > 1e-12)
    x, y = across * scale, down * scale
    return _reached(x, y, _bent_fisheye(x, y, r, k), (across, down))


def _straight_brown(across: Float64, down: Float64, k: tuple[float, ...]) -> tuple[Float64, Float64]:
    x, y = across.copy(), down.copy()
    with np.errstate(all="ignore"):  # pixels without a ray may run away; they end as NaN
        for _ in range(_NEWTON_STEPS if any(k) else 0):
            bent_x, bent_y = _bent_brown(x, y, x * x + y * y, k)
            miss_x, miss_y = bent_x - across, bent_y - down
            xx, xy, yy = _slopes(x, y, k)
            determinant = xx * yy - xy * xy
            x -= (yy * miss_x - xy * miss_y) / determinant
            y -= (xx * miss_y - xy * miss_x) / determinant
            if np.abs(miss_x).max(initial=0.0) + np.abs(miss_y).max(initial=0.0) < _STILL:
                break
        return _reached(x, y, _bent_brown(x, y, x * x + y * y, k), (across, down))


def _reached(
    x: Float64, y: Float64, bent: tuple[Float64, Float64], wanted: tuple[Float64, Float64]
) -> tuple[Float64, Float64]:
    """NaN where the iteration did not end on the pixel."""
    close = np.abs(bent[0] - wanted[0]) + np.abs(bent[1] - wanted[1]) < _REACHED
    return np.where(close, x, np.nan), np.where(close, y, np.nan)
