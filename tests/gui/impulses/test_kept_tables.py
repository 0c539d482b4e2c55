"""How the impulses of a project were looked at last is there again at the next start."""

import pytest

from app.gui.impulses.exporting import TableExport
from app.gui.impulses.kept_tables import KeptTables
from app.gui.impulses.loading import ImpulseSource
from app.gui.impulses.page import ImpulsesPage
from app.gui.preferences import Preferences
from app.sandbox.street.impulse_list import impulses_of_project
from app.settings import KeptTable
from app.workspace import Workspace
from app.workspace.addresses import impulses_address
from tests.gui.impulses.test_page import PATIENCE, PROJECT, store


@pytest.fixture
def start(qtbot, workspace, services, runner):
    """Opens the page with these preferences, as a start of the program does."""
    store(workspace, impulses_of_project())

    def make(preferences, project_id=PROJECT):
        page = ImpulsesPage(ImpulseSource(services, runner, runner), TableExport(runner, runner), lambda: None)
        qtbot.addWidget(page)
        KeptTables(page, preferences)
        page.look(project_id)
        qtbot.waitUntil(lambda: not runner.running, timeout=PATIENCE)
        return page

    return make


def test_columns_order_filters_and_pins_are_taken_up_again(start, services, runner):
    preferences = Preferences(services, runner, remember=False)
    page = start(preferences)
    key = next(column.key for column in page.arranging.table.columns if column.is_numeric)
    page.arranging.show_columns(["state", key])
    page.arranging.sort_by(key)
    page.arranging.sort_by(key)
    page.arranging.toggle_pins([2])
    page.strip.add("tags")
    page.strip.cards["tags"].field.take("street")
    page.strip.add(key)
    page.strip.cards[key].field.take("> 0")
    before = page.arranging.arrangement
    again = start(preferences)
    assert again.arranging.arrangement == before
    assert again.strip.texts == {"tags": "street", key: "> 0"}


def test_another_project_has_its_own(start, services, runner, workspace):
    with Workspace.open(workspace) as opened:
        known = opened.find(impulses_address(PROJECT)).path.read_bytes()
    store(workspace, known, 77)
    preferences = Preferences(services, runner, remember=False)
    preferences.remember_impulses_table(77, KeptTable(sort="name", descending=True))
    start(preferences).arranging.toggle_pins([1])
    assert start(preferences, 77).arranging.arrangement.sort == "name"
    assert preferences.impulses_table(77) == KeptTable(sort="name", descending=True)


def test_what_is_not_known_any_more_is_passed_over(start, services, runner):
    preferences = Preferences(services, runner, remember=False)
    kept = KeptTable(("gone", "state"), "gone", True, (99,), {"gone": "x", "tags": "no such tag", "id": "nonsense"})
    preferences.remember_impulses_table(PROJECT, kept)
    page = start(preferences)
    assert [column.key for column in page.arranging.columns] == ["name", "state"]
    assert len(page.arranging.rows.positions) == len(page.arranging.table.impulses)


def test_the_division_is_kept(qtbot, start, services, runner):
    preferences = Preferences(services, runner, remember=False)
    page = start(preferences)
    page.divider.height = 222
    page.divider.moved.emit()
    again = start(preferences)
    again.resize(1200, 900)
    again.show()
    qtbot.waitUntil(lambda: again.splitter.sizes()[0] == 222)
