"""nuScenes keyframes: ``infos.json`` in mmdetection3d's form with the scans and pictures beside it, or below
``samples/<sensor>`` as nuScenes has them.

Published boxes over the pictures have no ids and no scores: they are shown as detections.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.camera import Camera, Intrinsics
from app.domain.finding import Finding, quoted
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame
from app.domain.tracking import Box, Tracking
from app.formats.nuscenes import NuscenesImage, NuscenesInfos, NuscenesSample, looks_like_nuscenes, read_nuscenes
from app.formats.telus_notes import Notes
from app.jobs.layouts.layout import Layout, content_of, files_in, head_of, only_one
from app.workspace.delivery import inside, is_name

_SAMPLES = "samples"
_SCANS = "LIDAR_TOP"


def find(path: Path) -> Layout | None:
    """A list of keyframes, or a folder with a single one; None for anything else.

    Raises InputError where there are several, FormatError where the list cannot be read.
    """
    document = _document(path)
    if document is None:
        return None
    infos = read_nuscenes(content_of(document, "the list of keyframes"))
    return _Folder(document.parent, infos).layout(document.parent.name)


def is_infos(path: Path) -> bool:
    """Whether a file lists keyframes, by its first bytes; raises WorkspaceError."""
    return path.suffix.lower() == ".json" and looks_like_nuscenes(head_of(path))


def _document(path: Path) -> Path | None:
    if path.is_file():
        return path if is_infos(path) else None
    found = [text for text in files_in(path, (".json",)) if is_infos(text)]
    return only_one(found, "lists of keyframes") if found else None


@dataclass
class _Folder:
    """The frames as they are made, with what was odd and the files that their addresses stand for."""

    root: Path
    infos: NuscenesInfos
    notes: Notes = field(default_factory=Notes)
    paths: dict[str, Path] = field(default_factory=dict)

    def layout(self, name: str) -> Layout:
        samples = self.infos.samples
        lenses = _lenses(samples)
        ids = _frame_ids(samples)
        frames = tuple(self._frame(sample, name, lenses) for sample, name in zip(samples, ids, strict=True))
        cameras = tuple(Camera(camera, camera, lens) for camera, lens in lenses.items())
        findings: tuple[Finding, ...] = (*self.infos.findings, *self.notes.findings())
        return Layout(name, Sequence(frames, cameras, findings), self.paths, _detections(samples))

    def _frame(self, sample: NuscenesSample, frame_id: str, lenses: dict[str, Intrinsics | None]) -> SequenceFrame:
        return SequenceFrame(
            frame_id=frame_id,
            scan_url=self._address(sample.scan, _SCANS, "The point cloud", frame_id) if sample.scan else "",
            mask_url="",
            images=tuple(self._image(image, frame_id, lenses[image.camera]) for image in sample.images),
            world_from_ego=sample.world_from_lidar,
            mask_expected=False,
            time_s=sample.time_s,
        )

    def _image(self, image: NuscenesImage, frame_id: str, lens: Intrinsics | None) -> CameraImageRef:
        camera, pose = image.camera, image.lidar_from_camera
        if image.intrinsics is not None and image.intrinsics != lens:
            pose = None
            message = f"Camera {quoted(camera)} has another lens than in its first frame: no points in its pictures."
            self.notes.warning("layout.damaged", message, frame_id=frame_id)
        what = f"The picture of camera {quoted(camera)}"
        url = self._address(image.path, camera, what, frame_id) if image.path else ""
        return CameraImageRef(camera, url, pose, image.time_s)

    def _address(self, path: str, sensor: str, what: str, frame_id: str) -> str:
        """The address of a file of the folder; empty, with a note, for a path that steps out of it."""
        names = tuple(name for name in path.split("/") if name not in ("", "."))
        if not names or not all(is_name(name) for name in names):
            message = f"{what} has a path that leads out of the folder ({quoted(path)}); it is left out."
            self.notes.warning("layout.damaged", message, frame_id=frame_id)
            return ""
        url = "/".join((sensor, *names))
        found = next(self._files(names, sensor), None)
        if found is not None:
            self.paths[url] = found
        return url

    def _files(self, names: tuple[str, ...], sensor: str) -> Iterator[Path]:
        """Files that a path may mean, the one that matches the most of its end first."""
        base = self.root.resolve()
        for start in range(len(names)):
            for folder in ((), (_SAMPLES, sensor)):
                if all(is_name(name) for name in folder):
                    found = inside(base, (*folder, *names[start:]))
                    if found is not None:
                        yield found


def _frame_ids(samples: tuple[NuscenesSample, ...]) -> list[str]:
    """The keyframes' own numbers where each has another, else their places."""
    numbers = [sample.number for sample in samples]
    own = len(set(numbers)) == len(samples) and all(number is not None and number >= 0 for number in numbers)
    return [f"{number if own else place:06d}" for place, number in enumerate(numbers)]


def _lenses(samples: tuple[NuscenesSample, ...]) -> dict[str, Intrinsics | None]:
    """The first lens that is known of every camera, in the order of their first pictures."""
    lenses: dict[str, Intrinsics | None] = {}
    for sample in samples:
        for image in sample.images:
            if lenses.get(image.camera) is None:
                lenses[image.camera] = image.intrinsics
    return lenses


def _detections(samples: Iterable[NuscenesSample]) -> dict[str, Tracking]:
    boxes: dict[str, dict[int, tuple[Box, ...]]] = {}
    for place, sample in enumerate(samples):
        for image in sample.images:
            if image.boxes:
                boxes.setdefault(image.camera, {})[place] = image.boxes
    return {camera: Tracking(detected=by_frame) for camera, by_frame in boxes.items()}
