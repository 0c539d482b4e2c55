"""The 3D picture of one frame in a renderer: points, rings, ego arrow, background and camera."""

from functools import partial

import numpy as np
import vtkmodules.vtkRenderingFreeType  # registers how text is drawn
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - registers how everything else is
from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.arrays import Bytes, Float32, Float64, Integers, frozen
from app.domain.cuts import Cuts
from app.domain.point_look import PointLook
from app.domain.sensor_rig import SensorRig
from app.scene.backdrop import Backdrop
from app.scene.camera_picture import CameraPicture
from app.scene.cloud_layer import CloudLayer
from app.scene.guides import Guides
from app.scene.look import DARK, SceneLook, dressed_for, fraction
from app.scene.picking import Drawn
from app.scene.prepared import PreparedCloud, Spread
from app.scene.shading import MOST_POINTS, Shading
from app.scene.steps import Steps
from app.scene.surroundings import Surroundings
from app.scene.views import FIRST_VIEW, CameraPlacement, place_camera, reach_of

SMALL_POINT, LARGE_POINT = 2.0, 3.0  # pixels; a scan of a few points is easier to read in larger ones
FEW_POINTS = 250_000
BEYOND = 5000.0  # metres behind the focal point that are drawn at least
CLOSEST_SHARE, CLOSEST = 1e-3, 0.02  # near plane: share of the camera's distance, and metres
RIM = 4.0  # pixels by which the points of what is chosen are larger with their rim
RIM_BEHIND = 0.01  # of the distance that rims lie behind their points, so that they stand out around a thing, not in it
HALF = 128  # alpha below which a row of the colour table is hidden


class Scene:
    """Owns what is in a renderer for as long as the renderer lives; frames only swap data."""

    def __init__(self, renderer: vtkRenderer, *, pixel_ratio: float = 1.0, aspect: float = 1.5) -> None:
        self._renderer = renderer
        self._pixel_ratio = pixel_ratio
        self.aspect = aspect
        self.heading = 0.0  # where forward is, radians from x towards y; for the next show and set_view
        self._backdrop = Backdrop()
        self.layer = CloudLayer(renderer)
        self.steps = Steps(renderer, self.layer)
        self._shading = Shading(renderer)
        self._point_look = PointLook()
        self.surroundings = Surroundings(renderer)
        self._spread = _nowhere()
        self._placement = place_camera(FIRST_VIEW, self._spread, aspect=aspect)
        renderer.GetCullers().RemoveAllItems()  # they would ask for the bounds of every point
        renderer.UseOITOff()  # three passes over every pixel of every step are too much for a few translucent captions
        renderer.AddActor(self._backdrop.actor)
        self.set_look(DARK)
        self.set_placement(self._placement)

    @property
    def placement(self) -> CameraPlacement:
        """Where the camera stands."""
        return self._placement

    @property
    def spread(self) -> Spread:
        """Where the points of the last cloud are."""
        return self._spread

    @property
    def backdrop(self) -> CameraPicture | None:
        """The picture behind the points."""
        return self._backdrop.picture

    @property
    def prepared(self) -> PreparedCloud | None:
        """The cloud on screen."""
        return self.layer.prepared

    @property
    def drawn(self) -> Drawn | None:
        """What of the cloud is on screen, so that nothing else is picked; None without a cloud."""
        prepared, cuts = self.prepared, self.layer.cuts
        if prepared is None:
            return None
        near, far = self._clipping(self._placement)
        pixels, at_one_metre = self._point_size
        return Drawn(
            count=self.steps.drawn or len(prepared),  # before a picture of a change, what it will show in the end
            label_index=prepared.label_index,
            shown_rows=self.layer.color_table[:, 3] >= HALF,
            keeps=partial(cuts.keeps, ego=self._spread.ego, ground=self._spread.ground) if cuts else None,
            pixels=pixels,
            pixels_at_one_metre=at_one_metre,
            near=near,
            far=far,
        )

    @property
    def prop_count(self) -> int:
        """How many things the renderer draws, hidden ones included: the same for every frame."""
        return int(self._renderer.GetViewProps().GetNumberOfItems())

    def show(self, prepared: PreparedCloud | None, colors: Bytes) -> None:
        """Swap the cloud; ``colors`` (K, 4) uint8 RGBA, one row per label key of it. The camera stays.

        Numbers, colours and kept points belong to one cloud and go with it. None leaves rings and background only. No
        array is copied.
        """
        self.steps.restart()
        if prepared is None:
            self.layer.clear()
            self.surroundings.hide()
            return
        self.layer.set_cloud(prepared, colors)
        self._spread = prepared.spread
        self.surroundings.place(prepared.spread, heading=self.heading)
        self._size_points()
        self.set_placement(self._placement)
        self._shade()

    def set_guides(self, guides: Guides) -> None:
        """Switch what is drawn around the points on and off."""
        self.surroundings.set_guides(guides)
        self.steps.restart()

    def set_rig(self, sensors: SensorRig) -> None:
        """Where the sensors of the shown frame are, in lidar space, and the ego's way."""
        self.surroundings.set_rig(sensors)
        self.steps.restart()

    def set_color_table(self, colors: Bytes) -> None:
        """Recolour or hide label keys: a cost that does not depend on the number of points."""
        self.layer.set_color_table(colors)
        self.steps.restart()

    def color_by_label(self) -> None:
        """Colour by the table alone."""
        self.layer.use_table()
        self.steps.restart()

    def color_by_values(self, values: Float32, color_map: Bytes, value_range: tuple[float, float]) -> None:
        """Colour by a number per point: ``values`` (N,) float32 in file order, through ``color_map`` (256, 3) uint8."""
        self.layer.set_values(values)
        self.set_ramp(color_map, value_range)

    def set_ramp(self, color_map: Bytes, value_range: tuple[float, float]) -> None:
        """Change the colours of the numbers: a cost that does not depend on the number of points."""
        self.layer.shader.set_ramp(color_map, value_range=value_range)
        self.steps.restart()

    def color_by_points(self, colors: Bytes) -> None:
        """Give each point its own colour: (N, 4) uint8 RGBA in file order, alpha 0 where there is none."""
        self.layer.set_point_colors(colors)
        self.steps.restart()

    def set_kept(self, indices: Integers | None) -> None:
        """Points that are drawn with a rim and however thinly the rest is: (n,) int32 positions in the file; None for
        none."""
        self.layer.set_kept(indices)
        self.steps.restart()

    def set_cuts(self, cuts: Cuts) -> None:
        """Leave out a part of the space: a cost that does not depend on the number of points."""
        self.layer.set_cuts(cuts)
        self.steps.restart()

    def set_point_look(self, look: PointLook) -> None:
        """Size, eye-dome lighting and background."""
        self._point_look = look
        self.set_look(self._look)
        self._shade()

    def set_view(self, name: str) -> None:
        """Look at the cloud from one of app.scene.views.VIEWS."""
        self.set_placement(place_camera(name, self._spread, aspect=self.aspect, heading=self.heading))

    def set_placement(self, placement: CameraPlacement) -> None:
        """Put the camera somewhere; a picture behind the points goes when the camera leaves its place."""
        if placement != self._placement and self.backdrop is not None:
            self.set_backdrop(None)
        self._placement = placement
        self.surroundings.follow(placement)
        camera = self._renderer.GetActiveCamera()
        camera.SetPosition(*placement.position)
        camera.SetFocalPoint(*placement.focal_point)
        camera.SetViewUp(*placement.up)
        camera.SetViewAngle(placement.view_angle)
        camera.SetParallelProjection(placement.half_height > 0)
        camera.SetParallelScale(placement.half_height or 1.0)
        near, far = self._clipping(placement)
        camera.SetClippingRange(near, far)
        parallel = placement.distance / (far - near) if placement.half_height else near
        self.layer.shader.set_rim_behind(2 * RIM_BEHIND * parallel)
        self._backdrop.stand(camera.GetClippingRange()[1])
        if self._point_look.unit == "m":
            self._size_points()
        self.steps.restart()

    def set_backdrop(self, picture: CameraPicture | None) -> None:
        """Put a picture behind the points, for as long as the camera stays where it stands now."""
        if picture is None:
            self._backdrop.hide()
        else:
            self._backdrop.show(picture)
            self._backdrop.stand(self._renderer.GetActiveCamera().GetClippingRange()[1])
        self.surroundings.give_way(to_picture=picture is not None)
        self.steps.restart()

    def set_pixel_ratio(self, pixel_ratio: float) -> None:
        """Device pixels per pixel, where the window moves to another screen."""
        self._pixel_ratio = pixel_ratio
        self.set_look(self._look)

    def set_look(self, look: SceneLook) -> None:
        """Colours of a theme, unless the points' own look asks for another background."""
        self._look = look
        dressed = dressed_for(self._point_look.background, theme=look)
        self._renderer.GradientBackgroundOn()
        self._renderer.SetBackground(*fraction(dressed.background_bottom))
        self._renderer.SetBackground2(*fraction(dressed.background_top))
        self.surroundings.set_look(dressed, pixel_ratio=self._pixel_ratio)
        self._size_points()
        self.layer.set_unlabelled(dressed.unlabelled)
        self.layer.shader.set_no_color(dressed.no_color)
        self.layer.shader.set_rim(dressed.chosen, pixels=RIM * self._pixel_ratio)
        self.steps.restart()

    def close(self) -> None:
        """Let go of what must be given back while the window can still draw."""
        self._shading.switch(on=False)
        self.steps.close()

    @property
    def can_shade(self) -> bool:
        """Whether the cloud is small enough to be drawn whole in every picture, as eye-dome lighting needs."""
        return self.prepared is None or len(self.prepared) <= MOST_POINTS

    def _shade(self) -> None:
        self._shading.switch(on=self._point_look.edl and self.can_shade)
        self.steps.at_once = self._shading.on

    def _size_points(self) -> None:
        pixels, at_one_metre = self._point_size
        self.layer.shader.set_size(pixels=pixels, metres=at_one_metre)

    @property
    def _point_size(self) -> tuple[float, float]:
        """Device pixels at least, and those of a point at a distance of one metre."""
        few = self.prepared is not None and len(self.prepared) <= FEW_POINTS
        size = self._point_look.size or (LARGE_POINT if few else SMALL_POINT)
        if self._point_look.unit == "m" and self._point_look.size:
            return self._pixel_ratio, size * self._pixels_per_metre
        return size * self._pixel_ratio, 0.0

    @property
    def _pixels_per_metre(self) -> float:
        """Device pixels of a metre: in a perspective view at a distance of one metre, in a parallel one anywhere."""
        window = self._renderer.GetRenderWindow()
        height: int = window.GetSize()[1] if window is not None else 0
        return height / 2 / self._placement.half_height_at(1.0)

    def _clipping(self, placement: CameraPlacement) -> tuple[float, float]:
        """Near and far plane from where most points are: the farthest outlier must not decide them."""
        reach = max(BEYOND, 20.0 * reach_of(self._spread))
        if placement.half_height:
            return placement.distance - reach, placement.distance + reach
        return max(placement.distance * CLOSEST_SHARE, CLOSEST), placement.distance + reach


def _nowhere() -> Spread:
    corner: Float64 = np.full(3, 20.0)
    return Spread(frozen(-corner), frozen(corner), frozen(np.zeros(3)), 0.0)
