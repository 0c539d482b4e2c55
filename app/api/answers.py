"""What came back, and failures in words: host and next step, never a query, never a key."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.api.urls import Origin
from app.errors import ApiError, KeyRefusedError, ServiceError, UnreachableError

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
            next_step="A proxy or a log-in page may be in between: check the service address and the network.",
        )

    def describe_body(self) -> str:
        """What the body is, for messages."""
        if not self.body.strip():
            return "nothing"
        if is_page(self.body):
            return f"a web page ({self.media_type or 'no type'})"
        return f"data of type {self.media_type or 'unknown'}"


@dataclass(frozen=True)
class Received:
    """A file as it was received: its media type, bytes after decoding, and their SHA-256 in hex."""

    media_type: str
    size: int
    sha256: str


Explain = Callable[[Answer], ApiError | None]


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


def failure(answer: Answer, explain: Explain | None) -> ApiError:
    """The error that an answer with a failing status means; ``explain`` speaks for the service itself."""
    told = explain(answer) if explain and answer.from_home else None
    if told is not None:
        return told
    code = xml_error_code(answer.body)
    if code or (not answer.from_home and answer.status in (400, 401, 403)):
        return _store_refused(answer, code)
    if answer.status in (401, 403):
        return key_refused(answer.host, reason=f"with status {answer.status}")
    return _status_error(answer)


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
    return StoreRefusedError(
        f"The file store {answer.host} refused access ({code or f'status {answer.status}'}).",
        code=code or str(answer.status),
        next_step="The link may have expired or the file may be gone: try again, then ask the owner of the project.",
    )


def _status_error(answer: Answer) -> ServiceError:
    code = str(answer.status)
    what = {404: "has nothing at this address", 410: "no longer has this", 429: "says that there are too many requests"}
    said = what.get(answer.status, "has a problem of its own" if answer.status >= 500 else "refused the request")
    page = f" and sent {answer.describe_body()}" if is_page(answer.body) else ""
    step = "Check the ids and the service address." if answer.status < 429 else "Try again in a few minutes."
    return ServiceError(f"{answer.host} {said} (status {code}){page}.", code=code, next_step=step)
