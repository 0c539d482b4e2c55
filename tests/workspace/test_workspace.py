"""The catalogue: what is known survives, and says nothing it must not say."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.annotation import Batch, JobPage, JobResult, JobSummary, Project
from app.domain.tracking import CoordinateSpace
from app.errors import WorkspaceError
from app.workspace import CameraLink, Workspace
from app.workspace.addresses import shown_url, url_key
from app.workspace.catalogue import Catalogue, Row, Values

RESULT_URL = "https://user:secret@store.example/result.json?X-Amz-Signature=CANARY#CANARY"
PROJECT = Project("p1", "Streets", "POINT_CLOUD", (Batch("b2", "second", "Complete", 3, 1), Batch("b1", "first")))
LINK = CameraLink("front", 7, 11, "street front", 5, "int8", frame_offset=2, space=CoordinateSpace.RATIO)


def result(job_id: str = "j1", *, reference_id: str = "street", batch_id: str = "b1") -> JobResult:
    return JobResult("p1", job_id, reference_id, batch_id, "completed", RESULT_URL)


def save_job(workspace: Workspace, job_id: str = "j1", *, reference_id: str = "street") -> None:
    workspace.store(RESULT_URL, b"{}")
    scan = f"https://store.example/{job_id}.pcd?X-Amz-Signature=CANARY"
    workspace.save_result(result(job_id, reference_id=reference_id), frames=3, urls=[scan])


def test_what_was_listed_is_there_after_reopening(tmp_path: Path) -> None:
    page = JobPage((JobSummary("j1", "street", "completed", 3, 71), JobSummary("j2", "", "pending")), "")
    with Workspace.open(tmp_path) as workspace:
        workspace.save_project(PROJECT)
        workspace.save_job_page(page, project_id="p1", batch_id="b1")
    with Workspace.open(tmp_path) as workspace:
        assert workspace.projects() == (PROJECT,)
        assert workspace.project("p1") == PROJECT
        first, second = workspace.jobs(batch_id="b1")
    assert (first.job_id, first.name, first.status, first.frames, first.annotations) == (
        "j1",
        "street",
        "completed",
        3,
        71,
    )
    assert (second.name, second.frames, second.downloaded) == ("j2", None, False)


def test_listing_a_project_again_replaces_its_batches(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as workspace:
        workspace.save_project(PROJECT)
        shrunk = Project("p1", "Streets 2", "POINT_CLOUD", PROJECT.batches[:1])
        workspace.save_project(shrunk)
        assert workspace.projects() == (shrunk,)


def test_listing_a_job_again_keeps_its_download(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as workspace:
        save_job(workspace)
        page = JobPage((JobSummary("j1", "street", "reopened", 3),), "")
        workspace.save_job_page(page, project_id="p1", batch_id="b1")
        job = workspace.job("j1")
        assert job is not None
        assert (job.status, job.downloaded, workspace.job_document(job)) == ("reopened", True, b"{}")


def test_a_job_is_found_by_its_reference_unless_two_downloads_share_it(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as workspace:
        save_job(workspace, "j1")
        listed = JobPage((JobSummary("j9", "street", "pending"),), "")
        workspace.save_job_page(listed, project_id="p1", batch_id="b1")
        found = workspace.job("street")
        assert found is not None
        assert found.job_id == "j1"
        save_job(workspace, "j2")
        assert workspace.job("street") is None
        assert workspace.job("j2") is not None


def test_links_come_back_as_they_were_saved(tmp_path: Path) -> None:
    side = CameraLink("side", 7, 12, "street side", 5, "float32")
    with Workspace.open(tmp_path) as workspace:
        workspace.save_camera_links("j1", [side, LINK])
    with Workspace.open(tmp_path) as workspace:
        assert workspace.camera_links("j1") == (LINK, side)
        workspace.remove_camera_link("j1", "side")
        assert workspace.camera_link("j1", "side") is None
        assert workspace.camera_link("j1", "front") == LINK
        assert workspace.camera_links("j2") == ()


def test_links_are_read_once_and_a_changed_one_is_seen_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    rows = Catalogue.rows

    def counted(catalogue: Catalogue, statement: str, values: Values | None = None) -> Sequence[Row]:
        asked.append(statement)
        return rows(catalogue, statement, values)

    monkeypatch.setattr(Catalogue, "rows", counted)
    with Workspace.open(tmp_path) as workspace:
        for _ in range(3):
            assert workspace.camera_link("j1", "front") is None
            assert workspace.camera_link("j1", "side") is None
        assert len(asked) == 1
        for link in (LINK, replace(LINK, frame_offset=5)):
            workspace.save_camera_links("j1", [link])
            assert workspace.camera_link("j1", "front") == link
            assert workspace.camera_links("j1") == (link,)
        workspace.remove_camera_link("j1", "front")
        assert workspace.camera_link("j1", "front") is None
        assert len(asked) == 4


def test_who_only_reads_sees_the_links_that_another_program_changes(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as writer, Workspace.open(tmp_path) as reader:
        assert reader.camera_link("j1", "front") is None
        writer.save_camera_links("j1", [LINK])
        assert reader.camera_link("j1", "front") == LINK
        writer.remove_camera_link("j1", "front")
        assert reader.camera_link("j1", "front") is None


def test_answers_of_different_links_never_mix() -> None:
    other = [
        CameraLink("front", 7, 12, "", 5, "int8"),
        CameraLink("front", 7, 11, "", 6, "int8"),
        CameraLink("front", 7, 11, "", 5, "float32"),
    ]
    assert len({link.answer_address for link in [LINK, *other]}) == 4


def test_the_catalogue_never_holds_a_query_or_a_password(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as workspace:
        save_job(workspace)
    for file in tmp_path.glob("catalogue.sqlite*"):
        content = file.read_bytes()
        assert b"CANARY" not in content
        assert b"secret" not in content
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    rows = connection.execute("SELECT shown_url FROM files").fetchall()
    connection.close()
    assert set(rows) == {("https://store.example/result.json",), ("https://store.example/j1.pcd",)}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@host.example:8/a%20b?x=1#y", "https://host.example:8/a%20b"),
        ("http://[broken?key=1", "(unreadable address)"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_two_signatures_of_one_address_are_two_files() -> None:
    assert url_key("https://a/b?sig=1") != url_key("https://a/b?sig=2")


def test_a_second_program_that_writes_is_named(tmp_path: Path) -> None:
    with Workspace.open(tmp_path, busy_seconds=0.05) as workspace:
        other = sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(WorkspaceError, match="Another Pointproof"):
            workspace.save_project(PROJECT)
        other.execute("ROLLBACK")
        other.close()
        workspace.save_project(PROJECT)


def test_a_damaged_catalogue_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(WorkspaceError, match="damaged") as caught:
        Workspace.open(tmp_path)
    assert caught.value.next_step


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WorkspaceError, match="folder"):
        Workspace.open(tmp_path / "file" / "ws")


def test_reading_only_makes_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no workspace"):
        Workspace.open(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_closed_workspace_says_so(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    workspace.close()
    workspace.close()
    with pytest.raises(WorkspaceError, match="closed"):
        workspace.jobs()


def test_a_number_that_no_catalogue_holds_is_an_error_in_words(tmp_path: Path) -> None:
    page = JobPage((JobSummary("j1", "street", "completed", 10**30),), "")
    with Workspace.open(tmp_path) as workspace, pytest.raises(WorkspaceError, match="out of range"):
        workspace.save_job_page(page, project_id="p1", batch_id="b1")
