"""Projects, batches and jobs as the service listed them last, for browsing without it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from app.domain.annotation import Batch, JobResult, JobSummary, ListingChanges, Project
from app.workspace.addresses import url_key
from app.workspace.catalogue import Catalogue, Row, Values
from app.workspace.changes import batch_changes, job_changes
from app.workspace.files import now_text
from app.workspace.records import StoredJob

_BATCH_FIELDS = tuple(Batch.__dataclass_fields__)
_JOB_FIELDS = tuple(StoredJob.__dataclass_fields__)
_BATCHES = f"SELECT project_id, {', '.join(_BATCH_FIELDS)} FROM batches"
_JOBS = f"SELECT {', '.join(_JOB_FIELDS)} FROM jobs"

_SAVE_PROJECT = """INSERT INTO projects (project_id, name, base, updated_at)
    VALUES (:project_id, :name, :base, :updated_at)
    ON CONFLICT (project_id) DO UPDATE SET name = excluded.name, base = excluded.base,
    updated_at = excluded.updated_at"""
_DROP_BATCHES = "DELETE FROM batches WHERE project_id = :project_id"
_SAVE_BATCH = f"""INSERT OR REPLACE INTO batches (project_id, position, {", ".join(_BATCH_FIELDS)})
    VALUES (:project_id, :position, {", ".join(f":{name}" for name in _BATCH_FIELDS)})"""
_SAVE_LISTED_JOB = """INSERT INTO jobs
    (job_id, project_id, batch_id, reference_id, name, status, frames, annotations, added_at)
    VALUES (:job_id, :project_id, :batch_id, :reference_id, :name, :status, :frames, :annotations, :added_at)
    ON CONFLICT (job_id) DO UPDATE SET project_id = excluded.project_id, batch_id = excluded.batch_id,
    reference_id = excluded.reference_id, name = excluded.name, status = excluded.status,
    frames = coalesce(excluded.frames, frames), annotations = coalesce(excluded.annotations, annotations)"""
_SAVE_RESULT = """INSERT INTO jobs
    (job_id, project_id, batch_id, reference_id, name, status, frames, result_key, result_sha256, added_at)
    VALUES (:job_id, :project_id, :batch_id, :reference_id, :name, :status, :frames, :result_key,
    :result_sha256, :added_at)
    ON CONFLICT (job_id) DO UPDATE SET project_id = excluded.project_id,
    batch_id = CASE excluded.batch_id WHEN '' THEN batch_id ELSE excluded.batch_id END,
    reference_id = excluded.reference_id, name = excluded.name, status = excluded.status, frames = excluded.frames,
    result_key = excluded.result_key, result_sha256 = excluded.result_sha256"""


class Listing:
    """What is known of the annotation service's projects, batches and jobs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def save_project(self, project: Project) -> ListingChanges:
        """Remember a project and its batches, in place of what was known of them; returns what is different."""
        known = self.project(project.project_id)
        key = {"project_id": project.project_id}
        batches = [{**key, "position": index, **asdict(batch)} for index, batch in enumerate(project.batches)]
        saved = {**key, "name": project.name, "base": project.base, "updated_at": now_text()}
        self._catalogue.write((_SAVE_PROJECT, [saved]), (_DROP_BATCHES, [key]), (_SAVE_BATCH, batches))
        return batch_changes(known.batches if known else (), project.batches)

    def projects(self) -> tuple[Project, ...]:
        """Every project that was listed, with its batches in the service's order."""
        rows = self._catalogue.rows("SELECT project_id, name, base FROM projects ORDER BY name, project_id")
        return self._with_batches(rows, self._catalogue.rows(f"{_BATCHES} ORDER BY position"))

    def project(self, project_id: str) -> Project | None:
        """One project with its batches."""
        key = {"project_id": project_id}
        rows = self._catalogue.rows("SELECT project_id, name, base FROM projects WHERE project_id = :project_id", key)
        batches = self._catalogue.rows(f"{_BATCHES} WHERE project_id = :project_id ORDER BY position", key)
        return next(iter(self._with_batches(rows, batches)), None)

    def save_jobs(self, jobs: Sequence[JobSummary], *, project_id: str, batch_id: str) -> ListingChanges:
        """Remember listed jobs; what was downloaded of them stays. Returns what is different."""
        known = self._known([job.job_id for job in jobs])
        place = {"project_id": project_id, "batch_id": batch_id, "added_at": now_text()}
        rows = [{**asdict(job), "name": job.reference_id or job.job_id, **place} for job in jobs]
        self._catalogue.write((_SAVE_LISTED_JOB, rows))
        return job_changes(known, jobs)

    def save_result(self, result: JobResult, *, result_sha256: str, frames: int) -> None:
        """Remember that the result document of a job was received, and how many frames it has."""
        row = {name: value for name, value in asdict(result).items() if name != "result_url"}
        row |= {"name": result.reference_id or result.job_id, "frames": frames, "added_at": now_text()}
        row |= {"result_key": url_key(result.result_url), "result_sha256": result_sha256}
        self._catalogue.write((_SAVE_RESULT, [row]))

    def jobs(self, *, project_id: str = "", batch_id: str = "") -> tuple[StoredJob, ...]:
        """Known jobs in the order they became known, of one project or batch where given."""
        wanted = {"project_id": project_id, "batch_id": batch_id}
        given = [f"{name} = :{name}" for name, value in wanted.items() if value]
        where = f" WHERE {' AND '.join(given)}" if given else ""
        rows = self._catalogue.rows(f"{_JOBS}{where} ORDER BY rowid", wanted)
        return tuple(_stored(row) for row in rows)

    def job(self, name: str) -> StoredJob | None:
        """A job by its id, else by its reference id where only one job has it; a downloaded one comes first."""
        where = " WHERE job_id = :name OR reference_id = :name ORDER BY job_id = :name DESC, result_key = '' LIMIT 3"
        found = [_stored(row) for row in self._catalogue.rows(_JOBS + where, {"name": name})]
        if not found or found[0].job_id == name:
            return found[0] if found else None
        downloaded = [job for job in found if job.downloaded] or found
        return downloaded[0] if len(downloaded) == 1 else None

    def mark_opened(self, job_id: str) -> None:
        """Note that the job was opened now."""
        statement = "UPDATE jobs SET opened_at = :opened_at WHERE job_id = :job_id"
        self._catalogue.write((statement, [{"job_id": job_id, "opened_at": now_text()}]))

    def set_pinned(self, job_id: str, *, pinned: bool) -> None:
        """Keep the files of a job whatever the quota says, or no longer."""
        statement = "UPDATE jobs SET pinned = :pinned WHERE job_id = :job_id"
        self._catalogue.write((statement, [{"job_id": job_id, "pinned": int(pinned)}]))

    def _known(self, job_ids: Sequence[str]) -> Mapping[str, StoredJob]:
        where = " WHERE job_id IN (SELECT value FROM json_each(:ids))"
        rows = self._catalogue.rows(_JOBS + where, {"ids": json.dumps(job_ids)})
        return {row["job_id"]: _stored(row) for row in rows}

    def _with_batches(self, projects: Iterable[Row], batches: Iterable[Row]) -> tuple[Project, ...]:
        of_project: dict[str, list[Batch]] = defaultdict(list)
        for row in batches:
            of_project[row["project_id"]].append(Batch(**{name: row[name] for name in _BATCH_FIELDS}))
        return tuple(Project(**dict(row), batches=tuple(of_project[row["project_id"]])) for row in projects)


def _stored(row: Row) -> StoredJob:
    values: Values = dict(row)
    return StoredJob(**{**values, "pinned": bool(values["pinned"])})
