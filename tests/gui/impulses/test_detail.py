"""One impulse in full, driven by clicks and keys."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.domain.impulse import Impulse
from app.domain.impulse.blocks import ImpulseDesign
from app.gui.theme import apply_theme
from app.sandbox.street.impulse_training import devices
from tests.gui.impulses.impulse_documents import NASTY, SAMPLES, hostile, parsed, street, untrained

TITLES = ["Settings", "Model", "Confusion", "Devices", "Training", "Everything"]


def turn_to(qtbot, detail, title):
    """Click the tab."""
    bar = detail.sections.tabBar()
    place = next(place for place in range(bar.count()) if bar.tabText(place) == title)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())
    return detail.sections.currentWidget()


def column(table, number):
    model = table.model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def setting(detail, name):
    """The index of a row of the settings."""
    model = detail.settings.tree.nodes
    pending = [model.index(row, 0) for row in range(model.rowCount())]
    while pending:
        index = pending.pop(0)
        if index.data().split(" (")[0] == name:
            return index
        pending += [model.index(row, 0, index) for row in range(model.rowCount(index))]
    return None


def click_block(qtbot, detail, title):
    place = next(p for p, node in enumerate(detail.graph._graph.nodes) if node.title == title)
    center = detail.graph.node_rect(place).center().toPoint()
    qtbot.mouseClick(detail.graph, Qt.MouseButton.LeftButton, pos=center)


def shown_words(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def test_without_an_impulse_it_says_what_to_do(detail):
    assert any("Choose an impulse" in words for words in shown_words(detail))
    detail.show_impulse(street())
    detail.show_impulse(None)
    assert any("Choose an impulse" in words for words in shown_words(detail))
    assert detail.impulse is None


def test_the_head_tells_name_tags_and_state(detail):
    detail.show_impulse(street(lambda impulse: impulse.update(isStale=True)))
    assert detail.head.title.text() == "Street cameras"
    assert "#street" in detail.head.tags.text()
    assert detail.head.notes == (
        "Stale. The data changed after its features were made: the figures are of the older data.",
    )
    detail.show_impulse(street())
    assert detail.head.notes == ("Complete. All of it is set up and trained.",)


def test_only_the_section_in_sight_is_filled(detail, qtbot):
    detail.show_impulse(street())
    assert detail.settings.tree.nodes.rowCount() > 0
    assert detail.results.variants.figures.rowCount() == 0
    turn_to(qtbot, detail, "Model")
    assert column(detail.results.variants, 0) == ["int8", "float32"]
    assert detail.devices.table.figures.rowCount() == 0


def test_a_click_on_a_block_shows_its_settings(detail, qtbot):
    detail.show_impulse(street())
    turn_to(qtbot, detail, "Devices")
    click_block(qtbot, detail, "Object tracking")
    assert detail.sections.currentWidget() is detail.settings
    grace = setting(detail, "Keep grace")
    assert [grace.siblingAtColumn(number).data() for number in range(4)] == [
        "Keep grace",
        "\N{BULLET} 2",
        "5",
        "int",
    ]
    detail.settings.tree.setCurrentIndex(grace)
    told = detail.settings.explanation.toPlainText()
    assert "Frames that a lost object is kept." in told
    assert "not the default, which is 5" in told


def test_a_model_that_is_chosen_leaves_the_section_where_it_is(detail, qtbot):
    def two_models(impulse):
        blocks, configs = impulse["impulse"]["learnBlocks"], impulse["learnBlockKerasConfigs"]
        blocks.append({**blocks[0], "id": 44, "name": "Second"})
        configs.append({"blockId": 44, "config": {}, "metadata": {"availableModelTypes": ["akida"]}})

    detail.show_impulse(street(two_models))
    turn_to(qtbot, detail, "Model")
    click_block(qtbot, detail, "Second")
    assert detail.sections.currentWidget() is detail.results
    assert column(detail.results.variants, 0) == ["akida"]
    assert detail.model.currentText() == "Second (id 44)"
    qtbot.keyClick(detail.model, Qt.Key.Key_Up)
    assert column(detail.results.variants, 0) == ["int8", "float32"]
    assert detail.graph.chosen.block_id == 4


def test_the_arrow_keys_go_along_the_graph(detail, qtbot):
    detail.show_impulse(street())
    assert detail.graph.chosen.label == "Object detection"
    for key, label in (
        (Qt.Key.Key_Right, "Object tracking"),
        (Qt.Key.Key_Right, "Object tracking"),
        (Qt.Key.Key_Left, "Object detection"),
        (Qt.Key.Key_Home, "Image data"),
        (Qt.Key.Key_End, "Object tracking"),
    ):
        qtbot.keyClick(detail.graph, key)
        assert detail.graph.chosen.label == label
    assert "Object tracking" in detail.graph.accessibleDescription()
    assert detail.settings.title.text().startswith("Object tracking")


def test_hidden_settings_are_shown_on_request(detail, qtbot):
    def condition(impulse):
        parameters = impulse["postProcessingBlockConfigs"][0]["config"]["parameters"]
        parameters[0]["showIf"] = {"parameter": "use_iou", "operator": "eq", "value": "false"}

    detail.show_impulse(street(condition))
    click_block(qtbot, detail, "Object tracking")
    assert setting(detail, "Keep grace") is None
    assert detail.settings.hidden.text() == "Show hidden (1)"
    qtbot.mouseClick(detail.settings.hidden, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert setting(detail, "Keep grace").data() == "Keep grace (its condition does not hold)"
    detail.settings.tree.setCurrentIndex(setting(detail, "Keep grace"))
    assert "Matters while use_iou is false: it is true now." in detail.settings.explanation.toPlainText()


def test_the_chosen_variant_is_asked_for_tracks(detail, qtbot):
    detail.show_impulse(street())
    turn_to(qtbot, detail, "Model")
    assert column(detail.results.variants, 1) == ["recommended, selected", ""]
    assert detail.results.track.text() == "Use int8 for tracking"
    qtbot.keyClick(detail.results.variants, Qt.Key.Key_Down)
    with qtbot.waitSignal(detail.track_requested) as asked:
        qtbot.mouseClick(detail.results.track, Qt.MouseButton.LeftButton)
    assert asked.args == [5, "float32"]


def test_of_several_trackers_one_is_chosen(detail, qtbot):
    def two_trackers(impulse):
        blocks = impulse["impulse"]["postProcessingBlocks"]
        blocks.append({**blocks[0], "id": 66, "type": "sort-object-tracking", "name": "SORT"})

    detail.show_impulse(street(two_trackers))
    turn_to(qtbot, detail, "Model")
    assert detail.results.tracker.isVisible()
    qtbot.keyClick(detail.results.tracker, Qt.Key.Key_Down)
    with qtbot.waitSignal(detail.track_requested) as asked:
        qtbot.keyClick(detail.results.track, Qt.Key.Key_Space)
    assert asked.args == [66, "int8"]


def test_without_a_tracker_it_is_said_why_there_is_no_button(detail, qtbot):
    detail.show_impulse(street(lambda impulse: impulse["impulse"].update(postProcessingBlocks=[])))
    turn_to(qtbot, detail, "Model")
    assert not detail.results.track.isVisible()
    assert "no tracking block" in detail.results.no_track.text()


def test_a_variant_that_is_not_on_offer_cannot_be_used(detail, qtbot):
    def gone(impulse):
        impulse["learnBlockKerasConfigs"][0]["metadata"]["availableModelTypes"] = ["requiresRetrain"]

    detail.show_impulse(street(gone))
    turn_to(qtbot, detail, "Model")
    assert not detail.results.track.isEnabled()
    assert "must be trained anew" in detail.results.state.text()


def test_thresholds_that_changed_since_training_are_marked_in_words(detail, qtbot):
    detail.show_impulse(street())
    turn_to(qtbot, detail, "Model")
    row = [column(detail.results.thresholds, number)[0] for number in range(5)]
    assert row == ["Score threshold", "0.45", "0.3", "0.5", "changed since training"]


def test_figures_sort_as_numbers_and_unknown_ones_come_last(detail, qtbot):
    def figures(impulse):
        impulse["metrics"] = [
            {"name": name, "value": f"{order} ms", **({} if order is None else {"valueForSorting": order})}
            for name, order in (("b", 100), ("none", None), ("a", 20))
        ]

    detail.show_impulse(street(figures))
    turn_to(qtbot, detail, "Model")
    header = detail.results.figures.header()
    assert column(detail.results.figures, 0) == ["b", "none", "a"]
    at = QPoint(header.sectionViewportPosition(1) + 5, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert column(detail.results.figures, 0)[:2] == ["a", "b"]


def test_selected_rows_are_copied_with_tabs(detail, qtbot):
    detail.show_impulse(street())
    turn_to(qtbot, detail, "Devices")
    detail.devices.table.setCurrentIndex(detail.devices.table.figures.index(0, 0))
    qtbot.keyClick(detail.devices.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().startswith("Raspberry Pi 4 (default)\tint8\tTFLite\t184 ms\t637 kB")


def test_devices_that_cannot_run_a_model_say_why(detail, qtbot):
    detail.show_impulse(street())
    turn_to(qtbot, detail, "Devices")
    assert "Microcontrollers cannot run int8: “The model needs more memory" in detail.devices.note.text()


def test_a_device_that_cannot_run_the_model_shows_no_zeros(detail, qtbot):
    def small(impulse):
        for metrics in impulse["learnBlockKerasConfigs"][0]["metadata"]["modelValidationMetrics"]:
            metrics["onDevicePerformance"] = devices(184)[1:]

    detail.show_impulse(street(small))
    turn_to(qtbot, detail, "Devices")
    table = detail.devices.table
    row = [column(table, number)[0] for number in range(table.figures.columnCount())]
    assert row[:4] == ["Cortex-M4F 80 MHz", "int8", "", "cannot run"]
    assert not any(cell.startswith("0") for cell in row)
    assert row[-1] == "The model needs 1.3 MB of memory, the device has 256 kB."


def test_a_model_that_was_never_trained_has_settings_and_says_that_the_rest_is_missing(detail, qtbot):
    detail.show_impulse(street(untrained))
    assert any("was never trained" in note for note in detail.head.notes)
    assert setting(detail, "Training cycles") is not None
    for title in ("Confusion", "Devices", "Training"):
        section = turn_to(qtbot, detail, title)
        assert section.sentence.isVisible()
    turn_to(qtbot, detail, "Model")
    assert "never trained" in detail.results.state.text()


def test_an_impulse_without_anything_breaks_nothing(detail, qtbot):
    detail.show_impulse(Impulse(ImpulseDesign(9)))
    for title in TITLES[:-1]:
        assert turn_to(qtbot, detail, title).sentence.isVisible()
    assert detail.head.title.text() == "Impulse 9"
    turn_to(qtbot, detail, "Everything")
    qtbot.keyClick(detail.graph, Qt.Key.Key_Right)
    assert detail.graph.chosen is None


def test_switching_shows_nothing_of_the_impulse_before(detail, qtbot):
    detail.show_impulse(street())
    for title in TITLES:
        turn_to(qtbot, detail, title)
    turn_to(qtbot, detail, "Confusion")
    detail.show_impulse(street(untrained))
    assert detail.confusion.sentence.isVisible()
    turn_to(qtbot, detail, "Model")
    assert detail.results.variants.figures.rowCount() == 1  # the selected variant, which has no figures
    detail.show_impulse(street())
    assert column(detail.results.variants, 0) == ["int8", "float32"]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_hostile_names_and_sizes_are_shown_as_written(detail, qtbot, qapp, theme):
    apply_theme(qapp, theme)
    detail.show_impulse(street(hostile))
    for title in TITLES:
        turn_to(qtbot, detail, title)
        detail.grab()
    labels = [label for label in detail.findChildren(QLabel) if NASTY[:6] in label.text()]
    assert labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert not any("\u202e" in label.text() for label in labels)
    assert detail.training.plots[0].title.text().startswith("<b>bold</b>")
    for axis in detail.training.plots[0].canvas.axes.values():
        assert "<b>bold" not in axis.labelString()


@pytest.mark.parametrize("name", ["ei_impulses_detailed.json", "ei_impulses_detailed_fixed.json"])
def test_the_samples_are_shown_in_every_section(detail, qtbot, name):
    if not (SAMPLES / name).exists():
        pytest.skip("no samples")
    detail.show_impulse(parsed(json.loads((SAMPLES / name).read_bytes())))
    for title in TITLES:
        turn_to(qtbot, detail, title)
        detail.grab()
    assert any("Lost input" in note for note in detail.head.notes)
    assert "block 27 is missing" in [node.title for node in detail.graph._graph.nodes]


def test_pyqtgraph_is_not_loaded_before_there_is_something_to_plot():
    check = "import sys, app.gui.impulses.detail, app.gui.impulses.training; print('pyqtgraph' in sys.modules)"
    repository = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", check], cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
