"""What is different since the last listing."""

import json
from pathlib import Path

import pytest

from app.domain.annotation import JobPage, JobSummary
from app.progress import Progress
from app.sync import News, list_all_jobs, list_batches, refresh_project
from app.workspace import Workspace
from tests.builders import small_delivery
from tests.fake_services import FakeTelus


@pytest.fixture
def telus(tmp_path: Path) -> FakeTelus:
    return FakeTelus(small_delivery(tmp_path / "street"))


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


def page(*states: str, token: str = "") -> JobPage:
    return JobPage(tuple(JobSummary(state[0], state[0], state[1:]) for state in states), next_page_token=token)


def listed(workspace: Workspace, telus: FakeTelus, *pages: JobPage) -> None:
    project = list_batches(workspace, telus, telus.job.project_id, progress=Progress())
    telus.pages = list(pages)
    list(list_all_jobs(workspace, telus, project.project_id, project.batches[0].batch_id, progress=Progress()))


def refresh(workspace: Workspace, telus: FakeTelus, *pages: JobPage):
    telus.pages = list(pages)
    return refresh_project(workspace, telus, telus.job.project_id, progress=Progress())


def test_new_completed_and_otherwise_changed_jobs_are_told_apart_over_all_pages(workspace, telus) -> None:
    listed(workspace, telus, page("ain progress", "bin progress", "ccompleted", "din progress"))
    again = refresh(
        workspace,
        telus,
        page("acompleted", "bon hold", token="2"),
        page("ccompleted", "din progress", "ecompleted", "fin progress"),
    )
    assert again.news == News(new=("e", "f"), completed=("a",), changed=("b",))
    assert again.news.text == "2 new, 1 completed, 1 changed"
    (jobs,) = again.jobs.values()
    assert [job.job_id for job in jobs] == list("abcdef")


def test_a_second_refresh_has_nothing_new(workspace, telus) -> None:
    listed(workspace, telus, page("ain progress"))
    refresh(workspace, telus, page("acompleted"))
    assert refresh(workspace, telus, page("acompleted")).news == News()
    assert News().text == "Nothing new"


def test_a_batch_whose_jobs_were_never_listed_is_not_asked_for_its_jobs(workspace, telus) -> None:
    list_batches(workspace, telus, telus.job.project_id, progress=Progress())
    telus.requests.clear()
    assert refresh(workspace, telus).jobs == {}
    assert telus.requests == ["details"]


def test_a_new_batch_is_news_only_where_the_project_was_known(workspace, telus) -> None:
    assert refresh(workspace, telus).news == News()
    details = telus.folder / "details.json"
    document = json.loads(details.read_text())
    added = json.loads(json.dumps(document))
    batches = added["data"]["batches"] if "data" in added else added["batches"]
    batches.append({**batches[0], "id": "fresh", "name": "Fresh"})
    details.write_text(json.dumps(added))
    assert refresh(workspace, telus).news.text == "1 new batch"
