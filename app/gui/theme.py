"""Colours, fonts and the palette: Fusion with our own look, dark first, light equal in care."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QWidget

STEP = 4  # pixels; every margin and gap is a multiple
CORNER = 5  # pixels
CAPTION_SHARE = 10 / 12  # captions are 10 px where text is 12 px

# Far apart in Lab at luminances that keep 3:1 to the panels of both themes; neighbours in the list differ most,
# because track ids that live side by side are usually close.
TRACK_COLORS = (
    "#268eff",
    "#da6900",
    "#00a500",
    "#ff00ac",
    "#8e2dff",
    "#f0302a",
    "#009e8e",
    "#ac8044",
    "#b469e8",
    "#4b7826",
    "#0096ca",
    "#e13c5a",
    "#f800f0",
    "#8a7f00",
)


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme as ``#rrggbb``; widgets that paint themselves read them from here."""

    name: str  # dark or light
    window: str
    panel: str
    raised: str
    hover: str
    line: str
    text: str
    secondary: str
    disabled: str
    accent: str
    on_accent: str  # text on the accent
    selection: str  # rows that are selected; text stays readable on it
    fine: str
    attention: str
    wrong: str
    scene_top: str
    scene_bottom: str

    @property
    def is_dark(self) -> bool:
        """Whether the background is darker than the text."""
        return self.name == "dark"

    def color(self, token: str) -> QColor:
        """The colour of a token by its name."""
        return QColor(getattr(self, token))


DARK = Tokens(
    name="dark",
    window="#12151a",
    panel="#191e25",
    raised="#222932",
    hover="#2a323d",
    line="#2b333e",
    text="#dbe1ea",
    secondary="#8a94a4",
    disabled="#5b6573",
    accent="#4da3ff",
    on_accent="#0b1017",
    selection="#24405f",
    fine="#43c06b",
    attention="#e0a83a",
    wrong="#ff6b60",
    scene_top="#101318",
    scene_bottom="#171c24",
)

LIGHT = Tokens(
    name="light",
    window="#e9ecf1",
    panel="#f7f8fa",
    raised="#ffffff",
    hover="#e3e8ef",
    line="#cfd6df",
    text="#1b222c",
    secondary="#566171",
    disabled="#9aa3af",
    accent="#0a64c4",
    on_accent="#ffffff",
    selection="#cfe3fa",
    fine="#1b7a3d",
    attention="#8a5800",
    wrong="#c3271c",
    scene_top="#dfe4eb",
    scene_bottom="#eef1f5",
)

# Over pictures and the 3D view both themes use the same dark chips: a picture does not change with the theme.
CHIP = "#d912151a"  # #aarrggbb
CHIP_TEXT = "#eef2f7"
CHIP_SECONDARY = "#b4bdca"
CHIP_ATTENTION = "#e0a83a"

THEMES = {"dark": DARK, "light": LIGHT}
CURRENT_PROPERTY = "pointproof_theme"


def current() -> Tokens:
    """The tokens in force; dark until apply_theme was called."""
    app = QApplication.instance()
    name = app.property(CURRENT_PROPERTY) if app is not None else None
    return THEMES.get(name, DARK) if isinstance(name, str) else DARK


def apply_theme(app: QApplication, name: str) -> Tokens:
    """Dress the program in "dark", "light" or what the "system" prefers (dark where it has no opinion).

    Qt is told first, so that window frames and native dialogs follow where the desktop listens; many Linux desktops
    do not, so the palette is set in any case. Returns the tokens in force.
    """
    from app.gui.stylesheet import stylesheet

    tokens = tokens_for(app, name)
    app.setProperty(CURRENT_PROPERTY, tokens.name)
    app.setStyle("Fusion")
    app.setPalette(palette(tokens))
    app.setStyleSheet(stylesheet(tokens, caption_px=text_size(caption_font(app.font()))))
    return tokens


def tokens_for(app: QApplication, name: str) -> Tokens:
    """The tokens of a theme; Qt is told of it."""
    hints = app.styleHints()
    hints.setColorScheme(_scheme(name))
    preferred = LIGHT if hints.colorScheme() == Qt.ColorScheme.Light else DARK
    return THEMES.get(name, preferred)


def palette(tokens: Tokens) -> QPalette:
    """The whole Qt palette of a theme, all colour groups."""
    roles = QPalette.ColorRole
    colors = {
        roles.Window: tokens.panel,
        roles.WindowText: tokens.text,
        roles.Base: tokens.panel,
        roles.AlternateBase: tokens.raised,
        roles.Text: tokens.text,
        roles.Button: tokens.raised,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.wrong,
        roles.ToolTipBase: tokens.raised,
        roles.ToolTipText: tokens.text,
        roles.PlaceholderText: tokens.secondary,
        roles.Highlight: tokens.selection,
        roles.HighlightedText: tokens.text,
        roles.Accent: tokens.accent,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.accent,
        roles.Light: tokens.hover,
        roles.Midlight: tokens.raised,
        roles.Mid: tokens.line,
        roles.Dark: tokens.window,
        roles.Shadow: tokens.window,
    }
    made = QPalette()
    for role, color in colors.items():
        made.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.PlaceholderText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return made


def text_size(font: QFont) -> int:
    """Height of a font in pixels, whichever unit it was given in."""
    return QFontInfo(font).pixelSize()


def caption_font(base: QFont) -> QFont:
    """The smaller size of the two that the window uses."""
    font = QFont(base)
    font.setPixelSize(max(9, round(text_size(base) * CAPTION_SHARE)))
    return font


def strong_font(base: QFont) -> QFont:
    """The same size, half bold."""
    font = QFont(base)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def tabular_font(base: QFont) -> QFont:
    """Digits of equal width, so that numbers in a column line up."""
    font = QFont(base)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def set_look(widget: QWidget, **looks: str | bool) -> None:
    """Set properties that the stylesheet asks for, also on a widget in sight: Qt does not look again by itself."""
    changed = {name: look for name, look in looks.items() if widget.property(name) != look}
    for name, look in changed.items():
        widget.setProperty(name, look)
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def keep_room(widget: QWidget) -> None:
    """Have a hidden widget keep its place: what is around it must not jump when it comes."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def track_color(track_id: int) -> QColor:
    """The colour that stays with a track id, readable on both themes and over pictures."""
    return QColor(TRACK_COLORS[track_id % len(TRACK_COLORS)])


def _scheme(name: str) -> Qt.ColorScheme:
    schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
    return schemes.get(name, Qt.ColorScheme.Unknown)
