"""Several frames as one point cloud, placed with the ego poses, so that labels that drift from frame to frame show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Float32, Float64, Integers, frozen
from app.domain.geometry import Pose
from app.domain.instance_motion import instance_points, track_shifts
from app.domain.legend import Legend
from app.domain.mask import NULL_KEY, Mask
from app.domain.point_cloud import PointCloud
from app.domain.sequence import Frame


@dataclass(frozen=True)
class PlacedFrame:
    """A decoded frame with a cloud, and the pose that leads from its points into the space they are to be shown in."""

    frame: Frame
    cloud: PointCloud
    shown_from_frame: Pose


@dataclass(frozen=True)
class Accumulated:
    """The points of several frames in the space of one of them, whose own points come first, unmoved, in file order.

    ``frame_of_point``: (N,) int16, how many frames after (before: negative) the shown one a point was measured.
    ``index_in_file``: (N,) uint32, its position in its own file. ``legend`` holds the keys of all frames.
    ``mask`` has NULL_KEY for points of frames without one, and is None where no frame has one.
    """

    at: int
    cloud: PointCloud
    mask: Mask | None
    legend: Legend
    frame_of_point: Integers
    index_in_file: Integers

    def source(self, point: int) -> tuple[int, int]:
        """The frame that a point was measured in, and its position in the file of that frame."""
        return self.at + int(self.frame_of_point[point]), int(self.index_in_file[point])


def accumulate(shown: PlacedFrame, others: Sequence[PlacedFrame], *, with_motion: bool = False) -> Accumulated:
    """Put ``others`` around the frame ``shown``, which is not moved.

    ``with_motion`` moves the instances of other frames to where their track is in the shown one. Columns that not all
    the clouds have are left out. Memory is what the result takes, and float64 coordinates of one frame at a time.
    """
    parts = [shown, *others]
    here = instance_points(shown.frame, shown.cloud) if with_motion else {}
    coordinates = [shown.cloud.xyz, *(_placed(other, shown.cloud, here) for other in others)]
    lengths = [len(part.cloud) for part in parts]
    offsets = [part.frame.index - shown.frame.index for part in parts]
    cloud = PointCloud(
        xyz=frozen(np.concatenate(coordinates)),
        origin=shown.cloud.origin,
        columns=_common_columns([part.cloud for part in parts]),
        source=replace(shown.cloud.source, width=sum(lengths), height=1),
    )
    return Accumulated(
        at=shown.frame.index,
        cloud=cloud,
        mask=_mask(parts),
        legend=reduce(_united, (part.frame.legend for part in parts)),
        frame_of_point=frozen(np.repeat(np.array(offsets, dtype=np.int16), lengths)),
        index_in_file=frozen(np.concatenate([np.arange(length, dtype=np.uint32) for length in lengths])),
    )


def _placed(part: PlacedFrame, shown: PointCloud, here: Mapping[str, Float64]) -> Float32:
    """(N, 3) float32 metres relative to the origin of the ``shown`` cloud."""
    xyz = part.cloud.xyz.astype(np.float64)
    xyz += part.cloud.origin
    with np.errstate(invalid="ignore", over="ignore"):  # points that are not finite stay so
        moved = part.shown_from_frame.apply(xyz)
        moved -= shown.origin
        for rows, shift in track_shifts(part.frame, moved, towards=here):
            moved[rows] += shift
        return moved.astype(np.float32)


def _common_columns(clouds: Sequence[PointCloud]) -> dict[str, NDArray[Any]]:
    shapes = [{(name, column.shape[1:]) for name, column in cloud.columns.items()} for cloud in clouds]
    common = set.intersection(*shapes)
    names = [name for name, column in clouds[0].columns.items() if (name, column.shape[1:]) in common]
    return {name: frozen(np.concatenate([cloud.columns[name] for cloud in clouds])) for name in names}


def _mask(parts: Sequence[PlacedFrame]) -> Mask | None:
    if all(part.frame.mask is None for part in parts):
        return None
    return Mask(frozen(np.concatenate([_label_keys(part) for part in parts])))


def _label_keys(part: PlacedFrame) -> Integers:
    if part.frame.mask is None:
        return np.full(len(part.cloud), NULL_KEY, dtype=np.int32)
    return part.frame.mask.label_keys


def _united(one: Legend, other: Legend) -> Legend:
    """The first legend with the rows of the other for keys that it lacks."""
    more = tuple(entry for entry in other if entry.label_key not in one.by_key) if other is not one else ()
    return replace(one, entries=one.entries + more) if more else one
