"""What the colours of the shown frame stand for: counted in the background, told by the chip and its editor."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.domain.arrays import Bytes
from app.domain.color_themes import FILE
from app.domain.coloring import ColorBy
from app.domain.finding import counted
from app.domain.legend import Rgb
from app.domain.point_cloud import PointCloud
from app.domain.value_range import Histogram, ValueRange, histogram
from app.gui.appearance import dressed_look
from app.gui.color_modes import ColorModes
from app.gui.painting import Painting
from app.gui.scale_chip import Scale
from app.gui.viewer import Viewer
from app.progress import Progress

KEY = "value-range"


@dataclass(frozen=True)
class Counted:
    """What is known of a painting: how its numbers are distributed, or the share of points that no camera sees."""

    painting: Painting
    counts: Histogram | None = None
    unseen: float = 0.0


class ValueScale(QObject):
    """Follows what the points are painted with."""

    changed = Signal()

    def __init__(self, viewer: Viewer, modes: ColorModes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer, self._modes, self._painter = viewer, modes, viewer.painter
        self._counted: Counted | None = None
        self._painter.changed.connect(self._follow)
        for fact in (self._painter.ramp_changed, modes.changed, viewer.colours_changed):
            fact.connect(self.changed)
        self._follow()

    @property
    def counts(self) -> Histogram | None:
        """Of the numbers on screen; None until they are counted, and where there are none."""
        return self._counted.counts if self._counted is not None else None

    @property
    def value_range(self) -> ValueRange:
        """What the colours are spread over."""
        return self._painter.value_range

    @property
    def color_map(self) -> Bytes:
        """(256, 3) uint8, from the lower to the upper end of the range."""
        return self._painter.color_map

    @property
    def on_dark(self) -> bool:
        """Whether the background is dark."""
        return dressed_look(self._viewer.appearance.look.background).is_dark

    @property
    def no_color(self) -> Rgb:
        """The colour of points without a number."""
        return dressed_look(self._viewer.appearance.look.background).no_color

    @property
    def scale(self) -> Scale | None:
        """For the chip; None where the legend says everything."""
        coloring = self._modes.coloring
        if self._viewer.shown is None:
            return None
        reason = self._modes.missing(coloring.by, coloring.field)
        if reason:
            return Scale(f"{reason[:1].upper()}{reason[1:]}: coloured by label")
        if coloring.by.is_scalar:
            return self._scale_of_numbers()
        if coloring.by is ColorBy.CAMERA:
            return Scale(self._camera_sentence())
        if coloring.by is ColorBy.CLASS:
            return None if coloring.theme == FILE else Scale(f"By label, {coloring.theme} colours")
        return Scale(f"A colour for each {coloring.by}")

    def _scale_of_numbers(self) -> Scale | None:
        channel, painting = self._modes.channel, self._painter.painting
        if channel is None:
            return None
        if painting is None or painting.channel != channel:  # nothing is claimed before it is on screen
            return Scale(f"{channel.title}…")
        low, high = self.value_range
        without = self.counts.nonfinite if self.counts is not None else 0
        by_hand = self._modes.coloring.value_range is not None
        return Scale(channel.title, channel.unit, low, high, self.color_map, without, self.no_color, by_hand=by_hand)

    def _camera_sentence(self) -> str:
        known, painting = self._counted, self._painter.painting
        if painting is None or painting.colors is None:
            return "Colours of the cameras…"
        unseen = known.unseen if known is not None and known.painting is painting else 0.0
        rest = f" · {_percent(unseen)} of the points seen by none (grey)" if unseen > 0 else ""
        return f"Colours of {counted(painting.cameras, 'camera')}{rest}"

    def _is_current(self, known: Counted) -> bool:
        return known.painting is self._painter.painting

    def _follow(self) -> None:
        shown, painting = self._viewer.neighbours.drawn, self._painter.painting
        cloud = shown.frame.cloud if shown is not None else None
        if self._counted is not None and not self._is_current(self._counted):
            self._counted = None  # it would keep numbers in memory that nobody looks at any more
        if painting is None or cloud is None:
            self._viewer.runner.cancel_key(KEY)
        elif self._counted is None:
            self._viewer.runner.run(
                lambda progress: count_values(painting, cloud, progress),
                title="Counting values",
                key=KEY,
                quiet=True,
                on_success=self._on_counted,
            )
        self.changed.emit()

    def _on_counted(self, known: Counted) -> None:
        self._counted = known
        self.changed.emit()


def count_values(painting: Painting, cloud: PointCloud, progress: Progress) -> Counted:
    """Look at every point that is drawn; for a worker thread."""
    if painting.values is None:
        return Counted(painting, unseen=painting.unseen_share)
    drawn = painting.values if cloud.nonfinite_points == 0 else painting.values[cloud.finite]
    progress.check()
    return Counted(painting, histogram(drawn))


def _percent(share: float) -> str:
    """Whole percents, and no 0 % or 100 % that is not true."""
    if share < 0.01:
        return "less than 1 %"
    return "more than 99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")
