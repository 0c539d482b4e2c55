"""Pages of jobs from services that repeat themselves, never end or count wrongly, over real sockets."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.api.pages import MAX_BARREN, MAX_PAGES, each_page
from app.api.telus import TelusClient
from app.domain.annotation import JobPage, JobSummary
from app.errors import KeyRefusedError, ServiceError
from app.progress import Cancelled, Progress
from app.sandbox.origin import OriginServer, Reply, Request, json_reply
from app.sandbox.telus_side import error_reply
from tests.api.origins import KEY, client, origins

Pages = Callable[[int, str], tuple[list[str], Any]]


@contextmanager
def service(pages: Pages, *, batches: tuple[str, ...] = ("b",)) -> Iterator[tuple[TelusClient, OriginServer]]:
    """Answers page requests with job ids and a next token by ``pages(how many were asked for, token)``."""
    asked = itertools.count()

    def respond(request: Request) -> Reply:
        match request.segments:
            case ("v1", "projects", _, "details"):
                listed = [{"id": batch, "name": batch, "total_jobs": 3} for batch in batches]
                return json_reply({"success": True, "data": {"name": "p", "batches": listed}})
            case ("v1", "projects", _, "jobs", _):
                return error_reply("FS_0006", "Job Unit not found")
        ids, token = pages(next(asked), request.query.get("page_token", ""))
        jobs = [{"id": job, "reference_id": f"ref {job}", "status": "completed"} for job in ids]
        return json_reply({"success": True, "data": {"jobs": jobs, "next_page_token": token}})

    with origins(respond) as (server,), client() as http:
        yield TelusClient(http, base_url=server.url, key=KEY), server


def listed(pages: Pages) -> tuple[list[str], int]:
    """Every job id that comes out, and after how many requests it ended."""
    with service(pages) as (telus, server):
        ids = [job.job_id for page in telus.job_pages("p", "b") for job in page.jobs]
        return ids, len(server.recorder.requests)


@pytest.mark.parametrize("end", ["", None, []])
def test_pages_end_where_no_token_follows(end: object) -> None:
    assert listed(lambda number, _: ([["a", "b"], ["c"]][number], ["t1", end][number])) == (["a", "b", "c"], 2)


def test_a_repeated_cursor_ends_the_pages() -> None:
    assert listed(lambda number, _: ([f"j{number}"], "same")) == (["j0", "j1"], 2)


def test_a_circle_of_cursors_ends_the_pages() -> None:
    assert listed(lambda number, _: ([f"j{number}"], ["one", "two", "three"][number % 3]))[1] == 4


def test_endless_pages_of_the_same_jobs_end() -> None:
    ids, requests = listed(lambda number, _: (["a", "b"], f"t{number}"))
    assert (ids, requests) == (["a", "b"], 1 + MAX_BARREN)


def test_endless_empty_pages_end() -> None:
    assert listed(lambda number, _: ([], f"t{number}")) == ([], MAX_BARREN)


def test_an_empty_page_with_a_next_one_is_not_the_end() -> None:
    pages = [["a"], [], ["b"], [], [], ["c"]]
    assert listed(lambda number, _: (pages[number], "" if number == 5 else f"t{number}"))[0] == ["a", "b", "c"]


def test_a_job_listed_twice_comes_once() -> None:
    pages = [["a", "b", "a"], ["b", "c"]]
    assert listed(lambda number, _: (pages[number], ["t", ""][number]))[0] == ["a", "b", "c"]


def test_a_total_that_shrinks_meanwhile_changes_nothing() -> None:
    """The batch says 3 jobs; pages bring 5, then some of them again as rows moved up, then the rest."""
    pages = [["a", "b", "c", "d", "e"], ["e", "f"]]
    assert listed(lambda number, _: (pages[number], ["t", ""][number]))[0] == list("abcdef")


def test_pages_are_bounded_even_if_each_brings_a_new_job() -> None:
    numbers = itertools.count()

    def ask(token: str) -> JobPage:
        number = next(numbers)
        return JobPage((JobSummary(str(number), "", "completed"),), next_page_token=str(number))

    assert sum(1 for _ in each_page(ask)) == MAX_PAGES


@pytest.mark.parametrize(
    "token", ["1575822103313046001", "a/b+c d?e=f&g#h", "0", "null", "é\u202e", "9" * 400, "..", "%2e%2e"]
)
def test_a_token_is_opaque_and_comes_back_exactly_as_it_was_given(token: str) -> None:
    seen: list[str] = []

    def pages(number: int, asked: str) -> tuple[list[str], str]:
        seen.append(asked)
        return [f"j{number}"], "" if number else token

    assert listed(pages)[0] == ["j0", "j1"]
    assert seen == ["", token]


def test_a_token_written_as_a_number_loses_no_digit() -> None:
    seen: list[str] = []

    def respond(request: Request) -> Reply:
        seen.append(request.query.get("page_token", ""))
        token = b"null" if len(seen) > 1 else b"1575822103313046001"
        return Reply(200, b'{"success": true, "data": {"jobs": [{"id": 1}], "next_page_token": %b}}' % token)

    with origins(respond) as (server,), client() as http:
        for _ in TelusClient(http, base_url=server.url, key=KEY).job_pages("p", "b"):
            pass
    assert seen == ["", "1575822103313046001"]


def test_pages_can_be_cancelled_between_two() -> None:
    progress = Progress()
    with service(lambda number, _: ([f"j{number}"], f"t{number}")) as (telus, _server):
        pages = telus.job_pages("p", "b", progress)
        next(pages)
        progress.cancel()
        with pytest.raises(Cancelled):
            next(pages)


def test_a_job_is_found_by_its_reference_id_on_any_page_of_any_batch() -> None:
    pages = [["a"], [], ["b"], ["c"]]
    with service(lambda number, _: (pages[number], ["t", "u", "", ""][number]), batches=("b1", "b2")) as (telus, _):
        found = telus.find_job("p", "ref c")
    assert found is not None
    assert (found.job_id, found.reference_id) == ("c", "ref c")


def test_the_search_for_a_job_stops_where_it_is_found() -> None:
    with service(lambda number, _: ([f"j{number}"], f"t{number}")) as (telus, server):
        assert telus.find_job("p", "ref j1") is not None
        assert len(server.recorder.requests) == 2 + 2  # the id, the batches, two pages


def test_a_job_that_nobody_knows_is_not_found_and_the_search_ends() -> None:
    with service(lambda number, _: (["a"], "same")) as (telus, _):
        assert telus.find_job("p", "ref z") is None
        assert telus.find_job("p", "ref") is None


def test_a_job_id_needs_one_request_and_no_list() -> None:
    data = {"job_id": "j7", "reference_id": "street 7", "status": "in progress", "result": ""}
    with origins(lambda _: json_reply({"success": True, "data": data})) as (server,), client() as http:
        found = TelusClient(http, base_url=server.url, key=KEY).find_job("p", "j7")
    assert found == JobSummary("j7", "street 7", "in progress")
    assert len(server.recorder.requests) == 1


@pytest.mark.parametrize("code", ["FS_0006", "GE_0001", "unauthorized"])
def test_a_reference_id_that_is_refused_as_a_job_id_is_looked_for_in_the_lists(code: str) -> None:
    def respond(request: Request) -> Reply:
        match request.segments:
            case (*_, "jobs", "ref"):
                return error_reply(code, "")
            case (*_, "details"):
                return json_reply({"success": True, "data": {"batches": [{"id": "b"}]}})
        return json_reply({"success": True, "data": {"jobs": [{"id": "j", "reference_id": "ref"}]}})

    with origins(respond) as (server,), client() as http:
        found = TelusClient(http, base_url=server.url, key=KEY).find_job("p", "ref")
    assert found is not None
    assert found.job_id == "j"


@pytest.mark.parametrize(("code", "kind"), [("auth-failure", KeyRefusedError), ("resource_error", ServiceError)])
def test_a_search_that_the_service_refuses_is_not_a_job_that_is_missing(code: str, kind: type[Exception]) -> None:
    with origins(lambda _: error_reply(code, "")) as (server,), client() as http:
        with pytest.raises(kind):
            TelusClient(http, base_url=server.url, key=KEY).find_job("p", "ref")
        assert len(server.recorder.requests) == 1
