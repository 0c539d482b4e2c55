"""Chips over the 3D view and what keeps clear of them."""

import pytest
from PySide6.QtWidgets import QWidget

from app.gui.scene_chips import Chip, foot_beside
from app.gui.theme import STEP


@pytest.fixture
def chips(qtbot):
    view = QWidget()
    qtbot.addWidget(view)
    view.resize(600, 400)
    low, high = Chip(view), Chip(view)
    low.say("a long text about points")
    high.say("short")
    low.move(8, 370)
    high.move(8, 340)
    low.view_kept = view
    return low, high


def test_what_begins_beside_the_chips_reaches_down_to_the_foot(chips):
    low, _ = chips
    assert foot_beside(chips, left=low.geometry().right() + STEP + 1, foot=392) == 392


def test_what_begins_over_a_chip_ends_above_it_and_above_no_other(chips):
    low, high = chips
    assert foot_beside(chips, left=low.geometry().right(), foot=392) == low.y() - STEP
    assert foot_beside(chips, left=high.geometry().right(), foot=392) == high.y() - STEP


def test_chips_that_say_nothing_take_no_room(chips):
    for chip in chips:
        chip.say("")
    assert foot_beside(chips, left=0, foot=392) == 392


def test_the_text_of_a_chip_begins_where_its_padding_ends(chips):
    low, _ = chips
    assert low.width() == low.fontMetrics().horizontalAdvance(low.text()) + 16
