"""How points look: what is hidden or cut away, how they are coloured, their size."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.domain.arrays import Bytes
from app.domain.channels import channels
from app.domain.coloring import NO_ORDER, ColorBy, Coloring, JobOrder, key_colors
from app.domain.cuts import Cuts
from app.domain.legend import Legend
from app.domain.point_look import PointLook
from app.domain.visibility import Visibility
from app.gui.frames import FrameLoader
from app.gui.shown_frame import ShownFrame

CYCLE = (ColorBy.CLASS, ColorBy.INTENSITY, ColorBy.HEIGHT, ColorBy.CAMERA)


class Appearance(QObject):
    """Values are frozen and replaced whole; they hold for every frame of the job."""

    coloring_changed = Signal()
    visibility_changed = Signal()
    cuts_changed = Signal()
    look_changed = Signal()

    def __init__(self, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = frames
        self._order = NO_ORDER
        self._visibility = Visibility()
        self._coloring = self._previous = Coloring()
        self._kept: Coloring | None = None  # what a peek goes back to
        self._cuts = Cuts()
        self._look = PointLook()

    def open(self, visibility: Visibility, order: JobOrder) -> None:
        """Start another job: what it hides, and its classes and tracks in order. Cuts were made for the earlier job's
        scene and end with it; colouring and size of points stay. Tells nobody of what is hidden: the job's own news
        does."""
        self._visibility, self._order = visibility, order
        self.end_peek()
        self.set_cuts(Cuts())

    # -- colouring ----------------------------------------------------------------------------------------------

    @property
    def coloring(self) -> Coloring:
        """What the colour of a point tells."""
        return self._coloring

    def set_coloring(self, coloring: Coloring) -> None:
        """Colour in another way; ends a peek."""
        before = self._kept or self._coloring
        self._kept = None
        if coloring.by is not before.by or coloring.field != before.field:
            self._previous = before
        self._paint(coloring)

    @property
    def offered(self) -> frozenset[ColorBy]:
        """What the points of the shown frame can be coloured by."""
        return offered_by(self._frames.shown)

    def cycle(self, step: int = 1) -> None:
        """The next of label, intensity, height and camera that the shown frame offers; ``step`` -1 goes back."""
        offered, now = self.offered, self._coloring.by
        modes = [mode for mode in CYCLE if mode in offered]
        mode = modes[(modes.index(now) + step) % len(modes)] if now in modes else modes[0]
        self.set_coloring(_by(mode, self._coloring))

    def peek(self, by: ColorBy | None = None) -> None:
        """Colour in another way, the previous one unless told, until ``end_peek``."""
        if self._kept is None:
            self._kept = self._coloring
            self._paint(self._previous if by is None else _by(by, self._coloring))

    def end_peek(self) -> None:
        """Colour as before the peek."""
        if self._kept is not None:
            kept, self._kept = self._kept, None
            self._paint(kept)

    def _paint(self, coloring: Coloring) -> None:
        if coloring != self._coloring:
            self._coloring = coloring
            self.coloring_changed.emit()

    # -- classes ------------------------------------------------------------------------------------------------

    @property
    def visibility(self) -> Visibility:
        """What is hidden."""
        return self._visibility

    def set_visibility(self, visibility: Visibility) -> None:
        """Hide other things."""
        if visibility != self._visibility:
            self._visibility = visibility
            self.visibility_changed.emit()

    def is_class_visible(self, class_name: str) -> bool:
        """Whether a class is drawn; UNMAPPED_CLASS stands for keys without a legend."""
        return self._visibility.shows_class(class_name)

    def is_key_visible(self, label_key: int) -> bool:
        """Whether points of a label key are drawn."""
        return self._visibility.shows_key(label_key, self._frames.legend)

    def set_class_visible(self, class_name: str, *, visible: bool) -> None:
        """Show or hide a class in every frame."""
        self.set_visibility(self._visibility.with_class(class_name, visible=visible))

    def set_keys_visible(self, label_keys: Iterable[int], *, visible: bool) -> None:
        """Show or hide label keys in every frame, with one change of colours."""
        self.set_visibility(self._visibility.with_keys(label_keys, visible=visible))

    def isolate_class(self, class_name: str) -> None:
        """Show only this class; when it is alone already, show all."""
        self.set_visibility(self._visibility.isolating(class_name, self._order.classes))

    def show_all(self) -> None:
        """Hide nothing."""
        self.set_visibility(self._visibility.hiding_nothing())

    def color_table(self, label_keys: tuple[int, ...], *, legend: Legend | None = None) -> Bytes:
        """(K, 4) uint8 RGBA, one row per label key; alpha 0 where hidden. By the shown frame's legend unless given."""
        known = self._frames.legend if legend is None else legend
        return key_colors(label_keys, known, self._visibility, self._coloring, order=self._order)

    # -- cuts and points ----------------------------------------------------------------------------------------

    @property
    def cuts(self) -> Cuts:
        """What is cut away."""
        return self._cuts

    def set_cuts(self, cuts: Cuts) -> None:
        """Cut other things away."""
        if cuts != self._cuts:
            self._cuts = cuts
            self.cuts_changed.emit()

    @property
    def look(self) -> PointLook:
        """How large points are and what is behind them."""
        return self._look

    def set_look(self, look: PointLook) -> None:
        """Draw points in another way."""
        if look != self._look:
            self._look = look
            self.look_changed.emit()


def offered_by(shown: ShownFrame | None) -> frozenset[ColorBy]:
    """What the points of a frame can be coloured by; without a cloud only the legend, which is always there."""
    cloud = shown.frame.cloud if shown is not None else None
    if shown is None or cloud is None:
        return frozenset({ColorBy.CLASS})
    labelled = {ColorBy.CLASS, ColorBy.INSTANCE, ColorBy.TRACK}
    modes = labelled | {channel.by for channel in channels(cloud)}
    if _sees_points(shown):
        modes.add(ColorBy.CAMERA)
    return frozenset(modes)


def _sees_points(shown: ShownFrame) -> bool:
    """Whether some camera has a picture of its own and a known place."""
    placed = {image.camera for image in shown.frame.record.images if image.pose is not None}
    pictures = shown.pictures.items()
    return any(picture.image is not None and picture.of_job and camera in placed for camera, picture in pictures)


def _by(mode: ColorBy, coloring: Coloring) -> Coloring:
    """The same colours for another quantity: a range of values belongs to the one it was chosen for."""
    return coloring if mode is coloring.by else replace(coloring, by=mode, value_range=None)
