"""What a time step shows of its files, made whole on a worker thread and swapped in at once."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.domain.box_look import BoxLook
from app.domain.camera import fold_radii
from app.domain.coloring import Coloring
from app.domain.cuts import Cuts
from app.domain.finding import Finding
from app.domain.point_look import ImagePoints, PointLook
from app.domain.sequence import Frame, Sequence
from app.domain.visibility import Visibility
from app.errors import AppError
from app.gui.picture_pixels import halved, picture_of
from app.gui.saved_views import SavedView
from app.jobs import LocalJob
from app.progress import Progress
from app.scene.prepared import PreparedCloud, prepare_cloud
from app.scene.views import CameraPlacement
from app.workspace.addresses import url_key


@dataclass(frozen=True)
class Picture:
    """One camera at one frame: its image, or in ``problem`` why there is none.

    ``half`` is the image at half its width and height, made on the worker thread for views that are smaller still.
    ``of_job``: taken by the job's own camera; a linked sample's may be of another size and of another time.
    """

    camera: str
    image: QImage | None = None
    problem: str = ""
    of_job: bool = True
    half: QImage | None = None
    turned: int = 1  # how it wants to be turned, as EXIF counts; it is shown as stored

    @property
    def bytes(self) -> int:
        """Memory of the pixels."""
        return sum(image.sizeInBytes() for image in (self.image, self.half) if image is not None)


@dataclass(frozen=True)
class ShownFrame:
    """A decoded frame with what drawing it needs; never changed, only replaced."""

    frame: Frame
    prepared: PreparedCloud | None
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def index(self) -> int:
        """Position in the sequence."""
        return self.frame.index

    @property
    def complete(self) -> bool:
        """Whether everything that the document names for this frame was there and could be used, and was there
        already when the frame was checked: a picture that came right after would leave a finding that is not true."""
        record = self.frame.record
        cloud = self.frame.cloud is not None or not record.scan_url
        mask = self.frame.mask is not None or not record.mask_url
        missed = any(finding.rule == "image.unreadable" for finding in self.frame.findings)
        return cloud and mask and not missed and all(picture.image is not None for picture in self.pictures.values())

    @property
    def bytes(self) -> int:
        """Memory this frame holds: arrays that share theirs count once, views count what they keep alive."""
        parts = (self.frame.cloud, self.frame.mask, self.prepared)
        held = {id(array): array.nbytes for part in parts for array in _arrays(part)}
        return sum(held.values()) + sum(picture.bytes for picture in self.pictures.values())


@dataclass(frozen=True)
class OpenedJob:
    """A job with what only the disk knows about it, looked up on a worker thread, and how to look at it first.

    ``placement`` None: from where every job is looked at first; else ``view`` is its name, empty where it has none.
    ``coloring``, ``cuts``, ``look``, ``image_points`` and ``boxes`` None: as they are. ``settled``: no file of it is on
    its way, so that a frame is shown with what there is of it.
    """

    job: LocalJob
    local_frames: frozenset[int]  # frames whose cloud and mask are here
    whole: bool  # nothing that the document names is missing
    findings: tuple[Finding, ...] = ()  # of the document
    settled: bool = False
    damaged: frozenset[int] = frozenset()  # frames of which a file was found damaged
    first_frame: int = 0
    visibility: Visibility = field(default_factory=Visibility)
    view: str = ""
    placement: CameraPlacement | None = None
    coloring: Coloring | None = None
    cuts: Cuts | None = None
    look: PointLook | None = None
    image_points: ImagePoints | None = None
    boxes: BoxLook | None = None
    saved_views: Mapping[int, SavedView] = field(default_factory=dict)


def look_at(job: LocalJob, *, settled: bool = False) -> OpenedJob:
    """Look which frames of a job are on this machine; runs on a worker thread."""
    for camera in job.sequence.cameras:
        if camera.intrinsics is not None:
            fold_radii(camera.intrinsics)  # kept from here on, so that the GUI thread need not work it out
    local = frozenset(index for index in range(len(job.sequence)) if job.has_frame(index))
    return OpenedJob(job, local, whole=not job.missing_urls, findings=job.findings(), settled=settled)


def frames_needing(sequence: Sequence, url_keys: Set[str]) -> frozenset[int]:
    """The frames that need one of these files, named by ``Damage.url_key``; hashes every address: for a worker."""
    if not url_keys:
        return frozenset()
    return frozenset(
        index for index, frame in enumerate(sequence.frames) if any(url_key(url) in url_keys for url in frame.urls)
    )


def load_frame(job: LocalJob, index: int, progress: Progress) -> ShownFrame:
    """Decode cloud, mask and pictures of one frame; runs on a worker thread. Raises only what cannot be shown
    as a finding of the frame."""
    frame = job.load_frame(index)
    progress.check()
    prepared = None if frame.cloud is None else prepare_cloud(frame.cloud, frame.mask)
    progress.check()
    return with_pictures(job, ShownFrame(frame, prepared), progress)


def with_pictures(job: LocalJob, shown: ShownFrame, progress: Progress) -> ShownFrame:
    """The frame with the pictures that are on disk now; those it already has are kept."""
    pictures = dict(shown.pictures)
    for camera in (camera.name for camera in job.sequence.cameras):
        if pictures.get(camera, Picture(camera)).image is None:
            pictures[camera] = load_picture(job, shown.index, camera)
            progress.check()
    return replace(shown, pictures=pictures)


def load_picture(job: LocalJob, index: int, camera: str) -> Picture:
    """Decode one camera image to a QImage; what is wrong with it becomes its text."""
    try:
        pixels = job.load_image(index, camera)
        turned = job.pictures.orientation(index, camera)
    except AppError as error:
        return Picture(camera, problem=str(error))
    image = picture_of(pixels)
    of_job = not job.pictures.shows_sample(index, camera)
    return Picture(camera, image, of_job=of_job, half=halved(image), turned=turned)


def _arrays(part: object) -> Iterator[NDArray[Any]]:
    """The arrays that own what a value refers to, those included that it computed once and keeps."""
    for value in vars(part).values() if part is not None else ():
        for array in value.values() if isinstance(value, Mapping) else (value,):
            if isinstance(array, np.ndarray):
                yield _owner(array)


def _owner(array: NDArray[Any]) -> NDArray[Any]:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
