"""What the user set and what a listing said before come back as they were."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.annotation import Batch, JobPage, JobResult, JobSummary, ListingChanges, Project, StatusChange
from app.domain.tracking import CoordinateSpace, ResizeMode
from app.workspace import CameraLink, FolderMapping, PictureSource, QueuedJob, Workspace
from app.workspace.addresses import sample_media_address

BATCH = Batch("b1", "first", "In progress", 3, 1, 150, 50, 71)
PROJECT = Project("p1", "Streets", "POINT_CLOUD", (BATCH,))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "ws"


def test_folders_come_back_for_their_project_the_closest_prefix_first(root: Path) -> None:
    near = FolderMapping("p1", "https://store.example/a/b/", Path("/data/b"))
    far = FolderMapping("p1", "https://store.example/", Path("/data"))
    with Workspace.open(root) as workspace:
        for mapping in (far, near, replace(far, project_id="p2")):
            workspace.save_mapping(mapping)
    with Workspace.open(root) as workspace:
        assert workspace.mappings("p1") == (near, far)
        workspace.save_mapping(replace(far, folder=Path("/moved")))
        workspace.remove_mapping("p1", near.url_prefix)
        assert workspace.mappings("p1") == (replace(far, folder=Path("/moved")),)
        assert workspace.mappings("none") == ()


def test_a_prefix_is_kept_without_its_signature(root: Path) -> None:
    signed = FolderMapping("p1", "https://store.example/a?X-Amz-Signature=CANARY#CANARY", Path("/data"))
    with Workspace.open(root) as workspace:
        workspace.save_mapping(signed)
        assert workspace.mappings("p1") == (replace(signed, url_prefix="https://store.example/a"),)
        workspace.remove_mapping("p1", signed.url_prefix)
        assert workspace.mappings("p1") == ()
    for file in root.glob("catalogue.sqlite*"):
        assert b"CANARY" not in file.read_bytes()


def test_the_queue_comes_back_in_its_order(root: Path) -> None:
    items = (
        QueuedJob("p1", "j2", "second", "paused"),
        QueuedJob("p1", "j1", "first", "failed", "The key was refused."),
        QueuedJob("p1", "j3", "third"),
    )
    with Workspace.open(root) as workspace:
        assert workspace.queued() == ()
        workspace.save_queue(items)
    with Workspace.open(root) as workspace:
        assert workspace.queued() == items
        workspace.save_queue(items[2:])
        assert workspace.queued() == items[2:]
        workspace.save_queue([])
        assert workspace.queued() == ()


def test_the_last_view_of_a_job_comes_back_byte_for_byte(root: Path) -> None:
    with Workspace.open(root) as workspace:
        assert workspace.last_view("j1") is None
        workspace.save_last_view("j1", b"old")
        workspace.save_last_view("j1", bytes(range(256)))
    with Workspace.open(root) as workspace:
        assert workspace.last_view("j1") == bytes(range(256))
        assert workspace.last_view("j2") is None


@pytest.mark.parametrize("mode", [None, *ResizeMode])
@pytest.mark.parametrize("source", list(PictureSource))
def test_links_keep_what_was_overridden(root: Path, mode: ResizeMode | None, source: PictureSource) -> None:
    link = CameraLink("front", 7, 11, "street", 5, "int8", -1, CoordinateSpace.MODEL_INPUT, mode, source)
    with Workspace.open(root) as workspace:
        workspace.save_camera_links("j1", [link])
        assert workspace.camera_link("j1", "front") == link


def test_a_word_that_only_a_newer_version_knows_counts_as_not_chosen(root: Path) -> None:
    with Workspace.open(root) as workspace:
        workspace.save_camera_links("j1", [CameraLink("front", 7, 11, "street", 5, "int8")])
    connection = sqlite3.connect(root / "catalogue.sqlite")
    connection.execute("UPDATE camera_links SET space = 'cube', resize_mode = 'melt', pictures = 'dreamt'")
    connection.commit()
    connection.close()
    with Workspace.open(root) as workspace:
        link = workspace.camera_link("j1", "front")
    assert link is not None
    assert (link.space, link.resize_mode, link.pictures) == (None, None, PictureSource.AUTO)


def test_what_belongs_to_a_link_lies_under_different_addresses() -> None:
    link = CameraLink("front", 7, 11, "", 5, "int8")
    media = [sample_media_address(ei_project_id=7, sample_id=11, kind=kind) for kind in ("video", "image")]
    assert len({link.answer_address, link.request_address, *media}) == 4


def test_a_first_listing_is_all_new_and_the_same_again_is_nothing(root: Path) -> None:
    page = JobPage((JobSummary("j1", "street", "pending", 3, 71), JobSummary("j2", "", "pending")), "")
    with Workspace.open(root) as workspace:
        assert workspace.save_project(PROJECT) == ListingChanges(new=("b1",))
        assert workspace.save_job_page(page, project_id="p1", batch_id="b1") == ListingChanges(new=("j1", "j2"))
        assert not workspace.save_project(PROJECT)
        assert not workspace.save_job_page(page, project_id="p1", batch_id="b1")


def test_a_batch_that_moved_on_is_told_with_what_it_was(root: Path) -> None:
    moved = replace(BATCH, status="Complete", completed_jobs=3, completed_frames=150)
    second = Batch("b2", "second")
    with Workspace.open(root) as workspace:
        workspace.save_project(PROJECT)
        changes = workspace.save_project(replace(PROJECT, batches=(moved, second)))
    before, after = (
        "In progress, 1 of 3 jobs, 50 of 150 frames, 71 annotations",
        "Complete, 3 of 3 jobs, 150 of 150 frames, 71 annotations",
    )
    assert changes == ListingChanges(new=("b2",), changed=(StatusChange("b1", "first", before, after),))


def test_a_job_that_moved_on_is_told_with_what_it_was(root: Path) -> None:
    def page(*jobs: JobSummary) -> JobPage:
        return JobPage(jobs, "")

    with Workspace.open(root) as workspace:
        workspace.save_job_page(page(JobSummary("j1", "street", "pending", 3, 70)), project_id="p1", batch_id="b1")
        changes = workspace.save_job_page(
            page(JobSummary("j1", "street", "completed", 3, 71)), project_id="p1", batch_id="b1"
        )
        quiet = workspace.save_job_page(page(JobSummary("j1", "street", "completed")), project_id="p1", batch_id="b1")
    change = StatusChange("j1", "street", "pending, 70 annotations", "completed, 71 annotations")
    assert changes == ListingChanges(changed=(change,))
    assert not quiet  # a count that is not listed has not changed


def test_a_download_is_no_change_of_the_listing(root: Path) -> None:
    page = JobPage((JobSummary("j1", "street", "completed", 3),), "")
    with Workspace.open(root) as workspace:
        workspace.save_job_page(page, project_id="p1", batch_id="b1")
        workspace.store("https://store.example/result.json", b"{}")
        result = JobResult("p1", "j1", "street", "b1", "completed", "https://store.example/result.json")
        workspace.save_result(result, frames=2, urls=[])
        assert not workspace.save_job_page(page, project_id="p1", batch_id="b1")


def test_a_pinned_job_stays_pinned_when_it_is_listed_or_fetched_again(root: Path) -> None:
    page = JobPage((JobSummary("j1", "street", "completed", 3),), "")
    with Workspace.open(root) as workspace:
        workspace.save_job_page(page, project_id="p1", batch_id="b1")
        workspace.set_pinned("j1", pinned=True)
        workspace.save_job_page(page, project_id="p1", batch_id="b1")
        workspace.store("https://store.example/result.json", b"{}")
        result = JobResult("p1", "j1", "street", "b1", "completed", "https://store.example/result.json")
        assert workspace.save_result(result, frames=2, urls=[]).pinned
        workspace.set_pinned("j1", pinned=False)
        assert [job.pinned for job in workspace.jobs()] == [False]
