"""The annotation service, TELUS GT Studio (formerly Playment): projects, jobs and their files."""

from typing import BinaryIO
from urllib.parse import urlsplit

import msgspec

from app.api.answers import Answer, Received, StoreRefusedError, key_refused, plain
from app.api.exchange import Credential, clean_key
from app.api.http import HttpClient
from app.api.urls import join, parse_address, service_base
from app.domain.annotation import JobPage, JobResult, Project
from app.errors import ApiError, NotReadyError, ServiceError, UnsafeUrlError
from app.formats.telus import parse_error, parse_job_page, parse_job_result, parse_project
from app.progress import Progress

SERVICE = "the annotation service"
_COMPLETED = frozenset({"completed", "complete"})  # of jobs and of batches
_KEY_CODES = frozenset({"auth-failure", "core.webutil.token_auth"})
_ACCESS_CODES = frozenset({"unauthorized", "core.webutil.auther"})
_LATER_CODES = frozenset({"FS_0000", "FS_0008", "api_error"})
_UNREADABLE_ATTACHMENT = "FS_0007"
_TRY_LATER = "Try again in a few minutes."
_CHECK_IDS = "Check the ids that were entered."

# Codes of the service's public table and of its own client library; the set is open.
_MEANINGS = {
    "FS_0001": ("a job with this reference id exists already", "Use another reference id."),
    "FS_0002": ("the reference id is missing", _CHECK_IDS),
    "FS_0003": ("the data of the job is invalid", "Ask the owner of the project."),
    "FS_0004": ("the job has no data", "Ask the owner of the project."),
    "FS_0005": ("the workflow id is missing", _CHECK_IDS),
    "FS_0006": ("there is no such job", _CHECK_IDS),
    "FS_0007": ("the file could not be accessed or copied", "Ask the owner of the project to share the file."),
    "FS_00011": ("the job type must be TEST or NON_TEST", "Ask the owner of the project."),
    "FS_00012": ("the priority must be between 1 and 9", "Ask the owner of the project."),
    "GE_0001": ("a value is invalid, for example an id of the wrong form", _CHECK_IDS),
    "GE_0002": ("a value is missing", _CHECK_IDS),
    "FS_0000": ("the service has a problem of its own", _TRY_LATER),
    "FS_0008": ("the service has a problem of its own", _TRY_LATER),
    "api_error": ("the service has a problem of its own", _TRY_LATER),
    "BATCH_CREATION": ("a batch of this name exists already", "Use another name."),
    "invalid_request_error": ("the page of jobs asked for no longer exists", "Load the list of jobs again."),
    "resource_error": ("there is no such project", "Check the project id."),
}


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

    def job_result(self, project_id: str, job_id: str, progress: Progress | None = None) -> JobResult:
        """Where a completed job's result lies; raises NotReadyError, naming the status, while there is none."""
        result = parse_job_result(self._get(("projects", project_id, "jobs", job_id), progress))
        if not result.result_url or result.status.lower() not in _COMPLETED:
            raise NotReadyError(
                f"Job {plain(result.reference_id or job_id, limit=80)} has no result yet: "
                f"its status is {plain(result.status, limit=40) or 'unknown'!r}.",
                next_step="Fetch it again when the service calls it completed.",
            )
        return result

    def attachment(self, url: str, sink: BinaryIO, progress: Progress | None = None) -> Received:
        """Stream a file that a job names into ``sink``.

        The service answers with a redirect to a signed address, with an address in JSON, or with the file itself; an
        expired address is asked for once more. A file that the service cannot access is fetched from its own address
        without any key, as customers may keep files in their own store.
        """
        for attempt in ("signed", "signed anew"):
            try:
                return self._signed(url, sink, progress)
            except StoreRefusedError:
                if attempt == "signed anew":
                    raise
            except ServiceError as error:
                if error.code != _UNREADABLE_ATTACHMENT or not self._lies_elsewhere(url):
                    raise
                return self._http.download(url, sink, home=self._credential().origin, progress=progress)
        raise AssertionError("the second attempt returns or raises")

    def _signed(self, url: str, sink: BinaryIO, progress: Progress | None) -> Received:
        return self._http.download(
            join(self._base, "v1", "attachments", query={"url": url}),
            sink,
            credential=self._credential(),
            explain=_explain,
            pointer=self._pointer,
            progress=progress,
        )

    def _get(
        self, segments: tuple[str, ...], progress: Progress | None, *, query: dict[str, str] | None = None
    ) -> bytes:
        url = join(self._base, "v1", *segments, query=query)
        answer = self._http.request(url, credential=self._credential(), explain=_explain, progress=progress)
        body = answer.json_body()
        if (told := _error_of(answer)) is not None:
            raise told
        return body

    def _pointer(self, body: bytes) -> str | None:
        """Where a small JSON answer to an attachment leads; an error sent with status 200 is no file."""
        told = parse_error(body)
        if told is not None:
            raise _worded(parse_address(self._base).origin.host, *told)
        return _signed_address(body)

    def _credential(self) -> Credential:
        origin = parse_address(self._base).origin
        return Credential("x-api-key", clean_key(self._key, service=SERVICE), origin)

    def _lies_elsewhere(self, url: str) -> bool:
        try:
            return parse_address(url).origin != parse_address(self._base).origin
        except UnsafeUrlError:
            return False


def _explain(answer: Answer) -> ApiError | None:
    """The service answers every failure of its own with status 400 and a code; 401 may come without JSON."""
    if answer.status in (401, 403) and not answer.body.lstrip().startswith(b"{"):
        return None
    return _error_of(answer)


def _error_of(answer: Answer) -> ApiError | None:
    told = parse_error(answer.body)
    return None if told is None else _worded(answer.host, *told)


def _worded(host: str, code: str, message: str) -> ApiError:
    said = f" ({plain(message)})" if message else ""
    if code in _KEY_CODES:
        return key_refused(host, reason=f"as wrong{said}")
    if code in _ACCESS_CODES:
        return key_refused(host, reason=f"for this project or job{said}")
    meaning, step = _MEANINGS.get(code, ("the service refused the request", _CHECK_IDS))
    shown = plain(code, limit=60) or "no"
    return ServiceError(f"{host} says {shown}: {meaning}{said}.", code=code, next_step=step)


class _Url(msgspec.Struct):
    url: str = ""
    signed_url: str = ""


class _Pointer(msgspec.Struct, forbid_unknown_fields=True):
    """A JSON answer that holds nothing but an address; a result document has other fields and never fits."""

    data: str | _Url | None = None
    url: str = ""
    signed_url: str = ""
    success: bool = True
    message: str = ""


def _signed_address(body: bytes) -> str | None:
    """The signed address in an answer that is nothing but one, None for a file that happens to be JSON."""
    try:
        found = msgspec.json.decode(body, type=_Pointer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    inner = found.data
    url = inner if isinstance(inner, str) else (inner.signed_url or inner.url) if inner else ""
    url = url or found.signed_url or found.url
    return url if urlsplit(url).scheme in ("http", "https") else None
