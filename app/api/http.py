"""Requests over HTTP: redirects followed by hand with secrets bound to their origin, tried again, cancelled at once."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import BinaryIO, Self

import httpx

from app import __version__
from app.api.answers import Answer, Explain, Received, StoreRefusedError
from app.api.exchange import (
    ANYTHING,
    MAX_ANSWER,
    Ask,
    Credential,
    Reply,
    drain,
    genuine,
    location,
    pointed_at,
    raise_for_status,
    refuse_text,
)
from app.api.network import SLICE, AddressRule, Watch, watched
from app.api.pace import Pace
from app.api.retries import RateLimiter, once_more, with_retries
from app.api.transfer import Transfer
from app.api.transport import Transport
from app.api.urls import Origin, parse_address
from app.api.wire import wire_errors
from app.errors import ServiceError
from app.progress import Progress

MAX_HOPS = 5
MAX_CONNECTIONS = 8
MAX_FILE = 8 << 30  # bytes of a downloaded file

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, between two reads, for a whole JSON answer, for a whole file with all its tries.

    A file must also bring at least ``slow_bytes`` in any ``slow`` seconds of waiting, else its connection counts as
    dead: who sends a byte a second never falls silent, and would hold a download for days.
    """

    connect: float = 10.0
    read: float = 60.0
    answer: float = 180.0
    file: float = 6 * 3600.0
    slow: float = 60.0
    slow_bytes: int = 64 << 10


class HttpClient:
    """Owns the connections to every service; safe to use from several threads.

    ``requests_per_second`` limits requests to a configured service's own origin, not to file stores, and to a
    service on this machine only with ``limit_loopback``. ``backoff`` is the longest wait in seconds before the second
    try; it doubles with each further one. ``clock`` counts the seconds of the limit.
    """

    def __init__(
        self,
        *,
        requests_per_second: int | None = 5,
        limit_loopback: bool = False,
        timeouts: Timeouts | None = None,
        tries: int = 4,
        backoff: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limiter = RateLimiter(requests_per_second, limit_loopback=limit_loopback, clock=clock)
        self._timeouts = timeouts or Timeouts()
        self._tries = tries
        self._backoff = backoff
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        for library in ("httpx", "httpcore"):  # below this level they log addresses and headers with secrets in them
            logging.getLogger(library).setLevel(logging.WARNING)
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx.Client(
            transport=Transport(max_connections=MAX_CONNECTIONS), cookies=no_cookies, follow_redirects=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def request(
        self,
        url: str,
        *,
        method: str = "GET",
        credential: Credential | None = None,
        body: bytes | None = None,
        idempotent: bool = False,
        explain: Explain | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """Ask a service for a JSON answer of at most 64 MiB; ``idempotent`` lets a POST be sent again.

        Raises UnreachableError, KeyRefusedError, ServiceError or UnsafeUrlError; ``explain`` may turn a failing
        answer of the service into a better one. Raises Cancelled within 0.2 s of the cancellation.
        """
        work = progress or Progress()
        home = credential.origin if credential else parse_address(url).origin
        ask = Ask(method, parse_address(url), "application/json", credential, home, body, explain)
        tries = self._tries if method == "GET" or idempotent else 1
        return with_retries(lambda: self._read(ask, work), tries=tries, backoff=self._backoff, progress=work)

    def download(
        self,
        url: str,
        sink: BinaryIO,
        *,
        credential: Credential | None = None,
        home: Origin | None = None,
        explain: Explain | None = None,
        pointer: Callable[[bytes], str | None] | None = None,
        on_bytes: Callable[[int, int | None], None] | None = None,
        max_bytes: int = MAX_FILE,
        accept: str = ANYTHING,
        progress: Progress | None = None,
    ) -> Received:
        """Stream a file into ``sink``; after a cut it goes on where it stopped if the store can promise the same file.

        A sink that is ``Resumable`` may hold what an earlier download left: only the rest of it is asked for.
        ``home``: the configured service on whose behalf this is fetched, by default the credential's origin.
        With a credential, a signed address that the store refuses is asked for once more, whatever was received stays.
        ``on_bytes`` is told bytes so far and in all. Raises as ``request`` does, and what ``sink`` raises. A sink that
        cannot seek gets no second try from the start. With ``accept``, a media type, a text in place of the file is an
        error: ``explain`` may say which.
        """
        work = progress or Progress()
        origin = home or (credential.origin if credential else None)
        ask = Ask("GET", parse_address(url), accept, credential, origin, None, explain, pointer, max_bytes)
        transfer = Transfer(sink, on_bytes=on_bytes)
        deadline = time.monotonic() + self._timeouts.file
        stream = partial(self._stream, ask, transfer, work, deadline)
        # only the service behind the credential can sign the address of the file anew
        attempt = once_more(stream, after=StoreRefusedError) if credential else stream
        return with_retries(attempt, tries=self._tries, backoff=self._backoff, progress=work)

    def _read(self, ask: Ask, progress: Progress) -> Answer:
        deadline = time.monotonic() + self._timeouts.answer
        with self._followed(ask, Watch(progress, deadline)) as reply:
            answer = reply.answer(b"".join(reply.pieces(cap=MAX_ANSWER)))
        raise_for_status(answer, reply, ask.explain)
        return answer

    def _stream(self, ask: Ask, transfer: Transfer, progress: Progress, deadline: float) -> Received:
        asked = replace(ask, extra_headers=transfer.range_headers())
        pace = Pace(seconds=self._timeouts.slow, least=self._timeouts.slow_bytes)
        with self._followed(asked, Watch(progress, deadline, pace)) as reply:
            pace.restart()
            status, headers, host = reply.response.status_code, reply.response.headers, reply.address.origin.host
            if transfer.is_whole(status, headers):
                return transfer.end(host)
            if status not in (200, 206):
                body = b"".join(reply.pieces(cap=MAX_ANSWER))
                raise_for_status(reply.answer(body), reply, ask.explain)
            file = genuine(reply, cap=ask.cap) if status == 200 else reply  # a later part begins anywhere
            refuse_text(ask, file)
            transfer.begin(status, headers, media_type=reply.media_type, host=host)
            for piece in file.pieces(cap=ask.cap, before=transfer.size):
                progress.check()
                transfer.write(piece)
        return transfer.end(host)

    @contextmanager
    def _followed(self, ask: Ask, watch: Watch) -> Iterator[Reply]:
        """The first answer that is no redirect."""
        step = ask
        for _ in range(MAX_HOPS + 1):
            with self._sent(step, watch) as reply:
                onward = location(step, reply)
                if onward is None:
                    found = pointed_at(step, reply)
                    if isinstance(found, Reply):
                        yield found
                        return
                    onward = found
                drain(reply)
            step = replace(step, address=onward)
        raise ServiceError(
            f"{ask.address.origin.host} redirects more than {MAX_HOPS} times.",
            code="redirects",
            next_step="Check the service address in the settings.",
        )

    @contextmanager
    def _sent(self, ask: Ask, watch: Watch) -> Iterator[Reply]:
        """Send one request and keep its connection while the block reads."""
        origin = ask.address.origin
        with self._slot(watch), watched(watch), wire_errors(origin.host):
            if origin == ask.home:  # with a connection in hand, so that nothing gathers behind the limit
                self._limiter.wait(origin, watch.progress)
            started = time.monotonic()
            response = self._client.send(self._request(ask), stream=True)
            _log.debug(
                "%s %s: %d after %.3f s", ask.method, ask.address, response.status_code, time.monotonic() - started
            )
            try:
                yield Reply(response, ask.address, origin == ask.home)
            finally:
                response.close()

    def _request(self, ask: Ask) -> httpx.Request:
        """A request with headers of its own: nothing carries over from an earlier hop."""
        origin = ask.address.origin
        headers = {"User-Agent": f"pointproof/{__version__}", "Accept": ask.accept, **ask.extra_headers}
        headers["Accept-Encoding"] = "gzip" if ask.accept == "application/json" else "identity"
        if ask.body is not None:
            headers["Content-Type"] = "application/json"
        if ask.credential and ask.credential.origin == origin:
            headers[ask.credential.header] = ask.credential.value
        timeouts = self._timeouts
        waits = httpx.Timeout(timeouts.read, connect=timeouts.connect, pool=30.0)
        return httpx.Request(
            ask.method,
            f"{origin}/",
            headers=headers,
            content=ask.body,
            extensions={
                "target": ask.address.target.encode("ascii"),
                "origin": origin,
                "rule": AddressRule(ask.home.host if ask.home else None),
                "timeout": waits.as_dict(),
            },
        )

    @contextmanager
    def _slot(self, watch: Watch) -> Iterator[None]:
        while not self._slots.acquire(timeout=SLICE):
            watch.check()
        try:
            yield
        finally:
            self._slots.release()
