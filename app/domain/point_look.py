"""How large points are drawn and what is behind them."""

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
