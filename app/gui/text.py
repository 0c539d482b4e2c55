"""Remote text made safe to show: nothing in a name may become markup, a mnemonic, or reorder the words around it."""

import html
import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

LIMIT = 200  # characters
MINUS = "\N{MINUS SIGN}"

# C0 and C1 controls, DEL, bidi marks, embeddings and isolates, line separators, invisible breaks, lone surrogates
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def visible(text: str, *, limit: int = LIMIT) -> str:
    """The text on one line: characters that cannot be seen become escapes, the middle of what is too long goes.

    For painters, item models and widgets that never read markup. The result has at most ``limit`` characters.
    """
    kept = text if len(text) <= 2 * limit else text[:limit] + text[-limit:]  # bounds the work on huge strings
    shown = _INVISIBLE.sub(_escape, kept)
    if len(shown) <= limit:
        return shown
    head = (limit - 1) // 2
    tail = limit - 1 - head
    return f"{shown[:head]}\N{HORIZONTAL ELLIPSIS}{shown[len(shown) - tail :]}"


def plain(*lines: str, limit: int = LIMIT) -> str:
    """Lines for places that guess whether text is markup: tooltips, message boxes, "What's this" texts."""
    return f"<qt>{'<br>'.join(html.escape(visible(line, limit=limit)) for line in lines)}</qt>"


def with_minus(number: str) -> str:
    """A number as print has it, with a minus sign in the place of the hyphen; other text stays."""
    return MINUS + number[1:] if re.match(r"-[\d.]", number) else number


def action_text(text: str, *, limit: int = LIMIT) -> str:
    """Text for actions, menus, tabs and buttons, where an ampersand would become a mnemonic."""
    return visible(text, limit=limit).replace("&", "&&")


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    named = {0x09: r"\t", 0x0A: r"\n", 0x0D: r"\r"}
    return named.get(code) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


class ElidingLabel(QLabel):
    """One line of plain text that gives up its middle where room is short; the tooltip then has all of it."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text; controls in it become visible."""
        super().setText(visible(text))
        self._refresh_tooltip()

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        metrics = self.fontMetrics()
        margins = self.contentsMargins()
        width = metrics.horizontalAdvance(self.text()) + margins.left() + margins.right() + 2
        return QSize(width, metrics.height() + margins.top() + margins.bottom())

    def minimumSizeHint(self) -> QSize:
        """Room for a few characters."""
        return QSize(min(self.sizeHint().width(), 3 * self.fontMetrics().averageCharWidth()), self.sizeHint().height())

    def elided_text(self) -> str:
        """What fits."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits, through the style so that the stylesheet keeps its say."""
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        style = self.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        style.drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()) | int(Qt.TextFlag.TextSingleLine),
            option.palette,
            self.isEnabled(),
            self.elided_text(),
            self.foregroundRole(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tooltip depends on what fits."""
        super().resizeEvent(event)
        self._refresh_tooltip()

    def _refresh_tooltip(self) -> None:
        full = self.text()
        self.setToolTip(plain(full) if full and self.elided_text() != full else "")
