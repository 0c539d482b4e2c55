"""How points look: what is hidden or cut away, how they are coloured, their size."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.domain.arrays import Bool, Bytes, frozen
from app.domain.channels import channels
from app.domain.coloring import NO_ORDER, ColorBy, Coloring, JobOrder, class_color, key_colors
from app.domain.cuts import Cuts
from app.domain.legend import Legend, Rgb
from app.domain.point_look import Background, ImagePoints, PointLook
from app.domain.visibility import Visibility
from app.gui.flashing import Flashing
from app.gui.frames import FrameLoader
from app.gui.rig_state import RigState
from app.gui.shown_frame import ShownFrame
from app.gui.theme import current
from app.scene.look import DARK, LIGHT, SceneLook, dressed_for


class Appearance(QObject):
    """Values are frozen and replaced whole; they hold for every frame of the job."""

    coloring_changed = Signal()
    visibility_changed = Signal()
    cuts_changed = Signal()
    look_changed = Signal()
    image_points_changed = Signal()
    flash_changed = Signal()  # what flashes, or which of its two colours it has

    def __init__(self, frames: FrameLoader, rig: RigState, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = frames
        self._rig = rig
        self._order = NO_ORDER
        self._visibility = Visibility()
        self._asked: tuple[object, object, object] = (None, None, None)
        self._rows: Bool = frozen(np.zeros(0, dtype=np.bool_))
        self._coloring = Coloring()
        self._cuts = Cuts()
        self._look = PointLook()
        self._image_points = ImagePoints()
        self.flashing = Flashing(self)
        self.flashing.changed.connect(self.flash_changed)

    def open(self, visibility: Visibility, order: JobOrder) -> None:
        """Start another job: what it hides, its classes and tracks in order. Cuts were made for the earlier job's
        scene and end with it; colouring and size of points stay. Tells nobody of what is hidden: the job's own news
        does."""
        self._visibility, self._order = visibility, order
        self.flashing.stop()
        self.set_cuts(Cuts())

    # -- colouring ----------------------------------------------------------------------------------------------

    @property
    def coloring(self) -> Coloring:
        """What the colour of a point tells."""
        return self._coloring

    def set_coloring(self, coloring: Coloring) -> None:
        """Colour in another way."""
        if coloring != self._coloring:
            self._coloring = coloring
            self.coloring_changed.emit()

    def set_theme(self, theme: str) -> None:
        """Use other colours for classes, in whatever way points are coloured."""
        self.set_coloring(replace(self._coloring, theme=theme))

    @property
    def offered(self) -> frozenset[ColorBy]:
        """What the points of the shown frame can be coloured by."""
        shown = self._frames.shown
        pictures = () if shown is None else shown.pictures
        return offered_by(shown, to_cameras=any(self._rig.placed(camera) for camera in pictures))

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

    def visible_rows(self, label_keys: tuple[int, ...]) -> Bool:
        """(K,) which of the shown frame's label keys are drawn; asked with every picture, so the answer is kept."""
        asked = (label_keys, self._visibility, self._frames.legend)
        if any(now is not before for now, before in zip(asked, self._asked, strict=True)):
            self._asked = asked
            self._rows = frozen(np.array([self.is_key_visible(key) for key in label_keys], dtype=np.bool_))
        return self._rows

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
        """Hide nothing; what is dimmed stays so."""
        self.set_visibility(self._visibility.hiding_nothing())

    def set_class_dimmed(self, class_name: str, *, dimmed: bool) -> None:
        """Let a class step back in every frame, or come forward again."""
        self.set_visibility(self._visibility.with_dimmed((class_name,), dimmed=dimmed))

    @property
    def order(self) -> JobOrder:
        """Classes and tracks of the job, which themes number by."""
        return self._order

    def color_table(self, label_keys: tuple[int, ...], *, legend: Legend | None = None) -> Bytes:
        """(K, 4) uint8 RGBA, one row per label key; alpha 0 where hidden. By the shown frame's legend unless given."""
        return key_colors(
            label_keys,
            self._frames.legend if legend is None else legend,
            self._visibility,
            self._coloring,
            order=self._order,
            flashing=self.flashing.classes,
            flash_on=self.flashing.on,
            muted=dressed_look(self._look.background).no_color,  # near the background, yet seen on it
        )

    def class_color(self, class_name: str) -> Rgb:
        """The colour that stands for a class in the theme in force."""
        return class_color(class_name, self._frames.legend, self._coloring, order=self._order)

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

    def cut_nothing(self) -> None:
        """The whole cloud."""
        self.set_cuts(Cuts())

    @property
    def look(self) -> PointLook:
        """How large points are and what is behind them."""
        return self._look

    def set_look(self, look: PointLook) -> None:
        """Draw points in another way."""
        if look != self._look:
            self._look = look
            self.look_changed.emit()

    @property
    def image_points(self) -> ImagePoints:
        """How points lie over camera images."""
        return self._image_points

    def set_image_points(self, image_points: ImagePoints) -> None:
        """Lay points over images in another way."""
        if image_points != self._image_points:
            self._image_points = image_points
            self.image_points_changed.emit()


def offered_by(shown: ShownFrame | None, *, to_cameras: bool) -> frozenset[ColorBy]:
    """What the points of a frame can be coloured by, its pictures included where the cameras that took them are placed;
    without a cloud only the legend, which is always there."""
    cloud = shown.frame.cloud if shown is not None else None
    if shown is None or cloud is None:
        return frozenset({ColorBy.CLASS})
    labelled = {ColorBy.CLASS, ColorBy.INSTANCE, ColorBy.TRACK}
    modes = labelled | {channel.by for channel in channels(cloud)}
    if to_cameras:
        modes.add(ColorBy.CAMERA)
    return frozenset(modes)


def dressed_look(background: Background) -> SceneLook:
    """What the 3D view has beside the data, by the window's theme and the chosen background."""
    return dressed_for(background, theme=DARK if current().is_dark else LIGHT)
