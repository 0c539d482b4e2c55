"""What lies over the 3D view: quiet chips, a banner for what is wrong, a page for when there is nothing to see."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

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
        self.setIndent(0)  # a label with a frame would add some to its padding
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
    """One sentence, and one or two buttons where there is something to do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton(self)
        self.button.setProperty("role", "primary")
        self.other_button = QPushButton(self)
        self._callbacks: dict[QPushButton, Callable[[], None]] = {}
        for button in (self.button, self.other_button):
            button.clicked.connect(lambda _checked=False, button=button: self._on_clicked(button))
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * STEP)
        buttons.addStretch()
        buttons.addWidget(self.button)
        buttons.addWidget(self.other_button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(3 * STEP)
        column.addStretch()
        column.addWidget(self.label)
        column.addLayout(buttons)
        column.addStretch()

    def say(self, text: str, button_text: str = "", callback: Callable[[], None] | None = None) -> None:
        """Replace what the page says and offers; a second way is gone until it is offered anew."""
        self.label.setText(text)
        self._callbacks.clear()
        self._offer(self.button, button_text, callback)
        self._offer(self.other_button, "", None)

    def offer_also(self, button_text: str, callback: Callable[[], None]) -> None:
        """A second button, for as long as the page says the same."""
        self._offer(self.other_button, button_text, callback)

    def _offer(self, button: QPushButton, text: str, callback: Callable[[], None] | None) -> None:
        button.setText(text)
        button.setVisible(callback is not None)
        if callback is not None:
            self._callbacks[button] = callback

    def _on_clicked(self, button: QPushButton) -> None:
        if button in self._callbacks:
            self._callbacks[button]()


def foot_beside(chips: Iterable[QWidget], *, left: int, foot: int) -> int:
    """How far down something that begins at ``left`` may reach: to ``foot``, or to the chips that reach below it."""
    tops = [chip.y() - STEP for chip in chips if not chip.isHidden() and chip.geometry().right() + STEP >= left]
    return min((foot, *tops))


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
    kept = viewer.cut_counts.kept_per_row
    visible = viewer.appearance.visible_rows(prepared.label_keys)
    hidden = int(prepared.points_per_row[~visible].sum())
    drawn = len(prepared) - hidden if kept is None else int(kept[visible if len(visible) else slice(None)].sum())
    stack = viewer.neighbours.stack
    frames = [] if stack is None else [stack.sentence]
    if share < 1.0:
        return " · ".join([f"shown {short_count(share * drawn)} of {short_count(prepared.total)}", *frames])
    removed, broken = len(prepared) - hidden - drawn, prepared.total - len(prepared)
    reasons = ((hidden, "hidden"), (removed, "cut away"), (broken, "not finite"))
    parts = [f"{drawn:,} of {counted(prepared.total, 'point')}", *(f"{many:,} {why}" for many, why in reasons if many)]
    if kept is None:
        return " · ".join([*parts, "counting what is cut away…", *frames])
    return " · ".join([*(parts if len(parts) > 1 else [*parts, "every point drawn"]), *frames])


def short_count(points: float) -> str:
    """A number of points in three figures: 950, 64 k, 1.2 M."""
    if points < 1000:
        return f"{points:.0f}"
    thousands = points / 1000
    if thousands < 999.5:
        return f"{thousands:.1f} k" if thousands < 9.95 else f"{thousands:.0f} k"
    return f"{thousands / 1000:.1f} M" if thousands < 99_950 else f"{thousands / 1000:.0f} M"
