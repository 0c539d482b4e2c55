"""The commands that choose which boxes are drawn over images, in which colours and with how long a way."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.box_look import TRAIL_LENGTHS, BoxColors, BoxLook, Trails
from app.gui.actions import Command, Keys
from app.gui.box_style import BoxStyle

MENU = "&Boxes"

Change = Callable[[BoxLook], BoxLook]


def box_commands(style: BoxStyle) -> tuple[Command, ...]:
    """For the table of commands of the window."""
    return (
        _switch(
            style, "boxes-tracked", "&Tracked boxes", "Shift+T", lambda look: replace(look, tracked=not look.tracked)
        ),
        _switch(
            style, "boxes-detected", "&Detections", "Shift+D", lambda look: replace(look, detected=not look.detected)
        ),
        _switch(
            style,
            "boxes-kept",
            "Boxes &kept without a detection",
            "Shift+K",
            lambda look: replace(look, kept=not look.kept),
        ),
        _switch(style, "boxes-tags", "&Names and scores", "Alt+N", lambda look: replace(look, tags=not look.tags)),
        _choice(style, "boxes-by-track", "Colour by t&rack", ("Alt+T",), _colored(BoxColors.TRACK), line_before=True),
        _choice(style, "boxes-by-class", "Colour by &class of the legend", ("Alt+L",), _colored(BoxColors.CLASS)),
        _choice(style, "trails-none", "&Without ways", (), _with_trails(Trails.NONE), line_before=True),
        _choice(style, "trails-chosen", "Way of the &selected track", ("Alt+Shift+W",), _with_trails(Trails.CHOSEN)),
        _choice(style, "trails-all", "Ways of &all tracks", ("Alt+W",), _with_trails(Trails.ALL)),
        *(
            _choice(style, f"trails-{frames}", f"Ways over {frames} frames", (), _over(frames), line_before=not place)
            for place, frames in enumerate(TRAIL_LENGTHS)
        ),
    )


def _colored(colors: BoxColors) -> Change:
    return lambda look: replace(look, colors=colors)


def _with_trails(trails: Trails) -> Change:
    return lambda look: replace(look, trails=trails)


def _over(frames: int) -> Change:
    return lambda look: replace(look, trail_frames=frames)


def _switch(style: BoxStyle, command_id: str, text: str, key: str, flip: Change) -> Command:
    """It is on where flipping takes something away, so that one of the two looks has more."""
    return Command(
        command_id,
        MENU,
        text,
        lambda: style.set_look(flip(style.look)),
        (key,),
        is_on=lambda: style.look.shown > flip(style.look).shown,
    )


def _choice(
    style: BoxStyle, command_id: str, text: str, keys: tuple[Keys, ...], change: Change, *, line_before: bool = False
) -> Command:
    return Command(
        command_id,
        MENU,
        text,
        lambda: style.set_look(change(style.look)),
        keys,
        line_before=line_before,
        is_on=lambda: change(style.look) == style.look,
    )
