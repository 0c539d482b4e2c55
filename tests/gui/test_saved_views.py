import pytest
from PySide6.QtCore import QObject

from app.gui.saved_views import SavedView, SavedViews
from app.scene.views import CameraPlacement

HERE = CameraPlacement((0.0, 0.0, 10.0), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0))


@pytest.fixture
def owner():
    return QObject()


@pytest.fixture
def views(owner):
    return SavedViews(owner)


def test_a_slot_holds_the_last_view_saved_in_it(views, qtbot):
    with qtbot.waitSignals([views.edited, views.edited]):
        views.save(2, SavedView("First", HERE))
        views.save(2, SavedView("Second", HERE, "top"))
    assert views.slots == {2: SavedView("Second", HERE, "top")}
    assert views.free_slot == 1


def test_what_a_job_had_is_taken_without_being_called_an_edit(views, qtbot):
    with qtbot.assertNotEmitted(views.edited):
        views.take({3: SavedView("Kept", HERE), 11: SavedView("No key", HERE)}, kept=True)
    assert list(views.slots) == [3]
    assert views.kept


def test_a_slot_can_be_emptied(views):
    views.save(1, SavedView("View 1", HERE))
    views.remove(1)
    views.remove(1)
    assert views.slots == {}


def test_nine_views_are_all_that_keys_can_name(views):
    for slot in range(1, 10):
        views.save(slot, SavedView(str(slot), HERE))
    assert views.free_slot is None
    with pytest.raises(ValueError, match="10 is no slot"):
        views.save(10, SavedView("Ten", HERE))
