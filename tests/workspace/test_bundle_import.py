"""Importing adds what is missing, keeps what is sound here, and can be done again after anything went wrong."""

import dataclasses
import hashlib
import json
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.annotation import JobPage, JobSummary
from app.domain.pose_convention import CameraAxes, PoseConvention, PoseDirection
from app.errors import InputError, WorkspaceError
from app.jobs import open_path
from app.jobs.opening import open_workspace_job
from app.progress import Cancelled, Progress
from app.workspace import CameraLink, Workspace
from app.workspace.bundle import Bundle
from app.workspace.bundle_import import ImportedBundle, check_bundle, import_bundle
from app.workspace.bundle_parts import parts_of_stored_job, survey
from app.workspace.bundle_writer import write_bundle
from tests.builders import small_delivery
from tests.deadly import run_to_its_death
from tests.workspace.bundles import Unpacked, bundle_of, sound_bundle

LINK = CameraLink("front", 7, 11, "street.front", 3, "float32")


def bring(path: Path, workspace: Workspace, progress: Progress | None = None) -> ImportedBundle:
    bundle = Bundle.open(path)
    try:
        return import_bundle(check_bundle(bundle, progress=Progress()), workspace, progress=progress or Progress())
    finally:
        bundle.close()


def is_complete(workspace: Workspace, parts: Unpacked) -> bool:
    """Whether each file is found and holds what was bundled."""
    for listed in parts.manifest["files"]:
        found = workspace.bundled.find(listed["url_key"])
        if found is None or found.path.read_bytes() != parts.files[f"files/{listed['sha256']}"]:
            return False
    return True


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sound_bundle(tmp_path, frames=2, points=50)


def test_an_empty_workspace_gets_everything(tmp_path: Path, path: Path) -> None:
    parts = Unpacked.of(path)
    with Workspace.open(tmp_path / "workspace") as workspace:
        imported = bring(path, workspace)
        assert is_complete(workspace, parts)
        assert workspace.job("street") == imported.job
        assert workspace.job_document(imported.job) == parts.files[parts.name_of("result")]
    assert (imported.added, imported.already_here) == (len(parts.manifest["files"]), 0)
    assert (imported.lacking, imported.notices) == ((), ())
    assert (imported.job.name, imported.job.frames, imported.job.downloaded) == ("street", 2, True)


def test_doing_it_again_adds_nothing(tmp_path: Path, path: Path) -> None:
    with Workspace.open(tmp_path / "workspace") as workspace:
        first = bring(path, workspace)
        objects = {file: file.stat().st_mtime_ns for file in (tmp_path / "workspace" / "objects").rglob("*")}
        again = bring(path, workspace)
        assert (again.added, again.added_bytes, again.already_here) == (0, 0, first.added)
        assert {file: file.stat().st_mtime_ns for file in objects} == objects
        assert again.job == first.job


def test_a_bundle_that_is_partly_there_adds_what_is_missing(tmp_path: Path, path: Path) -> None:
    delivery = tmp_path / "street"
    (delivery / "files" / "masks" / "000001.txt").rename(tmp_path / "kept")
    some = bundle_of(delivery, tmp_path / "some.ppb")
    with Workspace.open(tmp_path / "workspace") as workspace:
        first = bring(some, workspace)
        assert first.lacking == ("https://data.example/street/masks/000001.txt",)
        whole = bring(path, workspace)
        assert (whole.added, whole.already_here, whole.lacking) == (1, first.added, ())
        assert is_complete(workspace, Unpacked.of(path))
        assert bring(some, workspace).lacking == ()


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_a_damaged_file_is_healed(tmp_path: Path, path: Path, damage: str) -> None:
    parts = Unpacked.of(path)
    with Workspace.open(tmp_path / "workspace") as workspace:
        bring(path, workspace)
        stored = workspace.bundled.find(parts.entry("scan")["url_key"])
        assert stored is not None
        raw = stored.path.read_bytes()
        damaged = {"flipped": bytes([raw[0] ^ 1]) + raw[1:], "cut": raw[:-1], "gone": b""}[damage]
        stored.path.write_bytes(damaged) if damaged else stored.path.unlink()
    with Workspace.open(tmp_path / "workspace") as workspace:
        assert bring(path, workspace).added == 1
        assert is_complete(workspace, parts)


def test_a_file_that_differs_here_is_kept_and_told(tmp_path: Path, path: Path) -> None:
    parts = Unpacked.of(path)
    with Workspace.open(tmp_path / "workspace") as workspace:
        workspace.store(parts.entry("mask")["shown_url"], b"[1, 2, 3]")
        imported = bring(path, workspace)
        assert imported.notices == (f"{parts.entry('mask')['shown_url']} is here with other content, which was kept.",)
        assert workspace.read(parts.entry("mask")["shown_url"]) == b"[1, 2, 3]"


def test_another_result_of_the_same_job_is_refused(tmp_path: Path, path: Path) -> None:
    parts = Unpacked.of(path)
    with Workspace.open(tmp_path / "workspace") as workspace:
        before = bring(path, workspace).job
        parts.replace("result", json.dumps({**json.loads(parts.files[parts.name_of("result")]), "new": 1}).encode())
        with pytest.raises(InputError, match="with another result"):
            bring(parts.write(tmp_path / "other.ppb"), workspace)
        assert workspace.job("street") == before


def linked_bundle(tmp_path: Path, path: Path, link: CameraLink, name: str) -> Path:
    """The bundle of a job whose camera was linked and has an answer."""
    with Workspace.open(tmp_path / name) as workspace:
        job = bring(path, workspace).job
        workspace.save_camera_links(job.job_id, [link])
        workspace.store(link.answer_address, b'{"success": true}', media_type="application/json")
        workspace.store(f"{link.answer_address}/request", b'{"variant": "float32"}')
        found = survey(parts_of_stored_job(workspace, job.job_id), progress=Progress())
        assert found.problems == ()
        return write_bundle(found, tmp_path / f"{name}.ppb", progress=Progress()).path


def test_links_answers_and_requests_travel_with_the_job(tmp_path: Path, path: Path) -> None:
    link = dataclasses.replace(LINK, frame_offset=-3)
    linked = linked_bundle(tmp_path, path, link, "sender")
    with Workspace.open(tmp_path / "receiver") as workspace:
        job = bring(linked, workspace).job
        assert workspace.camera_links(job.job_id) == (link,)
        assert workspace.read(link.answer_address) == b'{"success": true}'
        assert workspace.read(f"{link.answer_address}/request") == b'{"variant": "float32"}'
        stored = workspace.find(link.answer_address)
        assert stored is not None
        assert stored.media_type == "application/json"


def test_how_poses_are_read_travels_with_the_job_and_is_not_overruled(tmp_path: Path, path: Path) -> None:
    body, inverse = PoseConvention(axes=CameraAxes.BODY), PoseConvention(PoseDirection.INVERSE)
    with Workspace.open(tmp_path / "sender") as workspace:
        job = bring(path, workspace).job
        workspace.save_pose_convention(job.job_id, body)
        found = survey(parts_of_stored_job(workspace, job.job_id), progress=Progress())
        chosen = write_bundle(found, tmp_path / "chosen.ppb", progress=Progress()).path
    with closing(open_path(chosen)) as opened:
        assert opened.rig.convention == body
    with Workspace.open(tmp_path / "receiver") as workspace:
        assert bring(chosen, workspace).notices == ()
        assert workspace.pose_convention(job.job_id) == body
        with closing(open_workspace_job(workspace, job.job_id)) as opened:
            assert opened.rig.chosen == body
        workspace.save_pose_convention(job.job_id, inverse)
        (notice,) = bring(chosen, workspace).notices
        assert notice.startswith("Camera poses are read as points to camera, optical axes here")
        assert workspace.pose_convention(job.job_id) == inverse


def test_a_link_that_is_here_is_kept_and_told(tmp_path: Path, path: Path) -> None:
    linked = linked_bundle(tmp_path, path, LINK, "sender")
    mine = dataclasses.replace(LINK, sample_id=99)
    with Workspace.open(tmp_path / "receiver") as workspace:
        job = bring(path, workspace).job
        workspace.save_camera_links(job.job_id, [mine])
        imported = bring(linked, workspace)
        assert imported.notices == ("Camera front is linked to another sample here; that link was kept.",)
        assert workspace.camera_links(job.job_id) == (mine,)
        assert bring(linked, workspace).added == 0


def test_review_of_a_newer_version_is_told_and_stays_in_the_bundle(tmp_path: Path, path: Path) -> None:
    parts = Unpacked.of(path)
    parts.manifest["review"] = [{"id": "1", "verdict": "rejected"}]
    with Workspace.open(tmp_path / "workspace") as workspace:
        (notice,) = bring(parts.write(tmp_path / "reviewed.ppb"), workspace).notices
    assert "review records stay in the bundle" in notice


def test_a_damaged_file_of_the_workspace_does_not_go_into_a_bundle(tmp_path: Path, path: Path) -> None:
    parts = Unpacked.of(path)
    with Workspace.open(tmp_path / "workspace") as workspace:
        job = bring(path, workspace).job
        stored = workspace.bundled.find(parts.entry("scan")["url_key"])
        assert stored is not None
        stored.path.write_bytes(bytes(stored.size))
    with Workspace.open(tmp_path / "workspace") as workspace:
        found = survey(parts_of_stored_job(workspace, job.job_id), progress=Progress())
        assert found.problems == (f"{parts.entry('scan')['shown_url']} is damaged",)


def test_the_newest_listing_of_a_job_stays(tmp_path: Path, path: Path) -> None:
    job_id = Unpacked.of(path).manifest["job"]["job_id"]
    page = JobPage((JobSummary(job_id, "street", "in review", 2, 5),), "")
    with Workspace.open(tmp_path / "workspace") as workspace:
        workspace.save_job_page(page, project_id="p", batch_id="b")
        job = bring(path, workspace).job
    assert (job.project_id, job.batch_id, job.status, job.annotations) == ("p", "b", "in review", 5)
    assert job.downloaded


def test_a_disk_without_room_is_told_before_anything_is_written(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with Workspace.open(tmp_path / "workspace") as workspace:
        with pytest.raises(WorkspaceError, match=r"needs [\d,]+ bytes, and the disk of .* has 1,000 left"):
            bring(path, workspace)
        assert workspace.jobs() == ()
    assert not any(file.is_file() for file in (tmp_path / "workspace" / "objects").rglob("*"))


def test_a_workspace_that_cannot_be_written_is_named(tmp_path: Path, path: Path) -> None:
    Workspace.open(tmp_path / "workspace").close()
    workspace = Workspace.open(tmp_path / "workspace", read_only=True)
    with workspace, pytest.raises(WorkspaceError, match="for reading only"):
        bring(path, workspace)


def test_a_cancelled_import_lists_no_job_and_goes_on_when_repeated(tmp_path: Path, path: Path) -> None:
    progress = Progress(lambda step: progress.cancel() if (step.message, step.done) == ("Adding files", 3) else None)
    with Workspace.open(tmp_path / "workspace") as workspace:
        with pytest.raises(Cancelled):
            bring(path, workspace, progress)
        assert workspace.jobs() == ()
        imported = bring(path, workspace)
        assert imported.already_here == 3
        assert is_complete(workspace, Unpacked.of(path))


# imports until the n-th call that touches the disk, then dies without any clean-up
CHILD = """
import sys
from pathlib import Path
from app.progress import Progress
from app.workspace import Workspace
from app.workspace.bundle import Bundle
from app.workspace.bundle_import import check_bundle, import_bundle
from tests.deadly import arm

checked = check_bundle(Bundle.open(Path(sys.argv[1])), progress=Progress())
with Workspace.open(Path(sys.argv[2])) as workspace:
    arm(int(sys.argv[3]), "open", "fsync", "replace")
    import_bundle(checked, workspace, progress=Progress())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("call", [1, 2, 5, 8, 13, 20, 27, 33])
def test_a_killed_import_leaves_a_sound_workspace_and_is_completed_by_another(
    tmp_path: Path, path: Path, call: int
) -> None:
    root, parts = tmp_path / "workspace", Unpacked.of(path)
    run_to_its_death(CHILD, path, root, call)
    with Workspace.open(root) as workspace:
        assert workspace.jobs() == ()
        for listed in parts.manifest["files"]:
            found = workspace.bundled.find(listed["url_key"])
            assert found is None or hashlib.sha256(found.path.read_bytes()).hexdigest() == listed["sha256"]
        bring(path, workspace)
        assert is_complete(workspace, parts)


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_disk_that_fails_once_leaves_no_job_and_no_partial_file(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real, calls = getattr(os, name), []

    def failing(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 3:
            raise OSError(5, "Input/output error")
        return real(*arguments)

    with Workspace.open(tmp_path / "workspace") as workspace:
        monkeypatch.setattr(os, name, failing)
        with pytest.raises(WorkspaceError, match="read or write error"):
            bring(path, workspace)
        monkeypatch.undo()
        assert workspace.jobs() == ()
        assert bring(path, workspace).lacking == ()
        assert is_complete(workspace, Unpacked.of(path))


def test_files_of_equal_content_are_kept_once(tmp_path: Path) -> None:
    delivery = small_delivery(tmp_path / "street", frames=2, points=50)
    masks = delivery / "files" / "masks"
    (masks / "000001.txt").write_bytes((masks / "000000.txt").read_bytes())
    path = bundle_of(delivery, tmp_path / "street.ppb")
    parts = Unpacked.of(path)
    assert len(parts.files) == len(parts.manifest["files"]) - 1
    with Workspace.open(tmp_path / "workspace") as workspace:
        imported = bring(path, workspace)
        assert is_complete(workspace, parts)
    assert imported.added == len(parts.manifest["files"])
    assert imported.added_bytes == sum(len(content) for content in parts.files.values())
