"""Listing samples page by page."""

import pytest

from app.domain.sample import Sample, SamplePage
from app.progress import Cancelled, Progress
from app.sync import list_samples, sample_pages


class Pages:
    """A service with so many samples, or one that is not quite right about them."""

    def __init__(self, numbers: list[int], *, total: int | None = None, repeats: bool = False) -> None:
        self.numbers = numbers
        self.total = len(numbers) if total is None else total
        self.repeats = repeats
        self.asked: list[dict[str, object]] = []

    def samples(
        self, _project_id: int, *, category: str, offset: int, limit: int, search: str, progress: Progress
    ) -> SamplePage:
        self.asked.append({"category": category, "offset": offset, "search": search})
        start = 0 if self.repeats else offset
        found = tuple(Sample(number, f"sample {number}") for number in self.numbers[start : start + limit])
        return SamplePage(found, self.total)


def ids(service: Pages) -> list[int]:
    return [sample.sample_id for sample in list_samples(service, 7, progress=Progress())]


def test_every_page_is_listed_once() -> None:
    service = Pages(list(range(450)))
    assert ids(service) == list(range(450))
    assert [asked["offset"] for asked in service.asked] == [0, 200, 400]


def test_category_and_search_go_along_with_every_page() -> None:
    service = Pages(list(range(201)))
    list_samples(service, 7, category="testing", search="front", progress=Progress())
    assert {(asked["category"], asked["search"]) for asked in service.asked} == {("testing", "front")}


def test_a_service_that_repeats_its_first_page_does_not_go_on_for_ever() -> None:
    assert ids(Pages(list(range(300)), repeats=True)) == list(range(200))


@pytest.mark.parametrize("total", [0, 10**9])
def test_a_wrong_total_does_not_go_on_for_ever(total: int) -> None:
    assert ids(Pages([1, 2, 3], total=total)) == [1, 2, 3]


def test_listing_ends_at_once_when_cancelled() -> None:
    progress = Progress()
    service = Pages(list(range(900)))
    pages = sample_pages(service, 7, progress=progress)
    next(pages)
    progress.cancel()
    with pytest.raises(Cancelled):
        next(pages)
