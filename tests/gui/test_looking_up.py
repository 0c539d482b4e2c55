"""What opening a job in the window finds of it on disk."""

from contextlib import closing
from pathlib import Path

import pytest

from app.errors import DamagedFileError
from app.gui.downloads import look_up
from app.gui.services import Services
from app.progress import Progress
from app.settings import Credentials, Settings
from app.sync import download_job
from app.workspace import StoredJob, Workspace
from tests.builders import small_delivery
from tests.fake_services import FakeTelus


@pytest.fixture
def job(tmp_path: Path) -> StoredJob:
    """A job of a workspace whose result document is damaged."""
    telus = FakeTelus(small_delivery(tmp_path / "street"))
    with Workspace.open(tmp_path / "ws") as workspace:
        wanted = {"project_id": telus.job.project_id, "job_id": telus.job.job_id}
        found = download_job(workspace, telus, **wanted, progress=Progress()).job
    path = tmp_path / "ws" / "objects" / found.result_sha256[:2] / found.result_sha256
    path.write_bytes(b"x" * path.stat().st_size)
    return found


def services(tmp_path: Path, key: str) -> Services:
    return Services(Settings(workspace=str(tmp_path / "ws")), Credentials(telus_key=key))


def test_a_damaged_result_is_left_to_be_fetched_again(tmp_path: Path, job: StoredJob) -> None:
    with closing(services(tmp_path, "key")) as here:
        looked = look_up(here, job.job_id)
    assert (looked.name, looked.opened) == ("street", None)


@pytest.mark.parametrize(("key", "settled"), [("", False), ("key", True)])
def test_a_damaged_result_that_cannot_be_fetched_is_called_damaged(
    tmp_path: Path, job: StoredJob, key: str, settled: bool
) -> None:
    with closing(services(tmp_path, key)) as here, pytest.raises(DamagedFileError, match="is damaged"):
        look_up(here, job.job_id, settled=settled)
