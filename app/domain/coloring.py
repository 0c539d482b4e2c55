"""How points are coloured: by what, with which colours."""

from dataclasses import dataclass
from enum import StrEnum


class ColorBy(StrEnum):
    """What the colour of a point tells."""

    CLASS = "class"
    INSTANCE = "instance"
    TRACK = "track"
    INTENSITY = "intensity"
    HEIGHT = "height"
    RANGE = "range"
    TIME = "time"
    FIELD = "field"
    CAMERA = "camera"


@dataclass(frozen=True)
class Coloring:
    """A choice of colours; ``field`` names the column for FIELD, ``value_range`` None stands for an automatic one."""

    by: ColorBy = ColorBy.CLASS
    field: str = ""
    color_map: str = "viridis"
    value_range: tuple[float, float] | None = None
    theme: str = "file"
