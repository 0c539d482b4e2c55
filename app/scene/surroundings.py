"""What is drawn besides the data, each by itself on or off: rings, grid, axes, north, the sensors and the ego's way."""

from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.sensor_rig import Frustum, SensorRig
from app.scene.axes import AxesTriad
from app.scene.ego_path import PathActors
from app.scene.grid import Grid
from app.scene.guides import Guides
from app.scene.look import SceneLook
from app.scene.north import North
from app.scene.prepared import Spread
from app.scene.rig import RigActors
from app.scene.rings import EgoArrow, Rings, ring_radii
from app.scene.views import CameraPlacement, is_among


class Surroundings:
    """Everything moves with each cloud's ego and ground; what a cloud is not around is not drawn for it."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._rings, self._arrow, self._grid = Rings(renderer), EgoArrow(renderer), Grid(renderer)
        self._north, self._rig, self._path = North(renderer), RigActors(renderer), PathActors(renderer)
        self._axes = AxesTriad(renderer)
        self._guides = Guides()
        self._sensors = SensorRig()
        self._spread: Spread | None = None
        self._heading = 0.0
        self._placement: CameraPlacement | None = None
        self._only_axes = False

    @property
    def guides(self) -> Guides:
        """What is switched on."""
        return self._guides

    @property
    def frusta(self) -> tuple[Frustum, ...]:
        """The cameras that are drawn, in cloud coordinates."""
        return self._rig.frusta

    def place(self, spread: Spread, *, heading: float) -> None:
        """Put everything on the ground around the ego; a cloud that is not around its lidar gets grid and axes only."""
        self._spread, self._heading = spread, heading
        self._refresh()

    def hide(self) -> None:
        """Show nothing but the axes."""
        self._spread = None
        self._refresh()

    def set_guides(self, guides: Guides) -> None:
        """Switch parts on and off."""
        self._guides = guides
        self._refresh()

    def set_rig(self, sensors: SensorRig) -> None:
        """Where the sensors of the shown frame are, and the ego's way."""
        self._sensors = sensors
        self._refresh()

    def give_way(self, *, to_picture: bool) -> None:
        """Draw nothing but the axes while a camera's picture stands behind the points."""
        if to_picture != self._only_axes:
            self._only_axes = to_picture
            self._refresh()

    def follow(self, placement: CameraPlacement) -> None:
        """Turn the axes and refine the grid as the camera moves; costs the same for any cloud."""
        self._placement = placement
        self._axes.follow(placement)
        if self._grid_wanted:
            self._place_grid()

    def set_look(self, look: SceneLook, *, pixel_ratio: float) -> None:
        """Colours of a theme; ``pixel_ratio`` is device pixels per pixel."""
        self._arrow.set_look(look)
        for part in (self._rings, self._grid, self._north, self._rig, self._path, self._axes):
            part.set_look(look, pixel_ratio=pixel_ratio)

    @property
    def _grid_wanted(self) -> bool:
        return self._guides.grid and self._spread is not None and not self._only_axes

    def _place_grid(self) -> None:
        if self._spread is not None and self._placement is not None:
            self._grid.place(self._spread, self._placement)

    def _refresh(self) -> None:
        self._axes.set_visible(visible=self._guides.axes)
        for part in (self._rings, self._arrow, self._grid, self._north, self._rig, self._path):
            part.hide()
        if self._grid_wanted:
            self._place_grid()
        if self._spread is not None and is_among(self._spread) and not self._only_axes:
            self._place_around(self._spread)

    def _place_around(self, spread: Spread) -> None:
        guides, sensors = self._guides, self._sensors
        if ring_radii(spread):
            self._arrow.place(spread, heading=self._heading)
        if guides.rings:
            self._rings.place(spread, heading=self._heading)
        if guides.north and sensors.lidar_from_world is not None:
            self._north.place(spread, sensors.lidar_from_world, north_is_y=guides.north_is_y)
        if guides.rig and (sensors.cameras or ring_radii(spread)):
            self._rig.place(spread, sensors.cameras)
        if guides.ego_path and sensors.path is not None:
            self._path.place(spread, sensors.path, sensors.jumps)
