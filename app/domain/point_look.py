"""How large points are drawn, what is behind them, and how they lie over camera images."""

from dataclasses import dataclass
from typing import Literal

SizeUnit = Literal["px", "m"]
Background = Literal["theme", "dark", "light", "gradient"]


@dataclass(frozen=True)
class PointLook:
    """``size`` is the width of a point in pixels or metres, as ``unit`` says, None what suits the number of points;
    ``edl`` asks for eye-dome lighting where the renderer has it."""

    size: float | None = None
    unit: SizeUnit = "px"
    edl: bool = False
    background: Background = "theme"


SIZES = (1.0, 24.0)  # pixels, the smallest and the largest point over an image


@dataclass(frozen=True)
class ImagePoints:
    """Whether and how the points of the shown frame lie over camera images: spots of ``size`` pixels of the screen, of
    ``opacity`` over 0 up to 1, without those that stand behind others where ``occlusion``.

    Raises ValueError for a size or an opacity beyond that.
    """

    shown: bool = False
    size: float = 3.0
    opacity: float = 0.9
    occlusion: bool = True

    def __post_init__(self) -> None:
        if not (SIZES[0] <= self.size <= SIZES[1] and 0 < self.opacity <= 1):
            raise ValueError(f"no points of {self.size} pixels, {self.opacity} opaque")
