"""The height of the camera images: as high as they fill, until the user decides otherwise for an arrangement."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSplitter

from app.gui.camera_area import CameraArea
from app.gui.image_state import Arrangement
from app.gui.viewer import Viewer

SCENE_SHARE = 0.36  # of the room for both that the 3D view keeps, whatever is large
LOWEST_SCENE = 160


class AreaHeight(QObject):
    """Fits the middle of a splitter of 3D view, camera images and timeline."""

    def __init__(self, splitter: QSplitter, area: CameraArea, viewer: Viewer) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._area = area
        self._viewer = viewer
        self._chosen: dict[tuple[Arrangement, bool], int] = {}  # heights that the user gave
        area.built.connect(self._fit)
        area.arranged.connect(self._fit)
        splitter.splitterMoved.connect(self._on_moved)

    @property
    def _kind(self) -> tuple[Arrangement, bool]:
        """What heights are remembered for: the arrangement, and whether the job has point clouds at all."""
        frames = self._viewer.sequence.frames
        return self._viewer.images.arrangement, any(frame.scan_url or frame.scan_expected for frame in frames)

    def _on_moved(self) -> None:
        """From now on the user's height counts."""
        self._chosen[self._kind] = self._splitter.sizes()[1]

    def _fit(self) -> None:
        """Give the pictures the height that they fill, and the 3D view the rest; or nearly all where the job has
        nothing to show in 3D."""
        scene, area, timeline = self._splitter.sizes()
        room = scene + area
        wanted = self._area.fitting_height(room - max(LOWEST_SCENE, round(SCENE_SHARE * room)))
        _, has_scans = self._kind
        if wanted and not has_scans:
            wanted = room - LOWEST_SCENE
        wanted = self._chosen.get(self._kind) or wanted
        if wanted and wanted != area:
            self._splitter.setSizes([room - wanted, wanted, timeline])
