"""Colours and sizes of everything in the 3D view that is not data."""

from dataclasses import dataclass, replace

from app.domain.legend import Rgb
from app.domain.point_look import Background


@dataclass(frozen=True)
class SceneLook:
    """One theme of the 3D view."""

    background_top: Rgb
    background_bottom: Rgb
    unlabelled: Rgb  # points of a cloud without a mask
    no_color: Rgb  # points without a number, or that no camera sees
    ring: Rgb
    caption: Rgb
    ego: Rgb
    grid: Rgb
    rig: Rgb  # frusta of the cameras
    path: Rgb  # where the ego went
    attention: Rgb
    chosen: Rgb  # rims of the points of what is chosen
    axis_x: Rgb
    axis_y: Rgb
    axis_z: Rgb

    @property
    def is_dark(self) -> bool:
        """Whether light colours show better than dark ones."""
        return sum(self.background_top) + sum(self.background_bottom) < 3 * 255


DARK = SceneLook(
    background_top=(0x10, 0x13, 0x18),
    background_bottom=(0x17, 0x1C, 0x24),
    unlabelled=(0xB4, 0xBE, 0xCC),
    no_color=(0x4A, 0x50, 0x5A),
    ring=(0x4A, 0x57, 0x69),
    caption=(0xA8, 0xB2, 0xC1),
    ego=(0x4D, 0xA3, 0xFF),
    grid=(0x2C, 0x35, 0x41),
    rig=(0x7F, 0x8B, 0x9E),
    path=(0x3A, 0x78, 0xB8),
    attention=(0xE0, 0xA8, 0x3A),
    chosen=(0xFF, 0xFF, 0xFF),
    axis_x=(0xFF, 0x6B, 0x60),
    axis_y=(0x43, 0xC0, 0x6B),
    axis_z=(0x5B, 0x9D, 0xFF),
)
LIGHT = SceneLook(
    background_top=(0xDF, 0xE4, 0xEB),
    background_bottom=(0xEE, 0xF1, 0xF5),
    unlabelled=(0x3C, 0x46, 0x55),
    no_color=(0xB4, 0xBA, 0xC4),
    ring=(0xA9, 0xB3, 0xC1),
    caption=(0x4A, 0x55, 0x64),
    ego=(0x16, 0x6F, 0xD6),
    grid=(0xCB, 0xD2, 0xDB),
    rig=(0x6C, 0x78, 0x8A),
    path=(0x6B, 0xA2, 0xDE),
    attention=(0xA8, 0x6E, 0x00),
    chosen=(0x10, 0x18, 0x24),
    axis_x=(0xC8, 0x30, 0x28),
    axis_y=(0x1D, 0x84, 0x40),
    axis_z=(0x1F, 0x5F, 0xC8),
)


def fraction(color: Rgb) -> tuple[float, float, float]:
    """A colour in 0..1, as VTK takes it."""
    red, green, blue = color
    return red / 255, green / 255, blue / 255


def dressed_for(background: Background, *, theme: SceneLook) -> SceneLook:
    """The look with another background; what is drawn on it follows, so that it stays readable."""
    if background == "dark":
        return replace(DARK, background_top=DARK.background_top, background_bottom=DARK.background_top)
    if background == "light":
        return replace(LIGHT, background_top=LIGHT.background_bottom, background_bottom=LIGHT.background_bottom)
    if background == "gradient":
        return replace(DARK, background_top=(0x39, 0x4B, 0x63), background_bottom=(0x0C, 0x0F, 0x14))
    return theme
