"""The link dialog: what it says, what it offers, and that it loses nothing of a link."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QGridLayout, QLabel, QSpinBox, QToolButton, QWidget

import app.gui.link_choices
import app.gui.sample_search
from app.domain.box_placement import place
from app.domain.sample import KeyInfo, Sample
from app.domain.tracking import Box, CoordinateSpace, ResizeMode, Tracking
from app.gui.dialogs.link_cameras import LinkDialog
from app.gui.dialogs.link_row import NOT_LINKED, CameraRow
from app.gui.dialogs.sample_picker import SamplePicker
from app.gui.link_choices import BlockChoice, LinkChoices
from app.jobs import CameraTracking
from app.sync import VariantOffer
from app.workspace import CameraLink, PictureSource
from tests.gui.edge_impulse_parts import FRONT, JOB, PROJECT, edge_impulse_parts, front_link

PATIENCE = 20_000  # ms
NASTY = '<b>front</b><img src="file:///etc/hostname">'


@pytest.fixture
def parts(qtbot, tmp_path):
    with edge_impulse_parts(qtbot, tmp_path) as parts:
        yield parts


@pytest.fixture
def opened(qtbot, parts):
    """Opens the dialog and waits for its lines."""

    def open_dialog(focus="") -> LinkDialog:
        parts.desk.show()
        dialog = LinkDialog(parts.linking, focus=focus, parent=parts.desk)
        dialog.open()
        qtbot.waitUntil(lambda: bool(dialog.rows), timeout=PATIENCE)
        return dialog

    return open_dialog


def save(qtbot, parts, dialog) -> dict[str, CameraLink]:
    with qtbot.waitSignal(parts.linking.links_saved, timeout=PATIENCE):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not parts.runner.running, timeout=PATIENCE)
    return {link.camera: link for link in parts.services.workspace.camera_links(JOB)}


def texts(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def choices_of(*links, suggested=(), samples=(), blocks=()) -> LinkChoices:
    return LinkChoices(KeyInfo(PROJECT), (), tuple(samples), len(samples), tuple(blocks), tuple(links), suggested)


@pytest.fixture
def row_of(qtbot):
    """Makes the fields of the front camera."""
    pages = []

    def make(choices, known=None) -> CameraRow:
        page = QWidget()
        qtbot.addWidget(page)
        grid = QGridLayout(page)
        row = CameraRow("front", choices, known or CameraTracking(), page)
        row.add_to(grid, 0)
        page.show()
        pages.append(page)
        return row

    return make


INT8_LAST = BlockChoice(4, "tracker", VariantOffer(("float32", "akida", "int8"), "int8"))


# -- what the key opens --


def test_the_dialog_says_what_the_key_opens_and_when_it_runs_out(parts, opened):
    parts.sandbox.set_key_info(role="readonly", expires="2020-01-01T00:00:00Z")
    said = texts(opened())
    assert f"project {PROJECT} with the role readonly" in said
    assert "expired on 2020-01-01" in said


# -- keeping links --


def test_what_the_dialog_does_not_change_stays_as_it_was(qtbot, parts, opened):
    known = front_link(
        frame_offset=2,
        space=CoordinateSpace.IMAGE,
        resize_mode=ResizeMode.FIT_SHORT,
        pictures=PictureSource.JOB,
    )
    parts.link(known)
    assert save(qtbot, parts, opened())["front"] == known


def test_a_link_to_what_the_service_no_longer_lists_is_kept(row_of):
    known = CameraLink("front", 4711, 1, "old recording", 99, "akida", frame_offset=3)
    row = row_of(choices_of(known, blocks=[INT8_LAST]))
    assert row.sample.currentText() == "old recording · project 4711"
    assert row.block.currentText() == "Block 99"
    assert row.link() == known


def test_another_sample_takes_nothing_of_the_old_ones_placement(row_of):
    known = front_link(space=CoordinateSpace.IMAGE, pictures=PictureSource.JOB)
    samples = [Sample(FRONT, "street front"), Sample(7, "street front again")]
    row = row_of(choices_of(known, samples=samples, blocks=[INT8_LAST]))
    row.sample.setCurrentIndex(2)
    assert row.link() == CameraLink("front", PROJECT, 7, "street front again", 4, "int8")
    row.sample.setCurrentIndex(1)
    assert row.link() == known


# -- choosing --


def test_the_recommended_variant_is_first_and_chosen(row_of):
    row = row_of(choices_of(samples=[Sample(FRONT, "street front")], blocks=[INT8_LAST]))
    row.sample.setCurrentIndex(1)
    assert [row.variant.itemText(place) for place in range(row.variant.count())] == ["int8", "float32", "akida"]
    assert row.link().variant == "int8"


def test_a_block_without_a_variant_says_why(row_of):
    offer = VariantOffer(problem="The models of the impulse offer no variant.")
    row = row_of(choices_of(samples=[Sample(FRONT, "street front")], blocks=[BlockChoice(4, "tracker", offer)]))
    row.sample.setCurrentIndex(1)
    assert not row.variant.isEnabled()
    assert "offer no variant" in row.variant.toolTip()


def test_a_camera_without_a_sample_has_no_link_and_nothing_else_to_choose(row_of):
    row = row_of(choices_of(samples=[Sample(FRONT, "street front")], blocks=[INT8_LAST]))
    assert row.sample.currentText() == NOT_LINKED
    assert row.link() is None
    assert not any(field.isEnabled() for field in (row.block, row.variant, row.offset, row.details))


def test_the_offset_that_the_numbers_speak_for_is_one_click_away(qtbot, row_of):
    boxes = {number: (Box(0.1, 0.1, 0.2, 0.2, "Car", 1),) for number in (1, 2, 3)}
    placement = place(Tracking(tracked=boxes), image_size=(160, 120), frames=3)
    choices = choices_of(front_link(), samples=[Sample(FRONT, "street front")], blocks=[INT8_LAST])
    row = row_of(choices, CameraTracking(placement=placement))
    assert row.suggestion.text() == "1 suggested"
    assert "run from 1 to 3" in row.suggestion.toolTip()
    qtbot.mouseClick(row.suggestion, Qt.MouseButton.LeftButton)
    assert row.link().frame_offset == 1
    assert not row.suggestion.isVisible()


def test_details_unfold_by_key_and_what_is_chosen_there_is_remembered(qtbot, parts, opened):
    dialog = opened()
    front = dialog.rows[0]
    assert not front.details.isVisible()
    front.unfold.setFocus()
    qtbot.keyClick(front.unfold, Qt.Key.Key_Space)
    assert front.details.isVisible()
    for combo, text in (
        (front.details.space, "image"),
        (front.details.resize_mode, "fit-long"),
        (front.details.pictures, "The job's"),
    ):
        combo.setFocus()
        while combo.currentText() != text:
            before = combo.currentIndex()
            qtbot.keyClick(combo, Qt.Key.Key_Down)
            assert combo.currentIndex() == before + 1, "no such choice"
    link = save(qtbot, parts, dialog)["front"]
    assert (link.space, link.resize_mode, link.pictures) == (
        CoordinateSpace.IMAGE,
        ResizeMode.FIT_LONG,
        PictureSource.JOB,
    )


def test_what_was_detected_is_shown_with_its_reason_once_results_are_there(qtbot, parts, opened):
    first = opened()
    first.rows[0].unfold.click()
    assert "as soon as there are results" in first.rows[0].details.reason.text()
    save(qtbot, parts, first)
    again = opened()
    again.rows[0].unfold.click()
    known = parts.viewer.tracking["front"].placement
    assert again.rows[0].details.space.itemText(0) == f"Automatic: {known.space.value.value}"
    assert known.space.reason in again.rows[0].details.reason.text()
    again.reject()


def test_every_field_is_reached_by_the_tab_key(qtbot, opened):
    dialog = opened()
    dialog.rows[1].unfold.click()
    dialog.rows[0].sample.setFocus()
    qtbot.waitUntil(dialog.rows[0].sample.hasFocus, timeout=PATIENCE)  # keys are lost until the window is active
    reached = set()
    for _ in range(60):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    front, left = dialog.rows
    wanted = {front.sample, front.find, front.block, front.variant, front.offset, front.unfold}
    wanted |= {left.unfold, left.details.space, left.details.resize_mode, left.details.pictures, dialog.go}
    assert wanted <= reached
    dialog.reject()


def test_nothing_is_cut_off_beside_a_window_of_1100_pixels(qtbot, opened):
    dialog = opened()
    for row in dialog.rows:
        row.unfold.click()
    QApplication.processEvents()
    assert dialog.width() <= 1100
    for field in (*dialog.findChildren(QComboBox), *dialog.findChildren(QSpinBox), *dialog.findChildren(QToolButton)):
        if field.isVisible():
            right = field.mapTo(dialog, QPoint(field.width(), 0)).x()
            assert right <= dialog.width()
            assert field.width() >= field.minimumSizeHint().width()
    dialog.reject()


def test_names_from_the_service_are_never_read_as_markup(row_of):
    choices = choices_of(
        samples=[Sample(FRONT, NASTY, problem=NASTY)],
        blocks=[BlockChoice(4, NASTY, VariantOffer((NASTY,), NASTY))],
    )
    row = row_of(choices)
    row.sample.setCurrentIndex(1)
    assert row.sample.currentText().startswith("<b>front</b>")
    assert row.link().variant == NASTY
    assert row.details.reason.textFormat() is Qt.TextFormat.PlainText


# -- finding one among thousands --


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(app.gui.sample_search, "PAGE", 1)
    monkeypatch.setattr(app.gui.link_choices, "PAGE", 1)


def test_samples_beyond_the_first_page_are_found_by_the_names_of_cameras(small_pages, qtbot, parts, opened):
    dialog = opened()
    assert [row.sample.currentText() for row in dialog.rows] == ["street front", "street left"]
    assert parts.asked("search=left")
    dialog.reject()


def test_the_list_of_samples_grows_as_it_is_scrolled(small_pages, qtbot, opened):
    dialog = opened()
    picker = dialog.find_sample(dialog.rows[0])
    qtbot.waitUntil(lambda: picker.model.rowCount() == 2, timeout=PATIENCE)  # the view has room, so it asks for more
    assert not picker.model.canFetchMore(QModelIndex())
    assert picker.note.text() == "2 of 2 samples"
    picker.reject()
    dialog.reject()


def test_a_name_is_looked_for_by_the_service_in_the_chosen_category(qtbot, parts, opened):
    parts.sandbox.set_sample_processing("street front picture", problem="no codec")
    dialog = opened()
    front = dialog.rows[0]
    qtbot.mouseClick(front.find, Qt.MouseButton.LeftButton)
    picker = dialog.findChild(SamplePicker)
    qtbot.waitUntil(lambda: picker.model.rowCount() == 2, timeout=PATIENCE)
    qtbot.keyClicks(picker.search, "picture")
    qtbot.waitUntil(lambda: picker.model.rowCount() == 0 and bool(parts.asked("search=picture")), timeout=PATIENCE)
    assert not picker.take.isEnabled()
    picker.category.setCurrentText("testing")
    qtbot.waitUntil(lambda: picker.model.rowCount() == 1, timeout=PATIENCE)
    assert [picker.model.index(0, column).data() for column in range(4)] == [
        "street front picture", "image", "1", "failed: no codec",
    ]  # fmt: skip
    qtbot.keyClick(picker, Qt.Key.Key_Return)
    assert front.sample.currentText() == "street front picture · failed: no codec"
    assert front.link() == replace(front_link(), sample_id=8001, sample_name="street front picture")
    dialog.reject()


def test_a_service_that_cannot_be_asked_is_explained_in_the_search(qtbot, parts, opened):
    dialog = opened()
    parts.services.credentials = type(parts.services.credentials)(edge_impulse_key="ei_wrong")
    picker = dialog.find_sample(dialog.rows[0])
    qtbot.waitUntil(lambda: "key" in picker.note.text(), timeout=PATIENCE)
    assert not picker.take.isEnabled()
    picker.reject()
    dialog.reject()
