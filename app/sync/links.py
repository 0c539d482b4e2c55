"""Guessing which Edge Impulse sample belongs to which camera."""

from collections.abc import Iterable, Sequence

from app.domain.impulse import Impulse, PostProcessingBlock
from app.domain.sample import Sample
from app.workspace import CameraLink


def suggest_links(
    cameras: Sequence[str],
    job_reference: str,
    samples: Iterable[Sample],
    impulses: Iterable[Impulse],
    *,
    ei_project_id: int,
) -> tuple[CameraLink, ...]:
    """A link for each camera whose name is in the name of a sample, the longest camera name taking the sample.

    Of several samples the one that also names the job wins, then the newest. The block is the first that tracks
    objects, in the variant its impulse recommends; without such a block there is nothing to suggest.
    """
    found = _tracker(impulses)
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


def _tracker(impulses: Iterable[Impulse]) -> tuple[PostProcessingBlock, str] | None:
    for impulse in impulses:
        for block in impulse.tracking_blocks:
            return block, next(iter(impulse.variants), "")
    return None


def _camera_of(sample: Sample, cameras: Iterable[str]) -> str:
    name = sample.name.casefold()
    return max((camera for camera in cameras if camera and camera.casefold() in name), key=len, default="")


def _rank(sample: Sample, job_reference: str) -> tuple[bool, int]:
    names_job = bool(job_reference) and job_reference.casefold() in sample.name.casefold()
    return names_job, sample.sample_id
