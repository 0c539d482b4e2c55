"""The buttons at the top right of a camera's picture: what makes it larger, how images look, and its link."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.gui.icons import IconButton

ALWAYS = 320  # pixels: a picture this wide has room for all of them beside its name


class CameraTools(QWidget):
    """Quiet: narrow pictures show none until the cursor or the keys are with them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.enlarge = IconButton("enlarge", "Large image", key="double click or Enter", role="chip")
        self.look = IconButton("sliders", "How images look", key="Shift+I", role="chip")
        self.link = IconButton("link", "Link this camera to a sample", role="chip")
        self._large = False
        self._row = row = QBoxLayout(QBoxLayout.Direction.RightToLeft, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for button in (self.link, self.look, self.enlarge):
            button.setCursor(Qt.CursorShape.ArrowCursor)
            row.addWidget(button)

    @property
    def attended(self) -> bool:
        """Whether one of them has the keys."""
        return any(button.hasFocus() for button in (self.enlarge, self.look, self.link))

    def set_large(self, *, large: bool) -> None:
        """Say which way a double click goes."""
        if large != self._large:
            self._large = large
            name, title = ("reduce", "All images again") if large else ("enlarge", "Large image")
            self.enlarge.set_face(name, title)

    def fit(self, *, width: int, attended: bool) -> None:
        """Show all in a picture of ``width`` pixels with room for them, or while it is attended to, where it is narrow
        one below the other so that the name stays in sight."""
        wide = width >= ALWAYS
        self._row.setDirection(QBoxLayout.Direction.RightToLeft if wide else QBoxLayout.Direction.TopToBottom)
        self.adjustSize()
        self.setVisible(wide or attended or self.attended)
