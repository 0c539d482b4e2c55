"""nuScenes keyframes in mmdetection3d's form: scans, pictures with their cameras, ego poses and boxes over pictures.

Source: as in ``nuscenes_records``, and the converter there (``update_infos_to_v2.py``). ``lidar2cam`` leads from the
scan at its own time to the camera at the picture's, so the ego's way between the two is part of it; ``cam2ego`` and
``lidar2ego`` are how the sensors are mounted. Times are seconds.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64
from app.domain.camera import CameraModel, Intrinsics
from app.domain.finding import Finding, quoted
from app.domain.geometry import Pose, rotation_angle
from app.domain.tracking import Box
from app.errors import FormatError
from app.formats.documents import decode, number, part, rows, text, whole
from app.formats.nuscenes_records import BoxRecord, ImageRecord, InfosRecord, LidarRecord, MetaInfo, SampleRecord
from app.formats.rigid_matrices import rigid
from app.formats.telus_notes import Notes

FASTEST = 70.0  # metres a second that the ego may have gone between a scan and a picture
MOST_APART = 1.0  # metres by which the two ways from lidar to camera may differ beyond that
MOST_TURNED = 10.0  # degrees by which they may
_HEAD = re.compile(rb'\s*\{\s*"(?:metainfo"\s*:\s*\{.*nuscenes|data_list"\s*:\s*\[\s*\{\s*"sample_idx")', re.DOTALL)
_NOT_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"|-?\b(?:NaN|Infinity)\b', re.DOTALL)
_NEXT_STEP = "Check how the infos were written."


@dataclass(frozen=True)
class NuscenesImage:
    """One picture; ``path`` as the document writes it, ``boxes`` in its pixels, None where something is not known."""

    camera: str
    path: str
    intrinsics: Intrinsics | None
    lidar_from_camera: Pose | None
    time_s: float | None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class NuscenesSample:
    """One keyframe; ``number`` is its ``sample_idx``, ``scan`` the path of its points as the document writes it."""

    number: int | None
    scan: str
    time_s: float | None
    world_from_lidar: Pose | None
    images: tuple[NuscenesImage, ...]


@dataclass(frozen=True)
class NuscenesInfos:
    """All keyframes in the document's order, and what was odd about them."""

    samples: tuple[NuscenesSample, ...]
    findings: tuple[Finding, ...] = ()


def looks_like_nuscenes(head: bytes) -> bool:
    """Whether a document that begins like this lists nuScenes keyframes."""
    return _HEAD.match(head) is not None


def read_nuscenes(raw: bytes) -> NuscenesInfos:
    """Read the infos; NaN and Infinity, which Python writes though JSON has no such numbers, count as not known.

    Raises DocumentFormatError where it is no JSON, FormatError where it lists no keyframe. Other damage is a finding.
    """
    document = decode(_standard(raw), InfosRecord, what="list of keyframes")
    samples = rows(document.data_list, SampleRecord)
    if not samples:
        raise FormatError("The list of keyframes has none.", next_step=_NEXT_STEP)
    notes = Notes()
    labels = _labels(part(document.metainfo, MetaInfo) or MetaInfo())
    read = tuple(_sample(sample, f"{place:06d}", labels, notes) for place, sample in enumerate(samples))
    return NuscenesInfos(read, notes.findings())


def _standard(raw: bytes) -> bytes:
    if b"NaN" not in raw and b"Infinity" not in raw:
        return raw
    return _NOT_JSON.sub(lambda found: found[0] if found[0].startswith(b'"') else b"null", raw)


def _labels(meta: MetaInfo) -> Mapping[int, str]:
    named = meta.categories if isinstance(meta.categories, dict) else {}
    numbers = ((whole(number), name) for name, number in named.items())
    return {number: name for number, name in numbers if number is not None}


def _sample(record: SampleRecord, frame_id: str, labels: Mapping[int, str], notes: Notes) -> NuscenesSample:
    lidar = part(record.lidar_points, LidarRecord) or LidarRecord()
    ego_from_lidar = _pose(lidar.lidar2ego, "lidar2ego", frame_id, notes)
    world_from_ego = _pose(record.ego2global, "ego2global", frame_id, notes)
    world_from_lidar = world_from_ego @ ego_from_lidar if world_from_ego and ego_from_lidar else None
    time_s = number(record.timestamp)
    images = record.images if isinstance(record.images, dict) else {}
    boxes = record.cam_instances if isinstance(record.cam_instances, dict) else {}
    reading = _Reading(frame_id, time_s, ego_from_lidar, labels, notes)
    return NuscenesSample(
        number=whole(record.sample_idx),
        scan=text(lidar.lidar_path),
        time_s=time_s,
        world_from_lidar=world_from_lidar,
        images=tuple(
            reading.image(camera, image, boxes.get(camera))
            for camera, image in images.items()
            if isinstance(image, ImageRecord)
        ),
    )


@dataclass(frozen=True)
class _Reading:
    """What is known about a keyframe when its pictures are read."""

    frame_id: str
    time_s: float | None
    ego_from_lidar: Pose | None
    labels: Mapping[int, str]
    notes: Notes

    def image(self, camera: str, record: ImageRecord, boxes: object) -> NuscenesImage:
        return NuscenesImage(
            camera=camera,
            path=text(record.img_path),
            intrinsics=self._intrinsics(camera, record.cam2img),
            lidar_from_camera=self._lidar_from_camera(camera, record),
            time_s=number(record.timestamp),
            boxes=self._boxes(camera, boxes),
        )

    def _intrinsics(self, camera: str, value: object) -> Intrinsics | None:
        """Of a (3, 3) or (4, 4) matrix; the pictures have no distortion left."""
        matrix = _matrix(value)
        lens = None if matrix is None else matrix[:3, :3]
        if lens is not None and lens[2, 2] > 0 and lens[0, 0] > 0 and lens[1, 1] > 0:
            lens = lens / lens[2, 2]
            fx, skew, cx, fy, cy = (float(lens[at]) for at in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2)))
            return Intrinsics(CameraModel.BROWN_CONRADY, fx=fx, fy=fy, cx=cx, cy=cy, skew=skew)
        self._damaged(f"The lens (cam2img) of camera {quoted(camera)} is unusable: points are not projected there.")
        return None

    def _lidar_from_camera(self, camera: str, record: ImageRecord) -> Pose | None:
        camera_from_lidar = _pose(record.lidar2cam, f"lidar2cam of camera {quoted(camera)}", self.frame_id, self.notes)
        ego_from_camera = _pose(record.cam2ego, f"cam2ego of camera {quoted(camera)}", self.frame_id, self.notes)
        if ego_from_camera is None or self.ego_from_lidar is None:
            return camera_from_lidar.inverse() if camera_from_lidar else None
        mounted = self.ego_from_lidar.inverse() @ ego_from_camera
        if camera_from_lidar is None:
            return mounted
        self._compare(camera, camera_from_lidar @ mounted, number(record.timestamp))
        return camera_from_lidar.inverse()

    def _compare(self, camera: str, difference: Pose, time_s: float | None) -> None:
        """The two ways to a camera differ by what the ego drove between scan and picture, never by more."""
        apart = abs(time_s - self.time_s) if time_s is not None and self.time_s is not None else 0.1
        turned = math.degrees(rotation_angle(difference.rotation))
        if turned > MOST_TURNED or np.linalg.norm(difference.position) > MOST_APART + FASTEST * apart:
            self._damaged(
                f"For camera {quoted(camera)} lidar2cam and the way by cam2ego and lidar2ego contradict each other; "
                "lidar2cam is used. Check that points meet its picture."
            )

    def _boxes(self, camera: str, value: object) -> tuple[Box, ...]:
        records = rows(value, BoxRecord) if isinstance(value, list) else []
        kept = [record for record in records if (whole(record.bbox_label) or 0) >= 0]
        if len(kept) < len(records):
            message = f"Boxes of camera {quoted(camera)} whose class is marked to be ignored, left out."
            self.notes.info("layout.left-out", message, frame_id=self.frame_id)
        boxes = [box for record in kept if (box := self._box(record)) is not None]
        if len(boxes) < len(kept):
            self._damaged(f"Boxes of camera {quoted(camera)} that do not have four finite sides are left out.")
        return tuple(boxes)

    def _box(self, record: BoxRecord) -> Box | None:
        sides = [number(side) for side in record.bbox] if isinstance(record.bbox, list) else []
        known = [side for side in sides if side is not None]
        if len(sides) != 4 or len(known) != 4:
            return None
        left, top, right, bottom = known
        return Box(left, top, right - left, bottom - top, label=self._label(whole(record.bbox_label)))

    def _label(self, number: int | None) -> str:
        if number is None:
            return "Object"
        return self.labels.get(number, f"class {number}")

    def _damaged(self, message: str) -> None:
        self.notes.warning("layout.damaged", message, frame_id=self.frame_id)


def _pose(value: object, name: str, frame_id: str, notes: Notes) -> Pose | None:
    """A (3, 4) or (4, 4) matrix as a pose; None where there is none, with a note where it is unusable."""
    if value is None:
        return None
    matrix = _matrix(value)
    try:
        if matrix is None or matrix.shape[1] != 4:
            raise FormatError(f"{name} is no matrix of 3 or 4 rows of 4 finite numbers.")
        return rigid(matrix, what=name, next_step="")
    except FormatError as error:
        notes.warning("layout.damaged", f"{error} {_NEXT_STEP}", frame_id=frame_id)
        return None


def _matrix(value: object) -> Float64 | None:
    """(3 or 4, 3 or 4) finite numbers; None for anything else."""
    lines = value if isinstance(value, list) and len(value) in (3, 4) else []
    if not lines or any(not isinstance(line, list) or len(line) not in (3, 4) for line in lines):
        return None
    numbers = [[number(entry) for entry in line] for line in lines]
    if len({len(line) for line in numbers}) > 1 or any(entry is None for line in numbers for entry in line):
        return None
    return np.array(numbers, np.float64)
