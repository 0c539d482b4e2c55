"""The ego's way through the recording, laid on the ground, with the places where its pose leaps."""

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.arrays import Bool, Float64
from app.domain.ego_poses import EgoPath
from app.scene.flat import Captions, Flat, circle, closed
from app.scene.look import SceneLook
from app.scene.prepared import Spread

HERE = 0.6  # metres, radius of the mark around the shown frame's place
LIFT = 0.1  # metres above the ground, whose points would hide it
LEAP = 0.5  # metres, half the size of the mark at a pose that leaps
FEWEST_CAPTIONED = 12  # leaps that are told by number; more of them would write over each other


class PathActors:
    """The way, the shown frame's place on it, and its leaps."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._way, self._here, self._leaps = Flat(renderer), Flat(renderer), Flat(renderer)
        self._captions = Captions(renderer)

    def place(self, spread: Spread, path: EgoPath, jumps: frozenset[int]) -> None:
        """Draw the way below the ego: its own height is that of the lidar."""
        xyz = path.xyz + spread.ego
        xyz[:, 2] += spread.ground - spread.ego[2] + LIFT
        leaps = np.isin(path.frames, list(jumps))
        self._way.draw_lines(stretches(xyz, ~leaps[1:]))
        self._leaps.draw_lines([*stretches(xyz, leaps[1:]), *(line for at in xyz[leaps] for line in _mark(at))])
        self._here.draw_lines([closed(at + circle(HERE)) for at in xyz[path.frames == path.at]])
        named = zip(path.frames[leaps].tolist(), xyz[leaps], strict=True)
        words = [(f"frame {frame + 1}", at + np.array([0.0, 0.0, 2 * LEAP])) for frame, at in named]
        self._captions.show(words[:FEWEST_CAPTIONED])

    def hide(self) -> None:
        """Draw nothing."""
        for part in (self._way, self._here, self._leaps, self._captions):
            part.hide()

    def set_look(self, look: SceneLook, *, pixel_ratio: float) -> None:
        """Colours of a theme; ``pixel_ratio`` is device pixels per pixel."""
        self._way.dress(look.path, width=1.5 * pixel_ratio)
        self._here.dress(look.ego, width=1.5 * pixel_ratio)
        self._leaps.dress(look.attention, width=2 * pixel_ratio)
        self._captions.dress(look.attention, plate=look.background_bottom, pixel_ratio=pixel_ratio)


def stretches(xyz: Float64, wanted: Bool) -> list[Float64]:
    """Polylines through the points (P, 3) along those of the P - 1 steps between them that are ``wanted``."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [xyz[start : end + 1] for start, end in changes.reshape(-1, 2).tolist()]


def _mark(at: Float64) -> list[Float64]:
    """A cross on the ground."""
    return [np.array([at - arm, at + arm]) for arm in (np.array([LEAP, LEAP, 0.0]), np.array([LEAP, -LEAP, 0.0]))]
