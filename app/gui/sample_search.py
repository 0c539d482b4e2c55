"""Samples of a project by category and name, asked from the service page by page."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.domain.sample import Sample, SamplePage
from app.errors import AppError
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.progress import Progress

PAGE = 100
_KEY = "sample-search"


@dataclass(frozen=True)
class FoundSamples:
    """The samples found so far; ``total`` is how many the service has of them."""

    category: str
    search: str
    samples: tuple[Sample, ...] = ()
    total: int = 0

    @property
    def has_more(self) -> bool:
        """Whether another page may be asked for."""
        return len(self.samples) < self.total

    def with_page(self, page: SamplePage) -> "FoundSamples":
        """This plus a page; one that brings nothing new is the last, whatever total the service tells."""
        known = {sample.sample_id for sample in self.samples}
        samples = self.samples + tuple(sample for sample in page.samples if sample.sample_id not in known)
        total = page.total_count if len(samples) > len(self.samples) else len(samples)
        return FoundSamples(self.category, self.search, samples, total)


class SampleSearch(QObject):
    """One search at a time: a new one drops what an earlier one still brings."""

    found = Signal(object)  # FoundSamples
    failed = Signal(object)  # AppError

    def __init__(self, services: Services, runner: TaskRunner, ei_project_id: int, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._ei_project_id = ei_project_id
        self._known = FoundSamples("", "")
        self._asking = False

    def start(self, category: str, search: str) -> None:
        """Look for samples of a category whose name has ``search`` in it."""
        self._ask(FoundSamples(category, search.strip()))

    def more(self) -> None:
        """Ask for the next page, unless one is under way or this was the last."""
        if not self._asking and self._known.has_more:
            self._ask(self._known)

    def stop(self) -> None:
        """Nothing of it is wanted any more."""
        self._runner.cancel_key(_KEY)

    def _ask(self, known: FoundSamples) -> None:
        services, project_id = self._services, self._ei_project_id

        def work(progress: Progress) -> FoundSamples:
            page = services.edge_impulse().samples(
                project_id,
                category=known.category,
                search=known.search,
                offset=len(known.samples),
                limit=PAGE,
                progress=progress,
            )
            return known.with_page(page)

        self._asking = True
        self._runner.run(
            work,
            title="Looking for samples",
            key=_KEY,
            quiet=True,
            on_success=self._on_found,
            on_failure=self._on_failed,
        )

    def _on_found(self, found: FoundSamples) -> None:
        self._asking, self._known = False, found
        self.found.emit(found)

    def _on_failed(self, error: AppError) -> None:
        self._asking = False
        self.failed.emit(error)
