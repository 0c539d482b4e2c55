"""Room is made from what was not looked at for longest, and from nothing that must stay."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.annotation import JobResult
from app.workspace import CameraLink, Workspace
from app.workspace.addresses import delivered_answer_address, delivered_impulses_address, sample_media_address
from app.workspace.records import DELIVERED

REPOSITORY = Path(__file__).resolve().parents[2]
SIZE = 1000
LINK = CameraLink("front", 7, 11, "street front", 5, "int8")


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


def url(job_id: str, name: str) -> str:
    return f"https://store.example/{job_id}/{name}"


def content(job_id: str, name: str) -> bytes:
    return f"{job_id} {name} ".encode().ljust(SIZE, b".")


def add_job(
    workspace: Workspace, job_id: str, *, opened: int = 0, shared: tuple[str, ...] = (), project_id: str = "p1"
) -> None:
    """A job of a document and three files of 1000 bytes each, opened on a day of January where one is given."""
    for name in ("result.json", "scan.pcd", "mask.txt", "front.jpg"):
        workspace.store(url(job_id, name), content(job_id, name))
    result = JobResult(project_id, job_id, job_id, "b1", "completed", url(job_id, "result.json"))
    names = ("scan.pcd", "mask.txt", "front.jpg")
    workspace.save_result(result, frames=1, urls=[*(url(job_id, name) for name in names), *shared])
    if opened:
        set_opened(workspace, job_id, datetime(2026, 1, opened, tzinfo=UTC))


def set_opened(workspace: Workspace, job_id: str, moment: datetime) -> None:
    values = {"at": moment.isoformat(timespec="seconds"), "id": job_id}
    workspace._catalogue.write(("UPDATE jobs SET opened_at = :at WHERE job_id = :id", [values]))


def here(workspace: Workspace, job_id: str) -> list[str]:
    names = ("result.json", "scan.pcd", "mask.txt", "front.jpg")
    return [name for name in names if workspace.find(url(job_id, name))]


def test_usage_and_sizes_are_those_of_the_files(workspace: Workspace) -> None:
    add_job(workspace, "a")
    add_job(workspace, "b")
    workspace.store(url("c", "copy"), content("a", "scan.pcd"))
    assert workspace.usage() == 8 * SIZE
    assert workspace.job_sizes() == {"a": 4 * SIZE, "b": 4 * SIZE}


def test_the_job_not_looked_at_for_longest_goes_first(workspace: Workspace) -> None:
    add_job(workspace, "new", opened=3)
    add_job(workspace, "old", opened=1)
    add_job(workspace, "middle", opened=2)
    gone = workspace.make_room(10 * SIZE)
    assert [job.job_id for job in gone] == ["old"]
    assert here(workspace, "old") == ["result.json"]
    assert len(here(workspace, "middle")) == len(here(workspace, "new")) == 4
    assert workspace.usage() == 9 * SIZE
    assert [job.job_id for job in workspace.make_room(0)] == ["middle", "new"]
    assert workspace.usage() == 3 * SIZE


def test_a_job_that_only_a_bundle_brought_is_never_let_go(workspace: Workspace) -> None:
    add_job(workspace, "brought", opened=1, project_id=DELIVERED)
    add_job(workspace, "served", opened=2)
    assert [job.job_id for job in workspace.make_room(0)] == ["served"]
    assert len(here(workspace, "brought")) == 4


def test_a_job_never_opened_counts_from_when_it_came(workspace: Workspace) -> None:
    add_job(workspace, "unopened")
    add_job(workspace, "opened")
    set_opened(workspace, "opened", datetime.now(UTC) - timedelta(days=1))
    assert [job.job_id for job in workspace.make_room(7 * SIZE)] == ["opened"]


def test_nothing_goes_while_there_is_room(workspace: Workspace) -> None:
    add_job(workspace, "a")
    assert workspace.make_room(4 * SIZE) == ()
    assert len(here(workspace, "a")) == 4


def test_pinned_jobs_and_those_to_keep_stay_whole(workspace: Workspace) -> None:
    for number, job_id in enumerate(("pinned", "shown", "other"), start=1):
        add_job(workspace, job_id, opened=number)
    workspace.set_pinned("pinned", pinned=True)
    assert [job.job_id for job in workspace.make_room(0, keep={"shown"})] == ["other"]
    assert len(here(workspace, "pinned")) == len(here(workspace, "shown")) == 4
    workspace.set_pinned("pinned", pinned=False)
    assert [job.job_id for job in workspace.make_room(0, keep={"shown"})] == ["pinned"]


def test_documents_links_answers_and_views_stay(workspace: Workspace) -> None:
    add_job(workspace, "a")
    workspace.save_camera_links("a", [LINK])
    workspace.store(LINK.answer_address, b"answer")
    workspace.save_last_view("a", b"view")
    workspace.make_room(0)
    job = workspace.job("a")
    assert job is not None
    assert workspace.job_document(job) == content("a", "result.json")
    assert workspace.camera_links("a") == (LINK,)
    assert workspace.read(LINK.answer_address) == b"answer"
    assert workspace.last_view("a") == b"view"


def test_pictures_of_samples_go_and_what_was_computed_of_them_stays(workspace: Workspace) -> None:
    oddly_named = replace(LINK, camera="rear", variant="video")
    add_job(workspace, "a")
    workspace.save_camera_links("a", [LINK, oddly_named])
    links = (LINK, oddly_named)
    media = [address for address in LINK.addresses if address.endswith(("/11/video", "/11/image"))]
    answers = [address for link in links for address in link.addresses if address not in media]
    for address in (*media, *answers):
        workspace.store(address, address.encode().ljust(SIZE, b"."))
    assert len(media) == 2
    assert [job.job_id for job in workspace.make_room(0)] == ["a"]
    assert [workspace.find(address) for address in media] == [None, None]
    assert all(workspace.find(address) for address in answers)


def test_pictures_of_a_sample_that_two_jobs_show_stay_until_both_went(workspace: Workspace) -> None:
    video = sample_media_address(ei_project_id=LINK.ei_project_id, sample_id=LINK.sample_id, kind="video")
    workspace.store(video, b"video")
    for number, job_id in enumerate(("old", "new"), start=1):
        add_job(workspace, job_id, opened=number)
        workspace.save_camera_links(job_id, [LINK])
    workspace.make_room(5 * SIZE + len(b"video"))
    assert workspace.find(video) is not None
    workspace.make_room(0)
    assert workspace.find(video) is None


def test_what_a_delivery_brought_beside_its_files_stays(workspace: Workspace) -> None:
    brought = (delivered_answer_address("a", "front"), delivered_impulses_address("a"))
    for address in brought:
        workspace.store(address, address.encode())
    add_job(workspace, "a", shared=brought)
    workspace.make_room(0)
    assert here(workspace, "a") == ["result.json"]
    assert all(workspace.find(address) for address in brought)


def test_a_file_that_another_job_needs_stays_until_that_goes_too(workspace: Workspace) -> None:
    add_job(workspace, "old", opened=1)
    add_job(workspace, "new", opened=2, shared=(url("old", "scan.pcd"),))
    workspace.make_room(6 * SIZE)
    assert here(workspace, "old") == ["result.json", "scan.pcd"]
    assert len(here(workspace, "new")) == 4
    workspace.make_room(0)
    assert here(workspace, "old") == ["result.json"]


def test_content_that_another_job_received_too_stays(workspace: Workspace) -> None:
    add_job(workspace, "old", opened=1)
    add_job(workspace, "new", opened=2)
    workspace.store(url("new", "scan.pcd"), content("old", "scan.pcd"))
    assert workspace.usage() == 7 * SIZE
    workspace.make_room(5 * SIZE)
    assert workspace.read(url("new", "scan.pcd")) == content("old", "scan.pcd")
    assert workspace.usage() == 5 * SIZE


def test_what_went_can_be_received_again(workspace: Workspace) -> None:
    add_job(workspace, "a")
    workspace.make_room(0)
    assert list(workspace.verify(read_data=True)) == []
    workspace.store(url("a", "scan.pcd"), content("a", "scan.pcd"))
    assert workspace.job_sizes() == {"a": 2 * SIZE}


# dies before the n-th object is removed
KILLED = """
import os, signal, sys
from pathlib import Path
from app.workspace import Workspace

left = int(sys.argv[2])
unlink = os.unlink

def deadly(path, *arguments, **named):
    global left
    if "objects" in str(path):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return unlink(path, *arguments, **named)

os.unlink = deadly
with Workspace.open(Path(sys.argv[1])) as workspace:
    workspace.make_room(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("number", [0, 1, 4])
def test_a_program_killed_while_it_makes_room_promises_nothing_that_is_gone(tmp_path: Path, number: int) -> None:
    root = tmp_path / "ws"
    with Workspace.open(root) as workspace:
        add_job(workspace, "a", opened=1)
        add_job(workspace, "b", opened=2)
    command = [sys.executable, "-c", KILLED, str(root), str(number)]
    killed = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    with Workspace.open(root) as workspace:
        assert list(workspace.verify(read_data=True)) == []
        assert workspace.left_overs().objects
        workspace.sweep()
        assert workspace.left_overs().objects == ()
        workspace.make_room(0)
        assert workspace.usage() == 2 * SIZE
        on_disk = sum(path.stat().st_size for path in (root / "objects").rglob("*") if path.is_file())
        assert on_disk == 2 * SIZE
