"""Pages of a batch, asked for until they end, whatever the service does with its page tokens."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

from app.domain.annotation import JobPage

MAX_BARREN = 3  # pages in a row without a new job after which nothing more is expected
MAX_PAGES = 10_000

_log = logging.getLogger(__name__)


def each_page(ask: Callable[[str], JobPage]) -> Iterator[JobPage]:
    """Pages from the first on, each job on one of them only; ``ask`` gets a page token, empty for the first.

    A token is opaque text. The end is a page without one, a token seen before, MAX_BARREN pages that bring nothing
    new, or MAX_PAGES: totals that the service tells elsewhere may be out of date and count for nothing.
    """
    token, tokens, known, barren = "", set[str](), set[str](), 0
    while token not in tokens and barren < MAX_BARREN and len(tokens) < MAX_PAGES:
        tokens.add(token)
        page = ask(token)
        fresh = {job.job_id: job for job in page.jobs if job.job_id not in known}
        known |= fresh.keys()
        barren = 0 if fresh else barren + 1
        yield replace(page, jobs=tuple(fresh.values()))
        token = page.next_page_token
        if not token:
            return
    _log.warning("the list of jobs did not end by itself after %d pages and %d jobs", len(tokens), len(known))
