"""Icons drawn from ``resources/icons``: SVG in one colour, tinted with a token of the theme in force."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QToolButton, QWidget

from app.gui.keys import keeps_space
from app.gui.text import plain
from app.gui.theme import CHIP_SECONDARY, CHIP_TEXT, current
from app.resource_files import resource_path

SIZE = 16  # logical pixels, the grid that the icons are drawn on
SHARPEST = 3  # device pixels per logical pixel for which icons are prepared


def draw_icon(painter: QPainter, name: str, rect: QRectF, color: QColor) -> None:
    """Paint an icon into ``rect`` in one colour; raises InputError for a name without a file."""
    renderer(name, color.name()).render(painter, rect)


def icon(name: str, *, token: str = "text") -> QIcon:
    """An icon for buttons and actions in today's theme: normal, disabled, and on the accent where checked."""
    tokens = current()
    return _icon(name, tokens.color(token).name(), tokens.color("disabled").name())


@lru_cache(maxsize=256)
def _icon(name: str, color: str, disabled: str) -> QIcon:
    """Made once per colour: every camera view asks for the same few, each time its style changes."""
    made = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled)):
        pixmap = _pixmap(name, QColor(tint))
        made.addPixmap(pixmap, mode, QIcon.State.Off)
        made.addPixmap(pixmap, mode, QIcon.State.On)
    return made


@lru_cache(maxsize=256)
def renderer(name: str, color: str) -> QSvgRenderer:
    """The parsed drawing with ``currentColor`` replaced."""
    source = resource_path(f"icons/{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(source.replace(b"currentColor", color.encode())))


def picture_icon(image: QImage) -> QIcon:
    """An icon that is a small picture in its own colours."""
    return QIcon(QPixmap.fromImage(image))


def _pixmap(name: str, color: QColor) -> QPixmap:
    pixmap = QPixmap(SIZE * SHARPEST, SIZE * SHARPEST)
    pixmap.setDevicePixelRatio(SHARPEST)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_icon(painter, name, QRectF(0, 0, SIZE, SIZE), color)
    painter.end()
    return pixmap


class IconButton(QToolButton):
    """A button that is only an icon: it has a name for assistive tools and a tooltip that names its key."""

    def __init__(
        self, name: str, title: str, *, key: str = "", role: str = "quiet", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._key = key
        self.setProperty("role", role)
        self.setIconSize(QSize(SIZE, SIZE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_face(name, title)

    @property
    def icon_name(self) -> str:
        """The drawing shown."""
        return self._name

    def set_face(self, name: str, title: str) -> None:
        """Show another drawing and say something else."""
        self._name = name
        self.setAccessibleName(title)
        self.setToolTip(plain(f"{title} ({self._key})" if self._key else title))
        self._tint()

    def event(self, event: QEvent) -> bool:
        """Space presses the button that has the focus, instead of being the window's key for playing."""
        return keeps_space(event) or super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._tint()

    def _tint(self) -> None:
        # a chip lies over a picture, which is dark in both themes
        self.setIcon(icon(self._name) if self.property("role") != "chip" else icon_over_picture(self._name))


def icon_over_picture(name: str) -> QIcon:
    """An icon in the colour of text on chips."""
    return _icon(name, QColor(CHIP_TEXT).name(), QColor(CHIP_SECONDARY).name())
