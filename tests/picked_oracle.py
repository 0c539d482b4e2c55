"""What is really under a pixel: a picture in which the colour of each point is its number, and VTK's own matrix."""

import numpy as np

from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
NUMBERED = 200  # red of every numbered point at least: background, rings and captions have less
EDGE = 1 / 64  # pixels; graphics cards place points on a raster about as fine
DEPTH_STEP = 2.0**-21  # of normalized depth; buffers have 24 bits


def numbered_cloud(xyz, origin=(0.0, 0.0, 0.0)):
    """A cloud whose label keys are the positions of its points in the file."""
    cloud = PointCloud(np.asarray(xyz, dtype=np.float32), np.array(origin), {}, SOURCE)
    return cloud, Mask(np.arange(len(cloud), dtype=np.int32))


def numbers_as_colors(count):
    """(count, 4) uint8 RGBA that numbers_in reads back."""
    number = np.arange(count)
    columns = (NUMBERED + (number >> 16), number >> 8 & 255, number & 255, np.full(count, 255))
    return np.column_stack(columns).astype(np.uint8)


def numbers_in(pixels):
    """(H, W) number of the point that each pixel (H, W, 3) shows, -1 where it shows none."""
    red, green, blue = (pixels[..., part].astype(int) for part in range(3))
    return np.where(red >= NUMBERED, (red - NUMBERED) << 16 | green << 8 | blue, -1)


class Projected:
    """All points through the matrix of a vtkCamera: ``pixels`` (N, 2) from the top left, ``depth`` (N,) 0 to 1."""

    def __init__(self, camera, xyz, size):
        matrix = camera.GetCompositeProjectionTransformMatrix(size[0] / size[1], 0, 1)
        rows = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
        clip = np.column_stack([xyz.astype(np.float64), np.ones(len(xyz))]) @ rows.T
        with np.errstate(divide="ignore", invalid="ignore"):
            device = clip[:, :3] / clip[:, 3:]
        self.ahead = clip[:, 3]
        self.pixels = (device[:, :2] * [1, -1] + 1) / 2 * size
        self.depth = device[:, 2]
        self.seen = (clip[:, 3] > 0) & (np.abs(device[:, :2]) <= 1).all(axis=1) & (self.depth >= 0) & (self.depth <= 1)

    def nearest(self, pixel, radius, among=True):
        """The number of the point whose centre is nearest to the middle of a pixel, -1 beyond the radius."""
        distance = np.hypot(*(self.pixels - pixel - 0.5).T)
        distance[~(self.seen & among)] = np.inf
        best = int(distance.argmin()) if len(distance) else -1
        return best if best >= 0 and distance[best] <= radius else -1

    def is_tie(self, one, other, pixel, look):
        """Whether rounding alone decides which of two points a pixel shows, of the sizes that ``look`` (Drawn) says."""
        if min(one, other) < 0:
            return False
        sizes = np.maximum(look.pixels, look.pixels_at_one_metre / self.ahead[[one, other], np.newaxis])
        edges = np.abs(np.abs(self.pixels[[one, other]] - pixel - 0.5) - sizes / 2)
        return bool((edges < EDGE).any() or abs(self.depth[one] - self.depth[other]) < DEPTH_STEP)
