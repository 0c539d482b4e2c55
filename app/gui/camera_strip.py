"""All camera images of the frame side by side, in the order of the document."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from app.gui.camera_layers import camera_layers
from app.gui.camera_view import NARROWEST, CameraView
from app.gui.viewer import Viewer

NO_JOB = "The camera images of the open job appear here."
NO_CAMERAS = "This job has no cameras."
USUAL = QSize(640, 200)
LOWEST = 120
HIGHEST = 300


class CameraStrip(QScrollArea):
    """Equal shares of the width; scrolls sideways when the pictures would be too narrow."""

    link_requested = Signal(str)  # camera
    act_requested = Signal(str, object)  # camera, CameraAct
    built = Signal()  # every camera of the job has its view

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._views: tuple[CameraView, ...] = ()
        self._row = QWidget()
        self._layout = QHBoxLayout(self._row)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        self._empty = QLabel(NO_JOB)
        self._empty.setProperty("role", "secondary")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._layout.addWidget(self._empty)
        self.setWidget(self._row)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LOWEST)
        self.setAccessibleName("Camera images")
        self._waiting: list[str] = []
        self._build = QTimer(self)
        self._build.timeout.connect(self._build_next)
        viewer.job_changed.connect(self._on_job_changed)
        self._on_job_changed()

    @property
    def views(self) -> tuple[CameraView, ...]:
        """One view per camera, left to right."""
        return self._views

    def sizeHint(self) -> QSize:
        """A row of small pictures."""
        return USUAL

    def fitting_height(self) -> int:
        """Height at which the pictures fill their views, within reason; 0 while there is no picture to go by."""
        shown = self._viewer.shown
        sizes = [picture.image.size() for picture in shown.pictures.values() if picture.image] if shown else []
        if not sizes or not self._views or self._waiting:
            return 0
        width = max(NARROWEST, self.viewport().width() / len(self._views))
        return round(max(LOWEST, min(HIGHEST, max(width * size.height() / size.width() for size in sizes))))

    def _on_job_changed(self) -> None:
        for view in self._views:
            self._layout.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._views = ()
        cameras = [camera.name for camera in self._viewer.sequence.cameras]
        self._empty.setText(NO_CAMERAS if self._viewer.job is not None else NO_JOB)
        self._empty.setVisible(not cameras)
        self._waiting = cameras
        self._build.start(0)

    def _build_next(self) -> None:
        """One view per turn of the event loop: a rig of many cameras must not hold up the window."""
        if self._waiting:
            self._views += (self._add(self._waiting.pop(0)),)
        if not self._waiting:
            self._build.stop()
            self.built.emit()

    def _add(self, camera: str) -> CameraView:
        view = CameraView(self._viewer, camera, layers=camera_layers(self._viewer, camera))
        view.link_requested.connect(self.link_requested)
        view.act_requested.connect(self.act_requested)
        self._layout.addWidget(view, 1)
        return view
