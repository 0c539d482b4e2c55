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
        self._images = viewer.images
        self._chosen: dict[Arrangement, int] = {}  # heights that the user gave
        area.built.connect(self._fit)
        area.arranged.connect(self._fit)
        splitter.splitterMoved.connect(self._on_moved)

    def _on_moved(self) -> None:
        """From now on the user's height counts."""
        self._chosen[self._images.arrangement] = self._splitter.sizes()[1]

    def _fit(self) -> None:
        """Give the pictures the height that they fill, and the 3D view the rest."""
        scene, area, timeline = self._splitter.sizes()
        room = scene + area
        most = room - max(LOWEST_SCENE, round(SCENE_SHARE * room))
        wanted = self._chosen.get(self._images.arrangement) or self._area.fitting_height(most)
        if wanted and wanted != area:
            self._splitter.setSizes([room - wanted, wanted, timeline])
