"""What stands over the legend: whose colours it shows, which classes look alike, what the points are coloured by."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.domain.color_collisions import color_collisions
from app.domain.color_themes import COLOUR_BLIND_SAFE, FILE, HIGH_CONTRAST
from app.domain.coloring import ColorBy, Coloring
from app.domain.legend import Rgb
from app.domain.legend_table import UNMAPPED_CLASS, UNMAPPED_TEXT
from app.gui.text import ElidingLabel, plain, visible
from app.gui.theme import STEP
from app.gui.viewer import Viewer

THEME_TEXTS = {
    FILE: "Colours of the file",
    COLOUR_BLIND_SAFE: "Colour-blind safe",
    HIGH_CONTRAST: "High contrast",
}
SAFER = {FILE: COLOUR_BLIND_SAFE, COLOUR_BLIND_SAFE: HIGH_CONTRAST}
SWITCH_TEXTS = {COLOUR_BLIND_SAFE: "Use safe colours", HIGH_CONTRAST: "Use high contrast"}
OTHER_COLORS = {
    ColorBy.CAMERA: "Points have the colours of the camera pictures; these stand for the classes.",
    ColorBy.INSTANCE: "Each instance has a colour of its own.",
    ColorBy.TRACK: "Each track has a colour of its own; grey has none.",
}

Looks = tuple[Coloring, frozenset[tuple[str, Rgb]]]


class LegendHead(QWidget):
    """Chooser of the theme and two lines that are there only when they have something to say."""

    theme_chosen = Signal(str)

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._looked_at: Looks | None = None
        self.alike: tuple[tuple[str, str], ...] = ()  # pairs of classes that are hard to tell apart
        self.themes = QComboBox()
        self.themes.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.themes.setAccessibleName("Colours of classes")
        self.themes.setToolTip(plain("Colours on the screen only: files keep their own"))
        for theme, text in THEME_TEXTS.items():
            self.themes.addItem(text, theme)
        self.note = QLabel()
        self.note.setProperty("role", "caption")
        self.note.setWordWrap(True)
        self.hint = ElidingLabel()
        self.hint.setProperty("role", "attention")
        self.switch = QToolButton()
        self.switch.setToolTip(plain("Colours that are easier to tell apart, on the screen only"))
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._warning = QWidget()
        self._lay_out()
        self.themes.activated.connect(lambda index: self.theme_chosen.emit(self.themes.itemData(index)))
        self.switch.clicked.connect(lambda _checked=False: self.theme_chosen.emit(SAFER[self._theme]))

    def _lay_out(self) -> None:
        line = QHBoxLayout(self._warning)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.hint, 1)
        line.addWidget(self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        for widget in (self.themes, self._warning, self.note):
            column.addWidget(widget)

    @property
    def _theme(self) -> str:
        return self._viewer.appearance.coloring.theme

    def refresh(self) -> None:
        """Follow the colouring and the legend of the shown frame."""
        coloring = self._viewer.appearance.coloring
        self.themes.setCurrentIndex(self.themes.findData(coloring.theme))
        self.note.setText(_note(coloring))
        self.note.setVisible(bool(self.note.text()))
        self._look_for_alike(coloring)
        self.hint.setText(_hint(self.alike))
        self._warning.setVisible(bool(self.alike))
        self.switch.setVisible(coloring.theme in SAFER)
        self.switch.setText(SWITCH_TEXTS.get(SAFER.get(coloring.theme, ""), ""))
        self.hint.setToolTip(plain(*(f"{_name(one)} and {_name(other)}" for one, other in self.alike[:12])))

    def _look_for_alike(self, coloring: Coloring) -> None:
        """Anew only where class colours changed: most frames of a job have the same."""
        legend = self._viewer.legend if coloring.by is ColorBy.CLASS else None
        classes = frozenset((entry.class_name, entry.color) for entry in legend or ())
        if self._looked_at != (coloring, classes):
            self._looked_at = (coloring, classes)
            order = self._viewer.appearance.order
            self.alike = color_collisions(legend, coloring, order=order) if legend is not None else ()


def _note(coloring: Coloring) -> str:
    if coloring.by.is_scalar:
        what = visible(coloring.field, limit=40) if coloring.by is ColorBy.FIELD else coloring.by
        return f"Points are coloured by {what}; these colours stand for the classes."
    return OTHER_COLORS.get(coloring.by, "")


def _hint(alike: tuple[tuple[str, str], ...]) -> str:
    if not alike:
        return ""
    if len(alike) == 1:
        return f"! {_name(alike[0][0])} and {_name(alike[0][1])} look alike"
    return f"! {len(alike)} pairs look alike"


def _name(class_name: str) -> str:
    return UNMAPPED_TEXT if class_name == UNMAPPED_CLASS else visible(class_name, limit=30)
