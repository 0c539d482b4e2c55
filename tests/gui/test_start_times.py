"""The rows of ``bench start``; how fast they are is not judged here."""

import pytest

from app.errors import AppError
from app.gui import start_times

pytestmark = pytest.mark.gl


def test_every_start_is_measured_against_its_peer():
    rows = start_times.measure(points=2000, repeats=1)
    assert [(row.name, row.peer) for row in rows] == [
        ("start: a window", "bare Qt"),
        ("start: all of the window", "bare Qt"),
        ("start with 2,000 points: first picture", "direct VTK"),
    ]
    assert all(row.ours > 0 and row.theirs and row.ratio for row in rows)


def test_a_window_that_does_not_come_is_said(tmp_path):
    with pytest.raises(AppError, match="A window did not come"):
        start_times._until_told("raise SystemExit(3)", str(tmp_path))
