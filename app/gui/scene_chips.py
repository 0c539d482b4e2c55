"""What lies over the 3D view: quiet chips, a banner for what is wrong, a page for when there is nothing to see."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.finding import Finding, Severity, counted
from app.gui.text import visible
from app.gui.theme import CHIP, CHIP_SECONDARY, CHIP_TEXT, STEP
from app.gui.viewer import Viewer
from app.scene.prepared import PreparedCloud

LONGEST_BANNER = 400  # characters
BANNER_PADDING = 32  # pixels left and right of its text together
MARKS = {Severity.ERROR: "✕", Severity.WARNING: "!"}


class Chip(QLabel):
    """One line of secondary text over the view; hidden while it is empty. Clicks go through to the view."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setStyleSheet(f"background: {CHIP}; color: {CHIP_SECONDARY}; border-radius: 5px; padding: 3px 8px;")
        self.hide()

    def say(self, text: str) -> None:
        """Show a text; an empty one hides the chip."""
        self.setText(visible(text, limit=LONGEST_BANNER))
        self.adjustSize()
        self.setVisible(bool(text))


class Banner(Chip):
    """What is wrong with the picture, in the words of the findings."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def report(self, findings: tuple[Finding, ...], *, wrong: str, attention: str) -> None:
        """Show findings about mask and scan, errors in the colour ``wrong``, warnings in ``attention``."""
        told = banner_findings(findings)
        worst = Severity.ERROR if any(each.severity is Severity.ERROR for each in told) else Severity.WARNING
        edge = wrong if worst is Severity.ERROR else attention
        self.setStyleSheet(
            f"background: {CHIP}; color: {CHIP_TEXT}; border: 1px solid {edge}; border-radius: 5px; padding: 5px 12px;"
        )
        self.say(" ".join((MARKS[worst], *(each.message for each in told))) if told else "")

    def fit(self, widest: int) -> None:
        """Take one line where it is narrow enough, else as many as ``widest`` pixels need."""
        wide = min(widest, self.fontMetrics().horizontalAdvance(self.text()) + BANNER_PADDING)
        self.resize(wide, self.heightForWidth(wide))


class MessagePage(QWidget):
    """One sentence, and one button where there is something to do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton(self)
        self.button.setProperty("role", "primary")
        self._callback: Callable[[], None] | None = None
        self.button.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setSpacing(3 * STEP)
        column.addStretch()
        column.addWidget(self.label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()

    def say(self, text: str, button_text: str = "", callback: Callable[[], None] | None = None) -> None:
        """Replace what the page says."""
        self.label.setText(text)
        self.button.setText(button_text)
        self.button.setVisible(callback is not None)
        self._callback = callback

    def _on_clicked(self) -> None:
        if self._callback is not None:
            self._callback()


def banner_findings(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What deserves a banner: errors and warnings about the mask or the scan, each rule once."""
    told = {
        each.rule: each
        for each in findings
        if each.rule.startswith(("mask.", "scan.")) and each.severity is not Severity.INFO
    }
    return tuple(told.values())


def drawn_text(prepared: PreparedCloud, viewer: Viewer, *, share: float = 1.0) -> str:
    """How many points of the file are on screen, and why the others are not; ``share`` of the cloud is drawn so far."""
    visible_rows = [viewer.appearance.is_key_visible(key) for key in prepared.label_keys]
    hidden = int(prepared.points_per_row[[not shown for shown in visible_rows]].sum()) if visible_rows else 0
    broken = prepared.total - len(prepared)
    stack = viewer.neighbours.stack
    frames = [] if stack is None else [stack.sentence]
    if share < 1.0:
        drawn = f"shown {short_count(share * (len(prepared) - hidden))} of {short_count(prepared.total)}"
        return " · ".join([drawn, *frames])
    parts = [f"{len(prepared) - hidden:,} of {counted(prepared.total, 'point')}"]
    if hidden:
        parts.append(f"{hidden:,} hidden")
    if broken:
        parts.append(f"{broken:,} not finite")
    return " · ".join([*(parts if len(parts) > 1 else [*parts, "every point drawn"]), *frames])


def short_count(points: float) -> str:
    """A number of points in three figures: 950, 64 k, 1.2 M."""
    if points < 1000:
        return f"{points:.0f}"
    thousands = points / 1000
    if thousands < 999.5:
        return f"{thousands:.1f} k" if thousands < 9.95 else f"{thousands:.0f} k"
    return f"{thousands / 1000:.1f} M" if thousands < 99_950 else f"{thousands / 1000:.0f} M"
