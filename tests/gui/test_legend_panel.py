import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication

from app.domain.legend_table import UNMAPPED_CLASS
from app.gui.panels.legend import NO_JOB, NO_MATCH, LegendPanel
from app.gui.panels.legend_delegate import eye_rect
from app.gui.panels.legend_model import SHARE
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest

NASTY = "<b>R&D</b> &Quit\u202e\x00"


def make_car_two(document):
    """Pedestrians become a second car, so that the class has two instances; in frame 2 it has one."""
    for annotation in document["annotation_data"]["annotations"]:
        if annotation["label_key"] == 12 and annotation["frame_id"] != "000002":
            annotation.update(label="Car", text="Car # 2")


@pytest.fixture
def viewer(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=4)
    edit_json(delivery / "result.json", make_car_two)
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer


@pytest.fixture
def panel(qtbot, viewer):
    panel = LegendPanel(viewer)
    qtbot.addWidget(panel)
    panel.resize(280, 400)
    panel.show()
    return panel


def row_of(panel, name, parent=None):
    model = panel.tree.model()
    at = parent if parent is not None else panel.tree.rootIndex()
    return next(i for i in (model.index(r, 0, at) for r in range(model.rowCount(at))) if i.data() == name)


def names(panel):
    model = panel.tree.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def click(qtbot, panel, index, *, eye=False):
    rect = panel.tree.visualRect(index)
    at = eye_rect(rect).center() if eye else QPoint(rect.left() + 40, rect.center().y())
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)


def step_to(qtbot, viewer, index):
    viewer.show_frame(index)
    rest(qtbot, viewer)


def test_rows_are_the_classes_with_keys_without_a_legend_first(panel):
    assert names(panel) == ["Without a legend", "Ground", "Car", "Pedestrian"]


def test_counts_are_those_of_the_shown_frame(qtbot, panel, viewer):
    for index in (0, 1):
        step_to(qtbot, viewer, index)
        shown = {row.class_name: row.points for row in panel.model.classes}
        assert shown == {row.class_name: row.points for row in viewer.legend_rows()}
        assert sum(shown.values()) == 500
    assert panel._total.text().startswith("500 points")


def test_a_class_with_several_instances_opens_and_one_with_a_single_one_does_not(panel):
    model = panel.tree.model()
    assert model.rowCount(row_of(panel, "Car")) == 2
    assert model.rowCount(row_of(panel, "Ground")) == 0
    car = row_of(panel, "Car")
    assert [model.index(row, 0, car).data() for row in range(2)] == ["Car # 1", "Car # 2"]


def test_a_click_on_a_name_shows_only_that_class_and_again_all(qtbot, panel, viewer):
    click(qtbot, panel, row_of(panel, "Ground"))
    assert viewer.appearance.is_class_visible("Ground")
    assert not viewer.appearance.is_class_visible("Car")
    assert not viewer.appearance.is_class_visible(UNMAPPED_CLASS)
    click(qtbot, panel, row_of(panel, "Ground"))
    assert all(viewer.appearance.is_class_visible(name) for name in ("Ground", "Car", UNMAPPED_CLASS))


def test_a_click_on_the_eye_hides_and_shows(qtbot, panel, viewer):
    click(qtbot, panel, row_of(panel, "Ground"), eye=True)
    assert not viewer.appearance.is_class_visible("Ground")
    assert viewer.appearance.is_class_visible("Car")
    assert panel._show_all.isVisible()
    click(qtbot, panel, row_of(panel, "Ground"), eye=True)
    assert viewer.appearance.is_class_visible("Ground")
    assert not panel._show_all.isVisible()


def test_space_switches_the_row_with_the_focus_and_does_not_play(qtbot, panel, viewer):
    panel.tree.setCurrentIndex(row_of(panel, "Car"))
    qtbot.keyClick(panel.tree, Qt.Key.Key_Space)
    assert not viewer.appearance.is_class_visible("Car")
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    override.ignore()
    QApplication.sendEvent(panel.tree, override)
    assert override.isAccepted()


def test_return_isolates_the_row_with_the_focus(qtbot, panel, viewer):
    panel.tree.setCurrentIndex(row_of(panel, "Car"))
    qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    assert not viewer.appearance.is_class_visible("Ground")


def test_hiding_one_instance_half_closes_the_eye_of_its_class(qtbot, panel, viewer):
    car = row_of(panel, "Car")
    panel.tree.expand(car)
    click(qtbot, panel, row_of(panel, "Car # 2", car), eye=True)
    assert not viewer.appearance.is_key_visible(12)
    assert viewer.appearance.is_key_visible(11)
    assert Qt.CheckState(car.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.PartiallyChecked
    click(qtbot, panel, car, eye=True)
    assert not viewer.appearance.is_class_visible("Car")
    click(qtbot, panel, car, eye=True)
    assert viewer.appearance.is_key_visible(12)
    assert viewer.appearance.is_key_visible(11)


def test_showing_one_instance_of_a_hidden_class_shows_that_one_alone(qtbot, panel, viewer):
    car = row_of(panel, "Car")
    panel.tree.expand(car)
    click(qtbot, panel, car, eye=True)
    click(qtbot, panel, row_of(panel, "Car # 1", car), eye=True)
    assert viewer.appearance.is_key_visible(11)
    assert not viewer.appearance.is_key_visible(12)


def test_expansion_scroll_position_and_filter_survive_a_frame_change(qtbot, panel, viewer):
    panel.resize(280, 150)
    panel.tree.expand(row_of(panel, "Car"))
    bar = panel.tree.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 10)
    bar.setValue(10)
    step_to(qtbot, viewer, 1)
    assert panel.tree.isExpanded(row_of(panel, "Car"))
    assert bar.value() == 10
    panel.filter.setText("car")
    assert names(panel) == ["Car"]
    step_to(qtbot, viewer, 0)
    assert names(panel) == ["Car"]
    assert panel.tree.isExpanded(row_of(panel, "Car"))
    panel.filter.clear()
    assert panel.tree.isExpanded(row_of(panel, "Car"))


def test_a_class_that_loses_an_instance_and_gets_it_back_stays_open(qtbot, panel, viewer):
    panel.tree.expand(row_of(panel, "Car"))
    step_to(qtbot, viewer, 2)
    assert panel.tree.model().rowCount(row_of(panel, "Car")) == 0
    assert names(panel)[-1] == "Pedestrian"
    step_to(qtbot, viewer, 3)
    assert panel.tree.model().rowCount(row_of(panel, "Car")) == 2
    assert panel.tree.isExpanded(row_of(panel, "Car"))


def test_the_filter_finds_instances_and_says_when_there_is_none(qtbot, panel):
    qtbot.keyClicks(panel.filter, "# 2")
    assert names(panel) == ["Car"]
    panel.filter.setText("zebra")
    assert names(panel) == []
    assert panel._empty.isVisible()
    assert panel._empty.text() == NO_MATCH


def test_rows_are_updated_in_place(qtbot, panel, viewer):
    resets = []
    panel.model.modelReset.connect(lambda: resets.append(True))
    step_to(qtbot, viewer, 1)
    assert resets == []


def test_the_menu_shows_only_hides_and_shows_all(qtbot, panel, viewer):
    node = panel.tree.model().index(1, 0).data(Qt.ItemDataRole.UserRole)
    menu = panel.menu_for(node)
    actions = {action.text(): action for action in menu.actions()}
    actions["Show only Ground"].trigger()
    actions["Show only Ground"].trigger()
    assert not viewer.appearance.is_class_visible("Car")
    actions["Show all"].trigger()
    assert viewer.appearance.is_class_visible("Car")
    actions["Hide Ground"].trigger()
    assert not viewer.appearance.is_class_visible("Ground")
    assert "Show Ground" in [action.text() for action in panel.menu_for(node).actions()]


def test_the_largest_class_has_the_full_bar(panel):
    shares = [panel.tree.model().index(row, 0).data(SHARE) for row in range(4)]
    assert max(shares) == 1.0
    assert min(shares) >= 0.0


def test_names_are_shown_as_written(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "nasty", frames=1)

    def rename(document):
        for annotation in document["annotation_data"]["annotations"]:
            if annotation["label"] == "Car":
                annotation.update(label=NASTY)

    edit_json(delivery / "result.json", rename)
    with opened_viewer(qtbot, delivery) as viewer:
        panel = LegendPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        name = names(panel)[2]
        assert name == r"<b>R&D</b> &Quit\u202e\x00"
        assert "&lt;b&gt;" in row_of(panel, name).data(Qt.ItemDataRole.ToolTipRole)
        menu = panel.menu_for(row_of(panel, name).data(Qt.ItemDataRole.UserRole))
        assert "R&&D" in menu.actions()[0].text()
        panel.grab()


def test_every_row_is_spoken_with_its_points(panel):
    spoken = row_of(panel, "Ground").data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Ground, ")
    assert spoken.endswith("points")


def test_a_click_leaves_the_keys_to_the_window(qtbot, panel):
    click(qtbot, panel, row_of(panel, "Ground"))
    assert not panel.tree.hasFocus()
    assert panel.tree.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert panel.tree.selectionMode() is QAbstractItemView.SelectionMode.NoSelection


def test_another_job_brings_its_own_rows(qtbot, panel, viewer, tmp_path):
    panel.filter.setText("g")
    viewer.open_path(small_delivery(tmp_path / "other", frames=1))
    qtbot.waitUntil(lambda: len(viewer.sequence) == 1 and viewer.shown is not None)
    rest(qtbot, viewer)
    panel.filter.clear()
    assert names(panel) == ["Without a legend", "Ground", "Car", "Pedestrian"]


def test_without_a_job_the_panel_says_what_will_be_there(qtbot):
    with opened_viewer(qtbot) as viewer:
        panel = LegendPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        assert panel._empty.text() == NO_JOB
        assert panel._empty.isVisible()
        assert not panel._show_all.isVisible()
