"""How large points are drawn and what is behind them."""

from dataclasses import dataclass
from typing import Literal

SizeUnit = Literal["px", "m"]
Background = Literal["theme", "dark", "light", "gradient"]


@dataclass(frozen=True)
class PointLook:
    """``size`` is a diameter in pixels or metres, as ``unit`` says; ``edl`` asks for eye-dome lighting where the
    renderer has it."""

    size: float = 2.0
    unit: SizeUnit = "px"
    edl: bool = False
    background: Background = "theme"
