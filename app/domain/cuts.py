"""What is cut away of a cloud before it is drawn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CutBox:
    """An upright box in metres: only what is inside is kept."""

    centre: tuple[float, float, float]
    half: tuple[float, float, float]
    yaw: float = 0.0  # radians


@dataclass(frozen=True)
class Sector:
    """Directions from the ego within ``half_angle`` of ``heading``, both in radians."""

    heading: float
    half_angle: float


@dataclass(frozen=True)
class Cuts:
    """Heights in metres over the ground, ``farthest`` in metres from the ego; None cuts nothing."""

    floor: float | None = None
    ceiling: float | None = None
    box: CutBox | None = None
    farthest: float | None = None
    sector: Sector | None = None

    def __bool__(self) -> bool:
        return self != Cuts()
