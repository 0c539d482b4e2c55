"""The images of all cameras: side by side, in a grid, or one large with a strip of the others."""

from typing import cast

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget

from app.gui.camera_layers import camera_layers
from app.gui.camera_view import CameraView
from app.gui.image_arrangement import USUAL_ASPECT, lay_out, wanted_height
from app.gui.image_state import Arrangement
from app.gui.theme import STEP
from app.gui.viewer import Viewer

NO_JOB = "The camera images of the open job appear here."
NO_CAMERAS = "This job has no cameras."
USUAL = QSize(640, 200)
LOWEST = 120
HIGHEST_ROW = 300


class CameraArea(QWidget):
    """Places one view per camera; scrolls where they would become too small."""

    link_requested = Signal(str)  # camera
    act_requested = Signal(str, object)  # camera, CameraAct
    look_requested = Signal()  # to change how images look
    built = Signal()  # every camera of the job has its view
    arranged = Signal()  # another arrangement or large image was chosen, or pictures of another shape came

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._state = viewer.images
        self._views: tuple[CameraView, ...] = ()
        self._content = QWidget()
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self._content)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._empty = QLabel(NO_JOB, self)
        self._empty.setProperty("role", "secondary")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LOWEST)
        self.setAccessibleName("Camera images")
        self._waiting: list[str] = []
        self._build = QTimer(self)
        self._build.timeout.connect(self._build_next)
        self._arrange = QTimer(self)  # once for all pictures of a frame
        self._arrange.setSingleShot(True)
        self._arrange.timeout.connect(self._on_arranged)
        viewer.job_changed.connect(self._on_job_changed)
        self._state.arrangement_changed.connect(self._on_arranged)
        self._state.forward_changed.connect(self._on_forward)
        self._on_job_changed()

    @property
    def views(self) -> tuple[CameraView, ...]:
        """One view per camera, in the order of the document."""
        return self._views

    def view(self, camera: str) -> CameraView | None:
        """The view of a camera."""
        return next((view for view in self._views if view.camera == camera), None)

    @property
    def large(self) -> CameraView | None:
        """The view that is the large one, None while there is none."""
        if self._state.arrangement is not Arrangement.LARGE or not self._views:
            return None
        return self.view(self._state.large) or self._views[0]

    @property
    def front(self) -> CameraView | None:
        """The large one, else the one that is in front of the others within a row or a grid."""
        return self.large or self.view(self._state.forward)

    def bring_forward(self, camera: str, crop: QRectF | None = None) -> None:
        """Make an image the large one, as near as ``crop`` in pixels of the picture as it came just fits; a camera
        that the job does not have changes nothing."""
        view = self.view(camera)
        if view is None:
            return
        self._state.enlarge(camera)
        self._state.set_forward(camera)
        if crop is not None:
            view.show_part(crop)

    def next_large(self, step: int) -> None:
        """Make the image of the next camera the large one, around the end to the first."""
        if self._views:
            large = self.large
            index = (self._views.index(large) + step) % len(self._views) if large else 0 if step > 0 else -1
            self._state.enlarge(self._views[index].camera)

    def fit(self) -> None:
        """Show whole pictures again: the one that has the keys or the cursor, else all."""
        for view in self._attended():
            view.reset_zoom()

    def show_pixels(self) -> None:
        """One pixel of a picture on one of the screen."""
        for view in self._attended():
            view.show_pixels()

    def swap(self) -> None:
        """Make the image that has the keys or the cursor the large one, else the first, or lay all out again."""
        if self._views:
            attended = self._attended()
            large = self.large
            self._state.swap((attended[0] if len(attended) == 1 else large or self._views[0]).camera)

    def sizeHint(self) -> QSize:
        """A row of small pictures."""
        return USUAL

    def fitting_height(self, room: int) -> int:
        """Height at which the pictures fill their views, within ``room``; 0 while there is no picture to go by."""
        if self._waiting or all(view.shot.size is None for view in self._views):
            return 0
        arrangement = self._state.arrangement
        most = min(HIGHEST_ROW, room) if arrangement is Arrangement.ROW else room
        return max(LOWEST, wanted_height(arrangement, self._aspects(), width=self.width(), most=most))

    # -- facts ----------------------------------------------------------------------------------------------------

    def _on_job_changed(self) -> None:
        for view in self._views:
            view.hide()
            view.deleteLater()
        self._views = ()
        self._waiting = [camera.name for camera in self._viewer.sequence.cameras]
        self._empty.setText(NO_CAMERAS if self._viewer.job is not None else NO_JOB)
        self._empty.setVisible(not self._waiting)
        self._build.start(0)
        self._place()

    def _build_next(self) -> None:
        """One view per turn of the event loop: a rig of many cameras must not hold up the window."""
        if self._waiting:
            self._views += (self._add(self._waiting.pop(0)),)
        if not self._waiting:
            self._build.stop()
            self._place()
            self.built.emit()

    def _add(self, camera: str) -> CameraView:
        view = CameraView(self._viewer, camera, layers=camera_layers(self._viewer, camera), parent=self._content)
        view.link_requested.connect(self.link_requested)
        view.act_requested.connect(self.act_requested)
        view.look_requested.connect(self.look_requested)
        view.double_clicked.connect(lambda: self._state.swap(camera))
        view.resized.connect(self._on_resized)
        view.moved.connect(lambda: self._on_moved(view))
        view.installEventFilter(self)
        return view

    def _on_moved(self, moved: CameraView) -> None:
        """Linked pictures are zoomed and moved together."""
        if self._state.linked:
            for view in self._views:
                if view is not moved:
                    view.set_placement(view.placement.like(moved.placement))

    def _on_arranged(self) -> None:
        self._place()
        self.arranged.emit()

    def _on_forward(self) -> None:
        """Another share of the width within the same height, in sight."""
        self._place()
        front = self.view(self._state.forward)
        if front is not None and front is not self.large:
            self._scroll.ensureWidgetVisible(front)

    def _on_resized(self) -> None:
        if not self._waiting:
            self._arrange.start(0)

    def _attended(self) -> tuple[CameraView, ...]:
        return tuple(view for view in self._views if view.hasFocus() or view.underMouse())[:1] or self._views

    # -- places ---------------------------------------------------------------------------------------------------

    def _aspects(self) -> list[float]:
        """Width by height of every picture as it is drawn, or was last."""
        sizes = [view.shot.view_size for view in self._views]
        return [size.width() / size.height() if not size.isEmpty() else USUAL_ASPECT for size in sizes]

    def _place(self) -> None:
        """Put every view where it belongs, the large one beside the part that scrolls."""
        self._empty.setGeometry(self.rect().adjusted(4 * STEP, 0, -4 * STEP, 0))
        if self._waiting or not self._views:
            self._scroll.setVisible(False)
            return
        large, front = self.large, self.front
        index = self._views.index(front) if front else None
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        layout = lay_out(self._state.arrangement, self._aspects(), front=index, room=self.size(), bar=bar)
        self._scroll.setGeometry(layout.strip)
        self._content.setGeometry(QRect(self._content.pos(), layout.content))
        small = [view for view in self._views if view is not large]
        for view, place in zip(small, layout.small, strict=True):
            self._put(view, self._content, place)
        if large is not None:
            self._put(large, self, layout.large)
        self._scroll.setVisible(bool(small))

    def _put(self, view: CameraView, parent: QWidget, place: QRect) -> None:
        if view.parentWidget() is not parent:
            focused = view.hasFocus()
            view.setParent(parent)
            if focused:
                view.setFocus()
        view.tools.set_large(large=parent is self)
        view.set_marked(marked=view is self.front and parent is not self)
        view.setGeometry(place)
        view.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What comes by the Tab key is scrolled into sight."""
        small = isinstance(watched, CameraView) and watched is not self.large
        if small and event.type() is QEvent.Type.FocusIn:
            self._scroll.ensureWidgetVisible(cast(CameraView, watched))
        return super().eventFilter(watched, event)
