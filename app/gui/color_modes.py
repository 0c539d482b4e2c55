"""What points can be coloured by: the modes with a key each, and everything else that the shown cloud has."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.domain.channels import Channel, channel_of, channels
from app.domain.coloring import ColorBy, Coloring
from app.gui.text import visible
from app.gui.viewer import Viewer

NO_CLOUD = "this frame has no point cloud"
NO_TRACKS = "the legend of this frame names no tracks"
NO_CAMERA = "no picture of this frame comes with the place of its camera"
MISSING = {ColorBy.TIME: "the points of this cloud have no time", ColorBy.CAMERA: NO_CAMERA}


@dataclass(frozen=True)
class Mode:
    """A mode with a key of its own: the word on its button, and what it is in a sentence."""

    by: ColorBy
    text: str
    what: str
    key: str


MODES = (
    Mode(ColorBy.CLASS, "Label", "the legend's class", "1"),
    Mode(ColorBy.INSTANCE, "Instance", "instance", "2"),
    Mode(ColorBy.INTENSITY, "Intensity", "intensity", "3"),
    Mode(ColorBy.HEIGHT, "Height", "height over the ground", "4"),
    Mode(ColorBy.CAMERA, "Camera", "the camera pictures", "5"),
)
CYCLE = (ColorBy.CLASS, ColorBy.INTENSITY, ColorBy.HEIGHT, ColorBy.CAMERA)
TRACK = Channel(ColorBy.TRACK, "", "Track", "")
KEYED = frozenset(mode.by for mode in MODES)


class ColorModes(QObject):
    """Chooses among what the shown frame offers, and keeps colours and range of each channel apart."""

    changed = Signal()  # the mode, or what is offered
    refused = Signal(str)  # a sentence: why a mode cannot be had

    def __init__(self, viewer: Viewer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._kept: dict[tuple[ColorBy, str], Coloring] = {}
        viewer.appearance.coloring_changed.connect(self._on_coloring_changed)
        for signal in (viewer.frame_changed, viewer.pictures_changed, viewer.job_changed):
            signal.connect(self.changed)

    @property
    def coloring(self) -> Coloring:
        """The mode in force."""
        return self._viewer.appearance.coloring

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Everything that the points of the shown frame have a number for."""
        shown = self._viewer.shown
        cloud = shown.frame.cloud if shown is not None else None
        return channels(cloud) if cloud is not None else ()

    @property
    def channel(self) -> Channel | None:
        """The channel of the mode in force; None where it is no number, or the shown cloud does not have it."""
        shown = self._viewer.shown
        cloud = shown.frame.cloud if shown is not None else None
        return channel_of(cloud, self.coloring) if cloud is not None else None

    @property
    def others(self) -> tuple[Channel, ...]:
        """What has no key of its own: tracks, range, time, further fields."""
        return (TRACK, *(channel for channel in self.channels if channel.by not in KEYED))

    def missing(self, by: ColorBy, field: str = "") -> str:
        """Why the shown frame cannot be coloured so, as the end of a sentence; empty where it can."""
        shown, appearance = self._viewer.shown, self._viewer.appearance
        if by is ColorBy.CLASS or shown is None:
            return ""
        if shown.frame.cloud is None:
            return NO_CLOUD
        if by is ColorBy.TRACK and not any(entry.track_id for entry in self._viewer.legend):
            return NO_TRACKS
        found = by in appearance.offered and field in ("", *(channel.field for channel in self.channels))
        return "" if found else MISSING.get(by, f"this cloud has no {visible(field, limit=40) or by}")

    def choose(self, by: ColorBy, *, field: str = "") -> None:
        """Colour by something, with the colours and the range that it had last; refused where it is not offered."""
        reason = self.missing(by, field)
        if reason:
            self.refused.emit(f"Not coloured by {visible(field, limit=40) or by}: {reason}.")
            return
        now = self.coloring
        if (by, field) != (now.by, now.field):
            fresh = replace(now, by=by, field=field, value_range=None)
            kept = self._kept.get((by, field), fresh)
            self._viewer.appearance.set_coloring(replace(kept, theme=now.theme))

    def cycle(self) -> None:
        """Label, intensity, height, camera in turn, without those that the shown frame lacks."""
        modes = [by for by in CYCLE if not self.missing(by)]
        now = self.coloring.by
        self.choose(modes[(modes.index(now) + 1) % len(modes)] if now in modes else modes[0])

    def set_range(self, value_range: tuple[float, float] | None) -> None:
        """Spread the colours over these values; None over those of the frame."""
        self._viewer.appearance.set_coloring(replace(self.coloring, value_range=value_range))

    def set_color_map(self, name: str) -> None:
        """Use other colours for numbers."""
        self._viewer.appearance.set_coloring(replace(self.coloring, color_map=name))

    def _on_coloring_changed(self) -> None:
        now = self.coloring
        self._kept[(now.by, now.field)] = now
        self.changed.emit()
