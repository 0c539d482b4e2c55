"""Keeping what the user decided about a job with the job."""

from app.domain.pose_convention import PoseConvention
from app.jobs.local_job import LocalJob
from app.workspace.job_files import WorkspaceFiles


def remember_convention(job: LocalJob, convention: PoseConvention | None) -> None:
    """Keep how the camera poses of a job are read; for a job that no workspace holds nothing is remembered.

    Raises WorkspaceError where the workspace cannot be written.
    """
    if isinstance(job.files, WorkspaceFiles):
        job.files.workspace.save_pose_convention(job.files.job_id, convention)
