"""How well the points of a scan and a camera's picture agree: whether things end in both at the same places.

After J. Levinson and S. Thrun, "Automatic Online Calibration of Cameras and Lasers", RSS 2013: the nearness of image
edges is summed where depth jumps, for the camera as it is given and turned a little each way. What agreement is worth
in one picture says nothing about another, so the score tells how much of the best that any turn reaches the given
camera has.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product

import numpy as np

from app.domain.arrays import Bytes, Float32, Float64, frozen
from app.domain.camera import Intrinsics
from app.domain.depth_edges import DepthEdges, depth_edges
from app.domain.image_edges import ImageEdges, image_edges
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import PointCloud

ROLLS = np.arange(-1.0, 1.01, 1.0)  # degrees
PITCHES = np.arange(-2.0, 2.01, 0.5)
YAWS = np.arange(-3.0, 3.01, 0.25)
FEWEST_EDGES = 40  # from which on a score means something
MOST_EDGES = 300  # that are looked up; more cost time and tell no more
FULL_AGREEMENT = 0.4  # standard deviations above a random place of the picture, from which on it does not limit a score
LEAST_ROLL_GAIN = 0.15  # of what a turn gains, that turning about the axis must add to be believed: its step is coarse
_GIVEN = (len(ROLLS) // 2, len(PITCHES) // 2, len(YAWS) // 2)


class Untold(StrEnum):
    """Why there is no score."""

    FEW_EDGES = "too few things stand out against what lies behind them"
    EVEN_PICTURE = "the picture shows no edges"


@dataclass(frozen=True)
class Turn:
    """By how much points move in a picture when its camera turns: degrees to the right, downwards and clockwise."""

    right: float
    down: float
    clockwise: float

    @property
    def size(self) -> float:
        """Degrees in all."""
        return math.hypot(self.right, self.down, self.clockwise)


@dataclass(frozen=True)
class EdgeAlignment:
    """``agreement``: (rolls, pitches, yaws) float32, of the camera turned by ROLLS, PITCHES and YAWS, in standard
    deviations above a random place of the picture; None for the reason in ``untold``. ``edges``: how many were seen.
    ``focal``: the camera's focal length in pixels.
    """

    edges: int
    agreement: Float32 | None = None
    untold: Untold | None = None
    focal: float = 0.0

    @cached_property
    def score(self) -> float | None:
        """From 0 for none to 1 where no turn does better; None where that cannot be told."""
        if self.agreement is None:
            return None
        given = float(self.agreement[_GIVEN])
        reached = (given - self._usual) / max(self.highest - self._usual, 1e-6)
        return float(np.clip(reached, 0, 1) * np.clip(given / FULL_AGREEMENT, 0, 1))

    @cached_property
    def highest(self) -> float:
        """The agreement of the best turn; 0 where that cannot be told."""
        return 0.0 if self.agreement is None else float(self.agreement.max())

    @cached_property
    def best(self) -> Turn:
        """How the points would have to move to agree best: a few tenths of a degree are within the error; no turn
        without a score."""
        if self.agreement is None:
            return Turn(0.0, 0.0, 0.0)
        level = float(self.agreement[_GIVEN[0]].max())
        gain = (self.highest - level) / max(self.highest - self._usual, 1e-6)
        roll = int(self.agreement.max(axis=(1, 2)).argmax()) if gain > LEAST_ROLL_GAIN else _GIVEN[0]
        pitch, yaw = np.unravel_index(int(self.agreement[roll].argmax()), self.agreement[roll].shape)
        across, upwards = self.agreement[roll, pitch, :], self.agreement[roll, :, yaw]
        return Turn(right=_peak(YAWS, across), down=-_peak(PITCHES, upwards), clockwise=float(ROLLS[roll]))

    @cached_property
    def _usual(self) -> float:
        return 0.0 if self.agreement is None else float(np.median(self.agreement))


def _peak(degrees: Float64, agreement: Float32) -> float:
    """Where the parabola through the highest of evenly spaced values and its neighbours is highest."""
    top = int(agreement.argmax())
    if not 0 < top < len(degrees) - 1:
        return float(degrees[top])
    before, at, after = (float(value) for value in agreement[top - 1 : top + 2])
    bend = before - 2 * at + after
    beside = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(degrees[top] + beside * (degrees[1] - degrees[0]))


def edge_alignment(placed: PlacedCamera, cloud: PointCloud, image: Bytes, *, lidar: Float64) -> EdgeAlignment:
    """Compare a scan with an (H, W, 3) uint8 picture. ``placed`` and ``lidar``, (3,) where the lidar is, in the cloud's
    coordinates, which count from its origin, with z upwards."""
    edges, lens = depth_edges(placed, cloud, lidar=lidar), placed.intrinsics
    picture = image_edges(image, lens) if len(edges) >= FEWEST_EDGES else None
    if picture is None:
        untold = Untold.FEW_EDGES if len(edges) < FEWEST_EDGES else Untold.EVEN_PICTURE
        return EdgeAlignment(len(edges), untold=untold, focal=lens.fx)
    agreement = _agreement(edges.thinned(MOST_EDGES), picture, lens)
    return EdgeAlignment(len(edges), frozen(agreement), focal=lens.fx)


def combined(alignments: Iterable[EdgeAlignment]) -> EdgeAlignment:
    """Of several frames of one camera as if it were one, each as much as it has edges."""
    known = list(alignments)
    told = [(one.edges, one.agreement) for one in known if one.agreement is not None]
    total, focal = sum(one.edges for one in known), max((one.focal for one in known), default=0.0)
    if not told:
        return EdgeAlignment(total, untold=next((one.untold for one in known), Untold.FEW_EDGES), focal=focal)
    weights = [min(edges, MOST_EDGES) for edges, _ in told]
    mean = np.average([agreement for _, agreement in told], axis=0, weights=weights)
    return EdgeAlignment(total, frozen(mean.astype(np.float32)), focal=focal)


def _agreement(edges: DepthEdges, picture: ImageEdges, intrinsics: Intrinsics) -> Float32:
    turns = np.array([turn(*degrees) for degrees in product(ROLLS, PITCHES, YAWS)])
    moved = np.einsum("tij,ej->tei", turns, edges.xyz).reshape(-1, 3)
    near = picture.at(moved, np.tile(edges.upright, len(turns)), intrinsics).reshape(len(turns), -1)
    agreement: Float32 = near @ (edges.weights / edges.weights.sum()).astype(np.float32)
    return agreement.reshape(len(ROLLS), len(PITCHES), len(YAWS))


def turn(roll: float, pitch: float, yaw: float) -> Float64:
    """(3, 3) that moves points in optical axes clockwise, upwards and to the right by degrees."""
    (sin_roll, cos_roll), (sin_pitch, cos_pitch), (sin_yaw, cos_yaw) = (
        (math.sin(math.radians(angle)), math.cos(math.radians(angle))) for angle in (roll, pitch, yaw)
    )
    around_z = np.array([[cos_roll, -sin_roll, 0], [sin_roll, cos_roll, 0], [0, 0, 1]])
    around_x = np.array([[1, 0, 0], [0, cos_pitch, -sin_pitch], [0, sin_pitch, cos_pitch]])
    around_y = np.array([[cos_yaw, 0, sin_yaw], [0, 1, 0], [-sin_yaw, 0, cos_yaw]])
    turned: Float64 = around_z @ around_x @ around_y
    return turned
