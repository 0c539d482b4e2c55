"""The heat map: legible in every colour, every size, by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from app.domain.impulse.confusion import Background, Confusion
from app.gui.impulses.matrix import MatrixView, count_text, heat_color, luminance, share_text, text_on
from app.gui.theme import apply_theme
from tests.gui.impulses.impulse_documents import street


def confusion(size: int, **more) -> Confusion:
    counts = np.arange(size * size, dtype=float).reshape(size, size)
    return Confusion(counts, tuple(f"class {number}" for number in range(size)), **more)


@pytest.fixture
def view(qtbot):
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    return view


@pytest.fixture
def section(detail):
    detail.show_impulse(street())
    detail.sections.setCurrentWidget(detail.confusion)
    return detail.confusion


def contrast(one: QColor, other: QColor) -> float:
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_text_stands_out_on_every_colour_and_the_lightness_only_rises_or_falls(theme):
    colors = [heat_color(step / 255, theme) for step in range(256)]
    assert min(contrast(color, text_on(color)) for color in colors) >= 4.5
    lights = np.diff([luminance(color) for color in colors])
    assert np.all(lights >= 0) if theme == "dark" else np.all(lights <= 0)
    assert contrast(colors[0], colors[-1]) > 7


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_cells_without_anything_are_quiet_but_legible(qapp, view, theme):
    tokens = apply_theme(qapp, theme)
    assert contrast(view.heat.color(0.0), tokens.color("secondary")) >= 4.5


def test_luminance_is_that_of_the_web_guidelines():
    assert luminance(QColor("#ffffff")) == pytest.approx(1.0)
    assert luminance(QColor("#777777")) == pytest.approx(0.184, abs=0.001)


@pytest.mark.parametrize(
    ("count", "text"), [(1234.0, "1,234"), (0.0, "0"), (0.125, "0.125"), (float("nan"), "\N{EN DASH}")]
)
def test_counts_are_written_in_full_and_fractions_short(count, text):
    assert count_text(count) == text


@pytest.mark.parametrize(("share", "text"), [(0.0, "0 %"), (0.004, "<1 %"), (0.5, "50 %"), (float("nan"), "")])
def test_small_shares_are_not_said_to_be_nothing(share, text):
    assert share_text(share) == text


def test_a_cell_tells_its_sentence(view):
    counts = np.array([[8.0, 2.0], [np.nan, 10.0]])
    view.show_confusion(Confusion(counts, ("cat", "<b>dog</b>")))
    role = Qt.ItemDataRole
    assert view.matrix.index(0, 1).data(role.AccessibleTextRole) == (
        "“cat” taken for “<b>dog</b>”: 2, 20.00 % of all “cat”."
    )
    assert "&lt;b&gt;dog" in view.matrix.index(0, 1).data(role.ToolTipRole)
    assert "found as such" in view.matrix.index(0, 0).data(role.AccessibleTextRole)
    assert "has no count" in view.matrix.index(1, 0).data(role.AccessibleTextRole)


def test_many_classes_turn_their_names_and_scroll(view):
    view.show_confusion(confusion(3))
    assert not view.horizontalHeader().turned
    wide = view.horizontalHeader().defaultSectionSize()
    view.show_confusion(confusion(50))
    assert view.horizontalHeader().turned
    assert view.horizontalHeader().defaultSectionSize() < wide
    assert view.horizontalScrollBar().maximum() > 0
    view.grab()


def test_keys_walk_over_the_cells(view, qtbot):
    view.show_confusion(confusion(3))
    view.setCurrentIndex(view.matrix.index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, 1)


def test_hotter_is_more_by_share_and_by_count(view):
    view.show_confusion(Confusion(np.array([[1.0, 1.0], [0.0, 100.0]]), ("a", "b")))
    heat = [[view.matrix.heat(view.matrix.index(row, column)) for column in (0, 1)] for row in (0, 1)]
    assert heat == [[0.5, 0.5], [0.0, 1.0]]
    view.matrix.set_by_share(by_share=False)
    assert view.matrix.heat(view.matrix.index(0, 0)) == pytest.approx(0.1)


def test_the_toggle_changes_between_shares_and_counts(section, qtbot):
    index = section.matrix.matrix.index(0, 0)
    assert index.data() == "87 %\n41"
    qtbot.mouseClick(section.by_share, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert index.data() == "41\n87 %"


def test_the_background_can_be_moved_to_where_it_is(section, qtbot):
    assert section.background.currentData() == Background.LAST
    assert section.matrix.matrix.confusion.names[-1] == "background"
    section.background.showPopup()
    qtbot.keyClick(section.background.view(), Qt.Key.Key_Down)
    qtbot.keyClick(section.background.view(), Qt.Key.Key_Return)
    assert section.matrix.matrix.confusion.names[0] == "background"
    assert section.classes.figures.index(0, 0).data() == "Bus"


def test_choosing_a_class_points_at_its_cell(section, qtbot):
    assert section.classes.figures.index(1, 0).data() == "Car"
    rect = section.classes.visualRect(section.classes.figures.index(1, 0))
    qtbot.mouseClick(section.classes.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    current = section.matrix.currentIndex()
    assert (current.row(), current.column()) == (1, 1)


def test_the_class_table_has_precision_recall_f1_and_support(section):
    row = [section.classes.figures.index(0, column).data() for column in range(6)]
    assert row == ["Bus", "87.2 %", "87.2 %", "87.2 %", "47", "background (6 %)"]
    assert section.summary.text().startswith("Mean precision")


def test_another_variant_shows_another_matrix(section, qtbot):
    qtbot.keyClick(section.variant, Qt.Key.Key_Down)
    assert section.variant.currentText() == "float32"
    assert section.matrix.matrix.rowCount() == 6
