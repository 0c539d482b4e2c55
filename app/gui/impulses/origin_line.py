"""From which impulse, block, variant and parameters the tracks on screen come."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from app.domain.impulse.tracks_origin import TracksOrigin
from app.gui.text import ElidingLabel, plain
from app.gui.viewer import Viewer
from app.jobs import CameraTracking

LONGEST = 600  # characters of a sentence


class TracksOriginLine(ElidingLabel):
    """One line over the tracks; its tooltip has a sentence for each camera. Hidden while there are no tracks."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._viewer = viewer
        self._tip = ""
        self.setProperty("role", "caption")
        self.setAccessibleName("Where the tracks come from")
        viewer.job_changed.connect(self._refresh)
        viewer.tracking_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        origins = origins_of(self._viewer.tracking)
        self._tip = plain(*(f"{camera}: {known.sentence}" for camera, known in origins.items()), limit=LONGEST)
        self.setText(_line(origins))
        self.setVisible(bool(origins))

    def _refresh_tooltip(self) -> None:
        self.setToolTip(self._tip if self.text() else "")


def origins_of(tracking: Mapping[str, CameraTracking]) -> dict[str, TracksOrigin]:
    """The origin of each camera that has tracks."""
    return {camera: known.origin for camera, known in tracking.items() if known.origin is not None}


def _line(origins: Mapping[str, TracksOrigin]) -> str:
    """What all cameras have in common, else how many origins there are."""
    lines = dict.fromkeys(origin.short for origin in origins.values())
    if len(lines) == 1:
        return f"From {next(iter(lines))}"
    return f"From {len(lines)} impulses or variants: {'; '.join(lines)}" if lines else ""
