"""Which Edge Impulse sample each camera of a job was linked to."""

import threading
from collections.abc import Mapping, Sequence

from app.domain.tracking import CoordinateSpace, ResizeMode
from app.workspace.catalogue import Catalogue, Row, Values
from app.workspace.records import CameraLink, PictureSource

_FIELDS = tuple(CameraLink.__dataclass_fields__)
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM camera_links WHERE job_id = :job_id ORDER BY camera"
_SAVE = f"""INSERT OR REPLACE INTO camera_links (job_id, {", ".join(_FIELDS)})
    VALUES (:job_id, {", ".join(f":{name}" for name in _FIELDS)})"""
_REMOVE = "DELETE FROM camera_links WHERE job_id = :job_id AND camera = :camera"


class CameraLinks:
    """Links by job and camera; a camera has at most one. Safe to use from any thread.

    Every picture that is shown asks for them, so those of a job are read once and again when they were written. Where
    the catalogue is open for reading only another program may write them, and each question reads them anew.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, Mapping[str, CameraLink]] = {}  # by job, of each in the order of the cameras' names
        self._changing = threading.Lock()  # what was read before a change is not kept after it

    def of_job(self, job_id: str) -> tuple[CameraLink, ...]:
        """The links of a job, by camera name."""
        return tuple(self._of(job_id).values())

    def get(self, job_id: str, camera: str) -> CameraLink | None:
        """The link of one camera."""
        return self._of(job_id).get(camera)

    def save(self, job_id: str, *links: CameraLink) -> None:
        """Remember links, in place of earlier ones of the same cameras."""
        self._write(job_id, _SAVE, [_values(job_id, link) for link in links])

    def remove(self, job_id: str, camera: str) -> None:
        """Forget a link; the answer it brought stays in the workspace."""
        self._write(job_id, _REMOVE, [{"job_id": job_id, "camera": camera}])

    def _of(self, job_id: str) -> Mapping[str, CameraLink]:
        known = self._known.get(job_id)
        if known is not None:
            return known
        with self._changing:
            rows = self._catalogue.rows(_SELECT, {"job_id": job_id})
            links = {link.camera: link for link in map(_link, rows)}
            if self._catalogue.read_only is None:
                self._known[job_id] = links
        return links

    def _write(self, job_id: str, statement: str, values: Sequence[Values]) -> None:
        with self._changing:
            self._catalogue.write((statement, values))
            self._known.pop(job_id, None)


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
