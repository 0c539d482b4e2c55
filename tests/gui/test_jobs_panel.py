import pytest
from PySide6.QtCore import Qt

from app.domain.annotation import JobPage, JobSummary
from app.gui.library import BatchJobs, Library
from app.gui.panels.jobs import JobsPanel
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.sandbox.deliveries import open_deliveries
from app.sandbox.server import Sandbox
from app.settings import Credentials, Settings
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
