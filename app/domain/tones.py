"""How bright camera images are drawn: a table from the value of a channel to the value shown."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

BRIGHTNESS = (-1.0, 1.0)
CONTRAST = (0.2, 5.0)
GAMMA = (0.2, 5.0)


@dataclass(frozen=True)
class Tones:
    """``brightness`` is added to values of 0..1, ``contrast`` stretches them around the middle, ``gamma`` above 1
    lightens what is dark; 0, 1 and 1 leave a picture as it is."""

    brightness: float = 0.0
    contrast: float = 1.0
    gamma: float = 1.0

    @property
    def neutral(self) -> bool:
        """Whether pictures are shown as they are."""
        return self == Tones()

    @cached_property
    def table(self) -> bytes:
        """256 values, growing and the same for red, green and blue."""
        values = np.arange(256) / 255
        stretched = np.clip((values - 0.5) * self.contrast + 0.5 + self.brightness, 0.0, 1.0)
        return np.rint(255 * stretched ** (1 / self.gamma)).astype(np.uint8).tobytes()
