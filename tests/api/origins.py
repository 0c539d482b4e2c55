"""Origins on this machine for tests of the HTTP client, and a look at its wire."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from app.api.answers import Received
from app.api.exchange import Credential
from app.api.http import HttpClient, Timeouts
from app.api.urls import parse_address
from app.progress import Cancelled, Progress
from app.sandbox.origin import OriginServer, Reply, Request

KEY = "CANARY-key-7d1f"
Respond = Callable[[Request], Reply]


@contextmanager
def origins(*responds: Respond) -> Iterator[list[OriginServer]]:
    servers = [OriginServer(f"origin {place}", respond) for place, respond in enumerate(responds)]
    try:
        yield servers
    finally:
        for server in servers:
            server.stop()


def client(**options: Any) -> HttpClient:
    chosen: dict[str, Any] = {"requests_per_second": None, "backoff": 0.01, "timeouts": Timeouts(2.0, 2.0, 10.0)}
    return HttpClient(**{**chosen, **options})


def credential(server: OriginServer) -> Credential:
    return Credential("x-api-key", KEY, parse_address(server.url).origin)


def redirect(location: str, *, status: int = 302) -> Reply:
    return Reply(status, b"", "text/plain", {"Location": location})


def keys_seen(server: OriginServer) -> list[str]:
    return [request.headers.get("x-api-key", "") for request in server.recorder.requests]


def seconds_to_cancel(work: Callable[[Progress], Any], *, when: Callable[[], bool]) -> float:
    """Run ``work`` in a thread, cancel it once ``when`` holds, and tell how long it took to end as cancelled."""
    progress, outcome = Progress(), list[BaseException]()

    def run() -> None:
        try:
            work(progress)
        except BaseException as error:  # noqa: BLE001 - looked at below
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    give_up = time.monotonic() + 10
    while not when():
        assert time.monotonic() < give_up, "the work never got there"
        thread.join(0.005)
    started = time.monotonic()
    progress.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert [type(error) for error in outcome] == [Cancelled]
    return time.monotonic() - started


def fetch(http: HttpClient, server: OriginServer, sink: BinaryIO, **options: Any) -> Received:
    """Download from an origin that is itself the configured service."""
    return http.download(f"{server.url}/x", sink, home=credential(server).origin, **options)


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False
