import pytest
from PySide6.QtWidgets import QWidget

from app.gui.navigation import Navigation
from app.gui.scene_tools import PivotCross, ViewMenu, ViewTools
from app.scene.following import Hold
from app.scene.things import Thing
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer

LONG = Thing(4, "A very long name & of a <b>thing</b> that nobody needs", "Car", "9")


@pytest.fixture
def viewer(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=2, points=500, cameras=("front", "left"))
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer


@pytest.fixture
def parent(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def tools(viewer, parent):
    return ViewTools(Navigation(viewer, parent), viewer, parent)


def texts(menu):
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions()]


@pytest.mark.parametrize("width", [700, 330, 200, 120])
@pytest.mark.parametrize("thing", [None, LONG], ids=["ego", "thing"])
def test_the_row_gives_up_buttons_and_never_the_menu(tools, width, thing):
    if thing is not None:
        tools._navigation.following.follow(Hold.THING, thing)
        tools._navigation.changed.emit()
    tools.fit(width)
    shown = [button for button in tools.buttons.values() if button.isVisibleTo(tools)]
    assert tools.more.isVisibleTo(tools)
    assert tools.width() <= width or not shown
    assert width < 700 or len(shown) == 4
    tools.fit(700)
    assert all(button.isVisibleTo(tools) for button in tools.buttons.values())


def test_what_is_followed_is_said_and_ended_by_a_click(tools):
    navigation = tools._navigation
    assert not tools.followed.isVisibleTo(tools)
    navigation.follow(Hold.PLACE)
    assert tools.followed.isVisibleTo(tools)
    assert "Staying here" in tools.followed.text()
    tools.followed.click()
    assert navigation.following.hold is Hold.EGO
    assert not tools.followed.isVisibleTo(tools)


def test_a_foreign_name_becomes_neither_markup_nor_a_key(tools):
    tools._navigation.following.follow(Hold.THING, LONG)
    tools._navigation.changed.emit()
    assert "<b>" not in tools.followed.toolTip()
    assert len(tools.followed.text()) < 30


def test_the_menu_has_every_view_camera_and_thing_of_the_frame(viewer, parent):
    navigation = Navigation(viewer, parent)
    menu = ViewMenu(navigation, viewer, parent)
    found = texts(menu)
    assert [text.split("\t")[-1] for text in found[:7]] == ["T", "F", "Shift+F", "L", "Shift+L", "E", "Shift+E"]
    assert "Through camera front" in found
    assert "Through camera left" in found
    follow = next(action.menu() for action in menu.actions() if action.text() == "Follow")
    things = [action.text() for action in follow.actions() if action.text()][2:]
    assert things
    assert all("#" in text for text in things)
    menu.close()


def test_saved_views_are_in_the_menu_with_their_keys(viewer, parent):
    navigation = Navigation(viewer, parent)
    menu = ViewMenu(navigation, viewer, parent)
    assert "Delete a saved view" not in texts(menu)
    from app.gui.saved_views import SavedView
    from app.scene.views import CameraPlacement

    navigation.saved.save(3, SavedView("Crossing & more", CameraPlacement((0, 0, 9), (0, 0, 0), (1, 0, 0))))
    assert "Crossing && more\tAlt+3" in texts(menu)
    delete = next(action.menu() for action in menu.actions() if action.text() == "Delete a saved view")
    delete.actions()[0].trigger()
    assert navigation.saved.slots == {}


def test_a_pivot_that_is_nowhere_has_no_cross(parent):
    cross = PivotCross(parent)
    cross.stand_at(float("nan"), 3.0)
    assert not cross.isVisibleTo(parent)
    cross.stand_at(40.0, 30.0)
    assert cross.isVisibleTo(parent)
    assert cross.geometry().center().toTuple() == pytest.approx((40, 30), abs=1)
