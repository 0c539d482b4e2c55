"""A workspace that may hold only so much: what was opened longest ago makes room, what matters stays."""

from pathlib import Path

import pytest

from app.errors import WorkspaceError
from app.progress import Progress
from app.sync import DownloadQueue, ItemState, Listener, QueueItem, Quota, download_job, download_taken
from app.workspace import JobGaps, StoredJob, Workspace
from tests.builders import small_delivery
from tests.fake_services import FakeTelus


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


def delivery(tmp_path: Path, name: str, *, points: int = 2000) -> FakeTelus:
    """The services of one job; another number of points makes other bytes, equal ones would be kept once."""
    return FakeTelus(small_delivery(tmp_path / name, name=name, points=points))


def fetched(workspace: Workspace, telus: FakeTelus) -> StoredJob:
    job = telus.job
    return download_job(workspace, telus, project_id=job.project_id, job_id=job.job_id, progress=Progress()).job


def fetch_within(workspace: Workspace, telus: FakeTelus, *, limit: int, keep: frozenset[str] = frozenset()):
    queue = DownloadQueue([QueueItem(telus.job.project_id, telus.job.job_id)])
    item = queue.take()
    assert item is not None
    quota = Quota(workspace, limit=limit, keep=lambda: queue.job_ids | keep)
    try:
        download_taken(queue, item, workspace, lambda: telus, quota=quota, listener=Listener(), progress=Progress())
    except WorkspaceError:
        assert queue.problem
    return queue


def gaps(workspace: Workspace, job: StoredJob) -> int:
    return workspace.job_gaps()[job.job_id].missing if job.job_id in workspace.job_gaps() else 0


def test_without_a_quota_nothing_ever_goes(tmp_path: Path, workspace: Workspace) -> None:
    old = fetched(workspace, delivery(tmp_path, "old"))
    assert fetch_within(workspace, delivery(tmp_path, "new", points=2100), limit=0).items[0].state is ItemState.DONE
    assert gaps(workspace, old) == 0


def test_the_job_opened_longest_ago_makes_room_while_another_comes(tmp_path: Path, workspace: Workspace) -> None:
    old = fetched(workspace, delivery(tmp_path, "old"))
    limit = workspace.usage() + 20_000  # room for the start of the new one only
    queue = fetch_within(workspace, delivery(tmp_path, "new", points=2100), limit=limit)
    assert queue.items[0].state is ItemState.DONE
    assert workspace.usage() <= limit
    assert gaps(workspace, old) > 0
    assert workspace.job_document(old) is not None


@pytest.mark.parametrize("why", ["pinned", "on screen"])
def test_what_is_pinned_or_on_screen_stays_and_the_queue_says_what_to_do(
    tmp_path: Path, workspace: Workspace, why: str
) -> None:
    old = fetched(workspace, delivery(tmp_path, "old"))
    workspace.set_pinned(old.job_id, pinned=why == "pinned")
    keep = frozenset([old.job_id] if why == "on screen" else [])
    queue = fetch_within(workspace, delivery(tmp_path, "new", points=2100), limit=workspace.usage() + 20_000, keep=keep)
    assert gaps(workspace, old) == 0
    assert queue.items[0].state is ItemState.PAUSED
    assert queue.problem.startswith("The workspace is full: its quota is ")
    assert queue.problem.endswith("Raise the quota, or unpin or remove jobs, then resume.")


def test_a_job_larger_than_the_quota_stops_near_it_and_keeps_what_came(tmp_path: Path, workspace: Workspace) -> None:
    telus = delivery(tmp_path, "huge", points=20_000)
    largest = max(path.stat().st_size for path in telus.folder.rglob("*") if path.is_file())
    limit = 2 * largest
    queue = fetch_within(workspace, telus, limit=limit)
    assert queue.take() is None
    assert 0 < workspace.usage() < limit + 5 * largest  # what four threads had begun may end
    assert workspace.job(telus.job.job_id) is not None


def test_a_quota_that_is_full_before_the_start_asks_for_nothing(tmp_path: Path, workspace: Workspace) -> None:
    old = fetched(workspace, delivery(tmp_path, "old"))
    workspace.set_pinned(old.job_id, pinned=True)
    new = delivery(tmp_path, "new", points=2100)
    queue = fetch_within(workspace, new, limit=1)
    assert queue.problem
    assert new.requests == []


def test_gaps_count_what_is_missing_or_damaged_until_it_is_fetched_again(tmp_path: Path, workspace: Workspace) -> None:
    telus = delivery(tmp_path, "street")
    job = fetched(workspace, telus)
    assert workspace.job_gaps() == {}
    scan, mask = (next(url for url in telus.file_requests if url.endswith(end)) for end in (".pcd", ".txt"))
    workspace.forget([scan])
    stored = workspace.find(mask)
    assert stored is not None
    stored.path.write_bytes(bytes(stored.size))
    list(workspace.verify(read_data=True))
    assert workspace.job_gaps() == {job.job_id: JobGaps(missing=1, damaged=1)}
    fetched(workspace, telus)
    assert workspace.job_gaps() == {}


def test_files_that_arrive_while_room_is_looked_for_are_no_reason_to_stop(tmp_path: Path, workspace: Workspace) -> None:
    old = fetched(workspace, delivery(tmp_path, "old"))
    limit, usage = workspace.usage() + 1000, workspace.usage
    looks = []

    def usage_then_arrival() -> int:
        bytes_now = usage()
        if len(looks) == 1:  # after make_room found nothing to do, before the result is looked at
            workspace.store("https://data.example/late", b"late" * 1000)
            bytes_now = usage()
        looks.append(bytes_now)
        return bytes_now

    workspace.usage = usage_then_arrival  # type: ignore[method-assign]
    Quota(workspace, limit=limit, keep=frozenset).make_room()
    assert usage() <= limit
    assert gaps(workspace, old) > 0
