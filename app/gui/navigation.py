"""Where the camera of the 3D view stands: named views, the rig's cameras, by hand, and through the frames."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.domain.arrays import Float64
from app.gui.camera_mover import CameraMover
from app.gui.following import Following
from app.gui.rig_views import Backdrops, next_camera, rig_camera, rig_cameras
from app.gui.saved_views import SavedView, SavedViews
from app.gui.viewer import Viewer
from app.scene.following import Hold, shifted
from app.scene.motion import centred, orbit, pan, with_projection, zoom
from app.scene.rig_cameras import PREFIX
from app.scene.things import Thing, middle_of, nearest_thing
from app.scene.views import FIRST_VIEW, CameraPlacement, Vector, place_camera

if TYPE_CHECKING:
    from app.gui.scene_canvas import SceneCanvas

NO_CAMERAS = "No camera of this frame has a pose and a lens to look through."
NOTHING_THERE = "No single thing of the legend is in view to be followed."


class Navigation(QObject):
    """Everything that moves the camera goes through here; lives on the GUI thread, without a canvas it does nothing.

    ``view_name`` is the named view that the camera has, ``camera:`` and its name for one of the rig's, empty where the
    user moved it.
    """

    changed = Signal()  # the view's name, what is followed, or perspective
    said = Signal(str)  # why something asked for cannot be done

    def __init__(self, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._mover = CameraMover(self)
        self._mover.arrived.connect(self._arrive)
        self._backdrops = Backdrops()
        self._first: tuple[str, CameraPlacement | None] | None = (FIRST_VIEW, None)
        self.following = Following()
        self.saved = SavedViews(self)
        self.view_name = ""
        viewer.job_changed.connect(self._on_job_changed)
        viewer.pictures_changed.connect(self._arrive)
        viewer.rig.convention_changed.connect(self.refit)

    def adopt(self, canvas: "SceneCanvas") -> None:
        """Move the camera of this canvas."""
        self._mover.canvas = canvas
        canvas.moved.connect(self._leave)
        canvas.mouse.touched.connect(self._mover.transition.stop)
        canvas.mouse.centre_asked.connect(self.centre)

    @property
    def placement(self) -> CameraPlacement | None:
        """Where the camera stands or is going; None without a 3D view."""
        return self._mover.placement

    @property
    def smooth(self) -> bool:
        """Whether the camera may take a quarter of a second from view to view."""
        return self._mover.smooth

    @smooth.setter
    def smooth(self, smooth: bool) -> None:
        self._mover.smooth = smooth

    @property
    def parallel(self) -> bool:
        """Whether there is no perspective."""
        return self.placement is not None and bool(self.placement.half_height)

    @property
    def camera(self) -> str:
        """The rig's camera that is looked through; empty for none."""
        return self.view_name.removeprefix(PREFIX) if self.view_name.startswith(PREFIX) else ""

    # -- named views --------------------------------------------------------------------------------------------

    def look(self, name: str) -> None:
        """Look from one of app.scene.views.VIEWS, or through ``camera:NAME``."""
        if name.startswith(PREFIX):
            self.look_through(name.removeprefix(PREFIX))
        elif self._mover.canvas is not None:
            scene = self._mover.canvas.scene
            placed = place_camera(name, scene.spread, aspect=self._mover.aspect, heading=scene.heading)
            self._go(placed, name)

    def look_through(self, camera: str) -> None:
        """Stand where a camera of the rig stands, with its picture behind the points."""
        placement = self._placement_through(camera)
        if placement is None:
            self.said.emit(f"Camera {camera} has no pose or no lens in this frame, so nobody can look through it.")
        else:
            self._go(placement, PREFIX + camera)

    def next_camera(self, step: int) -> None:
        """Look through the next camera of the rig, or the one before."""
        found = next_camera(rig_cameras(self._viewer), self.camera, step=step)
        if found is None:
            self.said.emit(NO_CAMERAS)
        else:
            self.look_through(found.name)

    def go_to(self, placement: CameraPlacement, name: str = "") -> None:
        """Stand anywhere; ``name`` is the view's where it has one."""
        self._go(placement, name)

    def start_from(self, view: str, placement: CameraPlacement | None) -> None:
        """Where to stand when the first frame of the job just opened is drawn; without a placement as for every job."""
        self._first = view, placement

    def return_to(self, view: str, placement: CameraPlacement) -> None:
        """Stand where a picture was taken, following nothing, be it with the frame on screen or the first to come."""
        self.following.reset()
        if self._first is None:
            self._look_first(view, placement)
        else:
            self._first = view, placement
        self.changed.emit()

    # -- by hand ------------------------------------------------------------------------------------------------

    def toggle_projection(self) -> None:
        """With or without perspective; what is at the focal point keeps its size."""
        if self.placement is not None:
            self._go(with_projection(self.placement, parallel=not self.parallel))

    def centre(self, point: Vector) -> None:
        """Bring a point into the middle."""
        if self.placement is not None:
            self._go(centred(self.placement, point))

    def turn(self, *, turn: float = 0.0, tilt: float = 0.0) -> None:
        """Turn around the focal point, radians."""
        if self.placement is not None:
            self._jump(orbit(self.placement, turn=turn, tilt=tilt))

    def move(self, *, right: float = 0.0, up: float = 0.0) -> None:
        """Move the camera along the picture, in units of half its height."""
        if self.placement is not None:
            self._jump(pan(self.placement, right=-right, up=-up))

    def zoom(self, factor: float) -> None:
        """Come closer, by a factor over 1, or go away."""
        if self.placement is not None:
            self._jump(zoom(self.placement, factor=factor))

    # -- following ----------------------------------------------------------------------------------------------

    def follow(self, hold: Hold, thing: Thing | None = None) -> None:
        """Keep the camera's place to the ego, the street or a thing from now on."""
        self.following.follow(hold, thing, shown=self._viewer.shown)
        self.changed.emit()

    def follow_key(self, label_key: int) -> None:
        """Follow what a label key of the shown frame names, and bring it into the middle."""
        entry, shown = self._viewer.legend.get(label_key), self._viewer.shown
        if entry is None or shown is None or shown.prepared is None:
            return
        middle = middle_of(shown.prepared, (label_key,))
        if middle is not None:
            self.centre((float(middle[0]), float(middle[1]), float(middle[2])))
        self.follow(Hold.THING, Thing.of(entry))

    def follow_nearest(self) -> None:
        """Follow the thing nearest to the middle of the picture; while one is followed, the ego again."""
        if self.following.hold is not Hold.EGO:
            self.follow(Hold.EGO)
            return
        shown, placement = self._viewer.shown, self.placement
        if shown is None or shown.prepared is None or placement is None:
            return
        size = (self._mover.aspect, 1.0)
        at = (self._mover.aspect / 2, 0.5)
        found = nearest_thing(shown.prepared, shown.frame.legend, placement, at=at, size=size)
        if found is None:
            self.said.emit(NOTHING_THERE)
        else:
            self.follow(Hold.THING, found)

    # -- saved views --------------------------------------------------------------------------------------------

    def save_view(self, slot: int, name: str = "") -> None:
        """Keep where the camera stands in a slot of the job."""
        if self.placement is not None and self._viewer.job is not None:
            placement = shifted(self.placement, self._origin)
            self.saved.save(slot, SavedView(name or f"View {slot}", placement, self.view_name))
            self.said.emit(f"Saved as view {slot}{'' if self.saved.kept else ' for as long as this job is open'}.")

    def go_to_saved(self, slot: int) -> None:
        """Stand where a saved view says, or through the camera that it names."""
        view = self.saved.slots.get(slot)
        if view is None:
            self.said.emit(f"There is no saved view {slot}.")
        elif view.view.startswith(PREFIX):
            self.look(view.view)
        else:
            self.go_to(shifted(view.placement, -self._origin), view.view)

    # -- facts --------------------------------------------------------------------------------------------------

    def on_frame(self) -> None:
        """Another frame is on the canvas: look at it for the first time, or go along with what is followed."""
        shown, canvas, placement = self._viewer.shown, self._mover.canvas, self.placement
        if canvas is None or shown is None or placement is None:
            return
        if shown.prepared is not None:
            lost = self.following.lost
            placement = self.following.carry(placement, shown, canvas.scene.spread)
            if lost != self.following.lost:
                self.changed.emit()
            if self._first is not None:
                self._look_first(*self._first)
                return
        self._jump(self._placement_through(self.camera) or placement, self.view_name)

    def refit(self) -> None:
        """The view has another shape, or cameras stand elsewhere: the picture of the one looked through must fit."""
        placement = self._placement_through(self.camera)
        if placement is not None:
            self._jump(placement, self.view_name)

    def _on_job_changed(self) -> None:
        self._mover.finish()
        self._backdrops = Backdrops()
        self._first = (FIRST_VIEW, None)
        self.following.reset()
        self.saved.take({}, kept=False)
        self.changed.emit()

    def _look_first(self, view: str, placement: CameraPlacement | None) -> None:
        self._first = None
        smooth, self.smooth = self.smooth, False
        if placement is None:
            self.look(FIRST_VIEW)
        elif view.startswith(PREFIX) and rig_camera(self._viewer, view.removeprefix(PREFIX)) is not None:
            self.look(view)  # the window may have another shape now
        else:
            self.go_to(placement, "" if view.startswith(PREFIX) else view)
        self.smooth = smooth

    # -- moving -------------------------------------------------------------------------------------------------

    @property
    def _origin(self) -> Float64:
        shown = self._viewer.shown
        cloud = shown.frame.cloud if shown is not None else None
        return np.zeros(3) if cloud is None else cloud.origin

    def _go(self, placement: CameraPlacement, name: str = "") -> None:
        if self._mover.canvas is not None:
            self._name(name)
            self._mover.go(placement)

    def _jump(self, placement: CameraPlacement, name: str = "") -> None:
        self._name(name)
        self._mover.jump(placement)

    def _placement_through(self, camera: str) -> CameraPlacement | None:
        found = rig_camera(self._viewer, camera) if camera and self._mover.canvas is not None else None
        return None if found is None else found.placement(self._mover.aspect)

    def _leave(self) -> None:
        """The user moved the camera."""
        self._mover.transition.stop()
        self._name("")

    def _name(self, name: str) -> None:
        if name != self.view_name:
            self.view_name = name
            self.changed.emit()

    def _arrive(self) -> None:
        """The camera stands: where it is one of the rig's its picture comes, as soon as there is one."""
        if self.camera and self._first is None and not self._mover.moving:
            self._mover.show_picture(self._backdrops.behind(self._viewer, self.camera))
