"""What came back, and failures in words: host and next step, never a query, never a key."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.api.retries import is_passing
from app.api.urls import Origin
from app.errors import ApiError, KeyRefusedError, ServiceError, UnreachableError

_PROXY_STEP = "A proxy or a log-in page may be in between: check the service address and the network."
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_MISSING = frozenset({404, 410})
_REFUSED = frozenset({400, 401, 403})
_XML_CODE = re.compile(rb"<Code>\s*([A-Za-z0-9_.\-]{1,80})\s*</Code>")
_QUERY = re.compile(r"(\bhttps?://[^\s?#\"']*)[?#][^\s\"']*", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Answer:
    """A final answer, after redirects. ``from_home`` tells whether the configured service itself gave it."""

    status: int
    media_type: str
    body: bytes
    origin: Origin
    from_home: bool

    @property
    def host(self) -> str:
        """Who answered."""
        return self.origin.host

    def json_body(self) -> bytes:
        """The body, which is JSON by the look of it; raises ServiceError naming what came instead."""
        start = self.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if start in (b"{", b"["):
            return self.body
        raise ServiceError(
            f"{self.host} answered with {self.describe_body()} instead of JSON.",
            code="not-json",
            next_step=_PROXY_STEP,
        )

    def describe_body(self) -> str:
        """What the body is, for messages."""
        if not self.body.strip():
            return "nothing"
        if is_page(self.body):
            return f"a web page ({self.media_type or 'no type'})"
        if code := xml_error_code(self.body):
            return f"an error of the file store ({code})"
        return f"data of type {self.media_type or 'unknown'}"


@dataclass(frozen=True)
class Received:
    """A file as it was received: its media type, bytes after decoding, and their SHA-256 in hex."""

    media_type: str
    size: int
    sha256: str


Explain = Callable[[Answer], ApiError | None]


class ServiceTroubleError(ServiceError):
    """The service says that it has a problem of its own, which may be over at the next try, whatever the status."""


class StoreRefusedError(ServiceError):
    """The file store behind the service refused an address that the service had signed."""


def is_page(body: bytes) -> bool:
    """Whether ``body`` is an HTML page."""
    start = body[:512].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def plain(text: str, *, limit: int = 300) -> str:
    """A service's own words on one line, without control characters and query strings, at most ``limit`` characters."""
    line = _QUERY.sub(r"\1?…", _UNPRINTABLE.sub(" ", text)).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def xml_error_code(body: bytes) -> str:
    """The code of an S3-like XML error, empty where the body is none."""
    match = _XML_CODE.search(body[:65536]) if b"<Error" in body[:1024] else None
    return match.group(1).decode("ascii") if match else ""


def foreign_file(answer: Answer) -> ServiceError | None:
    """Why this is no file, where it is a web page or an error of the store that was sent as one; else None."""
    code = xml_error_code(answer.body)
    if code:
        return _store_refused(answer, code)
    if not (is_page(answer.body) or answer.media_type in _PAGE_TYPES):
        return None
    return ServiceError(
        f"{answer.host} answered with a web page instead of the file.", code="web-page", next_step=_PROXY_STEP
    )


def failure(answer: Answer, explain: Explain | None) -> ApiError:
    """The error that an answer with a failing status means; ``explain`` speaks for the service itself."""
    told = explain(answer) if explain and answer.from_home else None
    if told is not None:
        return told
    code = xml_error_code(answer.body)
    if answer.status in _REFUSED and (code or not answer.from_home):
        return _store_refused(answer, code)
    if answer.status in (401, 403):
        return key_refused(answer.host, reason=f"with status {answer.status}{_page(answer)}")
    return _status_error(answer, code)


def key_refused(host: str, *, reason: str) -> KeyRefusedError:
    """The key does not open this service."""
    return KeyRefusedError(
        f"{host} refused the API key {reason}.",
        next_step="Check the key and that it belongs to this project, then enter it again.",
    )


def unreachable(host: str, why: str) -> UnreachableError:
    """No answer, or not a whole one."""
    return UnreachableError(f"{host} {why}.", next_step="Check the network and try again.")


def _store_refused(answer: Answer, code: str) -> ServiceError:
    expired = ": the signed link has expired" if b"expired" in answer.body[:65536].lower() else ""
    return StoreRefusedError(
        f"The file store {answer.host} refused access ({code or f'status {answer.status}'}){expired}{_page(answer)}.",
        code=code or str(answer.status),
        next_step="The link may have expired or the file may be gone: try again, then ask the owner of the project.",
    )


def _status_error(answer: Answer, code: str) -> ServiceError:
    status = answer.status
    what = {
        404: "has nothing at this address",
        407: "is behind a proxy that wants a log-in",
        410: "no longer has this",
        429: "says that there are too many requests",
    }
    said = what.get(status, "has a problem of its own" if status >= 500 else "refused the request")
    who = answer.host if answer.from_home else f"The file store {answer.host}"
    named = f"{code}, status {status}" if code else f"status {status}"
    step = "Check the ids and the service address."
    if status in _MISSING and not answer.from_home:
        step = "Ask the owner of the project whether the file was removed."
    if is_passing(status):
        step = "Try again in a few minutes."
    return ServiceError(f"{who} {said} ({named}){_page(answer)}.", code=code or str(status), next_step=step)


def _page(answer: Answer) -> str:
    return f" and sent {answer.describe_body()}" if is_page(answer.body) else ""
