"""Arguments that say how a frame is looked at. What has a default of None is as in a given picture, or as usual.

Names of views and colour maps are checked with what draws them, which is loaded only where one is given.
"""

import argparse
from typing import cast

from app.cli.arguments.values import angle, filled, finite, length, point_size

CLASS_COLORS = {"file": "file", "color-blind-safe": "colour-blind safe", "high-contrast": "high contrast"}
CAMERA = "camera:"
GUIDES = {name: name.replace("-", "_") for name in ("rings", "grid", "axes", "north", "ego-path", "rig")}
MOST_AROUND = 10  # frames either way
BOX = "X Y Z LX LY LZ [YAW]"


def looking(parser: argparse.ArgumentParser) -> None:
    """Every option of how a frame is looked at."""
    _standing(parser.add_argument_group("where to look from"))
    _coloring(parser.add_argument_group("colours"))
    _showing(parser.add_argument_group("what is drawn"))
    _dressing(parser.add_argument_group("points and background"))


def _standing(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--view",
        type=view,
        metavar="VIEW",
        help="top (default), front, back, left, right, side, ego, driver, or camera:NAME with its picture behind",
    )


def _coloring(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--color-by",
        type=filled,
        metavar="WHAT",
        help="class (default), instance, track, intensity, height, range, time, camera, or a field of the file",
    )
    group.add_argument(
        "--color-map",
        type=color_map,
        metavar="MAP",
        help="for numbers: viridis (default), magma, inferno, plasma, cividis, turbo, grey",
    )
    group.add_argument(
        "--range",
        type=finite,
        nargs=2,
        action=Ascending,
        metavar=("LOW", "HIGH"),
        help="numbers that the colour map runs between (default: most of the points)",
    )
    group.add_argument("--class-colors", choices=CLASS_COLORS, help="colours of classes: the legend's, or others")


def _showing(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--hide", action="append", default=[], metavar="CLASS", help="leave a class of the legend out (repeatable)"
    )
    group.add_argument(
        "--only", action="append", default=[], metavar="CLASS", help="draw nothing but this class (repeatable)"
    )
    group.add_argument(
        "--frames-around",
        type=int,
        choices=range(MOST_AROUND + 1),
        metavar="N",
        help=f"draw up to {MOST_AROUND} frames before and after it, too, placed by the ego poses",
    )
    group.add_argument(
        "--with-motion",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="move what is tracked in frames around to where it is in this one",
    )
    group.add_argument(
        "--guides",
        type=guides,
        metavar="NAME,...",
        help=f"what is drawn around the points: {', '.join(GUIDES)}; none for nothing",
    )
    group.add_argument("--floor", type=finite, metavar="M", help="cut away what is lower, metres over the ground")
    group.add_argument("--ceiling", type=finite, metavar="M", help="cut away what is higher")
    group.add_argument("--farthest", type=length, metavar="M", help="cut away what is farther from the lidar")
    group.add_argument("--ahead", type=angle, metavar="DEGREES", help="keep only this angle around straight ahead")
    group.add_argument(
        "--box",
        type=finite,
        nargs="+",
        action=Box,
        metavar="M",
        help=f"keep only a box, {BOX}: its middle in the file's coordinates, its lengths, and degrees",
    )


def _dressing(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--point-size", type=point_size, metavar="N[px|m]", help="width of a point in pixels or metres")
    group.add_argument(
        "--edl", action=argparse.BooleanOptionalAction, default=None, help="darken edges, so that shape shows"
    )
    group.add_argument("--background", choices=("dark", "light", "gradient", "theme"), help="behind the points")
    group.add_argument("--theme", choices=("dark", "light"), help="colours of the program (default dark)")


class Ascending(argparse.Action):
    """Two numbers, the first one lower."""

    def __call__(
        self, _parser: argparse.ArgumentParser, options: argparse.Namespace, values: object, _option: str | None = None
    ) -> None:
        """Keep them as a pair; raises ArgumentError."""
        low, high = cast(list[float], values)
        if not low < high:
            raise argparse.ArgumentError(self, f"{low:g} is not lower than {high:g}")
        setattr(options, self.dest, (low, high))


class Box(argparse.Action):
    """The numbers of a box."""

    def __call__(
        self, _parser: argparse.ArgumentParser, options: argparse.Namespace, values: object, _option: str | None = None
    ) -> None:
        """Keep them as a tuple of seven; raises ArgumentError."""
        numbers = tuple(cast(list[float], values))
        if len(numbers) not in (6, 7) or min(numbers[3:6]) <= 0:
            raise argparse.ArgumentError(self, f"a box is {BOX}, with lengths over 0")
        setattr(options, self.dest, numbers if len(numbers) == 7 else (*numbers, 0.0))


def guides(text: str) -> tuple[str, ...]:
    """Parse names with commas between; raises ArgumentTypeError."""
    names = () if text == "none" else tuple(text.split(","))
    for name in names:
        if name not in GUIDES:
            raise argparse.ArgumentTypeError(f"invalid choice: {name!r} (choose from {', '.join(GUIDES)}, none)")
    return names


def view(text: str) -> str:
    """Check the name of a view; raises ArgumentTypeError."""
    from app.scene.views import VIEWS

    if text not in VIEWS and not text.startswith(CAMERA):
        raise argparse.ArgumentTypeError(f"invalid choice: {text!r} (choose from {', '.join(VIEWS)}, camera:NAME)")
    return text


def color_map(text: str) -> str:
    """Check the name of a colour map; raises ArgumentTypeError."""
    from app.domain.color_maps import COLOR_MAPS

    if text not in COLOR_MAPS:
        raise argparse.ArgumentTypeError(f"invalid choice: {text!r} (choose from {', '.join(COLOR_MAPS)})")
    return text
