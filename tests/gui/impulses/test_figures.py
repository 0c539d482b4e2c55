"""Tables of figures: what is chosen in them, and how they are sorted."""

import pytest
from PySide6.QtCore import Qt

from app.gui.impulses.figures import Figure, FigureRow, FigureTable, number_figure

SIZES = {"one": 1, "three": 3, "two": 2}


@pytest.fixture
def table(qtbot):
    table = FigureTable("Figures")
    qtbot.addWidget(table)
    rows = [FigureRow((Figure(name, name), Figure(str(size), float(size))), name) for name, size in SIZES.items()]
    table.show_rows(("Name", "Size"), rows)
    return table


def test_the_row_that_is_chosen_stays_so_wherever_sorting_puts_it(table):
    table.setCurrentIndex(table.model().index(1, 0))
    assert chosen(table) == "three"
    up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
    for column, order in ((1, down), (1, up), (-1, up)):
        table.header().setSortIndicator(column, order)
        assert chosen(table) == "three"
        assert [index.data() for index in table.selectionModel().selectedRows()] == ["three"]


def test_numbers_that_come_last_stay_near_the_names(table):
    table.resize(900, 200)
    rows = [FigureRow((Figure("one", "one"), number_figure(1.0)))]
    table.show_rows(("Name", "Size"), rows)
    assert table.columnViewportPosition(1) + table.columnWidth(1) < 300
    table.show_rows(("Name", "Size", "Note"), [FigureRow((*rows[0].cells, Figure("word " * 60)))])
    assert table.columnViewportPosition(1) + table.columnWidth(1) < 300
    assert table.columnViewportPosition(2) + table.columnWidth(2) == table.viewport().width()


def chosen(table):
    return table.currentIndex().data()
