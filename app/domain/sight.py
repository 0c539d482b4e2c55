"""What one camera sees of one cloud, worked out once and asked about many times."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.domain.arrays import Bool, Float64, Integers, frozen
from app.domain.occlusion import visible_rows
from app.domain.pixel_index import PixelIndex, pixel_index
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import PointCloud

PIXEL_MIDDLE = 0.5  # lenses count whole numbers in the middles of pixels, boxes and views at their upper left corners
SAME_PIXEL = 0.5  # pixels around a position in which points count as one behind the other

Pixel = tuple[float, float]
Accepts = Callable[[Integers], Bool]  # of rows (n,) of the cloud, which may be meant


@dataclass(frozen=True, eq=False)
class CameraSight:
    """The points of a cloud that fall into a picture.

    ``placed`` is the camera in the cloud's own coordinates, which count from its origin. ``rows`` (M,) int64 are the
    points' places in the cloud, ascending, ``uv`` (M, 2) float64 their pixels, ``depth`` (M,) float64 metres along the
    axis. ``visible`` (M,) bool: no other point stands before it, those included that the views leave out, for the
    picture shows them all the same.
    """

    placed: PlacedCamera
    rows: Integers
    uv: Float64
    depth: Float64
    visible: Bool

    @cached_property
    def index(self) -> PixelIndex:
        """Its visible points by pixel."""
        return pixel_index(self.uv, size=self.placed.size, among=np.flatnonzero(self.visible))

    @cached_property
    def far_to_near(self) -> Integers:
        """(M,) places of its points, the farthest first: the order in which to paint them."""
        return np.argsort(-self.depth, kind="stable")

    def place_of(self, row: int) -> int | None:
        """Where a point of the cloud is among ``rows``; None outside the picture."""
        place = int(np.searchsorted(self.rows, row))
        return place if place < len(self.rows) and self.rows[place] == row else None

    def places_of(self, rows: Integers) -> Integers:
        """Where those of ``rows`` (n,), ascending, that are in the picture are among the sight's."""
        return np.flatnonzero(np.isin(self.rows, rows, assume_unique=True))

    def nearest(self, at: Pixel, *, radius: float, accepts: Accepts) -> int | None:
        """The row of the point that a position in the picture means: the visible one nearest to it within ``radius``
        pixels, of several in the same pixel the front-most; None without any that ``accepts`` takes."""
        places, distance = self.index.near(at, radius)
        taken = accepts(self.rows[places])
        places, distance = places[taken], distance[taken]
        if not len(places):
            return None
        first = places[distance <= max(SAME_PIXEL, float(distance.min()))]
        return int(self.rows[first[np.argmin(self.depth[first])]])


def sight_of(placed: PlacedCamera, cloud: PointCloud) -> CameraSight:
    """Project a cloud into a picture; ``placed`` is in the coordinates of the cloud's file."""
    near = placed.relative_to(cloud.origin)
    found = near.project(cloud.xyz)
    rows = np.flatnonzero(found.seen)
    visible = visible_rows(found.uv, found.depth, found.seen, near.intrinsics, near.size)
    return CameraSight(near, frozen(rows), frozen(found.uv[rows]), frozen(found.depth[rows]), frozen(visible[rows]))
