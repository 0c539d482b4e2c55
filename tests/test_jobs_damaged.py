"""A job whose stored files are damaged: what is wrong is said in its place, and nothing of it is drawn."""

from contextlib import closing
from pathlib import Path

import pytest

from app.domain.annotation import JobPage, JobSummary
from app.errors import DamagedFileError, InputError
from app.jobs import LocalJob, open_path, open_workspace_job
from app.progress import Progress
from app.sync import download_job
from app.workspace import Workspace
from app.workspace.bundle import Bundle
from app.workspace.bundle_import import check_bundle, import_bundle
from app.workspace.bundle_parts import parts_of_stored_job
from tests.builders import small_delivery
from tests.fake_services import FakeTelus
from tests.workspace.bundles import sound_bundle


@pytest.fixture
def root(tmp_path: Path) -> Path:
    telus = FakeTelus(small_delivery(tmp_path / "street"))
    with Workspace.open(tmp_path / "ws") as workspace:
        job = telus.job
        download_job(workspace, telus, project_id=job.project_id, job_id=job.job_id, progress=Progress())
    return tmp_path / "ws"


def flip_a_bit(workspace: Workspace, url: str) -> None:
    found = workspace.find(url)
    assert found is not None
    content = bytearray(found.path.read_bytes())
    content[-3] ^= 1
    found.path.write_bytes(content)


def opened(workspace: Workspace) -> LocalJob:
    return open_workspace_job(workspace, "street")


def test_a_damaged_scan_is_not_drawn_and_the_other_frames_are(root: Path) -> None:
    with Workspace.open(root) as workspace:
        job = opened(workspace)
        flip_a_bit(workspace, job.sequence.frames[1].scan_url)
        frame = job.load_frame(1)
        assert frame.cloud is None
        assert any("damaged" in finding.message for finding in frame.findings)
        assert job.load_frame(0).cloud is not None
        assert not job.has_frame(1)
        assert job.missing_urls == (job.sequence.frames[1].scan_url,)  # a fetch gets it again


def test_a_damaged_mask_is_not_drawn(root: Path) -> None:
    with Workspace.open(root) as workspace:
        job = opened(workspace)
        flip_a_bit(workspace, job.sequence.frames[0].mask_url)
        frame = job.load_frame(0)
        assert frame.mask is None
        assert frame.cloud is not None
        assert any("damaged" in finding.message for finding in frame.findings)


def test_a_damaged_picture_is_not_shown(root: Path) -> None:
    with Workspace.open(root) as workspace:
        job = opened(workspace)
        flip_a_bit(workspace, job.sequence.frames[0].images[0].url)
        with pytest.raises(DamagedFileError):
            job.load_image(0, "front")
        with pytest.raises(InputError, match="not here"):
            job.load_image(0, "front")


def damage_result(workspace: Workspace) -> None:
    (job,) = workspace.jobs()
    path = workspace.root / "objects" / job.result_sha256[:2] / job.result_sha256
    path.write_bytes(path.read_bytes().replace(b"Car # 1", b"Car # 2"))


def test_a_damaged_result_document_opens_no_job_and_is_called_damaged(root: Path) -> None:
    with Workspace.open(root) as workspace:
        damage_result(workspace)
        for look in (opened, lambda workspace: parts_of_stored_job(workspace, "street")):
            with pytest.raises(DamagedFileError, match=r"result document of street .* is damaged") as caught:
                look(workspace)
            assert caught.value.next_step == "Run pointproof verify --repair."
        (found,) = workspace.verify()
        assert found.job_names == ("street",)


def test_opening_a_damaged_job_by_its_path_says_so_too(root: Path) -> None:
    with Workspace.open(root) as workspace:
        damage_result(workspace)
    with pytest.raises(DamagedFileError, match="verify --repair"):
        open_path(root / "street")


def test_a_damaged_result_that_only_a_bundle_brought_wants_the_bundle(tmp_path: Path) -> None:
    with closing(Bundle.open(sound_bundle(tmp_path))) as bundle, Workspace.open(tmp_path / "ws") as workspace:
        import_bundle(check_bundle(bundle, progress=Progress()), workspace, progress=Progress())
        damage_result(workspace)
        with pytest.raises(DamagedFileError, match="Import its bundle again"):
            opened(workspace)


def test_a_job_that_was_only_listed_wants_to_be_fetched(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "ws") as workspace:
        page = JobPage((JobSummary("j", "street", "completed"),), "")
        workspace.save_job_page(page, project_id="p", batch_id="b")
        with pytest.raises(InputError, match="Fetch it first"):
            opened(workspace)


def test_opening_a_job_by_its_path_leaves_the_writers_place_free(root: Path) -> None:
    job = open_path(root / "street")
    with Workspace.open(root) as workspace:
        assert workspace.writable
        assert job.load_frame(0).cloud is not None
    job.close()
