"""How near each place of a picture is to an edge, upright ones and level ones apart."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from app.domain.arrays import Bool, Bytes, Float32, Float64
from app.domain.camera import Intrinsics, in_image, project

CELL = 0.0022  # radians of view per cell: an eighth of a degree
SMOOTH = 0.7  # cells, against the noise of the picture
SURROUNDINGS = 41  # cells across, of what an edge is compared with: so that edges in shade count too
FAINT = 5.0  # grey levels per cell that are added to them: so that noise on even ground does not
MOST = 4.0  # times the surroundings, beyond which an edge counts no more
NEARNESS = 3.0  # cells (standard deviation) over which being near an edge fades: a third of a degree
LEAST_SPREAD = 1e-3  # of the nearness over a picture that shows anything


@dataclass(frozen=True)
class ImageEdges:
    """``upright`` and ``level`` (rows, columns) float32: nearness to edges of that way, mean 0 and standard deviation 1
    over the picture, in cells of ``step`` pixels."""

    upright: Float32
    level: Float32
    step: int

    def at(self, xyz_in_camera: Float64, upright: Bool, intrinsics: Intrinsics) -> Float32:
        """(N,) float32 nearness of (N, 3) points in optical axes to edges of their way, (N,) ``upright`` or level;
        0, as good as anywhere, where a point is not in the picture."""
        uv, valid = project(xyz_in_camera, intrinsics)
        uv = (uv + 0.5) / self.step  # the middle of a pixel has whole coordinates
        rows, columns = self.upright.shape
        inside = np.flatnonzero(in_image(uv, valid, size=(columns, rows)))
        column, row = uv[inside].astype(np.int64).T
        found = np.zeros(len(uv), dtype=np.float32)
        found[inside] = np.where(upright[inside], self.upright[row, column], self.level[row, column])
        return found


def image_edges(image: Bytes, intrinsics: Intrinsics) -> ImageEdges | None:
    """The edges of an (H, W, 3) uint8 picture in the pixels of ``intrinsics``; None where it is even all over, or too
    small to have any."""
    step = max(1, round(CELL * intrinsics.fx))
    gray = _shrunk(image[:, :, 1], step)  # green: the sharpest of most cameras, and near enough to brightness
    if min(gray.shape) < 2 * NEARNESS:
        return None
    smooth = ndimage.gaussian_filter(gray, SMOOTH)
    upright, level = _nearness(smooth, axis=1), _nearness(smooth, axis=0)
    return None if upright is None or level is None else ImageEdges(upright, level, step)


def _nearness(gray: Float32, *, axis: int) -> Float32 | None:
    """To edges across ``axis``; None where there is none."""
    slope = np.abs(ndimage.sobel(gray, axis=axis))
    edges = np.minimum(slope / (ndimage.uniform_filter(slope, SURROUNDINGS) + FAINT), MOST)
    near: Float32 = ndimage.gaussian_filter(edges, NEARNESS)
    spread = float(near.std())
    return ((near - float(near.mean())) / spread).astype(np.float32) if spread > LEAST_SPREAD else None


def _shrunk(channel: Bytes, step: int) -> Float32:
    """Means of ``step`` x ``step`` pixels."""
    rows, columns = channel.shape[0] // step * step, channel.shape[1] // step * step
    total = np.zeros((rows // step, columns // step), dtype=np.float32)
    for down in range(step):
        for across in range(step):
            total += channel[down:rows:step, across:columns:step]
    total /= step * step
    return total
