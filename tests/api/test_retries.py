"""When a request goes out, and when it goes out again; time is a number here, nobody waits for it."""

import io
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.answers import ServiceTroubleError, unreachable
from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.api.retries import LONGEST_WAIT, RateLimiter, TransientError, is_passing, once_more, with_retries
from app.api.telus import TelusClient
from app.api.urls import Origin
from app.errors import AppError, KeyRefusedError, UnreachableError
from app.progress import Progress
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import Reply, Request, json_reply
from app.sandbox.telus_side import error_reply
from tests.api.origins import KEY, client, origins

TELUS, EDGE_IMPULSE = Origin("https", "api.example", 443), Origin("https", "studio.example", 443)


class Patience(Progress):
    """Notes how long it was asked to wait, and lets the clock jump instead."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.now = 1000.0
        self._lock = threading.Lock()

    @property
    def cancel_event(self) -> "threading.Event":
        return _Jump(self)

    def wait(self, seconds: float) -> None:
        self.jump(seconds)

    def jump(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self.now += seconds


class _Jump(threading.Event):
    def __init__(self, patience: Patience) -> None:
        super().__init__()
        self._patience = patience

    def wait(self, timeout: float | None = None) -> bool:
        self._patience.jump(timeout or 0.0)
        return False


def ok(_request: Request) -> Reply:
    return json_reply({"success": True, "data": {"name": "p", "batches": []}})


def waits_of(fault: Fault) -> list[float]:
    """How long the client waits between its tries."""
    patience = Patience()
    with origins(ok) as (server,), client(backoff=1.0) as http:
        server.faults.add(fault)
        TelusClient(http, base_url=server.url, key=KEY).project("p", patience)
    return patience.waits


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60), st.integers(1, 7))
def test_within_any_second_an_origin_gets_no_more_requests_than_allowed(gaps: list[float], allowed: int) -> None:
    patience = Patience()
    limiter = RateLimiter(allowed, limit_loopback=False, clock=lambda: patience.now)
    sent = []
    for gap in gaps:
        patience.now += gap
        limiter.wait(TELUS, patience)
        sent.append(patience.now)
    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in zip(sent, sent[allowed:], strict=False))


def test_each_origin_has_a_limit_of_its_own() -> None:
    patience = Patience()
    limiter = RateLimiter(5, limit_loopback=False, clock=lambda: patience.now)
    for origin in (TELUS, EDGE_IMPULSE):
        for _ in range(5):
            limiter.wait(origin, patience)
    assert patience.now == 1000.0
    limiter.wait(TELUS, patience)
    assert patience.now == 1001.0


@pytest.mark.parametrize("kind", ["telus", "edge-impulse"])
def test_the_api_of_either_service_is_asked_five_times_a_second_at_most(kind: str) -> None:
    """Six requests through the real client: only the sixth is held back, for what is left of the second."""
    patience = Patience()
    limit: Any = {"requests_per_second": 5, "limit_loopback": True, "clock": lambda: patience.now}
    with origins(ok) as (server,), client(**limit) as http:
        asks: dict[str, Callable[[], object]] = {
            "telus": lambda: TelusClient(http, base_url=server.url, key=KEY).project("p", patience),
            "edge-impulse": lambda: EdgeImpulseClient(http, base_url=server.url, key=KEY).impulses_document(
                1, patience
            ),
        }
        for _ in range(6):
            asks[kind]()
    assert patience.waits == [0.0] * 5 + [1.0]


def test_the_default_is_five_requests_a_second_and_spares_the_file_store() -> None:
    patience = Patience()

    def api(_request: Request) -> Reply:
        return Reply(302, b"", "text/plain", {"Location": f"{store.url}/file"})

    opened = HttpClient(limit_loopback=True, clock=lambda: patience.now)
    with origins(api, lambda _: Reply(200, b"x")) as (service, store), opened as http:
        telus = TelusClient(http, base_url=service.url, key=KEY)
        for _ in range(6):
            telus.attachment("https://data.example/a", io.BytesIO(), patience)
    assert len(service.recorder.requests) == len(store.recorder.requests) == 6
    assert patience.waits == [0.0] * 5 + [1.0]  # the store is asked without a wait


def test_a_retry_counts_as_a_request_too() -> None:
    patience = Patience()
    limit: Any = {"requests_per_second": 2, "limit_loopback": True, "clock": lambda: patience.now}
    with origins(ok) as (server,), client(backoff=0.0, **limit) as http:
        server.faults.add(Fault(FaultKind.ERROR, times=3))
        TelusClient(http, base_url=server.url, key=KEY).project("p", patience)
    assert [wait for wait in patience.waits if wait] == [1.0]


@pytest.mark.parametrize("status", [408, 429, 443, 444, 500, 501, 502, 503, 504, 520, 599])
def test_statuses_that_the_services_own_client_tries_again_are_tried_again(status: int) -> None:
    assert is_passing(status)
    with origins(ok) as (server,), client() as http:
        server.faults.add(Fault(FaultKind.ERROR, status=status, times=3))
        TelusClient(http, base_url=server.url, key=KEY).project("p")
    assert len(server.recorder.requests) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 422, 451])
def test_no_other_status_is_tried_again(status: int) -> None:
    assert not is_passing(status)
    with origins(ok) as (server,), client() as http:
        server.faults.add(Fault(FaultKind.ERROR, status=status, times=9))
        with pytest.raises(AppError):
            TelusClient(http, base_url=server.url, key=KEY).project("p")
    assert len(server.recorder.requests) == 1


@pytest.mark.parametrize("code", ["FS_0000", "FS_0008", "api_error"])
def test_trouble_that_the_service_names_is_tried_again_with_a_random_wait(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high / 2)
    patience, answers = Patience(), [error_reply(code, "try again after some time")] * 2
    respond: Callable[[Request], Reply] = lambda asked: answers.pop() if answers else ok(asked)  # noqa: E731
    with origins(respond) as (server,), client(backoff=1.0) as http:
        assert TelusClient(http, base_url=server.url, key=KEY).project("p", patience).name == "p"
    assert len(server.recorder.requests) == 3
    assert patience.waits == [0.5, 1.0]


def test_a_file_is_asked_for_again_after_such_trouble() -> None:
    answers, sink = [error_reply("api_error", "")], io.BytesIO()
    respond: Callable[[Request], Reply] = lambda _: answers.pop() if answers else Reply(200, b"x")  # noqa: E731
    with origins(respond) as (server,), client() as http:
        TelusClient(http, base_url=server.url, key=KEY).attachment("https://data.example/a", sink)
    assert (sink.getvalue(), len(server.recorder.requests)) == (b"x", 2)


def test_a_request_that_changes_something_is_not_sent_again_after_such_trouble() -> None:
    trouble = ServiceTroubleError("The service has a problem of its own.")
    with origins(lambda _: error_reply("api_error", "")) as (server,), client() as http:
        with pytest.raises(ServiceTroubleError):
            http.request(f"{server.url}/start", method="POST", body=b"{}", explain=lambda _: trouble)
        assert len(server.recorder.requests) == 1


def test_a_refused_key_is_not_tried_again_whatever_its_status() -> None:
    refusal = json_reply({"success": False, "error": {"code": "auth-failure"}}, status=500)
    with origins(lambda _: refusal) as (server,), client() as http, pytest.raises(KeyRefusedError):
        TelusClient(http, base_url=server.url, key=KEY).project("p")
    assert len(server.recorder.requests) == 1


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("1000000000", LONGEST_WAIT),
        (format_datetime(datetime.now(UTC) + timedelta(days=2), usegmt=True), LONGEST_WAIT),
        (format_datetime(datetime.now(UTC) - timedelta(days=2), usegmt=True), 0.0),
    ],
    # dates in the names would differ between the processes that share the tests
    ids=["seconds", "none", "too many seconds", "a date to come", "a date gone by"],
)
def test_429_waits_as_long_as_it_says_but_never_longer_than_a_minute(header: str, wait: float) -> None:
    assert waits_of(Fault(FaultKind.TOO_MANY, retry_after=header)) == [wait]


@pytest.mark.parametrize("header", ["soon", "", "-3", "1e9", "NaN"])
def test_429_with_garbage_waits_as_after_any_other_failure(header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    assert waits_of(Fault(FaultKind.TOO_MANY, retry_after=header, times=3)) == [1.0, 2.0, 4.0]


def test_waits_are_random_between_nothing_and_a_bound_that_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds: list[tuple[float, float]] = []

    def third(low: float, high: float) -> float:
        bounds.append((low, high))
        return high / 3

    monkeypatch.setattr(random, "uniform", third)
    assert waits_of(Fault(FaultKind.ERROR, times=3)) == pytest.approx([1 / 3, 2 / 3, 4 / 3])
    assert bounds == [(0, 1.0), (0, 2.0), (0, 4.0)]


def test_time_outs_and_refused_connections_are_tried_again() -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise TransientError(unreachable("api.example", "did not answer in time"))

    with pytest.raises(UnreachableError):
        with_retries(fail, tries=4, backoff=1.0, progress=Patience())
    assert len(calls) == 4


def test_a_call_is_repeated_once_in_all_and_for_that_error_alone() -> None:
    calls: list[type[Exception]] = [KeyError, ValueError, KeyError]

    def fail() -> str:
        if calls:
            raise calls.pop(0)
        return "done"

    attempt = once_more(fail, after=KeyError)
    with pytest.raises(ValueError):
        attempt()
    with pytest.raises(KeyError):
        attempt()
    assert attempt() == "done"
