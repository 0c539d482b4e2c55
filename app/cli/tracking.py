"""``pointproof tracking``: boxes and pictures of linked samples into a workspace."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from app.api.edge_impulse import EdgeImpulseClient
from app.cli.bar import progress_bar
from app.cli.camera_links import Linker, parse_link
from app.cli.edge_impulse import key_info, object_tracking
from app.cli.exit_codes import FAILED, FINE
from app.cli.inspect_cameras import describe_origin, describe_placement
from app.cli.inspection import to_json
from app.cli.tracking_report import CameraTrackingReport, LogRow, TrackingReport, lines
from app.cli.windows import Windows
from app.errors import AppError, InputError, KeyRefusedError, WorkspaceError
from app.jobs import LocalJob, open_workspace_job
from app.progress import Progress
from app.settings import load_settings
from app.sync import (
    MediaStep,
    TrackingState,
    TrackingStep,
    classify_sample,
    download_sample_media,
    download_tracking,
    needs_sample_media,
)
from app.workspace import CameraLink, Workspace


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Link, fetch, report; a camera that fails does not keep the others from coming. Raises AppError."""
    root: Path = options.workspace or load_settings().workspace_path
    with object_tracking() as edge_impulse, Workspace.open(root) as workspace:
        job = open_workspace_job(workspace, options.job)
        try:
            links = _links(job, workspace, edge_impulse, options.link)
            fetching = _Fetching(job, workspace, edge_impulse, classify=options.classify, refresh=options.refresh)
            cameras = tuple(fetching.camera(link) for link in links)
        finally:
            job.close()
    report = TrackingReport(str(root), job.job_id, job.name, cameras)
    sys.stdout.write((to_json(report) if options.json else "\n".join(lines(report))) + "\n")
    return FINE if all(camera.complete for camera in cameras) else FAILED


def _links(
    job: LocalJob, workspace: Workspace, edge_impulse: EdgeImpulseClient, texts: list[str]
) -> tuple[CameraLink, ...]:
    """The links that were typed, remembered for the job; without any, those that it has."""
    specs = [parse_link(text, job.cameras) for text in texts]
    with progress_bar("Linking") as progress:
        project_id = key_info(edge_impulse, progress).project_id
        linker = Linker(workspace, edge_impulse, project_id)
        made = [linker.link(spec, progress) for spec in specs]
    if made:
        workspace.save_camera_links(job.job_id, made)
        return tuple(made)
    known = workspace.camera_links(job.job_id)
    if not known:
        raise InputError(f"No camera of {job.name} is linked yet.", next_step="Link one with --link CAMERA=SAMPLE.")
    return known


@dataclass(frozen=True)
class _Fetching:
    """Fetches for one job; ``classify`` is the user's yes to the compute time that it takes."""

    job: LocalJob
    workspace: Workspace
    edge_impulse: EdgeImpulseClient
    classify: bool
    refresh: bool

    def camera(self, link: CameraLink) -> CameraTrackingReport:
        """Results and pictures of one camera; raises only what other cameras would meet too."""
        try:
            with progress_bar(f"Camera {link.camera}") as progress:
                step = self._results(link, progress)
                media = self._media(link, progress)
        except (KeyRefusedError, WorkspaceError):
            raise
        except AppError as error:
            step, media = TrackingStep(TrackingState.FAILED, str(error)), None
        return _report(self.job, link, step, media)

    def _results(self, link: CameraLink, progress: Progress) -> TrackingStep:
        """Fetch results that are not here, and have them made where that was asked for."""
        if self.workspace.find(link.answer_address) is not None and not self.refresh:
            return TrackingStep(TrackingState.STORED, f"The results of {link.sample_name} were here already.")
        step = download_tracking(self.workspace, self.edge_impulse, link, progress=progress)
        if not (self.classify and step.can_classify):
            return step
        return classify_sample(self.workspace, self.edge_impulse, link, progress=progress)

    def _media(self, link: CameraLink, progress: Progress) -> MediaStep | None:
        if not needs_sample_media(self.workspace, self.job.sequence, link):
            return None
        return download_sample_media(self.workspace, self.edge_impulse, link, progress=progress, refresh=self.refresh)


def _report(job: LocalJob, link: CameraLink, step: TrackingStep, media: MediaStep | None) -> CameraTrackingReport:
    known = job.tracking_of(link.camera)
    return CameraTrackingReport(
        camera=link.camera,
        sample_id=link.sample_id,
        sample=link.sample_name,
        block_id=link.block_id,
        variant=link.variant,
        state=step.state.value,
        message=step.message,
        job_id=step.job_id,
        log=tuple(LogRow(line.level, line.text) for line in step.log),
        pictures=media.state.value if media else None,
        pictures_message=media.message if media else None,
        placement=describe_placement(known),
        origin=describe_origin(known),
    )
