"""A job whose stored files are damaged: what is wrong is said in its place, and nothing of it is drawn."""

from pathlib import Path

import pytest

from app.errors import DamagedFileError, InputError
from app.jobs import LocalJob, open_path, open_workspace_job
from app.progress import Progress
from app.sync import download_job
from app.workspace import Workspace
from tests.builders import small_delivery
from tests.fake_services import FakeTelus


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


def test_a_damaged_result_document_opens_no_job(root: Path) -> None:
    with Workspace.open(root) as workspace:
        job = workspace.job("street")
        assert job is not None
        path = root / "objects" / job.result_sha256[:2] / job.result_sha256
        path.write_bytes(path.read_bytes().replace(b"Car # 1", b"Car # 2"))
        with pytest.raises(InputError, match="Fetch it first"):
            opened(workspace)


def test_opening_a_job_by_its_path_leaves_the_writers_place_free(root: Path) -> None:
    job = open_path(root / "street")
    with Workspace.open(root) as workspace:
        assert workspace.writable
        assert job.load_frame(0).cloud is not None
    job.close()
