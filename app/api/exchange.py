"""One exchange with a server: what is asked, with which secret, and what the answer leads to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

import httpx

from app.api.answers import Answer, Explain, ServiceTroubleError, failure, foreign_file
from app.api.bodies import decoded
from app.api.retries import TransientError, is_passing, retry_after
from app.api.urls import Address, Origin, resolve_location
from app.api.wire import counted
from app.errors import KeyRefusedError, ServiceError

ANYTHING = "*/*"  # the media type of a file that may be of any kind
MAX_ANSWER = 64 << 20  # bytes of a JSON answer
SMALL = 64 << 10  # bytes of a body that is read only for its message
MAX_TEXT = 1 << 20  # bytes of a text that came in place of a file
_HEAD = 512  # bytes that tell a web page or an error from a file
_TEXTS = ("application/json", "application/xml")


@dataclass(frozen=True, repr=False)
class Credential:
    """An API key with the only origin that may see it."""

    header: str
    value: str
    origin: Origin

    def __repr__(self) -> str:
        return f"Credential({self.header} for {self.origin})"


@dataclass(frozen=True)
class Ask:
    """One thing asked for. ``home`` is the configured service's origin; ``pointer`` finds in a small JSON answer of
    that service the address where the body really lies, and gives None where the answer is the body. ``cap`` is the
    most bytes that a body may have."""

    method: str
    address: Address
    accept: str
    credential: Credential | None = None
    home: Origin | None = None
    body: bytes | None = None
    explain: Explain | None = None
    pointer: Callable[[bytes], str | None] | None = None
    cap: int = MAX_ANSWER
    extra_headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An answer whose body is still to be read; ``body`` goes on with it where somebody looked at its start."""

    response: httpx.Response
    address: Address
    from_home: bool
    body: Iterator[bytes] | None = None

    @property
    def media_type(self) -> str:
        """Content type without its parameters."""
        return str(self.response.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def length(self) -> int | None:
        """Declared length in bytes."""
        text = self.response.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def encoding(self) -> str:
        """Content encoding, empty for none."""
        return str(self.response.headers.get("content-encoding", ""))

    def pieces(self, *, cap: int, before: int = 0) -> Iterator[bytes]:
        """The decoded body piece by piece; raises ServiceError when it and the bytes ``before`` exceed ``cap``."""
        if self.body is not None:
            return self.body
        raw = counted(self.response.iter_raw(), self.length)
        return decoded(raw, encoding=self.encoding, cap=cap, before=before, host=self.address.origin.host)

    def opened(self, *, cap: int, size: int) -> tuple[bytes, "Reply"]:
        """The body's first bytes, fewer than ``size`` only if it ends there, and this reply to read it all from."""
        pieces, head = self.pieces(cap=cap), b""
        for piece in pieces:
            head += piece
            if len(head) >= size:
                break
        return head, replace(self, body=chain([head], pieces))

    def answer(self, body: bytes) -> Answer:
        """This reply with its body."""
        return Answer(self.response.status_code, self.media_type, body, self.address.origin, self.from_home)


def clean_key(text: str, *, service: str) -> str:
    """A pasted API key without the white space around it; raises KeyRefusedError for one that no header can carry."""
    key = text.strip()
    if not key:
        raise KeyRefusedError(f"No API key for {service} is set.", next_step="Enter the key in the settings.")
    if not all("!" <= character <= "~" for character in key):
        raise KeyRefusedError(
            f"The API key for {service} holds white space, line breaks or characters that no key has.",
            next_step="Copy the key again, without anything around it.",
        )
    return key


def location(ask: Ask, reply: Reply) -> Address | None:
    """Where a redirect leads, None for any other answer."""
    if not 300 <= reply.response.status_code < 400:
        return None
    raw = next((value for name, value in reply.response.headers.raw if name.lower() == b"location"), b"")
    onward = resolve_location(reply.address, raw)
    if ask.method != "GET" and not (reply.response.status_code > 304 and onward.origin == reply.address.origin):
        raise ServiceError(
            f"{reply.address.origin.host} redirects a request that can only be answered where it was sent.",
            code=str(reply.response.status_code),
            next_step="Check the service address in the settings.",
        )
    return onward


def pointed_at(ask: Ask, reply: Reply) -> Reply | Address:
    """The reply itself, or the address that its small JSON body names instead of the file."""
    if ask.pointer is None or not reply.from_home or reply.response.status_code != 200:
        return reply
    body, reply = reply.opened(cap=ask.cap, size=SMALL)
    if len(body) >= SMALL or not body.lstrip().startswith((b"{", b'"')):
        return reply
    url = ask.pointer(body)
    return reply if url is None else resolve_location(reply.address, url.encode())


def drain(reply: Reply) -> None:
    """Read the little that is left, so that the connection can serve again."""
    if reply.length is not None and reply.length <= SMALL and not reply.response.is_stream_consumed:
        for _ in reply.response.iter_raw():
            pass


def raise_for_status(answer: Answer, reply: Reply, explain: Explain | None) -> None:
    """Raise what a failing status means, as TransientError where another try may help."""
    if 200 <= answer.status < 300:
        return
    error = failure(answer, explain)
    passing = is_passing(answer.status) or isinstance(error, ServiceTroubleError)
    if passing and not isinstance(error, KeyRefusedError):
        raise TransientError(error, wait=retry_after(reply.response.headers.get("retry-after")))
    raise error


def genuine(reply: Reply, *, cap: int) -> Reply:
    """The reply with a file in it; raises ServiceError for a log-in page or an error of the store sent as if it were
    one, whatever its media type claims: neither must ever be stored."""
    head, reply = reply.opened(cap=cap, size=_HEAD)
    told = foreign_file(reply.answer(head))
    if told is not None:
        raise told
    return reply


def refuse_text(ask: Ask, reply: Reply) -> None:
    """Raise for JSON or text where a file of a certain kind was asked for: in the service's own words where it has
    some, for a failure may come with status 200."""
    if ask.accept in (ANYTHING, reply.media_type) or not (
        reply.media_type in _TEXTS or reply.media_type.startswith("text/")
    ):
        return
    answer = reply.answer(b"".join(reply.pieces(cap=MAX_TEXT)))
    told = ask.explain(answer) if ask.explain and answer.from_home else None
    raise told or ServiceError(
        f"{answer.host} answered with {answer.describe_body()} instead of {ask.accept}.",
        code="media-type",
        next_step="Check that the service has such a file, then try again.",
    )
