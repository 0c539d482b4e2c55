"""How large a synthetic street is made."""

from dataclasses import dataclass

CAMERAS = ("front", "left", "right", "rear")


@dataclass(frozen=True)
class StreetPlan:
    """Everything the generated delivery depends on: equal plans give equal files.

    ``image_size`` is (width, height) in pixels; pictures are traced at ``sharpness`` times that and scaled up.
    """

    seed: int = 11
    frames: int = 24
    seconds_per_frame: float = 0.125
    beams: int = 64
    azimuth_steps: int = 1800
    image_size: tuple[int, int] = (1280, 720)
    sharpness: float = 0.5
    cameras: tuple[str, ...] = CAMERAS
    name: str = "synthetic-street"

    @property
    def frame_ids(self) -> tuple[str, ...]:
        """One id per frame, as the service would write them."""
        return tuple(f"{index:06d}" for index in range(self.frames))

    @property
    def traced_size(self) -> tuple[int, int]:
        """(width, height) of the picture before it is scaled up."""
        width, height = self.image_size
        return max(16, round(width * self.sharpness)), max(16, round(height * self.sharpness))

    def time(self, index: int) -> float:
        """Seconds since the first frame."""
        return index * self.seconds_per_frame
