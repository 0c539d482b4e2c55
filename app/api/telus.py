"""The annotation service, TELUS GT Studio (formerly Playment): projects, jobs and their files."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from app.api.answers import Answer, Received, key_refused, plain
from app.api.exchange import Credential, clean_key
from app.api.http import HttpClient
from app.api.pages import each_page
from app.api.telus_errors import NO_SUCH_JOB, UNREADABLE_ATTACHMENT, AccessRefusedError, is_known, worded
from app.api.urls import join, parse_address, service_base
from app.domain.annotation import JobPage, JobResult, JobSummary, Project, is_completed
from app.errors import ApiError, NotReadyError, ServiceError, UnsafeUrlError
from app.formats.telus import (
    parse_attachment_address,
    parse_error,
    parse_job_page,
    parse_job_result,
    parse_project,
)
from app.progress import Progress

SERVICE = "the annotation service"


class TelusClient:
    """Asks for one account's projects, jobs and attachments; every method raises the ApiError tree or Cancelled."""

    def __init__(self, http: HttpClient, *, base_url: str, key: str) -> None:
        self._http = http
        self._base = service_base(base_url)
        self._key = key

    def project(self, project_id: str, progress: Progress | None = None) -> Project:
        """A project with its batches."""
        raw = self._get(("projects", project_id, "details"), progress)
        return parse_project(raw, project_id=project_id)

    def job_page(
        self, project_id: str, batch_id: str, *, page_token: str = "", progress: Progress | None = None
    ) -> JobPage:
        """One page of a batch's jobs; an empty token asks for the first."""
        query = {"page_token": page_token} if page_token else {}
        return parse_job_page(self._get(("projects", project_id, "batch", batch_id), progress, query=query))

    def job_pages(self, project_id: str, batch_id: str, progress: Progress | None = None) -> Iterator[JobPage]:
        """Every page of a batch; it ends even where the service repeats itself."""

        def ask(token: str) -> JobPage:
            return self.job_page(project_id, batch_id, page_token=token, progress=progress)

        return each_page(ask)

    def job_result(self, project_id: str, job_id: str, progress: Progress | None = None) -> JobResult:
        """Where a completed job's result lies; raises NotReadyError, naming the status, while there is none."""
        result = self._job(project_id, job_id, progress)
        name = plain(result.reference_id or job_id, limit=80)
        if not is_completed(result.status):
            raise NotReadyError(
                f"Job {name} is not completed yet: its status is {plain(result.status, limit=40) or 'unknown'!r}.",
                next_step="Fetch it again when the service calls it completed.",
            )
        if not result.ready:
            raise NotReadyError(
                f"Job {name} is completed, but the service gives no result for it.",
                next_step="Fetch it again in a few minutes; if it stays so, ask the vendor for the result.",
            )
        return result

    def find_job(self, project_id: str, name: str, progress: Progress | None = None) -> JobSummary | None:
        """The job of a project that has ``name`` as its id, else as its reference id; None where none has.

        The service finds jobs by id alone, so a reference id is looked for on the pages of every batch.
        """
        try:
            found = self._job(project_id, name, progress)
        except (ServiceError, AccessRefusedError) as error:
            if isinstance(error, ServiceError) and error.code not in NO_SUCH_JOB:
                raise
            return self._job_by_reference(project_id, name, progress)
        return JobSummary(found.job_id, found.reference_id, found.status)

    def attachment(self, url: str, sink: BinaryIO, progress: Progress | None = None) -> Received:
        """Stream a file that a job names into ``sink``, through the service; ``s3://bucket/key`` works here too.

        The service answers with a redirect to a signed address, with an address in JSON, or with the file itself; an
        expired address is asked for once more. ``is_unreadable`` tells whether the service lacks access to the file.
        """
        return self._http.download(
            join(self._base, "v1", "attachments", query={"url": url}),
            sink,
            credential=self._credential(),
            explain=self._explain,
            pointer=self._pointer,
            progress=progress,
        )

    def fetch_directly(self, url: str, sink: BinaryIO, progress: Progress | None = None) -> Received:
        """Stream a file from its own address, without any key, as customers may keep files in their own store.

        Raises UnsafeUrlError for an address of the service itself and for one that is not contacted.
        """
        home = parse_address(self._base).origin
        if parse_address(url).origin == home:
            raise UnsafeUrlError(f"{home.host} hands out its files through attachments only.")
        return self._http.download(url, sink, home=home, progress=progress)

    def _job(self, project_id: str, job_id: str, progress: Progress | None) -> JobResult:
        """A job by its id, ready or not; ids that the answer leaves out are those that were asked for."""
        found = parse_job_result(self._get(("projects", project_id, "jobs", job_id), progress))
        return replace(found, project_id=found.project_id or project_id, job_id=found.job_id or job_id)

    def _job_by_reference(self, project_id: str, name: str, progress: Progress | None) -> JobSummary | None:
        for batch in self.project(project_id, progress).batches:
            for page in self.job_pages(project_id, batch.batch_id, progress):
                for job in page.jobs:
                    if job.reference_id == name:
                        return job
        return None

    def _get(
        self, segments: tuple[str, ...], progress: Progress | None, *, query: dict[str, str] | None = None
    ) -> bytes:
        url = join(self._base, "v1", *segments, query=query)
        answer = self._http.request(url, credential=self._credential(), explain=self._explain, progress=progress)
        body = answer.json_body()
        if (told := self._told(body)) is not None:
            raise told
        return body

    def _pointer(self, body: bytes) -> str | None:
        """Where a small JSON answer to an attachment leads; an error sent with status 200 is no file."""
        if (told := self._told(body)) is not None:
            raise told
        return parse_attachment_address(body)

    def _explain(self, answer: Answer) -> ApiError | None:
        """The service answers every failure of its own with status 400 and a code; 401 may come without JSON."""
        code, message = self._failure(answer.body) or ("", "")
        if answer.status not in (401, 403) or is_known(code):
            return self._told(answer.body)
        said = plain(message or code)
        return key_refused(answer.host, reason=f"({said})") if said else None

    def _told(self, body: bytes) -> ApiError | None:
        told = self._failure(body)
        return None if told is None else worded(parse_address(self._base).origin.host, *told)

    def _failure(self, body: bytes) -> tuple[str, str] | None:
        """Code and message of a failure; services like to repeat a key that they do not know."""
        told = parse_error(body)
        return told and (told[0], told[1].replace(self._key.strip() or "\0", "…"))

    def _credential(self) -> Credential:
        origin = parse_address(self._base).origin
        return Credential("x-api-key", clean_key(self._key, service=SERVICE), origin)


def is_unreadable(error: ApiError) -> bool:
    """Whether the service says that it cannot access a file, or not for this key: which may be a customer's own."""
    unreadable = isinstance(error, ServiceError) and error.code == UNREADABLE_ATTACHMENT
    return unreadable or isinstance(error, AccessRefusedError)
