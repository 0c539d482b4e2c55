"""The commands about camera images."""

from functools import partial

from app.gui.actions import Command
from app.gui.camera_area import CameraArea
from app.gui.image_state import Arrangement, ImageState
from app.gui.point_tools import PointTools


def image_commands(area: CameraArea, images: ImageState, tools: PointTools) -> tuple[Command, ...]:
    """For the table of commands of the window."""
    menu = "&Images"
    return (
        Command(
            "large-image", menu, "&Large image, or all again", area.swap, ("W",), is_on=lambda: area.large is not None
        ),
        Command(
            "image-grid",
            menu,
            "&Grid of all images",
            partial(toggle_grid, images),
            ("Shift+W",),
            is_on=lambda: images.arrangement is Arrangement.GRID,
        ),
        Command("next-image", menu, "&Next camera's image large", partial(area.next_large, 1), ("N",)),
        Command("previous-image", menu, "&Previous camera's image large", partial(area.next_large, -1), ("Shift+N",)),
        Command("fit-images", menu, "&Whole pictures", area.fit, ("Z",), line_before=True),
        Command("image-pixels", menu, "One pixel on &one", area.show_pixels, ("Shift+Z",)),
        Command(
            "link-zoom",
            menu,
            "&Zoom all together",
            lambda: images.set_linked(linked=not images.linked),
            ("Alt+Z",),
            is_on=lambda: images.linked,
        ),
        Command(
            "straighten",
            menu,
            "&Undo the bend of the lens",
            lambda: images.set_straight(straight=not images.straight),
            ("U",),
            line_before=True,
            is_on=lambda: images.straight,
        ),
        Command("image-look", menu, "&How images look", tools.toggle_images, ("Shift+I",)),
    )


def toggle_grid(images: ImageState) -> None:
    """All in a grid, or side by side again."""
    grid = images.arrangement is Arrangement.GRID
    images.arrange(Arrangement.ROW if grid else Arrangement.GRID)
