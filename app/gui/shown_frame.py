"""What a time step shows of its files, made whole on a worker thread and swapped in at once."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtGui import QImage

from app.domain.coloring import Coloring
from app.domain.cuts import Cuts
from app.domain.finding import Finding
from app.domain.point_look import PointLook
from app.domain.sequence import Frame
from app.domain.visibility import Visibility
from app.errors import AppError
from app.gui.saved_views import SavedView
from app.jobs import LocalJob
from app.progress import Progress
from app.scene.prepared import PreparedCloud, prepare_cloud
from app.scene.views import CameraPlacement


@dataclass(frozen=True)
class Picture:
    """One camera at one frame: its image, or in ``problem`` why there is none.

    ``of_job``: taken by the job's own camera, so that its lens and place hold for it; a linked sample's may be scaled.
    """

    camera: str
    image: QImage | None = None
    problem: str = ""
    of_job: bool = True

    @property
    def bytes(self) -> int:
        """Memory of the pixels."""
        return self.image.sizeInBytes() if self.image is not None else 0


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
        """Whether everything that the document names for this frame was there and could be used."""
        record = self.frame.record
        cloud = self.frame.cloud is not None or not record.scan_url
        mask = self.frame.mask is not None or not record.mask_url
        return cloud and mask and all(picture.image is not None for picture in self.pictures.values())

    @property
    def bytes(self) -> int:
        """Memory this frame holds, for the cache limit."""
        cloud = self.frame.cloud
        points = 0 if cloud is None else cloud.xyz.nbytes + sum(column.nbytes for column in cloud.columns.values())
        prepared = 0 if self.prepared is None else self.prepared.bytes
        return points + prepared + sum(picture.bytes for picture in self.pictures.values())


@dataclass(frozen=True)
class OpenedJob:
    """A job with what only the disk knows about it, looked up on a worker thread, and how to look at it first.

    ``placement`` None: from where every job is looked at first; else ``view`` is its name, empty where it has none.
    ``coloring``, ``cuts`` and ``look`` None: as they are. ``settled``: no file of it is on its way, so that a frame is
    shown with what there is of it.
    """

    job: LocalJob
    local_frames: frozenset[int]  # frames whose cloud and mask are here
    whole: bool  # nothing that the document names is missing
    findings: tuple[Finding, ...] = ()  # of the document
    settled: bool = False
    first_frame: int = 0
    visibility: Visibility = field(default_factory=Visibility)
    view: str = ""
    placement: CameraPlacement | None = None
    coloring: Coloring | None = None
    cuts: Cuts | None = None
    look: PointLook | None = None
    saved_views: Mapping[int, SavedView] = field(default_factory=dict)


def look_at(job: LocalJob, *, settled: bool = False) -> OpenedJob:
    """Look which frames of a job are on this machine; runs on a worker thread."""
    local = frozenset(index for index in range(len(job.sequence)) if job.has_frame(index))
    return OpenedJob(job, local, whole=not job.missing_urls, findings=job.findings(), settled=settled)


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
    except AppError as error:
        return Picture(camera, problem=str(error))
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    wrapped = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    image = wrapped.convertToFormat(QImage.Format.Format_RGB32)  # owns its pixels, paints fast
    return Picture(camera, image, of_job=not job.pictures.shows_sample(index, camera))


class FrameCache:
    """Recently shown frames up to a number of bytes; the oldest go first."""

    def __init__(self, *, limit: int = 768 << 20) -> None:
        self._limit = limit
        self._frames: OrderedDict[int, ShownFrame] = OrderedDict()

    def __contains__(self, index: int) -> bool:
        return index in self._frames

    def get(self, index: int) -> ShownFrame | None:
        """A kept frame, marked as used."""
        shown = self._frames.get(index)
        if shown is not None:
            self._frames.move_to_end(index)
        return shown

    def put(self, shown: ShownFrame) -> None:
        """Keep a frame and drop the oldest beyond the limit; the newest always stays."""
        self._frames[shown.index] = shown
        self._frames.move_to_end(shown.index)
        while len(self._frames) > 1 and sum(kept.bytes for kept in self._frames.values()) > self._limit:
            self._frames.popitem(last=False)

    def drop_incomplete(self, index: int) -> None:
        """Forget a frame whose pictures were not all there."""
        shown = self._frames.get(index)
        if shown is not None and not shown.complete:
            del self._frames[index]

    def clear(self) -> None:
        """Forget every frame."""
        self._frames.clear()

    def frames(self) -> tuple[ShownFrame, ...]:
        """All kept frames."""
        return tuple(self._frames.values())
