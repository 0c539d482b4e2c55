"""The height of the camera strip: as high as its pictures fill, until the user decides otherwise."""

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QSplitter

from app.gui.camera_strip import CameraStrip
from app.gui.viewer import Viewer


class StripHeight(QObject):
    """Fits the middle of a splitter of 3D view, camera strip and timeline."""

    def __init__(self, splitter: QSplitter, strip: CameraStrip, viewer: Viewer) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._strip = strip
        facts = (viewer.frame_changed, viewer.pictures_changed, viewer.tracking_changed, strip.built)
        self._facts: tuple[SignalInstance, ...] = facts
        for fact in self._facts:
            fact.connect(self._fit)
        splitter.splitterMoved.connect(self._on_moved)

    def _on_moved(self) -> None:
        """From now on the user's height counts."""
        for fact in self._facts:
            fact.disconnect(self._fit)
        self._facts = ()

    def _fit(self) -> None:
        """Give the pictures the height that they fill, and the 3D view the rest."""
        scene, strip, timeline = self._splitter.sizes()
        wanted = self._strip.fitting_height()
        if wanted and wanted != strip:
            self._splitter.setSizes([scene + strip - wanted, wanted, timeline])
