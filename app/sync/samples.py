"""Listing the samples of a project, page by page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.domain.sample import POST_PROCESSING, Sample, SamplePage
from app.progress import Progress

if TYPE_CHECKING:
    from app.api.edge_impulse import EdgeImpulseClient

PAGE = 200


def sample_pages(
    edge_impulse: "EdgeImpulseClient",
    ei_project_id: int,
    *,
    category: str = POST_PROCESSING,
    search: str = "",
    progress: Progress,
) -> Iterator[SamplePage]:
    """The pages of a listing as they come; ends at the last one, and where a page brings nothing new.

    Raises as EdgeImpulseClient, and Cancelled.
    """
    seen: set[int] = set()
    while True:
        page = edge_impulse.samples(
            ei_project_id, category=category, offset=len(seen), limit=PAGE, search=search, progress=progress
        )
        new = tuple(sample for sample in page.samples if sample.sample_id not in seen)
        seen.update(sample.sample_id for sample in new)
        progress.report(len(seen), page.total_count, "Listing samples")
        yield SamplePage(new, page.total_count)
        if not new or len(seen) >= page.total_count:
            return


def list_samples(
    edge_impulse: "EdgeImpulseClient",
    ei_project_id: int,
    *,
    category: str = POST_PROCESSING,
    search: str = "",
    progress: Progress,
) -> tuple[Sample, ...]:
    """Every sample of a listing; raises as ``sample_pages``."""
    pages = sample_pages(edge_impulse, ei_project_id, category=category, search=search, progress=progress)
    return tuple(sample for page in pages for sample in page.samples)
