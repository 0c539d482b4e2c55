"""The files of one job of a workspace, asked for in the same way as those of a delivery."""

from app.domain.pose_convention import PoseConvention
from app.workspace.addresses import delivered_answer_address, delivered_impulses_address, impulses_address
from app.workspace.records import CameraLink, StoredFile
from app.workspace.workspace import Workspace


class WorkspaceFiles:
    """Files by address, answers by the links of the job. What is fetched meanwhile shows up by itself."""

    def __init__(self, workspace: Workspace, job_id: str) -> None:
        self.workspace = workspace
        self.job_id = job_id

    def find(self, url: str) -> StoredFile | None:
        """The stored file of an address, None where it is not here or damaged."""
        return self.workspace.find(url)

    def link(self, camera: str) -> CameraLink | None:
        """Which sample a camera was linked to."""
        return self.workspace.camera_link(self.job_id, camera)

    def pose_convention(self) -> PoseConvention | None:
        """How the job's camera poses are read, None where nobody chose it."""
        return self.workspace.pose_convention(self.job_id)

    def answer(self, camera: str) -> StoredFile | None:
        """The stored post-processing answer of the camera's link, or the one that came with the job's delivery."""
        link = self.link(camera)
        return self.find(link.answer_address if link else delivered_answer_address(self.job_id, camera))

    def impulses(self, camera: str) -> StoredFile | None:
        """The stored impulses of the project that the camera is linked to, or those that came with the delivery."""
        link = self.link(camera)
        return self.find(impulses_address(link.ei_project_id) if link else delivered_impulses_address(self.job_id))
