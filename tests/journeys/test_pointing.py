"""What the keys of pointing and measuring do in the whole window."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from tests.mouse import click, hover

pytestmark = pytest.mark.gl


def places(window, count):
    """Where some points of the cloud are on the screen, away from the edges and from each other."""
    canvas = window.scene_view.canvas
    width, height = canvas.widget.width(), canvas.widget.height()
    pixels, _ = canvas.scene.placement.project(canvas.scene.prepared.xyz, (width, height))
    inside = pixels[((pixels > 60) & (pixels < [width - 60, height - 60])).all(axis=1)]
    chosen = [inside[0]]
    while len(chosen) < count:
        apart = np.min([np.hypot(*(inside - each).T) for each in chosen], axis=0)
        chosen.append(inside[apart.argmax()])
    return [QPointF(*each.tolist()) for each in chosen]


def test_keys_hide_what_is_pointed_at_and_measure(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    window.activateWindow()
    desk.until(window.isActiveWindow)
    window.scene_view.setFocus()
    pointing, appearance, keys = window.scene_view.pointing, window.viewer.appearance, desk.qtbot.keyClick
    widget = window.scene_view.canvas.widget
    keys(window, Qt.Key.Key_H)
    assert window.status_line.news == "Point at a class in the 3D view first."
    places_on_screen = places(window, 3)
    hover(widget, places_on_screen[0])
    desk.until(lambda: pointing.picking.hovered is not None)
    class_name = pointing.picking.hovered.class_name
    keys(window, Qt.Key.Key_H)
    assert not appearance.is_class_visible(class_name)
    keys(window, Qt.Key.Key_H, Qt.KeyboardModifier.AltModifier)
    assert appearance.is_class_visible(class_name)
    keys(window, Qt.Key.Key_M)
    for count, at in enumerate(places_on_screen, start=1):
        click(widget, at)
        desk.until(lambda count=count: len(pointing.measuring.points) == count)
    keys(window, Qt.Key.Key_Backspace)
    assert len(pointing.measuring.points) == 2
    keys(window, Qt.Key.Key_Escape)
    assert not pointing.measuring.active
    click(widget, places_on_screen[0])
    desk.until(lambda: pointing.selection.point is not None)
    keys(window, Qt.Key.Key_Escape)
    assert pointing.selection.point is None
    window.close()
