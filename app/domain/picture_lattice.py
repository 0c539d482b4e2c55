"""A net of pixels over a camera's picture with the directions they look in, to bend the picture straight by."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.domain.arrays import Bool, Float64, Integers, frozen
from app.domain.camera import Intrinsics, unproject
from app.domain.tracking import Size

CELLS = (160, 120)  # across and down; the straight lines between are a tenth of a pixel off for usual lenses
WIDEST = 2.75  # tangent of 70 degrees: what is farther off the axis does not go into a straight picture
SPARE = 2.0  # times WIDEST that the net still reaches, so that its ragged edge is out of sight


@dataclass(frozen=True)
class PictureLattice:
    """V pixels and Q cells between them.

    ``tangents``: (V, 2) float64, x to the right and y down at one metre along the optical axis. ``shares``: (V, 2)
    float64, the same pixels as shares of the picture from its upper left corner. ``cells``: (Q, 4) int64, corners of
    the cells all of whose corners have a direction.
    """

    tangents: Float64
    shares: Float64
    cells: Integers

    @property
    def reach(self) -> tuple[float, float]:
        """Largest tangents to either side and up or down, at most WIDEST; 0 where the lens sees nothing."""
        used = np.abs(self.tangents[np.unique(self.cells)])
        across, down = used.max(axis=0, initial=0.0).clip(max=WIDEST).tolist()
        return across, down


@lru_cache(maxsize=32)
def picture_lattice(intrinsics: Intrinsics, size: Size) -> PictureLattice:
    """The net of a picture of ``size`` (width, height). Whole numbers are the middles of pixels, as in OpenCV, so that
    the picture reaches from -0.5 to its width less 0.5."""
    across, down = (np.linspace(0.0, 1.0, cells + 1) for cells in CELLS)
    shares = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    tangents = unproject(shares * np.array(size) - 0.5, intrinsics)[:, :2]
    usable: Bool = np.abs(tangents).max(axis=1) < SPARE * WIDEST  # False for NaN
    cells = _cells()
    return PictureLattice(
        frozen(np.where(usable[:, np.newaxis], tangents, 0.0)), frozen(shares), frozen(cells[usable[cells].all(axis=1)])
    )


def _cells() -> Integers:
    """(Q, 4) corners of every cell, going round."""
    row = CELLS[0] + 1
    corner = (np.arange(CELLS[1])[:, np.newaxis] * row + np.arange(CELLS[0])).reshape(-1, 1)
    cells: Integers = corner + np.array([0, 1, row + 1, row])
    return cells
