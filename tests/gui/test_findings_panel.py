import pytest
from PySide6.QtCore import Qt

from app.domain.finding import Severity
from app.gui.panels.findings import NO_FINDINGS, NO_JOB, FindingsPanel
from app.gui.theme import current
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest


@pytest.fixture
def viewer(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=4)
    (delivery / "files" / "masks" / "000001.txt").write_text("[1, 2, 3]")

    def lose_a_mask(document):
        document["annotation_data"]["masks"].pop()

    edit_json(delivery / "result.json", lose_a_mask)
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer


@pytest.fixture
def panel(qtbot, viewer):
    panel = FindingsPanel(viewer)
    qtbot.addWidget(panel)
    panel.resize(280, 400)
    panel.show()
    return panel


def show(qtbot, viewer, index):
    viewer.show_frame(index)
    rest(qtbot, viewer)


def spoken(panel):
    model = panel.list.model()
    return [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def test_findings_of_job_and_frame_are_listed_with_the_worst_first(qtbot, panel, viewer):
    show(qtbot, viewer, 1)
    severities = [finding.severity for finding in panel.model.findings]
    assert severities[0] is Severity.ERROR
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING, Severity.INFO].index)
    assert set(panel.model.findings) == set(viewer.findings())
    assert panel.summary.startswith("1 error")


def test_severity_is_said_in_words_with_the_frame(qtbot, panel, viewer):
    show(qtbot, viewer, 1)
    assert spoken(panel)[0].startswith("Error, frame 2: The mask has 3 label keys")


def test_errors_are_red_and_have_an_icon_and_a_word(qtbot, panel, viewer):
    show(qtbot, viewer, 1)
    rect = panel.list.visualRect(panel.list.model().index(0, 0))
    image = panel.list.viewport().grab(rect).toImage()
    wrong = {
        (x, y) for x in range(image.width()) for y in range(24) if image.pixelColor(x, y).name() == current().wrong
    }
    assert any(x < 28 for x, _y in wrong)
    assert any(x > 32 for x, _y in wrong)


def test_messages_wrap_to_the_width_of_the_list(qtbot, panel, viewer):
    show(qtbot, viewer, 1)
    index = panel.list.model().index(0, 0)
    wide = panel.list.visualRect(index).height()
    panel.resize(160, 400)
    qtbot.waitUntil(lambda: panel.list.visualRect(index).height() > wide)
    assert panel.list.visualRect(index).width() <= panel.list.viewport().width()


def test_a_double_click_goes_to_the_frame_of_a_finding(qtbot, panel, viewer):
    show(qtbot, viewer, 1)
    row = next(row for row, finding in enumerate(panel.model.findings) if finding.frame_id == "000003")
    at = panel.list.visualRect(panel.list.model().index(row, 0)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert viewer.wanted == 3
    rest(qtbot, viewer)


def test_a_clean_frame_has_no_findings(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "clean", frames=1, points=40)
    mask = delivery / "files" / "masks" / "000000.txt"
    mask.write_text(str([1, 11] * 20))
    with opened_viewer(qtbot, delivery) as viewer:
        panel = FindingsPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        assert panel.model.findings == ()
        assert panel._empty.text() == NO_FINDINGS
        assert panel._empty.isVisible()
        assert not panel.list.isVisible()


def test_without_a_job_the_panel_says_what_will_be_there(qtbot):
    with opened_viewer(qtbot) as viewer:
        panel = FindingsPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        assert panel._empty.text() == NO_JOB
