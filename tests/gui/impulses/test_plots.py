"""Plots of a training: hovered, walked through by keys, logarithmic, with gaps, in both themes."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.gui.theme import DARK, LIGHT, apply_theme
from tests.gui.impulses.impulse_documents import STEPS, street


@pytest.fixture
def training(detail):
    detail.show_impulse(street())
    detail.sections.setCurrentWidget(detail.training)
    return detail.training


@pytest.fixture
def plot(training):
    return training.plots[0]


def lines(plot):
    """(steps, values) of the lines that are drawn."""
    import pyqtgraph as pg

    items = plot.canvas.view.addedItems
    return [item.getData() for item in items if isinstance(item, pg.PlotCurveItem)]


def point(canvas, step):
    """Move the mouse, at once: axes that become wider in between would have the same pixel mean another step."""
    at = QPointF(canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(step, 0.5))))
    event = QMouseEvent(QEvent.Type.MouseMove, at, canvas.viewport().mapToGlobal(at), Qt.MouseButton.NoButton,
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(canvas.viewport(), event)


def values(plot):
    return [plot.series.topLevelItem(row).text(1) for row in range(plot.series.topLevelItemCount())]


def test_each_series_is_a_line_over_its_steps(plot):
    (steps, train), (_, validation) = lines(plot)
    assert (steps[0], steps[-1], len(train)) == (1, STEPS, STEPS)
    assert np.isnan(validation).sum() == 2
    assert plot.note.text() == "Of all boxes. 2 values missing or not finite"


def test_a_point_between_two_gaps_has_a_dot(plot):
    import pyqtgraph as pg

    (dots,) = [item for item in plot.canvas.view.addedItems if isinstance(item, pg.ScatterPlotItem)]
    assert dots.getData()[0].tolist() == [22]


def test_the_pointer_reads_every_series_at_the_nearest_step(plot):
    canvas = plot.canvas
    assert values(plot)[1] == "1"
    point(canvas, 21.2)
    assert canvas.step == 21
    assert values(plot) == [f"{np.exp(-20 / 15) - 0.1:.4g}", "\N{EN DASH}"]
    assert plot.series.headerItem().text(1) == "epoch 21"
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert (canvas.step, values(plot)[1]) == (None, "1")


def test_keys_walk_through_the_steps(plot, qtbot):
    for key, step in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Left, 1), (Qt.Key.Key_End, STEPS), (Qt.Key.Key_Left, 59)):
        qtbot.keyClick(plot.canvas, key)
        assert plot.canvas.step == step
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Home)
    assert values(plot)[0] == "0.9"


def test_the_logarithm_leaves_out_what_has_none_and_says_so(training, plot, qtbot):
    qtbot.mouseClick(training.logarithmic, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    (_, train), _ = lines(plot)
    expected = np.exp(-np.arange(STEPS) / 15) - 0.1
    np.testing.assert_allclose(train[:30], np.log10(expected[:30]))
    assert np.isnan(train[expected <= 0]).all()
    assert "not above zero" in plot.note.text()
    assert plot.canvas.axes["left"].tickStrings([-1.0, 0.0, 0.5], 1.0, 0.5) == ["0.1", "1", "3.16"]
    plot.grab()


def test_a_series_that_is_not_ticked_is_not_drawn(plot, qtbot):
    item = plot.series.topLevelItem(0)
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert len(lines(plot)) == 1
    item.setCheckState(0, Qt.CheckState.Checked)
    assert len(lines(plot)) == 2


def test_hidden_graphs_come_on_request(training, qtbot):
    assert [plot.sheet.title for plot in training.plots] == ["Loss"]
    qtbot.mouseClick(training.hidden, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert [plot.title.text() for plot in training.plots] == ["Loss", "Rate (hidden by the service)"]


def test_many_graphs_come_page_by_page(detail, qtbot):
    def many(impulse):
        graphs = impulse["learnBlockKerasConfigs"][0]["metadata"]["tensorboardGraphs"]
        graphs[:] = [{"title": f"graph {n}", "data": [{"title": "a", "values": [1, n]}]} for n in range(20)]

    detail.show_impulse(street(many))
    detail.sections.setCurrentWidget(detail.training)
    assert len(detail.training.plots) == 6
    for _ in range(3):
        qtbot.keyClick(detail.training.pages, Qt.Key.Key_Down)
    assert [plot.sheet.title for plot in detail.training.plots] == ["graph 18", "graph 19"]


def test_the_wheel_scrolls_the_page_unless_ctrl_is_held(plot):
    def wheel(modifiers):
        at = QPointF(plot.canvas.rect().center())
        event = QWheelEvent(at, plot.canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
                            modifiers, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        QApplication.sendEvent(plot.canvas.viewport(), event)
        return plot.canvas.view.viewRange()[0]

    before = plot.canvas.view.viewRange()[0]
    assert wheel(Qt.KeyboardModifier.NoModifier) == before
    zoomed = wheel(Qt.KeyboardModifier.ControlModifier)
    assert zoomed[1] - zoomed[0] < before[1] - before[0]


def test_a_double_click_shows_all_again(plot, qtbot):
    plot.canvas.view.setXRange(10, 12)
    middle = plot.canvas.viewport().rect().center()
    qtbot.mouseDClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    plot.grab()
    low, high = plot.canvas.view.viewRange()[0]
    assert low <= 1 <= STEPS <= high


def test_the_plots_follow_the_theme(plot, qapp):
    for name, tokens in (("light", LIGHT), ("dark", DARK)):
        apply_theme(qapp, name)
        QApplication.processEvents()
        assert plot.canvas.backgroundBrush().color().name() == tokens.panel
        assert plot.canvas.axes["left"].textPen().color().name() == tokens.secondary


def test_a_graph_without_a_single_value_is_an_empty_plot(detail, qtbot):
    def empty(impulse):
        graphs = impulse["learnBlockKerasConfigs"][0]["metadata"]["tensorboardGraphs"]
        graphs[:] = [{"data": []}, {"data": [{"values": [None, None]}, {"values": []}]}]

    detail.show_impulse(street(empty))
    detail.sections.setCurrentWidget(detail.training)
    first, second = detail.training.plots
    assert (lines(first), lines(second)) == ([], [])
    for plot in (first, second):
        qtbot.keyClick(plot.canvas, Qt.Key.Key_Right)
        plot.grab()
    assert values(second) == ["\N{EN DASH}", "\N{EN DASH}"]
