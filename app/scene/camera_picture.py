"""What is drawn behind the points where a camera of the rig is looked through."""

from dataclasses import dataclass

from app.domain.arrays import Bytes
from app.domain.geometry import Pose
from app.domain.picture_lattice import PictureLattice


@dataclass(frozen=True)
class CameraPicture:
    """A picture (H, W, 3) uint8 RGB, the net that bends it straight, and ``cloud_from_camera`` with optical axes."""

    pixels: Bytes
    lattice: PictureLattice
    pose: Pose
