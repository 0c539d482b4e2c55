"""Fetching again what is damaged in a workspace."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import TYPE_CHECKING

from app.errors import AppError, WorkspaceError
from app.progress import Progress
from app.sync.download import DownloadSummary, download_job
from app.sync.sample_media import MediaState, download_sample_media
from app.sync.tracking import download_tracking, fetch_impulses
from app.sync.tracking_steps import TrackingState
from app.workspace import CameraLink, Damage, StoredJob, Workspace
from app.workspace.addresses import impulses_address, url_key
from app.workspace.records import DELIVERED

if TYPE_CHECKING:
    from app.api.edge_impulse import EdgeImpulseClient
    from app.api.telus import TelusClient

_FROM_EDGE_IMPULSE = "edge-impulse:"


def repair(
    workspace: Workspace,
    damages: Iterable[Damage],
    *,
    telus: "TelusClient | None",
    edge_impulse: "EdgeImpulseClient | None",
    progress: Progress,
) -> tuple[str, ...]:
    """Fetch damaged files again, job by job; returns a sentence for each that did not come.

    A client that is None stands for a missing key. Of a job that only a bundle brought the annotation service is not
    asked. What no job asks for any more is given up. Raises WorkspaceError
    for what would stop every file, and Cancelled.
    """
    found = tuple(damages)
    told: list[str] = []
    jobs = [job for job in workspace.jobs() if any(job.job_id in damage.job_ids for damage in found)]
    for number, job in enumerate(jobs):
        progress.report(number, len(jobs), f"Fetching {job.name}")
        mine = [damage for damage in found if job.job_id in damage.job_ids]
        tracked = {damage.url_key for damage in mine if damage.shown_url.startswith(_FROM_EDGE_IMPULSE)}
        others = {damage.url_key for damage in mine} - tracked
        told += _told(job, _files(workspace, telus, job, others, progress))
        told += _told(job, _tracking(workspace, edge_impulse, job, tracked, progress))
    workspace.give_up(damage.url_key for damage in found if not damage.job_ids)
    return tuple(told)


def _told(job: StoredJob, problems: Iterator[str]) -> list[str]:
    """What did not come; only what would stop every job is raised."""
    try:
        return [f"{job.name}: {problem}" for problem in problems]
    except WorkspaceError:
        raise
    except AppError as error:
        return [f"{job.name}: {error}"]


def _files(
    workspace: Workspace, telus: "TelusClient | None", job: StoredJob, keys: Set[str], progress: Progress
) -> Iterator[str]:
    if not keys:
        return
    if job.project_id == DELIVERED:
        if any(workspace.bundled.find(key) is None for key in keys):  # another job may have brought them meanwhile
            yield "It came with a bundle, and no service has it. Import the bundle again."
        return
    if telus is None:
        yield "There is no API key for the annotation service. Set POINTPROOF_TELUS_API_KEY."
        return
    summary = download_job(workspace, telus, project_id=job.project_id, job_id=job.job_id, progress=progress.part())
    yield from (problem.message for problem in summary.problems)
    workspace.give_up(keys - _asked_for(summary))


def _asked_for(summary: DownloadSummary) -> set[str]:
    """Keys of what the job needs by its document: a result that was asked for again may lie at another address."""
    urls = {url for frame in summary.sequence.frames for url in frame.urls}
    return {summary.job.result_key, *map(url_key, urls)}


def _tracking(
    workspace: Workspace,
    edge_impulse: "EdgeImpulseClient | None",
    job: StoredJob,
    keys: Set[str],
    progress: Progress,
) -> Iterator[str]:
    needs = _needs(workspace.camera_links(job.job_id))
    asked_for = sorted(keys & set(needs))
    if asked_for and edge_impulse is None:
        yield "There is no API key for the object-tracking service. Set POINTPROOF_EDGE_IMPULSE_API_KEY."
    elif edge_impulse is not None:
        for key in asked_for:
            yield from _fetched(workspace, edge_impulse, *needs[key], progress.part())
    if keys - set(needs):
        workspace.give_up(keys - set(needs))
        yield "Damaged files of the object-tracking service that no camera is linked to were let go of."


def _fetched(
    workspace: Workspace, edge_impulse: "EdgeImpulseClient", link: CameraLink, address: str, progress: Progress
) -> Iterator[str]:
    """Fetch what lies under an address unless it came with another; why it did not come."""
    if workspace.find(address) is not None:
        return
    if address == impulses_address(link.ei_project_id):
        fetch_impulses(workspace, edge_impulse, link.ei_project_id, progress=progress)
    elif address in (link.answer_address, link.request_address):
        step = download_tracking(workspace, edge_impulse, link, progress=progress)
        if step.state is not TrackingState.STORED:
            yield step.message
    else:
        media = download_sample_media(workspace, edge_impulse, link, progress=progress, refresh=True)
        if media.state is not MediaState.STORED:
            yield media.message


def _needs(links: Iterable[CameraLink]) -> Mapping[str, tuple[CameraLink, str]]:
    """Which link a file of the object-tracking service belongs to and its address, by its key."""
    return {url_key(address): (link, address) for link in links for address in link.addresses}
