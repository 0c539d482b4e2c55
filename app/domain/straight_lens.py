"""A camera's picture bent straight: with the lens undone, so that straight edges of the street are straight in it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.domain.arrays import Bytes, Float64, Integers, frozen
from app.domain.camera import CameraModel, Intrinsics, project, unproject
from app.domain.picture_lattice import picture_lattice
from app.domain.tracking import Size

COARSE = 8  # pixels between those whose place in the picture is computed; between them it is a line
WIDEST = 1.75  # tangent of 60 degrees: farther off the axis a straight picture is mostly stretched
BAND = 64  # rows that are bent at once, so that what is held meanwhile stays small
PER_SIDE = 9  # pixels along an edge of a box that are bent
Hull = tuple[float, float, float, float]  # x, y, width, height in pixels


@dataclass(frozen=True)
class StraightLens:
    """``lens`` as delivered and ``straight`` without its bend, both in pixels of pictures of ``size``, whole numbers
    being the middles of pixels."""

    lens: Intrinsics
    straight: Intrinsics
    size: Size

    def to_straight(self, uv: Float64) -> Float64:
        """(N, 2) pixels of the picture as delivered to those of the straight one; NaN where the lens sees nothing."""
        tangents = unproject(np.asarray(uv, dtype=np.float64), self.lens)[:, :2]
        return tangents * self._focal + self._middle

    def to_delivered(self, uv: Float64) -> Float64:
        """The other way; NaN beyond what the lens can see."""
        tangents = (np.asarray(uv, dtype=np.float64) - self._middle) / self._focal
        pixels, valid = project(np.column_stack([tangents, np.ones(len(tangents))]), self.lens)
        pixels[~valid] = np.nan
        return pixels

    def hull(self, x: float, y: float, width: float, height: float) -> Hull:
        """The upright box around a box of the picture as delivered once its edges are bent, with what of it is in the
        picture; one without a place in the straight picture keeps its numbers. Boxes count from the corner of the first
        pixel, half a pixel from its middle."""
        share = np.linspace(0.0, 1.0, PER_SIDE)
        across, down, none = x + share * width, y + share * height, np.zeros(PER_SIDE)
        edges = [(across, none + y), (across, none + y + height), (none + x, down), (none + x + width, down)]
        points = np.concatenate([np.column_stack(edge) for edge in edges])
        inside = np.clip(points, 0.0, np.array(self.size)) - 0.5
        bent = self.to_straight(inside) + 0.5
        bent = bent[np.isfinite(bent).all(axis=1)]
        if not len(bent):
            return x, y, width, height
        (left, top), (right, bottom) = bent.min(axis=0).tolist(), bent.max(axis=0).tolist()
        return left, top, right - left, bottom - top

    @property
    def _focal(self) -> Float64:
        return np.array([self.straight.fx, self.straight.fy])

    @property
    def _middle(self) -> Float64:
        return np.array([self.straight.cx, self.straight.cy])


@lru_cache(maxsize=64)
def straight_lens(lens: Intrinsics, size: Size) -> StraightLens | None:
    """The straight picture that all of the picture has room in, up to WIDEST; None where the lens sees nothing."""
    across, down = (min(reach, WIDEST) for reach in picture_lattice(lens, size).reach)
    if not across or not down:
        return None
    focal = min(size[0] / 2 / across, size[1] / 2 / down)
    straight = Intrinsics(CameraModel.BROWN_CONRADY, focal, focal, size[0] / 2 - 0.5, size[1] / 2 - 0.5)
    return StraightLens(lens, straight, size)


def straighten(pixels: Bytes, lens: StraightLens) -> Bytes:
    """Bend a picture (H, W, 4) uint8 of the lens' size straight, the fourth channel being what covers: (H, W, 4), all
    zeros where the picture does not reach. Between pixels values are mixed."""
    height, width = pixels.shape[:2]
    source = np.ascontiguousarray(pixels).reshape(-1, 4).view(np.uint32)[:, 0]
    net = _net(lens)
    bent = np.empty((height, width), dtype=np.uint32)
    for top in range(0, height, BAND):
        rows = np.arange(top, min(top + BAND, height))
        bent[rows] = _sampled(source, _between(net, rows, width), (width, height))
    return bent.view(np.uint8).reshape(height, width, 4)


@lru_cache(maxsize=16)
def _net(lens: StraightLens) -> Float64:
    """(R, C, 2) where every COARSE-th pixel of the straight picture lies in the picture as delivered."""
    width, height = lens.size
    across, down = (np.arange(0, length + COARSE, COARSE, dtype=np.float64) for length in (width, height))
    pixels = np.stack(np.meshgrid(across, down), axis=-1)
    return frozen(lens.to_delivered(pixels.reshape(-1, 2)).reshape(pixels.shape))


def _between(net: Float64, rows: Integers, width: int) -> Float64:
    """(rows, width, 2): the net's lines filled in."""
    row, down = rows // COARSE, (rows % COARSE / COARSE)[:, np.newaxis, np.newaxis]
    lines = net[row] * (1 - down) + net[row + 1] * down
    columns = np.arange(width)
    column, across = columns // COARSE, (columns % COARSE / COARSE)[:, np.newaxis]
    filled: Float64 = lines[:, column] * (1 - across) + lines[:, column + 1] * across
    return filled


def _sampled(source: Integers, at: Float64, size: Size) -> Integers:
    """The pixels around each place mixed by how near they are, in steps of 1/256."""
    width, height = size
    last = np.array([width - 1, height - 1])
    with np.errstate(invalid="ignore"):
        inside = np.all((at >= -0.5) & (at < last + 0.5), axis=-1)  # False for NaN
    place = np.clip(np.where(inside[..., np.newaxis], at, 0.0), 0.0, last)
    corner = np.minimum(place.astype(np.int64), np.maximum(last - 1, 0))
    share = np.rint((place - corner) * 256).astype(np.uint16)
    first = corner[..., 1] * width + corner[..., 0]
    right, below = int(width > 1), width * int(height > 1)
    upper = _mixed(source[first], source[first + right], share[..., 0])
    lower = _mixed(source[first + below], source[first + below + right], share[..., 0])
    return np.where(inside, _mixed(upper, lower, share[..., 1]), np.uint32(0))


def _mixed(one: Integers, other: Integers, share: Integers) -> Integers:
    """Four channels at once, ``share`` of 256 of the other."""
    a, b = (pixels[..., np.newaxis].view(np.uint8).astype(np.uint16) for pixels in (one, other))
    part = share[..., np.newaxis]
    mixed: Integers = ((a * (256 - part) + b * part + 128) >> 8).astype(np.uint8).view(np.uint32)[..., 0]
    return mixed
