"""The commands that switch what is drawn around the points, and choose how many frames are drawn together."""

from functools import partial

from app.gui.actions import Command
from app.gui.viewer import Viewer

# name in Guides, text in the menu, keys
_GUIDES = (
    ("rings", "Range r&ings", ()),
    ("grid", "&Grid on the ground", ("#",)),
    ("axes", "A&xes in the corner", ()),
    ("north", "Axes of the &world", ()),
    ("north_is_y", "World &y is north", ()),
    ("ego_path", "&Way of the ego", ()),
    ("rig", "Ca&meras and lidar", ()),
)


def guide_commands(viewer: Viewer) -> tuple[Command, ...]:
    """One command for each guide, and those for several frames at once."""
    guides, neighbours = viewer.guides, viewer.neighbours
    switches = (
        Command(
            f"guide-{name}",
            "&View",
            text,
            partial(guides.toggle, name),
            keys,
            line_before=name == "rings",
            is_on=partial(_is_on, viewer, name),
        )
        for name, text, keys in _GUIDES
    )
    return (
        *switches,
        Command(
            "more-frames", "F&rame", "M&ore frames together", partial(neighbours.widen, 1), ("]",), line_before=True
        ),
        Command("fewer-frames", "F&rame", "F&ewer frames together", partial(neighbours.widen, -1), ("[",)),
        Command(
            "tracks-motion",
            "F&rame",
            "Move instances along their &tracks",
            lambda: neighbours.set_with_motion(not neighbours.with_motion),
            is_on=lambda: neighbours.with_motion,
        ),
    )


def _is_on(viewer: Viewer, name: str) -> bool:
    return bool(getattr(viewer.guides.guides, name))
