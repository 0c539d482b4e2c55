"""Brings the camera forward that shows what is chosen best, cropped to it."""

from PySide6.QtCore import QObject, QRectF, Signal

from app.domain.arrays import Integers
from app.domain.best_camera import CameraFit, Rect, best_camera, crop_around
from app.domain.sight import PIXEL_MIDDLE, CameraSight
from app.domain.tracking import Box
from app.gui.camera_area import CameraArea
from app.gui.camera_view import CameraView
from app.gui.selection import NO_ROWS, Choice, TrackChoice
from app.gui.viewer import Viewer

NOTHING_CHOSEN = "Choose a point, a segment or a track first."
SEEN_BY_NONE = "No camera sees what is chosen."
FOLLOWS, STAYS = "Images follow what is chosen.", "Images stay as they are, whatever is chosen."
WHOLE = 1.001  # times the fitted size, up to which a picture counts as shown whole


class BestView(QObject):
    """Follows what is chosen while ``following``, but never a user who looks around: not while the cursor is in an
    image, not while playing, and not any more once images were moved or arranged by hand since the choice. A picture
    that was zoomed by hand keeps its zoom; only ``show`` crops it."""

    news = Signal(str)  # a sentence for the status line
    following_changed = Signal()

    def __init__(self, viewer: Viewer, area: CameraArea) -> None:
        super().__init__(area)
        self._viewer, self._area = viewer, area
        self.following = True
        self._asked = self._forced = False  # to bring a camera forward as soon as it is known which
        self._bringing = False
        self._hands_on = False  # the user moved or arranged images since the choice
        self._zoomed: set[str] = set()  # cameras whose pictures were moved by hand
        self._cropped = ""
        self._brought: Choice | None = None  # for which an image was brought forward
        area.built.connect(self._watch)
        area.arranged.connect(self._on_hands)
        viewer.selection.changed.connect(self._on_chosen)
        viewer.selection.rows_changed.connect(self._follow)
        viewer.sights.changed.connect(self._try)
        viewer.tracking_changed.connect(self._try)

    def show(self) -> None:
        """Bring the best camera forward now, cropped to what is chosen, or else to the point under the cursor."""
        if self._viewer.selection.chosen is None and not len(self._rows()):
            self.news.emit(NOTHING_CHOSEN)
            return
        self._asked = self._forced = True
        self._try()

    def crop(self) -> None:
        """Crop the image that has the cursor or is in front to what is chosen, where its camera sees that."""
        view = next((view for view in self._area.views if view.cursor_at is not None), self._area.front)
        if view is None:
            self.show()
            return
        fit = self._fit_in(view.camera)
        if fit is not None:
            self._crop(view, fit.around)
        elif self._viewer.selection.chosen or len(self._rows()):
            self._viewer.selection.set_note(SEEN_BY_NONE)
        else:
            self.news.emit(NOTHING_CHOSEN)

    def toggle(self) -> None:
        """Follow what is chosen, or leave images as they are."""
        self.set_following(following=not self.following)
        self.news.emit(FOLLOWS if self.following else STAYS)

    def set_following(self, *, following: bool) -> None:
        """Whether a choice brings a camera forward by itself."""
        if following != self.following:
            self.following = following
            self.following_changed.emit()
            self._follow()

    # -- facts ----------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        self._zoomed.clear()
        for view in self._area.views:
            view.moved.connect(lambda camera=view.camera: self._on_moved(camera))

    def _on_moved(self, camera: str) -> None:
        self._zoomed.add(camera)
        self._on_hands()

    def _on_hands(self) -> None:
        if not self._bringing:
            self._hands_on = True
            self._asked = self._asked and self._forced

    def _on_chosen(self) -> None:
        self._hands_on = self._asked = self._forced = False
        if self._viewer.selection.chosen is None:
            self._release()
        else:
            self._follow()

    def _follow(self) -> None:
        in_image = any(view.cursor_at is not None for view in self._area.views)
        if self.following and not (in_image or self._hands_on or self._viewer.playback.playing):
            self._asked = self._viewer.selection.chosen is not None
            self._try()

    # -- bringing forward -----------------------------------------------------------------------------------------

    def _rows(self) -> Integers:
        selection = self._viewer.selection
        point = selection.picked or selection.pointed
        return selection.rows if len(selection.rows) else NO_ROWS if point is None else point.as_rows

    def _try(self) -> None:
        if not self._asked:
            return
        chosen = self._viewer.selection.chosen
        if isinstance(chosen, TrackChoice):
            self._bring(self._fit_in(chosen.camera))
            return
        rows, sights = self._rows(), self._sights()
        if sights is not None and len(rows):
            self._bring(best_camera(sights, rows))

    def _sights(self) -> dict[str, CameraSight] | None:
        """What each camera sees; None until that is known of all."""
        placed = [self._viewer.rig.placed(camera.name) for camera in self._viewer.sequence.cameras]
        found = {camera.name: self._viewer.sights.of(camera) for camera in placed if camera is not None}
        sights = {name: sight for name, sight in found.items() if sight is not None}
        return sights if len(sights) == len(found) else None

    def _fit_in(self, camera: str) -> CameraFit | None:
        """Where one camera shows what is chosen: the box of a track, else its points."""
        chosen = self._viewer.selection.chosen
        if isinstance(chosen, TrackChoice):
            boxes = self._viewer.track_state.boxes_of(camera).tracked if chosen.camera == camera else ()
            box = next((box for box in boxes if box.track_id == chosen.track_id), None)
            return None if box is None else CameraFit(camera, 1.0, _around(box))
        sight = self._viewer.sights.of(self._viewer.rig.placed(camera))
        return None if sight is None else best_camera({camera: sight}, self._rows())

    def _bring(self, fit: CameraFit | None) -> None:
        forced, self._asked, self._forced = self._forced, False, False
        chosen = self._viewer.selection.chosen
        if fit is None:
            if forced:
                self._viewer.selection.set_note(SEEN_BY_NONE)
            elif not isinstance(chosen, TrackChoice) or chosen != self._brought:
                self._release()
            return
        view = self._area.view(fit.camera)
        if view is None:
            return
        self._brought = chosen
        by_hand = fit.camera in self._zoomed and view.placement.zoom > WHOLE and not forced
        self._bringing = True
        if forced:
            self._area.bring_forward(fit.camera)
        else:
            self._viewer.images.set_forward(fit.camera)
        self._bringing = False
        if not by_hand:
            self._crop(view, fit.around)

    def _crop(self, view: CameraView, around: Rect) -> None:
        left, top, width, height = around
        size = view.placement.picture.toSize()
        if self._cropped != view.camera:
            self._show_whole()
        self._cropped = view.camera
        self._zoomed.discard(view.camera)
        middle = (left + PIXEL_MIDDLE, top + PIXEL_MIDDLE, width, height)
        view.show_part(QRectF(*crop_around(middle, (size.width(), size.height()))))

    def _release(self) -> None:
        """No image is in front any more, and each is whole."""
        self._viewer.images.set_forward("")
        self._brought = None
        self._show_whole()

    def _show_whole(self) -> None:
        """The picture that was cropped to something that is not chosen any more, unless the user took it over."""
        view = self._area.view(self._cropped)
        if view is not None and self._cropped not in self._zoomed:
            view.set_placement(view.placement.reset())
        self._cropped = ""


def _around(box: Box) -> Rect:
    left, top, right, bottom = box.sides
    return left, top, right - left, bottom - top
