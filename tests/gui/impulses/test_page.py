"""The page of impulses: what it shows, finds, pins, compares and exports, with real keys and clicks."""

import csv
import io
import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from app.bench.impulse_document import impulses_answer
from app.gui.impulses.column_chooser import ColumnChooser
from app.gui.impulses.confusion import LEAST_HEIGHT
from app.gui.impulses.exporting import TableExport
from app.gui.impulses.loading import ImpulseSource
from app.gui.impulses.matrix import HIGH
from app.gui.impulses.page import NO_KEY, NO_MATCH, ImpulsesPage
from app.gui.impulses.window import ImpulsesWindow
from app.sandbox.server import Sandbox
from app.sandbox.street.impulse_list import impulses_of_project
from app.settings import Credentials
from app.workspace import Workspace
from app.workspace.addresses import impulses_address
from tests.builders import small_delivery
from tests.mouse import drag

PATIENCE = 20_000  # ms
PROJECT = 5001
NASTY = '<b>bold</b><img src="file:///etc/hostname">\u202etxt'


def store(workspace, document, project_id=PROJECT):
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    with Workspace.open(workspace) as opened:
        opened.store(impulses_address(project_id), raw)


@pytest.fixture
def make_page(qtbot, services, runner):
    """Opens the page in its window and waits until it has looked."""
    desks = []  # they own the windows

    def make() -> ImpulsesPage:
        desk = QWidget()
        qtbot.addWidget(desk)
        desks.append(desk)
        page = ImpulsesPage(ImpulseSource(services, runner, runner), TableExport(runner, runner), lambda: None)
        window = ImpulsesWindow(page, desk)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        page.look()
        qtbot.waitUntil(lambda: not runner.running, timeout=PATIENCE)
        return page

    return make


@pytest.fixture
def page(workspace, make_page):
    store(workspace, impulses_of_project())
    return make_page()


def names(page):
    model = page.table.model
    return [model.impulse(row).name for row in range(model.rowCount())]


def column(page, title):
    return [each.title for each in page.table.model.columns].index(title)


def texts(page, title):
    model, place = page.table.model, column(page, title)
    return [model.index(row, place).data() for row in range(model.rowCount())]


def click_heading(qtbot, page, title):
    place = column(page, title)
    header = (page.table.figures if place else page.table.names).horizontalHeader()
    page.table.figures.horizontalScrollBar().setValue(header.sectionPosition(place) if place else 0)
    at = QPoint(header.sectionViewportPosition(place) + 12, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def click_row(qtbot, page, name, *, more=Qt.KeyboardModifier.NoModifier):
    index = page.table.model.index(names(page).index(name), 1)
    page.table.figures.scrollTo(index)
    at = page.table.figures.visualRect(index).center()
    qtbot.mouseClick(page.table.figures.viewport(), Qt.MouseButton.LeftButton, more, at)


# -- what is shown --


def test_the_table_shows_the_services_columns_with_the_first_impulse_beside_it(page):
    assert names(page)[:2] == ["Street cameras", "Street cameras, night"]
    assert texts(page, "Test accuracy")[:2] == ["83.40%", "87.40%"]
    assert texts(page, "State")[4] == "not complete, never trained"
    assert page.detail.impulse.name == "Street cameras"
    assert page.note.text().startswith(f"Project {PROJECT}: 9 impulses, fetched ")


def test_numbers_are_flush_right_and_missing_ones_a_dash(page):
    place = column(page, "Test F1")
    index = page.table.model.index(4, place)
    assert index.data() == "–"
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight)


def test_headings_explain_their_column(page):
    tip = page.table.model.headerData(
        column(page, "Precision (int8)"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    )
    for words in ("Share of what was found that is right", "Model", "precisionInt8", "Validation set", "range or comp"):
        assert words in tip


def test_names_stay_beside_their_figures_when_the_table_scrolls(qtbot, workspace, make_page):
    store(workspace, impulses_answer(impulses=200, metrics=60))
    page = make_page()
    assert page.table.model.rowCount() == 200
    page.table.figures.verticalScrollBar().setValue(900)
    assert page.table.names.verticalScrollBar().value() == 900
    assert page.table.names.viewport().height() == page.table.figures.viewport().height()
    page.table.names.verticalScrollBar().setValue(0)
    assert page.table.figures.verticalScrollBar().value() == 0


def test_hostile_names_are_shown_not_obeyed(workspace, make_page):
    document = impulses_of_project()
    document["impulses"][0]["impulse"]["name"] = NASTY
    document["impulses"][0]["tags"] = [NASTY]
    document["metricKeysByCategory"][0]["metricKeys"][0]["description"] = NASTY
    store(workspace, document)
    page = make_page()
    model = page.table.model
    assert model.index(0, 0).data().startswith("<b>bold</b>")
    assert "\u202e" not in model.index(0, 0).data()
    tip = model.headerData(column(page, "Test accuracy"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert "<img" not in model.index(0, column(page, "Tags")).data(Qt.ItemDataRole.ToolTipRole)


# -- order, search, filters, pins --


def test_a_heading_sorts_the_other_way_round_and_then_as_the_service_does(qtbot, page):
    served = names(page)
    click_heading(qtbot, page, "Latency (int8)")
    assert texts(page, "Latency (int8)") == [
        "1 ms",
        "38 ms",
        "181 ms",
        "184 ms",
        "204 ms",
        "342 ms",
        "1,180 ms",
        "–",
        "–",
    ]
    click_heading(qtbot, page, "Latency (int8)")
    assert texts(page, "Latency (int8)")[0] == "1,180 ms"
    assert texts(page, "Latency (int8)")[-1] == "–"
    click_heading(qtbot, page, "Latency (int8)")
    assert names(page) == served


def test_the_sorted_heading_says_which_way(qtbot, page):
    click_heading(qtbot, page, "Impulse")
    assert page.table.model.headerData(0, Qt.Orientation.Horizontal) == "Impulse ▲"
    assert names(page) == sorted(names(page), key=str.casefold)


def test_typing_finds_by_name_and_tag_and_says_how_many(qtbot, page):
    qtbot.keyClick(page.window(), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.toolbar.search.hasFocus()
    qtbot.keyClicks(page.toolbar.search, "street night")
    assert names(page) == ["Street cameras, night"]
    assert "1 of 9 impulses match" in page.note.text()


def test_what_was_chosen_stays_chosen_while_others_come_and_go(qtbot, page):
    click_row(qtbot, page, "Mast vibration")
    qtbot.keyClicks(page.toolbar.search, "vibration")
    assert page.table.current.name == "Mast vibration"
    page.toolbar.search.clear()
    assert page.table.current.name == "Mast vibration"
    assert [each.name for each in page.table.chosen] == ["Mast vibration"]


def test_a_number_filter_follows_every_key_and_marks_what_it_cannot_read(qtbot, page):
    page.strip.add("impulseMetrics/testAccuracy")
    line = page.strip.cards["impulseMetrics/testAccuracy"].field.line
    qtbot.keyClicks(line, "> 8")
    assert len(names(page)) == 7
    qtbot.keyClicks(line, "5 %")
    assert names(page) == ["Street cameras, night", "Mast vibration"]
    qtbot.keyClicks(line, "x")
    assert line.property("invalid")
    assert "Write a range" in line.toolTip()
    assert len(names(page)) == 9


def test_several_filters_hold_at_once_and_each_can_be_taken_away(qtbot, page):
    page.strip.add("learnBlockConfig/model")
    model = page.strip.cards["learnBlockConfig/model"]
    for action in model.field.menu.actions():
        if action.text() in ("yolov5", "fomo"):
            action.trigger()
    assert model.field.button.text() == "2 options ▾"
    assert names(page) == ["Street cameras", "Street FOMO, grey", "Thermal camera", "Street cameras, cropped"]
    page.strip.add("learnBlockMetrics/isTrained")
    page.strip.cards["learnBlockMetrics/isTrained"].field.combo.setCurrentText("no")
    assert names(page) == ["Thermal camera"]
    qtbot.mouseClick(model.close_button, Qt.MouseButton.LeftButton)
    assert names(page) == ["Lighter backbone", "Thermal camera"]
    assert list(page.strip.cards) == ["learnBlockMetrics/isTrained"]


def test_a_state_is_one_of_several_words(page):
    page.strip.add("state")
    for action in page.strip.cards["state"].field.menu.actions():
        if action.text() == "stale":
            action.trigger()
    assert names(page) == ["Street FOMO, grey", "Street cameras, cropped"]


def test_nothing_found_is_said_with_one_button_that_helps(qtbot, page):
    page.strip.add("impulseMetrics/testAccuracy")
    qtbot.keyClicks(page.toolbar.search, "nothing like it")
    assert page.no_match.text() == NO_MATCH
    assert page.no_match.isVisible()
    qtbot.mouseClick(page.clear, Qt.MouseButton.LeftButton)
    assert len(names(page)) == 9
    assert not page.strip.cards
    assert not page.no_match.isVisible()


def test_p_pins_to_the_top_and_lets_go(qtbot, page):
    click_row(qtbot, page, "Road surface")
    qtbot.keyClick(page.table.figures, Qt.Key.Key_P)
    assert names(page)[0] == "Road surface"
    assert page.table.model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is not None
    assert page.table.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).endswith("pinned")
    qtbot.keyClicks(page.toolbar.search, "fomo")
    assert names(page) == ["Road surface", "Street FOMO, grey"]
    assert "1 of 9 impulses match, 1 pinned" in page.note.text()
    click_row(qtbot, page, "Road surface")
    qtbot.keyClick(page.table.figures, Qt.Key.Key_P)
    assert names(page) == ["Street FOMO, grey"]


def test_further_columns_are_switched_on_and_back(qtbot, page):
    page.choose_columns()
    chooser = page.findChild(ColumnChooser)
    qtbot.keyClicks(chooser.wanted, "keep grace")
    qtbot.mouseClick(
        chooser.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=chooser.list.visualRect(chooser.list.model().index(0, 0)).center(),
    )
    assert texts(page, "Keep grace")[:4] == ["2", "8", "3", "–"]
    qtbot.mouseClick(chooser.first, Qt.MouseButton.LeftButton)
    assert "Keep grace" not in [each.title for each in page.table.model.columns]
    chooser.close()


# -- one impulse, two impulses --


def test_the_current_row_is_shown_in_full(qtbot, page):
    click_row(qtbot, page, "Boxes alone")
    qtbot.waitUntil(lambda: page.detail.impulse.name == "Boxes alone")
    qtbot.keyClick(page.table.figures, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.detail.impulse.name == "Lighter backbone")


def compared(page):
    model = page.compare.model
    found = {}
    for section in range(model.rowCount()):
        parent = model.index(section, 0)
        for row in range(model.rowCount(parent)):
            what, *rest = (model.index(row, place, parent).data() for place in range(4))
            found[(parent.data().split(" · ")[0], what)] = tuple(rest)
    return found


def test_c_compares_the_two_that_are_chosen_and_marks_what_differs(qtbot, page):
    click_row(qtbot, page, "Street cameras")
    click_row(qtbot, page, "Street cameras, night", more=Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.table.figures, Qt.Key.Key_C)
    assert page.tabs.currentWidget() is page.compare
    found = compared(page)
    assert found[("Impulse figures", "Test accuracy")] == ("≠", "83.40%", "87.40%")
    assert found[("Post-processing block", "Keep grace")] == ("≠", "2", "8")
    assert ("Impulse", "State") not in found
    page.compare.only.setChecked(False)
    assert compared(page)[("Impulse", "State")] == ("", "complete", "complete")
    assert page.compare.count.text() == f"{len(found)} differences in {len(compared(page))}"


def test_another_impulse_is_chosen_in_the_comparison_itself(page):
    page.compare.compare(page.arranging.table.impulses[0], page.arranging.table.impulses[0])
    page.compare.right.setCurrentText("Mast vibration")
    assert compared(page)[("Learning block", "Type")] == ("≠", "keras-object-detection", "keras")


def test_one_impulse_alone_has_nothing_to_compare_with(workspace, make_page):
    document = impulses_of_project()
    store(workspace, {**document, "impulses": document["impulses"][:1]})
    page = make_page()
    page.compare_chosen()
    assert page.compare.model.rowCount() == 0


# -- files --


def test_what_is_shown_is_exported_as_csv_and_as_json(qtbot, page, runner, tmp_path):
    qtbot.keyClicks(page.toolbar.search, "fomo")
    for name in ("table.csv", "table.json"):
        with qtbot.waitSignal(page._export.ended, timeout=PATIENCE) as ended:
            page._export.write(page.arranging.table, page.arranging.arrangement, tmp_path / name)
        assert ended.args == [f"Saved 1 impulse to {name}."]
    (_, row) = csv.reader(io.StringIO((tmp_path / "table.csv").read_text("utf-8-sig")))
    assert row[0] == "Street FOMO, grey"
    assert [each["impulse_id"] for each in json.loads((tmp_path / "table.json").read_bytes())["impulses"]] == [3]


def test_a_folder_that_is_gone_is_told(qtbot, page, tmp_path):
    with qtbot.waitSignal(page._export.failed, timeout=PATIENCE):
        page._export.write(page.arranging.table, page.arranging.arrangement, tmp_path / "gone" / "table.csv")
    assert "Could not save a file" in page.note.text()


# -- where it comes from --


def test_without_impulses_and_without_a_key_the_connection_is_one_click_away(qtbot, make_page):
    page = make_page()
    assert page.empty.text() == NO_KEY
    with qtbot.waitSignal(page.connection_requested):
        qtbot.mouseClick(page.button, Qt.MouseButton.LeftButton)


def test_a_project_without_impulses_says_so(workspace, make_page):
    store(workspace, {"success": True, "impulses": []})
    page = make_page()
    assert page.empty.text() == f"Project {PROJECT} has no impulses yet. Make one in Edge Impulse Studio."
    assert page.button.text() == "Refresh"


def test_a_document_that_cannot_be_read_is_told_in_words(workspace, make_page):
    store(workspace, b"<!doctype html>")
    page = make_page()
    assert "is not JSON" in page.empty.text()
    assert page.button.text() == "Try again"


def test_another_project_on_this_machine_can_be_chosen(qtbot, workspace, make_page, runner):
    store(workspace, impulses_of_project())
    store(workspace, impulses_answer(impulses=3, metrics=7), project_id=77)
    page = make_page()
    assert [page.toolbar.project.itemText(place) for place in range(2)] == ["Project 77", "Project 5001"]
    page.strip.add("learnBlockConfig/model")
    page.toolbar.project.setCurrentIndex(0)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 3, timeout=PATIENCE)
    assert not page.strip.cards
    assert page.note.text().startswith("Project 77: 3 impulses")


@pytest.fixture
def served(tmp_path, services):
    """The service with the nine impulses, and its key in force."""
    folder = small_delivery(tmp_path / "street")
    (folder / "impulses.json").write_text(json.dumps(impulses_of_project()))
    with Sandbox([folder]) as sandbox:
        keys = Credentials(edge_impulse_key=sandbox.edge_impulse_key)
        services.reconnect(telus_url=sandbox.telus_url, edge_impulse_url=sandbox.edge_impulse_url, credentials=keys)
        yield sandbox


@pytest.mark.usefixtures("served")
def test_with_a_key_the_first_look_fetches_and_keeps_the_answer(qtbot, make_page, services):
    page = make_page()
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 9, timeout=PATIENCE)
    assert services.workspace.impulse_projects() == (PROJECT,)


def test_a_service_that_is_away_leaves_what_is_shown(qtbot, workspace, served, make_page, runner):
    store(workspace, impulses_of_project())
    page = make_page()
    served.stop()
    qtbot.keyClick(page.window(), Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "from before" in page.note.text(), timeout=PATIENCE)
    assert len(names(page)) == 9


@pytest.mark.parametrize("name", ["ei_impulses_detailed.json", "ei_impulses_detailed_fixed.json"])
def test_the_services_own_examples_are_shown_and_exported(workspace, make_page, shared_data, name):
    path = shared_data.parent / "api" / "samples" / name
    if not path.is_file():
        pytest.skip("the service's samples are not beside the recordings")
    store(workspace, path.read_bytes())
    page = make_page()
    assert names(page) == ["text"]
    assert texts(page, "text") == ["text"]  # a numeric column that holds a word, and a number to sort it by
    assert "stale" in texts(page, "State")[0]
    page.strip.add("impulseMetrics/text")
    page.strip.cards["impulseMetrics/text"].field.line.setText("= 1")
    assert names(page) == ["text"]
    page.strip.cards["impulseMetrics/text"].field.line.setText("> 1")
    assert page.no_match.isVisible()


@pytest.mark.parametrize("size", [(1100, 700), (1320, 860), (1600, 1000), (1900, 1050)])
def test_matrix_and_classes_neither_overlap_nor_are_cut_without_a_scroll_bar(qtbot, page, size):
    page.window().resize(*size)
    page.detail.sections.setCurrentWidget(page.detail.confusion)
    section = page.detail.confusion

    def laid_out() -> bool:
        inner = section.area.widget().rect()
        matrix, classes = section.matrix.geometry(), section.classes.geometry()
        fits = not matrix.intersects(classes) and inner.contains(matrix) and inner.contains(classes)
        return fits and (matrix.right() < classes.left() or not 1200 < size[0] < 1700)  # beside where there is width

    qtbot.waitUntil(lambda: page.window().width() == size[0] and laid_out())
    assert section.classes.viewport().width() >= section.classes.wanted_width - 20


@pytest.mark.parametrize("size", [(1000, 640), (1150, 700), (1440, 900)])
def test_matrix_and_classes_are_whole_and_only_the_page_around_them_scrolls(qtbot, page, size):
    page.window().resize(*size)
    page.detail.sections.setCurrentWidget(page.detail.confusion)
    section = page.detail.confusion

    def whole() -> bool:
        bars = [part.verticalScrollBar().maximum() for part in (section.area, section.matrix, section.classes)]
        return bars == [0, 0, 0] and section.area.geometry().bottom() < section.summary.geometry().top()

    qtbot.waitUntil(lambda: page.window().width() == size[0] and section.matrix.height() >= 6 * HIGH and whole())


def test_many_classes_scroll_below_their_names(qtbot, workspace, make_page):
    document = impulses_of_project()
    metadata = document["impulses"][0]["learnBlockKerasConfigs"][0]["metadata"]
    metadata["classNames"] = metadata["labels"] = [f"class {number}" for number in range(60)]
    for metrics in metadata["modelValidationMetrics"]:
        metrics["confusionMatrix"] = [[1.0] * 60] * 60
    store(workspace, document)
    page = make_page()
    page.window().resize(1000, 640)
    page.detail.sections.setCurrentWidget(page.detail.confusion)
    section = page.detail.confusion
    qtbot.waitUntil(lambda: section.area.height() >= section.matrix.height() + section.classes.height())
    assert section.area.verticalScrollBar().maximum() == 0
    for part in (section.matrix, section.classes):
        assert part.verticalScrollBar().maximum() > 0
        assert LEAST_HEIGHT <= part.height() <= LEAST_HEIGHT + 40


def test_the_table_takes_few_rows_until_the_line_is_dragged_and_then_stays(qtbot, page):
    page.window().resize(1320, 860)
    qtbot.waitUntil(lambda: page.table.height() < 0.4 * page.splitter.height())
    handle = page.splitter.handle(1)
    middle = handle.rect().center()
    drag(handle, middle, middle + QPoint(0, 100))
    chosen = page.splitter.sizes()[0]
    assert page.divider.height == chosen
    page.window().resize(1320, 900)
    qtbot.waitUntil(lambda: page.height() > 880)
    assert page.splitter.sizes()[0] == chosen


def test_the_explanation_is_as_high_as_what_it_says(qtbot, page):
    page.window().resize(1320, 860)
    settings = page.detail.settings
    page.detail.sections.setCurrentWidget(settings)
    qtbot.waitUntil(settings.tree.isVisible)
    line = settings.explanation.fontMetrics().lineSpacing()
    assert settings.explanation.height() < 3 * line
    assert settings.tree.height() > 3 * settings.explanation.height()
