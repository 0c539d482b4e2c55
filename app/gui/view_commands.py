"""The commands that move the camera of the 3D view, by menu and by key."""

import math
from functools import partial
from typing import TYPE_CHECKING

from app.gui.actions import Command
from app.gui.saved_views import SLOTS
from app.scene.following import Hold

if TYPE_CHECKING:
    from app.gui.navigation import Navigation

TURN, TILT = math.radians(7.5), math.radians(5.0)  # one press of a key
MOVE = 0.15  # of half the picture's height
CLOSER = 1.2

# name of the view, its text in menus, its key
VIEWS = (
    ("top", "From the &top", "T"),
    ("front", "From the &front", "F"),
    ("back", "From the &back", "Shift+F"),
    ("left", "From the &left", "L"),
    ("right", "From the &right", "Shift+L"),
    ("ego", "From behind the &ego", "E"),
    ("driver", "From the dri&ver's seat", "Shift+E"),
)


def view_commands(navigation: "Navigation") -> tuple[Command, ...]:
    """Named views, the rig's cameras, what is followed, saved views and every motion that the mouse can do."""
    return (*_named(navigation), *_following(navigation), *_motions(navigation), *_saved(navigation))


def _named(navigation: "Navigation") -> tuple[Command, ...]:
    views = (
        Command(f"view-{name}", "&View", text, partial(navigation.look, name), (key,)) for name, text, key in VIEWS
    )
    return (
        *views,
        Command("next-camera", "&View", "Through the next &camera", lambda: navigation.next_camera(1), ("C",)),
        Command(
            "previous-camera", "&View", "Through the camera before", lambda: navigation.next_camera(-1), ("Shift+C",)
        ),
        Command("projection", "&View", "With or without &perspective", navigation.toggle_projection, ("O",)),
    )


def _following(navigation: "Navigation") -> tuple[Command, ...]:
    return (
        Command("follow", "&Move", "&Follow what is in the middle, or the ego", navigation.follow_nearest, ("G",)),
        Command(
            "hold-place", "&Move", "Stay at this &place of the street", partial(toggle_place, navigation), ("Shift+G",)
        ),
    )


def toggle_place(navigation: "Navigation") -> None:
    """Let the ego drive away, or go along with it again."""
    held = navigation.following.hold is Hold.PLACE
    navigation.follow(Hold.EGO if held else Hold.PLACE)


def _motions(navigation: "Navigation") -> tuple[Command, ...]:
    turn, move, zoom = navigation.turn, navigation.move, navigation.zoom
    return (
        Command("turn-left", "&Move", "Turn &left", partial(turn, turn=-TURN), ("Ctrl+Left",), line_before=True),
        Command("turn-right", "&Move", "Turn &right", partial(turn, turn=TURN), ("Ctrl+Right",)),
        Command("look-higher", "&Move", "Look from &higher", partial(turn, tilt=TILT), ("Ctrl+Up",)),
        Command("look-lower", "&Move", "Look from lo&wer", partial(turn, tilt=-TILT), ("Ctrl+Down",)),
        Command("move-left", "&Move", "Move left", partial(move, right=-MOVE), ("Ctrl+Shift+Left",), line_before=True),
        Command("move-right", "&Move", "Move right", partial(move, right=MOVE), ("Ctrl+Shift+Right",)),
        Command("move-up", "&Move", "Move up", partial(move, up=MOVE), ("Ctrl+Shift+Up",)),
        Command("move-down", "&Move", "Move down", partial(move, up=-MOVE), ("Ctrl+Shift+Down",)),
        Command("closer", "&Move", "&Closer", partial(zoom, CLOSER), ("+", "="), line_before=True),
        Command("away", "&Move", "&Away", partial(zoom, 1 / CLOSER), ("-",)),
    )


def _saved(navigation: "Navigation") -> tuple[Command, ...]:
    go = (
        Command(
            f"go-to-view-{slot}",
            "&Saved views",
            f"Go to view &{slot}",
            partial(navigation.go_to_saved, slot),
            (f"Alt+{slot}",),
        )
        for slot in SLOTS
    )
    save = (
        Command(
            f"save-view-{slot}",
            "&Saved views",
            f"Save as view {slot}",
            partial(navigation.save_view, slot),
            (f"Ctrl+Alt+{slot}",),
            line_before=slot == SLOTS[0],
        )
        for slot in SLOTS
    )
    return (*go, *save)
