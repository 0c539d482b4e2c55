"""The window's side of pictures of the view: which size, which file."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.gui.bundles import suggested_name
from app.gui.dialogs.save_picture import SavePictureDialog, ask_for_picture
from app.gui.scene_view import SceneView
from app.gui.taken_picture import PictureSize, view_size
from app.gui.view_pictures import SUFFIX, ViewPictures
from app.gui.viewer import Viewer


class ViewPictureDialogs(QObject):
    """Dialogs over a window; lives on the GUI thread."""

    def __init__(self, window: QWidget, pictures: ViewPictures, viewer: Viewer, scene_view: SceneView) -> None:
        super().__init__(window)
        self._window = window
        self._pictures = pictures
        self._viewer = viewer
        self._scene_view = scene_view

    def save(self) -> None:
        """Ask for size and file, then save the view as it is then."""
        job, shown = self._viewer.job, self._viewer.shown
        if job is None or shown is None:
            self._pictures.news.emit("Open a job first, then save a picture of it.")
            return
        name = suggested_name(f"{job.name}-{shown.frame.record.frame_id or shown.index}", suffix=SUFFIX)
        dialog = SavePictureDialog(name, view_size(self._scene_view), self._window)
        dialog.chosen.connect(self._on_chosen)
        dialog.open()

    def open(self) -> None:
        """Ask for a picture and go back to what it shows."""
        ask_for_picture(self._window).fileSelected.connect(lambda path: self._pictures.go_to(Path(path)))

    def _on_chosen(self, path: Path, size: PictureSize, strip: bool) -> None:  # noqa: FBT001 - slot of a signal
        self._pictures.save(path, size=size, strip=strip)
