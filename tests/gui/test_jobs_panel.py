import uuid

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain.annotation import JobPage, JobSummary
from app.gui.library import Library
from app.gui.listed import BatchJobs, OnDisk
from app.gui.panels.jobs import JobsPanel
from app.gui.panels.jobs_model import BATCH, JOB, PROJECT, SHARE, job_state, state_token
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.sandbox.deliveries import open_deliveries
from app.sandbox.server import Sandbox
from app.settings import Credentials, Settings
from app.workspace import JobGaps
from tests.builders import small_delivery


@pytest.fixture
def delivery(tmp_path):
    return small_delivery(tmp_path / "delivery")


@pytest.fixture
def sandbox(delivery):
    with Sandbox([delivery], extra_jobs=250) as sandbox:
        yield sandbox


@pytest.fixture
def library(qtbot, sandbox, tmp_path):
    settings = Settings(telus_url=sandbox.telus_url, workspace=str(tmp_path / "workspace"))
    services = Services(settings, Credentials(telus_key=sandbox.telus_key))
    runner = TaskRunner()
    yield Library(services, runner)
    assert runner.shutdown()
    services.close()


@pytest.fixture
def panel(qtbot, library) -> JobsPanel:
    panel = JobsPanel(library)
    qtbot.addWidget(panel)
    panel.resize(300, 500)
    panel.show()
    return panel


def add_project(qtbot, panel, delivery):
    project = open_deliveries([delivery])[0].project_id
    qtbot.keyClicks(panel._project_id, project)
    qtbot.keyClick(panel._project_id, Qt.Key.Key_Return)
    tree = panel._tree
    first_batch = lambda: tree.model().index(0, 0, tree.model().index(0, 0))  # noqa: E731
    qtbot.waitUntil(lambda: first_batch().data() == "street batch")
    return tree, first_batch()


def test_typing_a_project_id_lists_its_batches_with_their_counts(qtbot, panel, delivery):
    _tree, batch = add_project(qtbot, panel, delivery)
    assert batch.data() == "street batch"
    assert " of 251" in batch.siblingAtColumn(1).data()
    assert not panel._problem.isVisible()


def test_jobs_are_listed_page_by_page_as_one_scrolls(qtbot, panel, library, delivery, sandbox):
    tree, batch = add_project(qtbot, panel, delivery)
    tree.expand(batch)
    qtbot.waitUntil(lambda: tree.model().rowCount(batch) == 101)  # a page and the row that stands for the next
    pages = [request for request in sandbox.requests if "/batch/" in request.path]
    assert len(pages) == 1
    for rows in (201, 251):
        tree.scrollToBottom()
        qtbot.waitUntil(lambda rows=rows: tree.model().rowCount(batch) == rows)
    names = {tree.model().index(row, 0, batch).data() for row in range(251)}
    assert len(names) == 251


def test_a_job_in_work_says_so_and_a_completed_one_can_be_opened(qtbot, panel, delivery):
    tree, batch = add_project(qtbot, panel, delivery)
    tree.expand(batch)
    qtbot.waitUntil(lambda: tree.model().rowCount(batch) > 100)
    states = {tree.model().index(row, 1, batch).data() for row in range(100)}
    assert "completed" in states
    assert len(states) > 1
    job = open_deliveries([delivery])[0].job
    with qtbot.waitSignal(panel.job_chosen) as chosen:
        tree.activated.emit(tree.model().index(0, 0, batch))
    assert chosen.args == [job["project_id"], job["job_id"]]


def test_the_filter_finds_jobs_by_name(qtbot, panel, delivery):
    tree, batch = add_project(qtbot, panel, delivery)
    tree.expand(batch)
    qtbot.waitUntil(lambda: tree.model().rowCount(batch) > 100)
    qtbot.keyClicks(panel._filter, "0042")
    batch = tree.model().index(0, 0, tree.model().index(0, 0))
    assert [tree.model().index(row, 0, batch).data() for row in range(tree.model().rowCount(batch))] == ["street 0042"]


def test_an_unknown_project_says_why_and_what_to_do(qtbot, panel):
    qtbot.keyClicks(panel._project_id, "no-such-project")
    qtbot.keyClick(panel._project_id, Qt.Key.Key_Return)
    qtbot.waitUntil(panel._problem.isVisible)
    assert len(panel._problem.text()) > 20


def test_what_was_listed_is_there_again_without_a_network(qtbot, panel, library, delivery, sandbox, tmp_path):
    tree, batch = add_project(qtbot, panel, delivery)
    tree.expand(batch)
    qtbot.waitUntil(lambda: tree.model().rowCount(batch) > 100)
    sandbox.stop()
    services = Services(Settings(workspace=str(tmp_path / "workspace")), Credentials())
    runner = TaskRunner()
    again = Library(services, runner)
    with qtbot.waitSignal(again.projects_changed):
        again.show_remembered()
    project = again.projects[0].project_id
    assert len(again.jobs(project, again.batches(project)[0].batch_id).jobs) == 100
    assert runner.shutdown()
    services.close()


def test_a_repeated_page_token_ends_the_list():
    page = JobPage((JobSummary("a", "a", "completed"),), next_page_token="17")
    first = BatchJobs().with_page(page)
    second = first.with_page(page)
    assert first.has_more
    assert not second.has_more
    assert len(second.jobs) == 1


def list_jobs(qtbot, panel, delivery):
    tree, batch = add_project(qtbot, panel, delivery)
    tree.expand(batch)
    qtbot.waitUntil(lambda: tree.model().rowCount(batch) > 100)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return tree, batch


def row_of(panel, name: str):
    """Name and state of a job."""
    job = panel._model.job_row(name)
    return job.text(), job.parent().child(job.row(), 1).text()


def find(qtbot, panel, text: str) -> None:
    panel._filter.clear()
    qtbot.keyClicks(panel._filter, text)
    qtbot.keyClick(panel._filter, Qt.Key.Key_Return)


def test_enter_goes_to_the_first_listed_match(qtbot, panel, delivery, sandbox):
    tree, _batch = list_jobs(qtbot, panel, delivery)
    sandbox.forget_requests()
    find(qtbot, panel, "0042")
    assert tree.currentIndex().data() == "street 0042"
    assert tree.hasFocus()
    assert sandbox.requests == ()


@pytest.mark.parametrize("by", ["reference id", "job id"])
def test_enter_asks_the_service_for_a_job_that_is_not_listed(qtbot, panel, delivery, by):
    tree, _batch = list_jobs(qtbot, panel, delivery)
    project = open_deliveries([delivery])[0].project_id
    job_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{project}/extra/239"))
    find(qtbot, panel, "street 0240" if by == "reference id" else job_id)
    qtbot.waitUntil(lambda: panel._model.job_row(job_id) is not None, timeout=20_000)
    qtbot.waitUntil(lambda: tree.currentIndex().data(JOB) == job_id)
    with qtbot.waitSignal(panel.job_chosen) as chosen:
        qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert chosen.args == [project, job_id]


def test_a_job_that_nobody_knows_is_answered_with_what_to_do(qtbot, panel, delivery):
    list_jobs(qtbot, panel, delivery)
    find(qtbot, panel, "no-such-job")
    qtbot.waitUntil(panel._problem.isVisible, timeout=20_000)
    assert "Check it" in panel._problem.text() or "id" in panel._problem.text()


def test_refresh_tells_what_changed_and_marks_the_rows_until_they_are_opened(qtbot, panel, library, delivery):
    batch_file = delivery / "batch.json"
    now = batch_file.read_text()
    batch_file.write_text(now.replace('"completed"', '"in progress"', 1))
    with Sandbox([delivery], extra_jobs=5) as earlier:
        connect(library, earlier)
        tree, batch = add_project(qtbot, panel, delivery)
        tree.expand(batch)
        qtbot.waitUntil(lambda: tree.model().rowCount(batch) == 6)
    batch_file.write_text(now)
    job = str(open_deliveries([delivery])[0].job["job_id"])
    with Sandbox([delivery], extra_jobs=7) as later:
        connect(library, later)
        qtbot.mouseClick(panel.refresh_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(panel._news.isVisible, timeout=20_000)
    assert panel._news.text() == "Since the last listing: 2 new, 1 completed."
    assert row_of(panel, job)[1] == "now completed"
    assert panel._model.job_row(job).font().bold()
    assert [state for state in states(panel) if state.startswith("new")] == [
        "new · in progress",
        "new · completed",
    ]
    panel.mark_open(job)
    assert row_of(panel, job)[1] == "completed"
    assert not panel._model.job_row(job).font().bold()


def connect(library, sandbox) -> None:
    library._services.reconnect(
        telus_url=sandbox.telus_url, edge_impulse_url="", credentials=Credentials(telus_key=sandbox.telus_key)
    )


def states(panel) -> list[str]:
    (batch,) = panel._model.batches
    return [batch.child(row, 1).text() for row in range(batch.rowCount())]


def test_the_batch_shows_how_far_it_is(qtbot, panel, delivery):
    _tree, batch = add_project(qtbot, panel, delivery)
    share = batch.siblingAtColumn(1).data(SHARE)
    done, _, total = batch.siblingAtColumn(1).data().partition(" of ")
    assert share == pytest.approx(int(done) / int(total))


KEYS = [
    (Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier, "download_requested"),
    (Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, "batch_requested"),
    (Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier, "mapping_requested"),
]


@pytest.mark.parametrize(("key", "modifiers", "signal"), KEYS, ids=[key[2] for key in KEYS])
def test_keys_do_to_the_current_job_what_the_menu_offers(qtbot, panel, delivery, key, modifiers, signal):
    tree, batch = list_jobs(qtbot, panel, delivery)
    tree.setCurrentIndex(tree.model().index(1, 0, batch))
    tree.setFocus()
    with qtbot.waitSignal(getattr(panel, signal)) as asked:
        qtbot.keyClick(tree, key, modifiers)
    index = tree.model().index(1, 0, batch)
    assert asked.args == [index.data(PROJECT), index.data(BATCH if signal == "batch_requested" else JOB)]


def test_the_job_id_is_copied(qtbot, panel, delivery):
    tree, batch = list_jobs(qtbot, panel, delivery)
    tree.setCurrentIndex(tree.model().index(3, 0, batch))
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == tree.currentIndex().data(JOB)


def test_nothing_on_disk_is_nothing_to_pin_or_remove(qtbot, panel, delivery):
    tree, batch = list_jobs(qtbot, panel, delivery)
    tree.setCurrentIndex(tree.model().index(1, 0, batch))
    menu = panel.actions_of_row.menu()
    enabled = {action.objectName(): action.isEnabled() for action in menu.actions() if not action.isSeparator()}
    assert enabled == {
        "open": True,
        "download": True,
        "batch": True,
        "pin": False,
        "remove": False,
        "mapping": True,
        "copy": True,
    }
    menu.close()


SIZE = 2_300_000
LOOKS = [
    (OnDisk(SIZE), "", "2.3 MB", "fine"),
    (OnDisk(SIZE, gaps=JobGaps(missing=3)), "", "2.3 MB", "attention"),
    (OnDisk(SIZE, gaps=JobGaps(damaged=1)), "", "damaged", "wrong"),
    (OnDisk(SIZE, pinned=True), "new", "new · 2.3 MB", "accent"),
    (None, "", "in progress", "secondary"),
    (None, "changed", "changed · in progress", "accent"),
]


@pytest.mark.parametrize(("on_disk", "mark", "text", "token"), LOOKS)
def test_a_job_says_in_few_words_what_matters_most(on_disk, mark, text, token):
    assert job_state(JobSummary("a", "a", "IN_PROGRESS"), on_disk, mark) == text
    assert state_token(on_disk, mark) == token
