from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication

from app.domain.coloring import ColorBy, Coloring
from app.domain.legend import UNMAPPED_COLOR
from app.domain.legend_table import UNMAPPED_CLASS
from app.domain.segments import segment_of
from app.gui.panels.legend import NO_JOB, NO_MATCH, LegendPanel
from app.gui.panels.legend_columns import LegendColumns
from app.gui.panels.legend_delegate import eye_rect
from app.gui.panels.legend_model import CHOSEN, COLORS, DIMMED, JOB_POINTS, SHARE
from app.gui.selection import SegmentChoice
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


def test_a_class_whose_colours_differ_in_the_file_shows_them(panel, viewer):
    car = row_of(panel, "Car")
    drawn = viewer.appearance.color_table((11, 12))[:, :3].tolist()
    assert car.data(COLORS) == tuple(tuple(color) for color in drawn)
    assert len(set(car.data(COLORS))) == 2
    assert len(row_of(panel, "Ground").data(COLORS)) == 1


def test_a_frame_without_labels_claims_no_numbers(qtbot, panel, viewer):
    assert panel._total.text().startswith("500 points · ")
    viewer.frames._shown = replace(viewer.shown, frame=replace(viewer.shown.frame, mask=None))
    viewer.frames.shown_changed.emit()
    assert panel._total.text() == "No point of this frame has a label."


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
    actions = {action.text().partition("\t")[0]: action for action in menu.actions()}
    actions["Show only Ground"].trigger()
    actions["Show only Ground"].trigger()
    assert not viewer.appearance.is_class_visible("Car")
    actions["Show all"].trigger()
    assert viewer.appearance.is_class_visible("Car")
    actions["Hide Ground"].trigger()
    assert not viewer.appearance.is_class_visible("Ground")
    assert "Show Ground" in [action.text().partition("\t")[0] for action in panel.menu_for(node).actions()]


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


# -- dim, flash, colours, counts of the job ------------------------------------------------------------------------


def menu_of(panel, name):
    node = row_of(panel, name).data(Qt.ItemDataRole.UserRole)
    return {action.text().partition("\t")[0]: action for action in panel.menu_for(node).actions()}


def test_dimming_by_menu_and_by_key_is_told_and_undone(qtbot, panel, viewer):
    menu_of(panel, "Ground")["Dim Ground"].trigger()
    assert viewer.appearance.visibility.dimmed_classes == {"Ground"}
    assert viewer.appearance.is_class_visible("Ground")
    assert row_of(panel, "Ground").data(DIMMED)
    assert "dimmed" in row_of(panel, "Ground").data(Qt.ItemDataRole.AccessibleTextRole)
    panel.tree.setCurrentIndex(row_of(panel, "Ground"))
    qtbot.keyClick(panel.tree, Qt.Key.Key_D)
    assert viewer.appearance.visibility.dimmed_classes == frozenset()
    assert "Dim Ground" in menu_of(panel, "Ground")


def test_flashing_shows_a_hidden_class_in_another_colour_and_stops_at_the_second_time(qtbot, panel, viewer):
    viewer.appearance.set_class_visible("Car", visible=False)
    before = row_of(panel, "Car").data(COLORS)
    menu_of(panel, "Car")["Flash Car"].trigger()
    assert viewer.appearance.is_class_visible("Car")
    assert row_of(panel, "Car").data(COLORS) != before
    assert "Stop flashing Car" in menu_of(panel, "Car")
    panel.tree.setCurrentIndex(row_of(panel, "Car"))
    qtbot.keyClick(panel.tree, Qt.Key.Key_B)
    assert row_of(panel, "Car").data(COLORS) == before
    assert viewer.appearance.flashing.classes == frozenset()


def test_letters_for_rows_do_not_reach_the_window(panel):
    for key, kept in ((Qt.Key.Key_D, True), (Qt.Key.Key_B, True), (Qt.Key.Key_T, False)):
        override = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        override.ignore()
        QApplication.sendEvent(panel.tree, override)
        assert override.isAccepted() is kept


def test_the_name_is_copied_as_the_file_has_it(panel):
    menu_of(panel, "Pedestrian")["Copy name"].trigger()
    assert QApplication.clipboard().text() == "Pedestrian"


def test_another_theme_changes_what_is_drawn_and_not_the_legend(qtbot, panel, viewer):
    own = [entry.color for entry in viewer.legend]
    assert row_of(panel, "Ground").data(COLORS) == ((71, 153, 193),)
    combo = panel.head.themes
    combo.setCurrentIndex(combo.findText("Colour-blind safe"))
    combo.activated.emit(combo.currentIndex())
    assert viewer.appearance.coloring.theme == "colour-blind safe"
    assert row_of(panel, "Ground").data(COLORS) != ((71, 153, 193),)
    assert row_of(panel, "Without a legend").data(COLORS) == (UNMAPPED_COLOR,)
    assert [entry.color for entry in viewer.legend] == own
    drawn = viewer.appearance.color_table((1,))[0, :3].tolist()
    assert row_of(panel, "Ground").data(COLORS) == (tuple(drawn),)


def test_classes_that_look_alike_are_named_with_one_click_to_colours_that_do_not(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "alike", frames=1)

    def paint(document):
        for annotation in document["annotation_data"]["annotations"]:
            if annotation["label"] in ("Car", "Pedestrian"):
                annotation["color"] = "rgb(220, 60, 40)"

    edit_json(delivery / "result.json", paint)
    with opened_viewer(qtbot, delivery) as viewer:
        panel = LegendPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        assert panel.head.alike == (("Car", "Pedestrian"),)
        assert panel.head.hint.text() == "! Car and Pedestrian look alike"
        qtbot.mouseClick(panel.head.switch, Qt.MouseButton.LeftButton)
        assert viewer.appearance.coloring.theme == "colour-blind safe"
        assert panel.head.alike == ()
        assert not panel.head.hint.isVisible()


def test_points_of_the_job_stand_beside_those_of_the_frame(qtbot, viewer):
    panel = LegendPanel(viewer)
    qtbot.addWidget(panel)
    panel.resize(320, 400)
    panel.show()
    viewer.frame_changed.emit()
    qtbot.waitUntil(lambda: panel.counts.complete and panel._spans.text() == "this frame · 4 frames")
    rest(qtbot, viewer)
    total = sum(row_of(panel, name).data(JOB_POINTS) for name in names(panel))
    assert total == 4 * 500
    assert "in 4 frames" in row_of(panel, "Ground").data(Qt.ItemDataRole.ToolTipRole)
    car = row_of(panel, "Car")
    model = panel.tree.model()
    assert sum(model.index(row, 0, car).data(JOB_POINTS) for row in range(2)) <= car.data(JOB_POINTS)


def test_a_job_of_one_frame_needs_no_second_column(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "one", frames=1)) as viewer:
        panel = LegendPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        assert row_of(panel, "Ground").data(JOB_POINTS) is None
        assert not panel._spans.isVisible()


def test_the_panel_says_when_points_have_other_colours_than_its_own(panel, viewer):
    assert not panel.head.note.isVisible()
    viewer.appearance.set_coloring(Coloring(ColorBy.HEIGHT))
    assert panel.head.note.text() == "Points are coloured by height; these colours stand for the classes."
    viewer.appearance.set_coloring(Coloring(ColorBy.INSTANCE))
    assert len(row_of(panel, "Car").data(COLORS)) == 2
    panel.grab()
    viewer.appearance.set_coloring(Coloring())
    assert not panel.head.note.isVisible()


def test_numbers_keep_their_columns_and_the_job_gives_way_to_names(qapp):
    columns = LegendColumns(frame=35_959, job=101_023)
    wide = columns.at(0, 240, qapp.font())
    assert 0 < wide.name_right < wide.frame_right < wide.job_right == 240
    narrow = columns.at(0, 140, qapp.font())
    assert narrow.job_right == 0
    assert narrow.frame_right == 140


def test_the_rows_that_what_is_chosen_belongs_to_are_marked_and_said(panel, viewer, qtbot):
    frame = viewer.shown.frame
    row = int(np.flatnonzero(frame.mask.label_keys == 11)[0])
    before = panel.grab().toImage()
    viewer.selection.choose(SegmentChoice(segment_of(frame.cloud, frame.mask, row, frame_index=0), row))
    qtbot.waitUntil(lambda: len(viewer.selection.rows) > 0)
    car = row_of(panel, "Car")
    assert [name for name in names(panel) if row_of(panel, name).data(CHOSEN)] == ["Car"]
    assert [row_of(panel, name, car).data(CHOSEN) for name in ("Car # 1", "Car # 2")] == [True, False]
    assert ", chosen, " in car.data(Qt.ItemDataRole.AccessibleTextRole)
    assert panel.grab().toImage() != before
    viewer.selection.choose(None)
    assert not any(row_of(panel, name).data(CHOSEN) for name in names(panel))
