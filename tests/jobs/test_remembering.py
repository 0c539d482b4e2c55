from contextlib import closing
from pathlib import Path

from app.domain.pose_convention import CameraAxes, PoseConvention
from app.jobs import open_path
from app.jobs.opening import open_workspace_job
from app.jobs.remembering import remember_convention
from app.workspace import Workspace
from tests.builders import small_delivery
from tests.workspace.bundles import sound_bundle
from tests.workspace.test_bundle_import import bring

BODY = PoseConvention(axes=CameraAxes.BODY)


def test_a_job_of_a_workspace_is_read_as_chosen_whenever_it_is_opened(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "workspace") as workspace:
        job_id = bring(sound_bundle(tmp_path, frames=2, points=50), workspace).job.job_id
        for convention in (BODY, None):
            with closing(open_workspace_job(workspace, job_id)) as job:
                remember_convention(job, convention)
            with closing(open_workspace_job(workspace, job_id)) as job:
                assert job.rig.chosen == convention


def test_a_folder_is_left_as_it_is(tmp_path: Path) -> None:
    folder = small_delivery(tmp_path, frames=1, points=20)
    before = sorted(path.name for path in folder.rglob("*"))
    with closing(open_path(folder)) as job:
        remember_convention(job, BODY)
    assert sorted(path.name for path in folder.rglob("*")) == before
    with closing(open_path(folder)) as job:
        assert job.rig.chosen is None
