"""The commands that lay the points over camera images."""

from dataclasses import replace

from app.gui.actions import Command
from app.gui.appearance import Appearance


def image_point_commands(appearance: Appearance) -> tuple[Command, ...]:
    """Points over images or not, and whether those that stand behind others are among them."""
    return (
        Command(
            "image-points",
            "&Images",
            "&Points over images",
            lambda: toggle_shown(appearance),
            ("P",),
            line_before=True,
            is_on=lambda: appearance.image_points.shown,
            repeats=False,
        ),
        Command(
            "image-occlusion",
            "&Images",
            "No points that stand &behind others",
            lambda: toggle_occlusion(appearance),
            ("Alt+P",),
            is_on=lambda: appearance.image_points.occlusion,
            repeats=False,
        ),
    )


def toggle_shown(appearance: Appearance) -> None:
    """Lay the points over the images, or take them away."""
    now = appearance.image_points
    appearance.set_image_points(replace(now, shown=not now.shown))


def toggle_occlusion(appearance: Appearance) -> None:
    """Leave out the points that stand behind others, or draw them too."""
    now = appearance.image_points
    appearance.set_image_points(replace(now, occlusion=not now.occlusion))
