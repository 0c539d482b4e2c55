"""Fetching what a linked sample shows: its video, or its picture."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Literal

from app.domain.sample import IMAGE, VIDEO, Sample
from app.domain.sequence import Sequence
from app.formats.images import check_image_kind
from app.formats.video import check_video_kind
from app.progress import Progress
from app.sync.tracking_steps import name_of
from app.workspace import CameraLink, PictureSource, Workspace
from app.workspace.addresses import sample_media_address

if TYPE_CHECKING:
    from app.api.answers import Received
    from app.api.edge_impulse import EdgeImpulseClient


class MediaState(StrEnum):
    """Where a sample's own pictures are."""

    STORED = "stored"
    PROCESSING = "processing"  # on the service's side
    FAILED = "failed"


@dataclass(frozen=True)
class MediaStep:
    """A state with a sentence for the user."""

    state: MediaState
    message: str


def needs_sample_media(workspace: Workspace, sequence: Sequence, link: CameraLink, *, arriving: bool = False) -> bool:
    """Whether a link's camera shows pictures of its sample: by choice, or as the job's own are not all here.

    ``arriving``: the job's files are still on their way, so only frames count for which it names no picture.
    """
    if link.pictures is not PictureSource.AUTO:
        return link.pictures is PictureSource.SAMPLE
    images = (frame.image(link.camera) for frame in sequence.frames)
    return any(
        image is None or not image.url or (not arriving and workspace.find(image.url) is None) for image in images
    )


def download_sample_media(
    workspace: Workspace,
    edge_impulse: "EdgeImpulseClient",
    link: CameraLink,
    *,
    progress: Progress,
    refresh: bool = False,
) -> MediaStep:
    """Fetch the video or the picture of a link's sample unless it is here; ``refresh`` fetches it all the same.

    Raises as EdgeImpulseClient and Workspace do, ImageFormatError for what is neither, and Cancelled.
    """
    name = name_of(link)
    if not refresh and any(workspace.find(_address(link, kind)) for kind in ("video", "image")):
        return MediaStep(MediaState.STORED, f"The pictures of {name} are here.")
    progress.report(0, None, f"Asking for the sample {name}")
    sample = edge_impulse.sample(link.ei_project_id, link.sample_id, progress)
    trouble = _trouble(sample)
    if trouble is not None:
        return trouble
    _fetch(workspace, edge_impulse, link, sample, progress)
    return MediaStep(MediaState.STORED, f"The pictures of {name} are here.")


def _trouble(sample: Sample) -> MediaStep | None:
    """Why the service has nothing to fetch yet."""
    if sample.problem:
        message = f"Edge Impulse could not process {sample.name}: {sample.problem} Upload it again in Studio."
        return MediaStep(MediaState.FAILED, message)
    if sample.is_processing:
        return MediaStep(MediaState.PROCESSING, f"Edge Impulse is still processing {sample.name}. Refresh later.")
    if sample.kind not in (VIDEO, IMAGE, ""):
        return MediaStep(MediaState.FAILED, f"{sample.name} is a {sample.kind}, which has no pictures to show.")
    return None


def _fetch(
    workspace: Workspace, edge_impulse: "EdgeImpulseClient", link: CameraLink, sample: Sample, progress: Progress
) -> None:
    is_image = sample.kind == IMAGE
    ask: Callable[..., Received] = edge_impulse.sample_image if is_image else edge_impulse.sample_video
    check: Callable[[BinaryIO], object] = check_image_kind if is_image else check_video_kind

    def on_bytes(done: int, total: int | None) -> None:
        progress.report(done, total, f"Fetching {sample.name}")

    with workspace.receive(_address(link, "image" if is_image else "video")) as sink:
        received = ask(link.ei_project_id, link.sample_id, sink, on_bytes=on_bytes, progress=progress)
        sink.media_type = received.media_type
        check(io.BytesIO(sink.head))  # what is no such file is not kept


def _address(link: CameraLink, kind: Literal["video", "image"]) -> str:
    return sample_media_address(ei_project_id=link.ei_project_id, sample_id=link.sample_id, kind=kind)
