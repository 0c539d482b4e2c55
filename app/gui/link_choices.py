"""What cameras can be linked to, asked from the service on a worker thread."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.domain.impulse import Impulse
from app.domain.sample import KeyInfo, Sample
from app.gui.services import Services
from app.progress import Progress
from app.sync import VariantOffer, fetch_impulses, offered_variants, suggest_links
from app.workspace import CameraLink

if TYPE_CHECKING:
    from app.api.edge_impulse import EdgeImpulseClient

PAGE = 200  # samples that are offered without a search; the service sorts the newest first
NEAR = 20  # samples whose name has that of a camera
_STEPS = 4


@dataclass(frozen=True)
class BlockChoice:
    """A post-processing block that tracks objects, named after its impulse, and the variants it can be asked for."""

    block_id: int
    text: str
    offer: VariantOffer


@dataclass(frozen=True)
class LinkChoices:
    """What the key opens, what can be linked, what is linked, and what names suggest.

    ``problems`` are sentences about the key; ``sample_count`` is how many samples the category has.
    """

    key: KeyInfo
    problems: tuple[str, ...]
    samples: tuple[Sample, ...]
    sample_count: int
    blocks: tuple[BlockChoice, ...]
    links: tuple[CameraLink, ...]
    suggested: tuple[CameraLink, ...]

    @property
    def ei_project_id(self) -> int:
        """The project that the key opens."""
        return self.key.project_id

    def link(self, camera: str) -> CameraLink | None:
        """The link in force, else the suggested one."""
        return next((link for link in (*self.links, *self.suggested) if link.camera == camera), None)


def load_choices(
    services: Services, cameras: tuple[str, ...], *, job_name: str, job_id: str, progress: Progress
) -> LinkChoices:
    """Ask for the key's project, its samples, impulses and variants; raises as EdgeImpulseClient and Workspace do."""
    client = services.edge_impulse()
    progress.report(0, _STEPS, "Asking which project the key opens")
    key = client.key_info(progress)
    progress.report(1, _STEPS, "Listing samples")
    samples, count = _samples(client, key.project_id, cameras, progress)
    progress.report(2, _STEPS, "Listing impulses")
    impulses = fetch_impulses(services.workspace, client, key.project_id, progress=progress).impulses
    progress.report(3, _STEPS, "Listing variants")
    offers = {
        impulse.impulse_id: offered_variants(client, key.project_id, impulse, progress=progress)
        for impulse in impulses
        if impulse.tracking_blocks
    }
    suggested = suggest_links(cameras, job_name, samples, impulses, ei_project_id=key.project_id, offers=offers)
    return LinkChoices(
        key=key,
        problems=key.problems(datetime.now(UTC)),
        samples=samples,
        sample_count=count,
        blocks=tuple(_blocks(impulses, offers)),
        links=services.workspace.camera_links(job_id),
        suggested=suggested,
    )


def _samples(
    client: "EdgeImpulseClient", project_id: int, cameras: Iterable[str], progress: Progress
) -> tuple[tuple[Sample, ...], int]:
    """The newest samples; where there are more, also those that the names of the cameras find, and how many in all."""
    page = client.samples(project_id, limit=PAGE, progress=progress)
    found = {sample.sample_id: sample for sample in page.samples}
    if page.total_count > len(page.samples):
        for camera in cameras:
            near = client.samples(project_id, search=camera, limit=NEAR, progress=progress)
            found |= {sample.sample_id: sample for sample in near.samples}
    return tuple(found.values()), page.total_count


def _blocks(impulses: Iterable[Impulse], offers: Mapping[int, VariantOffer]) -> Iterator[BlockChoice]:
    for impulse in impulses:
        for block in impulse.tracking_blocks:
            yield BlockChoice(
                block.block_id, f"{impulse.name} · {block.name or block.type}", offers[impulse.impulse_id]
            )
