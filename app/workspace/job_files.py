"""The files of one job of a workspace, asked for in the same way as those of a delivery."""

from app.workspace.addresses import impulses_address
from app.workspace.records import CameraLink, StoredFile
from app.workspace.workspace import Workspace


class WorkspaceFiles:
    """Files by address, answers by the links of the job. What is fetched meanwhile shows up by itself."""

    def __init__(self, workspace: Workspace, job_id: str) -> None:
        self._workspace = workspace
        self._job_id = job_id

    def find(self, url: str) -> StoredFile | None:
        """The stored file of an address, None where it is not here or damaged."""
        return self._workspace.find(url)

    def link(self, camera: str) -> CameraLink | None:
        """Which sample a camera was linked to."""
        return self._workspace.camera_link(self._job_id, camera)

    def answer(self, camera: str) -> StoredFile | None:
        """The stored post-processing answer of the camera's link."""
        link = self.link(camera)
        return self.find(link.answer_address) if link else None

    def impulses(self, camera: str) -> StoredFile | None:
        """The stored impulses of the project that the camera is linked to."""
        link = self.link(camera)
        return self.find(impulses_address(link.ei_project_id)) if link else None
