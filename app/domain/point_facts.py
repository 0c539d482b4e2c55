"""Everything that is known about one point, as its files give it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Float64
from app.domain.channels import INTENSITY_NAMES
from app.domain.legend_table import UNMAPPED_CLASS, UNMAPPED_TEXT
from app.domain.point_cloud import PointCloud
from app.domain.sequence import Frame

MOST_VALUES = 16  # of a column with many values per point that are written out
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Reference:
    """What a point is measured against, in cloud coordinates: ``ego`` (3,) float64 the lidar, None where the cloud is
    not around it; ``ground`` the height z of the ground in metres; ``heading`` of the ego's forward, radians from x
    towards y.
    """

    ego: Float64 | None
    ground: float
    heading: float = 0.0


@dataclass(frozen=True)
class PointFacts:
    """One point. ``index`` is its position in the file, ``frame`` that of its frame in the sequence.

    ``position`` are the coordinates of the file, ``local`` those of the cloud, both (x, y, z) in metres. Without a
    mask ``label_key`` is None and ``class_name`` empty. ``rows`` are (name, text) in the order to read them.
    """

    frame: int
    index: int
    position: tuple[float, float, float]
    local: tuple[float, float, float]
    label_key: int | None
    label: str
    class_name: str
    intensity: str
    rows: tuple[tuple[str, str], ...]

    @property
    def line(self) -> str:
        """The point at a glance: ``x 14.20  y −22.61  z −1.48 m  Bus # 3  i 0.31``."""
        x, y, z = (f"{value:.2f}".replace("-", MINUS) for value in self.position)
        parts = [f"x {x}", f"y {y}", f"z {z} m", self.label, f"i {self.intensity}" if self.intensity else ""]
        return "  ".join(part for part in parts if part)

    @property
    def text(self) -> str:
        """All rows, a line and a tab each, as spreadsheets take them."""
        return "\n".join(f"{name}\t{text}" for name, text in self.rows)


def point_facts(frame: Frame, index: int, reference: Reference) -> PointFacts:
    """The facts of one point of a frame by its position in the file.

    Raises ValueError for a frame without a point cloud and IndexError for a point that the cloud does not have.
    """
    cloud = frame.cloud
    if cloud is None or not 0 <= index < len(cloud):
        raise ValueError("this frame has no point cloud") if cloud is None else IndexError(f"there is no point {index}")
    key = None if frame.mask is None else int(frame.mask.label_keys[index])
    entry = None if key is None else frame.legend.get(key)
    label = "" if key is None else entry.text if entry else UNMAPPED_TEXT
    class_name = entry.class_name if entry else "" if key is None else UNMAPPED_CLASS
    position = _vector(cloud.source_coordinates(index))
    local = _vector(cloud.xyz[index].astype(np.float64))
    return PointFacts(
        frame=frame.index,
        index=index,
        position=position,
        local=local,
        label_key=key,
        label=label,
        class_name=class_name,
        intensity=_intensity(cloud, index),
        rows=(
            *_label_rows(key, label, entry.class_name if entry else ""),
            *((axis, metres_text(value)) for axis, value in zip("xyz", position, strict=True)),
            *_relations(local, reference),
            ("Index in the file", str(index)),
            ("Frame", _frame_text(frame)),
            *((f"{name} ({column.dtype})", value_text(column[index])) for name, column in cloud.columns.items()),
        ),
    )


def metres_text(metres: float) -> str:
    """To the millimetre: ``500123.456 m``."""
    return f"{metres:.3f} m"


def value_text(value: Any) -> str:
    """A value of a column, a numpy scalar or (count,) array, with every digit that its type holds and no more."""
    if isinstance(value, np.ndarray):
        shown = ", ".join(value_text(part) for part in value[:MOST_VALUES])
        return f"{shown}, …" if len(value) > MOST_VALUES else shown
    return str(value)


def _label_rows(key: int | None, label: str, class_name: str) -> Iterator[tuple[str, str]]:
    if key is None:
        return
    yield "Label", label
    if class_name:
        yield "Class", class_name
    yield "Label key", str(key)


def _relations(local: tuple[float, float, float], reference: Reference) -> Iterator[tuple[str, str]]:
    if reference.ego is not None:
        x, y, z = (np.array(local) - reference.ego).tolist()
        yield "Distance from the lidar", metres_text(math.hypot(x, y, z))
        yield "Direction", direction_text(math.atan2(y, x) - reference.heading)
    yield "Height over ground", metres_text(local[2] - reference.ground)


def direction_text(radians: float) -> str:
    """An angle from straight ahead, counter-clockwise is left: ``12.3° left``."""
    degrees = math.degrees(math.remainder(radians, math.tau))
    return f"{abs(degrees):.1f}° {'left' if degrees >= 0 else 'right'}"


def _frame_text(frame: Frame) -> str:
    number, name = str(frame.index + 1), frame.record.frame_id
    return number if name in ("", number) else f"{number} ({name})"


def _intensity(cloud: PointCloud, index: int) -> str:
    by_name = {
        name.strip().lower(): column for name, column in reversed(tuple(cloud.columns.items())) if column.ndim == 1
    }
    column: NDArray[Any] | None = next((by_name[name] for name in INTENSITY_NAMES if name in by_name), None)
    if column is None:
        return ""
    value = column[index]
    return f"{value:.2f}" if column.dtype.kind == "f" else value_text(value)


def _vector(array: Float64) -> tuple[float, float, float]:
    x, y, z = array.tolist()
    return x, y, z
