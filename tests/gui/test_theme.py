import itertools

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from app.gui.icons import IconButton, icon
from app.gui.theme import (
    CHIP_SECONDARY,
    CHIP_TEXT,
    DARK,
    LIGHT,
    THEMES,
    TRACK_COLORS,
    apply_theme,
    caption_font,
    current,
    set_look,
    tabular_font,
    text_size,
    track_color,
)

BACKGROUNDS = ("window", "panel", "raised")
TEXTS = ("text", "secondary", "accent", "fine", "attention", "wrong")


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2."""
    made = QColor(color)
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in made.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def app(qapp):
    yield qapp
    apply_theme(qapp, "dark")


@pytest.mark.parametrize("tokens", list(THEMES.values()), ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("text", "background"), list(itertools.product(TEXTS, BACKGROUNDS)))
def test_text_has_enough_contrast_on_every_background(tokens, text, background):
    assert contrast(getattr(tokens, text), getattr(tokens, background)) >= 4.5


@pytest.mark.parametrize("tokens", list(THEMES.values()), ids=lambda tokens: tokens.name)
def test_text_has_enough_contrast_on_accent_selection_and_hover(tokens):
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.text, tokens.selection) >= 4.5
    assert contrast(tokens.secondary, tokens.hover) >= 4.5 or contrast(tokens.text, tokens.hover) >= 7
    assert contrast(CHIP_TEXT, "#12151a") >= 4.5
    assert contrast(CHIP_SECONDARY, "#12151a") >= 4.5


@pytest.mark.parametrize("tokens", list(THEMES.values()), ids=lambda tokens: tokens.name)
@pytest.mark.parametrize("color", TRACK_COLORS)
def test_track_colours_stand_out_on_both_themes(tokens, color):
    assert contrast(color, tokens.panel) >= 3


def test_track_colours_are_many_and_differ():
    assert len(set(TRACK_COLORS)) == len(TRACK_COLORS) >= 12
    for one, other in itertools.combinations(TRACK_COLORS, 2):
        a, b = QColor(one), QColor(other)
        assert abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue()) > 60


def test_a_track_keeps_its_colour_and_its_neighbour_has_another():
    assert track_color(7) == track_color(7)
    assert track_color(0) != track_color(1)
    assert track_color(-3).isValid()
    assert track_color(10**9).isValid()


@pytest.mark.parametrize("desktop", ["", "GNOME", "KDE"])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_palette_is_ours_whatever_the_desktop_honours(app, monkeypatch, desktop, name):
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    tokens = apply_theme(app, name)
    assert tokens == current() == THEMES[name]
    assert app.palette().color(QPalette.ColorRole.Window).name() == tokens.panel
    assert app.palette().color(QPalette.ColorRole.WindowText).name() == tokens.text


def test_the_system_theme_is_dark_unless_the_system_says_light(app):
    tokens = apply_theme(app, "system")
    light = app.styleHints().colorScheme() == Qt.ColorScheme.Light
    assert tokens == (LIGHT if light else DARK)


def test_switching_repaints_icons_in_the_new_text_colour(app, qtbot):
    button = IconButton("play", "Play", key="Space")
    qtbot.addWidget(button)
    seen = []
    for name in ("dark", "light"):
        tokens = apply_theme(app, name)
        QApplication.sendPostedEvents()
        image = button.icon().pixmap(16, 16).toImage()
        seen.append(image.pixelColor(image.width() // 2, image.height() // 2).name())
        assert seen[-1] == tokens.text


def test_a_widget_in_sight_takes_another_look_at_once(app, qtbot):
    label = QLabel("told")
    qtbot.addWidget(label)
    set_look(label, role="fine")
    label.show()
    seen = [label.palette().color(QPalette.ColorRole.WindowText).name()]
    for role in ("wrong", "wrong", "fine"):
        set_look(label, role=role)
        seen.append(label.palette().color(QPalette.ColorRole.WindowText).name())
    assert seen == [DARK.fine, DARK.wrong, DARK.wrong, DARK.fine]


def test_an_icon_button_says_what_it_does_and_its_key(qtbot):
    button = IconButton("play", "Play", key="Space")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Play"
    assert "Play (Space)" in button.toolTip()


def test_every_icon_can_be_drawn(qapp):
    from app.resource_files import resource_path

    names = [path.stem for path in resource_path("icons/play.svg").parent.glob("*.svg")]
    assert len(names) >= 20
    for name in names:
        image = icon(name).pixmap(16, 16).toImage()
        drawn = sum(image.pixelColor(x, y).alpha() > 100 for x in range(image.width()) for y in range(image.height()))
        assert drawn > 10, name


def test_digits_of_the_tabular_font_are_equally_wide(qapp):
    metrics = QFontMetricsF(tabular_font(qapp.font()))
    widths = {round(metrics.horizontalAdvance(digit), 2) for digit in "0123456789"}
    assert len(widths) == 1


def test_captions_are_smaller_and_follow_the_base_size(qapp):
    base = QFont(qapp.font())
    base.setPixelSize(24)
    assert text_size(caption_font(base)) == 20


def test_space_presses_the_button_with_the_focus_even_where_the_window_uses_that_key(qtbot):
    button = IconButton("step-forward", "Next frame")
    qtbot.addWidget(button)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    override.ignore()
    QApplication.sendEvent(button, override)
    assert override.isAccepted()  # or the window's shortcut would get the key
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)
