"""Which of the things that help to find one's way are drawn around the points."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Guides:
    """Each by itself on or off; a job may lack what one of them needs, and then it is not drawn.

    ``north_is_y`` is what the user knows: no document says which way the axes of its world point.
    """

    rings: bool = True
    grid: bool = False
    axes: bool = True
    north: bool = True
    ego_path: bool = True
    rig: bool = True
    north_is_y: bool = False

    def toggled(self, name: str) -> "Guides":
        """The same with one of them the other way round; raises AttributeError for a name that is none."""
        return replace(self, **{name: not getattr(self, name)})
