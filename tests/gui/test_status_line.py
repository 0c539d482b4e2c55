import pytest

from app.gui.status_line import StatusLine


@pytest.fixture
def line(qtbot):
    line = StatusLine("a renderer", None)
    qtbot.addWidget(line)
    return line


def test_what_is_said_of_a_choice_is_taken_back_with_it(line):
    line.set_note("Car 1 has no box in this frame.")
    assert line.news == "Car 1 has no box in this frame."
    line.set_note("")
    assert line.news == ""


def test_what_was_told_since_stays(line):
    line.set_note("Car 1 has no box in this frame.")
    line.say("Saved.")
    line.set_note("")
    assert line.news == "Saved."
    line.set_note("")
    assert line.news == "Saved."
