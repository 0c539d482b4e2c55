"""Which Edge Impulse sample each camera of a job was linked to."""

from app.domain.tracking import CoordinateSpace, ResizeMode
from app.workspace.catalogue import Catalogue, Row, Values
from app.workspace.records import CameraLink, PictureSource

_FIELDS = tuple(CameraLink.__dataclass_fields__)
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM camera_links WHERE job_id = :job_id"
_SAVE = f"""INSERT OR REPLACE INTO camera_links (job_id, {", ".join(_FIELDS)})
    VALUES (:job_id, {", ".join(f":{name}" for name in _FIELDS)})"""


class CameraLinks:
    """Links by job and camera; a camera has at most one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def of_job(self, job_id: str) -> tuple[CameraLink, ...]:
        """The links of a job, by camera name."""
        rows = self._catalogue.rows(f"{_SELECT} ORDER BY camera", {"job_id": job_id})
        return tuple(_link(row) for row in rows)

    def get(self, job_id: str, camera: str) -> CameraLink | None:
        """The link of one camera."""
        row = self._catalogue.row(f"{_SELECT} AND camera = :camera", {"job_id": job_id, "camera": camera})
        return None if row is None else _link(row)

    def save(self, job_id: str, *links: CameraLink) -> None:
        """Remember links, in place of earlier ones of the same cameras."""
        self._catalogue.write((_SAVE, [_values(job_id, link) for link in links]))

    def remove(self, job_id: str, camera: str) -> None:
        """Forget a link; the answer it brought stays in the workspace."""
        statement = "DELETE FROM camera_links WHERE job_id = :job_id AND camera = :camera"
        self._catalogue.write((statement, [{"job_id": job_id, "camera": camera}]))


def _values(job_id: str, link: CameraLink) -> Values:
    values = {name: getattr(link, name) for name in _FIELDS}
    words = {"space": link.space or "", "resize_mode": link.resize_mode or "", "pictures": link.pictures}
    return {"job_id": job_id, **values, **{name: str(word) for name, word in words.items()}}


def _link(row: Row) -> CameraLink:
    """A word that only a newer version knows counts as not chosen."""
    spaces: dict[str, CoordinateSpace] = {space.value: space for space in CoordinateSpace}
    modes: dict[str, ResizeMode] = {mode.value: mode for mode in ResizeMode}
    sources: dict[str, PictureSource] = {source.value: source for source in PictureSource}
    known = {
        "space": spaces.get(row["space"]),
        "resize_mode": modes.get(row["resize_mode"]),
        "pictures": sources.get(row["pictures"], PictureSource.AUTO),
    }
    return CameraLink(**{**dict(row), **known})
