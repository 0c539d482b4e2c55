"""The 3D picture of one frame in a renderer: points, rings, ego arrow, background and camera."""

import numpy as np
import vtkmodules.vtkRenderingFreeType  # registers how text is drawn
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - registers how everything else is
from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.arrays import Bytes, Float64, frozen
from app.scene.cloud_layer import CloudLayer
from app.scene.look import DARK, SceneLook, fraction
from app.scene.picking import Drawn
from app.scene.prepared import PreparedCloud, Spread
from app.scene.surroundings import Surroundings
from app.scene.views import FIRST_VIEW, CameraPlacement, place_camera, reach_of

SMALL_POINT, LARGE_POINT = 2.0, 3.0  # pixels; a scan of a few points is easier to read in larger ones
FEW_POINTS = 250_000
BEYOND = 5000.0  # metres behind the focal point that are drawn at least
CLOSEST_SHARE, CLOSEST = 1e-3, 0.02  # near plane: share of the camera's distance, and metres


class Scene:
    """Owns what is in a renderer for as long as the renderer lives; frames only swap data."""

    def __init__(self, renderer: vtkRenderer, *, pixel_ratio: float = 1.0, aspect: float = 1.5) -> None:
        self._renderer = renderer
        self._pixel_ratio = pixel_ratio
        self.aspect = aspect
        self.heading = 0.0  # where forward is, radians from x towards y; for the next show and set_view
        self.layer = CloudLayer()
        self.surroundings = Surroundings(renderer)
        self._spread = _nowhere()
        self._placement = place_camera(FIRST_VIEW, self._spread, aspect=aspect)
        renderer.GetCullers().RemoveAllItems()  # they would ask for the bounds of every point
        renderer.AddActor(self.layer.actor)
        self.set_look(DARK)
        self.set_placement(self._placement)

    @property
    def placement(self) -> CameraPlacement:
        """Where the camera stands."""
        return self._placement

    @property
    def prepared(self) -> PreparedCloud | None:
        """The cloud on screen."""
        return self.layer.prepared

    @property
    def drawn(self) -> Drawn | None:
        """What of the cloud is on screen, so that nothing else is picked; None without a cloud."""
        prepared, layer = self.prepared, self.layer
        if prepared is None:
            return None
        near, far = self._clipping(self._placement)
        size, shown_rows = layer.actor.GetProperty().GetPointSize(), layer.color_table[:, 3] > 0
        return Drawn(len(prepared), prepared.label_index, shown_rows, point_size=size, near=near, far=far)

    def show(self, prepared: PreparedCloud | None, colors: Bytes) -> None:
        """Swap the cloud; ``colors`` (K, 4) uint8 RGBA, one row per label key of it. The camera stays.

        None leaves rings and background only. No array is copied.
        """
        if prepared is None:
            self.layer.clear()
            self.surroundings.hide()
            return
        self.layer.set_cloud(prepared, colors)
        self._spread = prepared.spread
        self.surroundings.place(prepared.spread, heading=self.heading)
        self._size_points()
        self.set_placement(self._placement)

    def set_color_table(self, colors: Bytes) -> None:
        """Recolour or hide label keys: a cost that does not depend on the number of points."""
        self.layer.set_color_table(colors)

    def set_view(self, name: str) -> None:
        """Look at the cloud from one of app.scene.views.VIEWS."""
        self.set_placement(place_camera(name, self._spread, aspect=self.aspect, heading=self.heading))

    def set_placement(self, placement: CameraPlacement) -> None:
        """Put the camera somewhere."""
        self._placement = placement
        self.surroundings.follow(placement)
        camera = self._renderer.GetActiveCamera()
        camera.SetPosition(*placement.position)
        camera.SetFocalPoint(*placement.focal_point)
        camera.SetViewUp(*placement.up)
        camera.SetViewAngle(placement.view_angle)
        camera.SetParallelProjection(placement.half_height > 0)
        camera.SetParallelScale(placement.half_height or 1.0)
        camera.SetClippingRange(*self._clipping(placement))

    def set_pixel_ratio(self, pixel_ratio: float) -> None:
        """Device pixels per pixel, where the window moves to another screen."""
        self._pixel_ratio = pixel_ratio
        self.set_look(self._look)

    def set_look(self, look: SceneLook) -> None:
        """Colours of a theme."""
        self._look = look
        self._renderer.GradientBackgroundOn()
        self._renderer.SetBackground(*fraction(look.background_bottom))
        self._renderer.SetBackground2(*fraction(look.background_top))
        self.surroundings.set_look(look, pixel_ratio=self._pixel_ratio)
        self._size_points()
        self.layer.set_unlabelled(look.unlabelled)

    def _size_points(self) -> None:
        few = self.prepared is not None and len(self.prepared) <= FEW_POINTS
        self.layer.set_point_size((LARGE_POINT if few else SMALL_POINT) * self._pixel_ratio)

    def _clipping(self, placement: CameraPlacement) -> tuple[float, float]:
        """Near and far plane from where most points are: the farthest outlier must not decide them."""
        reach = max(BEYOND, 20.0 * reach_of(self._spread))
        if placement.half_height:
            return placement.distance - reach, placement.distance + reach
        return max(placement.distance * CLOSEST_SHARE, CLOSEST), placement.distance + reach


def _nowhere() -> Spread:
    corner: Float64 = np.full(3, 20.0)
    return Spread(frozen(-corner), frozen(corner), frozen(np.zeros(3)), 0.0)
