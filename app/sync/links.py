"""Guessing which Edge Impulse sample belongs to which camera, and what its project offers for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.impulse import Impulse, PostProcessingBlock
from app.domain.impulse.training import NOT_VARIANTS
from app.domain.sample import ModelVariant, Sample
from app.errors import ServiceError
from app.progress import Progress
from app.workspace import CameraLink

if TYPE_CHECKING:
    from app.api.edge_impulse import EdgeImpulseClient


@dataclass(frozen=True)
class VariantOffer:
    """The variants that results of an impulse can be asked for in; ``problem`` says why there are none."""

    variants: tuple[str, ...] = ()
    recommended: str = ""
    problem: str = ""


def offered_variants(
    edge_impulse: "EdgeImpulseClient", ei_project_id: int, impulse: Impulse, *, progress: Progress
) -> VariantOffer:
    """What the project offers for an impulse, and where it does not say, what the models were trained as.

    Raises as EdgeImpulseClient, but for a service that refuses this one question.
    """
    try:
        listed = edge_impulse.model_variants(ei_project_id, impulse_id=impulse.impulse_id, progress=progress)
    except ServiceError:
        listed = ()  # older installations do not know it
    return offer_of(impulse, listed)


def offer_of(impulse: Impulse, listed: Sequence[ModelVariant] = ()) -> VariantOffer:
    """The offer from what the project lists, else from the impulse itself."""
    enabled = [variant for variant in listed if variant.is_enabled and variant.variant not in NOT_VARIANTS]
    trained = impulse.variants
    variants = tuple(dict.fromkeys(variant.variant for variant in enabled)) or trained
    if not variants:
        problem = f"The models of {impulse.name or 'the impulse'} offer no variant. Train them in Studio first."
        return VariantOffer(problem=problem)
    first = sorted(enabled, key=lambda variant: (not variant.is_selected, not variant.is_reference))
    wished = (*trained[:1], *(variant.variant for variant in first))
    return VariantOffer(variants, next((name for name in wished if name in variants), variants[0]))


def suggest_links(
    cameras: Sequence[str],
    job_reference: str,
    samples: Iterable[Sample],
    impulses: Iterable[Impulse],
    *,
    ei_project_id: int,
    offers: Mapping[int, VariantOffer] = MappingProxyType({}),
) -> tuple[CameraLink, ...]:
    """A link for each camera whose name is in the name of a sample, the longest camera name taking the sample.

    Of several samples the one that also names the job wins, then the newest. The block is the first that tracks
    objects and has a variant, the recommended one, by the ``offers`` for an impulse's id or else by the impulse itself;
    without such a block there is nothing to suggest.
    """
    found = _tracker(impulses, offers)
    if found is None:
        return ()
    block, variant = found
    best: dict[str, Sample] = {}
    for sample in samples:
        camera = _camera_of(sample, cameras)
        if camera and (camera not in best or _rank(sample, job_reference) > _rank(best[camera], job_reference)):
            best[camera] = sample
    return tuple(
        CameraLink(camera, ei_project_id, best[camera].sample_id, best[camera].name, block.block_id, variant)
        for camera in cameras
        if camera in best
    )


def _tracker(impulses: Iterable[Impulse], offers: Mapping[int, VariantOffer]) -> tuple[PostProcessingBlock, str] | None:
    for impulse in impulses:
        offer = offers.get(impulse.impulse_id) or offer_of(impulse)
        for block in impulse.tracking_blocks:
            if offer.recommended:
                return block, offer.recommended
    return None


def _camera_of(sample: Sample, cameras: Iterable[str]) -> str:
    name = sample.name.casefold()
    return max((camera for camera in cameras if camera and camera.casefold() in name), key=len, default="")


def _rank(sample: Sample, job_reference: str) -> tuple[bool, int]:
    names_job = bool(job_reference) and job_reference.casefold() in sample.name.casefold()
    return names_job, sample.sample_id
