"""How the camera poses of each job are read, where the user chose it."""

from dataclasses import asdict

from app.domain.pose_convention import CameraAxes, PoseConvention, PoseDirection, PoseSpace
from app.workspace.catalogue import Catalogue, Row

_SELECT = "SELECT direction, axes, space FROM pose_conventions WHERE job_id = :job_id"
_SAVE = """INSERT OR REPLACE INTO pose_conventions (job_id, direction, axes, space)
    VALUES (:job_id, :direction, :axes, :space)"""
_REMOVE = "DELETE FROM pose_conventions WHERE job_id = :job_id"


class PoseConventions:
    """At most one by job."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def get(self, job_id: str) -> PoseConvention | None:
        """What was chosen for a job, None for nothing."""
        row = self._catalogue.row(_SELECT, {"job_id": job_id})
        return None if row is None else _convention(row)

    def save(self, job_id: str, convention: PoseConvention | None) -> None:
        """Remember what was chosen in place of what was before; None forgets it."""
        if convention is None:
            self._catalogue.write((_REMOVE, [{"job_id": job_id}]))
            return
        words = {name: str(word) for name, word in asdict(convention).items()}
        self._catalogue.write((_SAVE, [{"job_id": job_id, **words}]))


def _convention(row: Row) -> PoseConvention | None:
    """A word that only a newer version knows counts as not chosen."""
    try:
        return PoseConvention(PoseDirection(row["direction"]), CameraAxes(row["axes"]), PoseSpace(row["space"]))
    except ValueError:
        return None
