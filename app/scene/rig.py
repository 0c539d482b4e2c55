"""The sensors on the ego: a frustum for each camera and a mark where the lidar is."""

from collections.abc import Sequence

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.arrays import Float64, frozen
from app.domain.finding import printable, shortened
from app.domain.sensor_rig import Frustum
from app.scene.flat import Captions, Flat, closed
from app.scene.look import SceneLook
from app.scene.prepared import Spread
from app.scene.views import CameraPlacement, reach_of

LENGTH_SHARE = 0.035  # of how far the points go
LENGTHS = (0.6, 2.0)  # metres, the shortest and the longest
MARK = 0.15  # half the size of the lidar's mark, as a share of the length
LONGEST_CAPTION = 24  # characters: its plate hides the points behind it
CLICK_PIXELS = 6.0  # from a line of a frustum; as near as a hand gets without aiming


class RigActors:
    """Frusta in quiet lines with the names of their cameras."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._lines, self._lidar = Flat(renderer), Flat(renderer)
        self._captions = Captions(renderer)
        self._frusta: tuple[Frustum, ...] = ()

    @property
    def frusta(self) -> tuple[Frustum, ...]:
        """What is drawn, in cloud coordinates."""
        return self._frusta

    def place(self, spread: Spread, cameras: Sequence[Frustum]) -> None:
        """Draw the cameras around the lidar's origin."""
        length = frustum_length(spread)
        self._frusta = tuple(_moved(camera.at_length(length), spread.ego) for camera in cameras)
        self._lidar.draw_lines(_cross(spread.ego, MARK * length))
        self._captions.show([(_caption(each.camera), each.outline.mean(axis=0)) for each in self._frusta])
        self._lines.draw_lines([line for each in self._frusta for line in frustum_lines(each)])

    def hide(self) -> None:
        """Draw nothing."""
        self._frusta = ()
        for part in (self._lines, self._lidar, self._captions):
            part.hide()

    def set_look(self, look: SceneLook, *, pixel_ratio: float) -> None:
        """Colours of a theme; ``pixel_ratio`` is device pixels per pixel."""
        self._lines.dress(look.rig, width=pixel_ratio)
        self._lidar.dress(look.ego, width=2 * pixel_ratio)
        self._captions.dress(look.caption, plate=look.background_bottom, pixel_ratio=pixel_ratio)


def _caption(camera: str) -> str:
    """A name on one line: VTK breaks and turns lines where a name from a document says so."""
    return shortened(printable(camera), most=LONGEST_CAPTION)


def frustum_length(spread: Spread) -> float:
    """Metres from a camera to the outline of its picture: to be seen in a large scene, and not all over a small one."""
    return float(np.clip(LENGTH_SHARE * reach_of(spread), *LENGTHS))


def frustum_lines(frustum: Frustum) -> list[Float64]:
    """Its outline, a line from the camera to each corner, and a roof over the upper edge that tells which way is up."""
    left, right, _, lower_left = frustum.corners
    roof = np.array([left, (left + right) / 2 + 0.2 * (left - lower_left), right])
    return [closed(frustum.outline), *(np.array([frustum.apex, corner]) for corner in frustum.corners), roof]


def camera_at(
    frusta: Sequence[Frustum], at: tuple[float, float], placement: CameraPlacement, size: tuple[float, float]
) -> str:
    """The camera whose frustum has a line within CLICK_PIXELS of a pixel of the view, the nearest of several; "" for
    none. ``at`` and ``size`` (width, height) in pixels; lines that reach behind the viewer count as far as they are
    in front."""
    nearest, camera = CLICK_PIXELS, ""
    for each in frusta:
        distance = min(_distance(line, at, placement, size) for line in frustum_lines(each))
        if distance <= nearest:
            nearest, camera = distance, each.camera
    return camera


def _distance(line: Float64, at: tuple[float, float], placement: CameraPlacement, size: tuple[float, float]) -> float:
    """Pixels from ``at`` to the nearest point of a polyline (P, 3), infinite where none of it is in front."""
    uv, _ = placement.project(line, size)
    start, along = uv[:-1], np.diff(uv, axis=0)
    towards = np.array(at) - start
    squares = np.maximum((along * along).sum(axis=1), 1e-12)
    share = np.clip((towards * along).sum(axis=1) / squares, 0.0, 1.0)
    distances = np.linalg.norm(towards - along * share[:, np.newaxis], axis=1)
    return float(np.nanmin(distances, initial=np.inf))


def _moved(frustum: Frustum, shift: Float64) -> Frustum:
    return Frustum(frustum.camera, frozen(frustum.apex + shift), frozen(frustum.outline + shift))


def _cross(centre: Float64, half: float) -> list[Float64]:
    return [np.array([centre - axis, centre + axis]) for axis in half * np.eye(3)]
