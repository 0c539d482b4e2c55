"""``--link CAMERA=SAMPLE[:BLOCK[:VARIANT]]`` turned into links, with what the project offers for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.api.edge_impulse import EdgeImpulseClient
from app.domain.finding import listed, quoted
from app.domain.impulse import Impulse
from app.domain.sample import Sample
from app.errors import InputError
from app.progress import Progress
from app.sync import fetch_impulses, list_samples, offered_variants
from app.workspace import CameraLink, Workspace


@dataclass(frozen=True)
class LinkSpec:
    """A link as it was typed; an empty block or variant leaves the choice to the project."""

    camera: str
    sample: str  # id or name
    block: str = ""
    variant: str = ""


def parse_link(text: str, cameras: Sequence[str]) -> LinkSpec:
    """Read one ``--link`` whose form was checked; raises InputError for a camera that does not exist."""
    camera, _, rest = text.partition("=")
    sample, block, variant = (*rest.split(":"), "", "")[:3]
    if camera not in cameras:
        raise InputError(f"The job has no camera {camera!r}.", next_step=f"It has {listed(cameras) or 'none'}.")
    return LinkSpec(camera, sample, block, variant)


class Linker:
    """Makes links to the samples of one project; asks for its impulses once."""

    def __init__(self, workspace: Workspace, edge_impulse: EdgeImpulseClient, project_id: int) -> None:
        self._workspace = workspace
        self._edge_impulse = edge_impulse
        self._project_id = project_id
        self._impulses: tuple[Impulse, ...] | None = None

    def link(self, spec: LinkSpec, progress: Progress) -> CameraLink:
        """The link that was meant; raises InputError naming what there is to choose from, and ApiError."""
        sample = self._sample(spec.sample, progress)
        impulse, block_id = self._block(spec.block, progress)
        variant = self._variant(impulse, spec.variant, progress)
        return CameraLink(spec.camera, self._project_id, sample.sample_id, sample.name, block_id, variant)

    def _sample(self, name: str, progress: Progress) -> Sample:
        if name.isdecimal():
            return self._edge_impulse.sample(self._project_id, int(name), progress)
        found = list_samples(self._edge_impulse, self._project_id, category="all", search=name, progress=progress)
        same = [sample for sample in found if sample.name == name]
        if len(same) == 1:
            return same[0]
        few = "several samples with" if same else "no sample with"
        candidates = listed(f"{sample.sample_id} ({quoted(sample.name)})" for sample in same or found)
        next_step = f"Name one by its id: {candidates}." if candidates else "List them with: pointproof samples."
        raise InputError(f"Project {self._project_id} has {few} the name {name!r}.", next_step=next_step)

    def _block(self, wanted: str, progress: Progress) -> tuple[Impulse, int]:
        if self._impulses is None:
            found = fetch_impulses(self._workspace, self._edge_impulse, self._project_id, progress=progress)
            self._impulses = found.impulses
        blocks = [(impulse, block.block_id) for impulse in self._impulses for block in impulse.tracking_blocks]
        chosen = next((found for found in blocks if wanted in ("", str(found[1]))), None)
        if chosen is not None:
            return chosen
        if not blocks:
            raise InputError(
                f"Project {self._project_id} has no block that tracks objects.", next_step="Add one in Studio."
            )
        raise InputError(
            f"Project {self._project_id} has no tracking block {wanted}.",
            next_step=f"It has {listed(str(block_id) for _, block_id in blocks)}.",
        )

    def _variant(self, impulse: Impulse, wanted: str, progress: Progress) -> str:
        offer = offered_variants(self._edge_impulse, self._project_id, impulse, progress=progress)
        if offer.problem:
            raise InputError(offer.problem)
        if wanted and wanted not in offer.variants:
            raise InputError(
                f"The project offers no variant {wanted!r}.", next_step=f"It has {listed(offer.variants)}."
            )
        return wanted or offer.recommended
