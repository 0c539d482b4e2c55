"""A job whose files are on this machine, or arriving."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

from app.checks.integrity import check_frame, check_sequence, check_tracking, check_video
from app.checks.poses import check_poses
from app.domain.arrays import Bytes
from app.domain.finding import Finding
from app.domain.mask import Mask
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import PointCloud
from app.domain.sequence import Frame, Sequence, SequenceFrame
from app.domain.tracking import Size, Tracking
from app.errors import InputError
from app.formats.clouds import read_cloud
from app.formats.masks import decode_mask, is_cloud_with_keys, key_column, mask_of_cloud
from app.jobs.camera_tracking import CameraTracking, FrameBoxes, read_tracking
from app.jobs.files import JobFiles, attempt, read_capped, require
from app.jobs.job_rig import JobRig
from app.jobs.pictures import Pictures
from app.jobs.track_summary import TrackSummary
from app.memory import available_bytes
from app.workspace import CameraLink
from app.workspace.local_files import LocalFile

_HEAD = 512  # bytes that tell the kind of a file
_NO_TRACKS: Mapping[str, Tracking] = MappingProxyType({})
_Stamp = tuple[LocalFile | None, CameraLink | None, LocalFile | None, LocalFile | None, LocalFile | None]


def _keep_open() -> None:
    pass


class LocalJob:
    """A job by its sequence and its files; safe to use from any thread."""

    def __init__(
        self,
        name: str,
        sequence: Sequence,
        files: JobFiles,
        *,
        tracks: Mapping[str, Tracking] = _NO_TRACKS,
        job_id: str = "",
        on_close: Callable[[], None] = _keep_open,
    ) -> None:
        self.name = name
        self.sequence = sequence
        self.files = files
        self.job_id = job_id  # of the annotation service; empty where none is known
        self._tracks = tracks  # that came with the job, by camera, in pixels of its pictures
        self._on_close = on_close
        self._held = 0
        self._closed = False
        self.pictures = Pictures(sequence, files)
        self.rig = JobRig(sequence, self.pictures, chosen=files.pose_convention())
        self._tracking: dict[str, tuple[_Stamp, CameraTracking]] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Release what opening the job took, as soon as nobody holds it; a workspace that was handed in stays open."""
        with self._lock:
            self._closed = True
            if self._held:
                return
        self._release()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Its files can be read to the end of the block, even when it is closed meanwhile; raises InputError where it
        is closed already."""
        with self._lock:
            if self._closed:
                raise InputError("The job was closed.", next_step="Open it again.")
            self._held += 1
        try:
            yield
        finally:
            with self._lock:
                self._held -= 1
                last = self._closed and not self._held
            if last:
                self._release()

    def _release(self) -> None:
        self.pictures.close()
        self._on_close()

    @property
    def cameras(self) -> tuple[str, ...]:
        """Names of the cameras in the document's order."""
        return tuple(camera.name for camera in self.sequence.cameras)

    def has_frame(self, index: int) -> bool:
        """Whether the point cloud and the mask that the document names for a frame are here."""
        record = self.sequence.frames[index]
        return all(self.files.find(url) for url in (record.scan_url, record.mask_url) if url)

    @property
    def missing_urls(self) -> tuple[str, ...]:
        """Addresses in the document whose files are not here, each once, in play order."""
        urls = dict.fromkeys(url for record in self.sequence.frames for url in record.urls)
        return tuple(url for url in urls if self.files.find(url) is None)

    def load_frame(self, index: int) -> Frame:
        """Decode a frame and check it; what is wrong becomes a finding, and a mask that does not fit is left out."""
        record = self.sequence.frames[index]
        cloud, scan_problem = attempt(lambda: self._load_cloud(record))
        mask, mask_problem = attempt(lambda: self._load_mask(record, cloud))
        if mask is not None and record.legend.instance_bits:
            record = replace(record, legend=record.legend.covering(mask.counts))
        findings = check_frame(
            record,
            cloud=cloud,
            mask=mask,
            mask_problem=mask_problem,
            scan_problem=scan_problem,
            image_problems=self.pictures.problems(index),
            pictured=frozenset(camera for camera in self.cameras if self.pictures.shows_sample(index, camera)),
        )
        fits = mask is not None and cloud is not None and len(mask) == len(cloud)
        frame = Frame(index=index, record=record, cloud=cloud, mask=mask if fits else None, findings=findings)
        self.rig.look_at(frame)
        return frame

    def label_counts(self, index: int) -> Mapping[int, int]:
        """Points per label key as a frame's mask file has them, without decoding its cloud; empty where the mask is
        none or a part of the cloud. Raises AppError where the file cannot be read."""
        mask = self._load_mask(self.sequence.frames[index], None)
        return mask.counts if mask is not None else {}

    def load_image(self, index: int, camera: str) -> Bytes:
        """The picture of a camera at a frame, (H, W, 3) uint8 RGB; raises InputError where there is none,
        ImageFormatError where it cannot be decoded."""
        return self.pictures.load(index, camera)

    def image_size(self, index: int, camera: str) -> Size:
        """(width, height) in pixels of a picture, from its header; raises as ``load_image``."""
        return self.pictures.size(index, camera)

    def findings(self) -> tuple[Finding, ...]:
        """What the document and the results of its cameras show without decoding a frame."""
        pictured = frozenset(camera for camera in self.cameras if self.pictures.fills_gaps(camera))
        document = check_sequence(self.sequence, pictured=pictured) + check_poses(self.sequence)
        return document + tuple(finding for camera in self.cameras for finding in self._tracking_findings(camera))

    def placed_camera(self, index: int, camera: str, *, size: Size | None = None) -> PlacedCamera | None:
        """The camera as it took its picture of a frame, in pixels of a picture of ``size``, by default of the one here.

        None where pose, lens or picture is missing, or a linked sample's picture has another shape than the lens.
        """
        size = size or self.pictures.known_size(index, camera)
        return None if size is None else self.rig.placed(index, camera, size=size)

    def points_in_image(self, frame: Frame, camera: str) -> tuple[int, tuple[float, float] | None] | None:
        """How many points of a frame fall into a camera's picture, and their mean (u, v) in pixels.

        Counted are finite points in front of the camera with 0 <= u < width and 0 <= v < height. None where cloud,
        pose, lens or picture is missing; the mean is None without a point.
        """
        placed, cloud = self.placed_camera(frame.index, camera), frame.cloud
        if placed is None or cloud is None:
            return None
        seen = placed.relative_to(cloud.origin).project(cloud.xyz[cloud.finite])
        uv = seen.uv[seen.seen]
        return len(uv), (float(uv[:, 0].mean()), float(uv[:, 1].mean())) if len(uv) else None

    def tracking(self, camera: str) -> Tracking | None:
        """The tracking results of a camera, None where there are none; ``tracking_of`` says why."""
        return self.tracking_of(camera).tracking

    def tracking_of(self, camera: str) -> CameraTracking:
        """The results of a camera with the space of their boxes; read once, and again when link or document change."""
        stamp = self._stamp(camera)
        with self._lock:
            read_with, known = self._tracking.get(camera, (None, CameraTracking()))
        unplaced = known.tracking is not None and known.image_size is None and not known.in_pixels
        if read_with != stamp or unplaced:
            known = self._read_tracking(camera, size=known.image_size if read_with == stamp else None)
            with self._lock:
                self._tracking[camera] = (stamp, known)
        return known

    def forget_tracking(self) -> None:
        """Read tracking documents again when next asked."""
        with self._lock:
            self._tracking.clear()

    def boxes(self, index: int, camera: str) -> FrameBoxes:
        """The boxes of a camera at a frame in pixels of its pictures; none where there are no results or no picture."""
        # the pictures of a sample may be of another size than the job's
        size = self.pictures.known_size(index, camera) if self.files.link(camera) else None
        return self.tracking_of(camera).boxes(index, picture_size=size)

    def tracks(self) -> tuple[TrackSummary, ...]:
        """Every track of every camera, by camera, then by track id."""
        return tuple(track for camera in self.cameras for track in self.tracking_of(camera).tracks(camera))

    def _load_cloud(self, record: SequenceFrame) -> PointCloud | None:
        if not record.scan_url:
            return None
        with require(self.files, record.scan_url).open("a point cloud") as stream:
            return read_cloud(stream, name=record.scan_url, free=available_bytes())

    def _load_mask(self, record: SequenceFrame, cloud: PointCloud | None) -> Mask | None:
        if not record.mask_url or record.mask_url == record.scan_url:
            return mask_of_cloud(cloud) if cloud is not None and key_column(cloud) else None
        with require(self.files, record.mask_url).open("a mask") as stream:
            head = stream.read(_HEAD)
            stream.seek(0)
            if is_cloud_with_keys(head, name=record.mask_url):
                return mask_of_cloud(read_cloud(stream, free=available_bytes()))
            return decode_mask(read_capped(stream, "a mask"), name=record.mask_url)

    def _read_tracking(self, camera: str, *, size: Size | None) -> CameraTracking:
        image_size = size or self.pictures.first_size(camera)
        if camera in self._tracks:
            return CameraTracking(tracking=self._tracks[camera], image_size=image_size, in_pixels=True)
        return read_tracking(
            self.files,
            camera,
            image_size=image_size,
            sample_size=self.pictures.sample_size(camera),
            frames=len(self.sequence),
        )

    def _stamp(self, camera: str) -> _Stamp:
        link = self.files.link(camera)
        asked_with = self.files.find(link.request_address) if link else None
        return self.files.answer(camera), link, asked_with, *self.pictures.samples.stored(camera)

    def _tracking_findings(self, camera: str) -> Iterable[Finding]:
        yield from check_tracking(camera, stale=self.tracking_of(camera).stale)
        yield from self._video_findings(camera)

    def _video_findings(self, camera: str) -> Iterable[Finding]:
        video, _ = self.pictures.samples.stored(camera)
        last = self.tracking_of(camera).last_number if video else None
        if last is None:
            return ()
        count, problem = attempt(lambda: self.pictures.samples.frame_count(camera))
        return check_video(camera, frames=count, last_number=last, problem=problem)
