"""The view of one impulse in a window of its own."""

import pytest

from app.gui.impulses.detail import ImpulseDetail


@pytest.fixture
def detail(qtbot):
    """With nothing shown yet."""
    detail = ImpulseDetail()
    qtbot.addWidget(detail)
    detail.resize(820, 800)
    detail.show()
    return detail
