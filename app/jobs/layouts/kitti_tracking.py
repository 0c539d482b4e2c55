"""KITTI tracking: ``label_02/0001.txt`` with ``image_02/0001/*.png``, ``velodyne/0001/*.bin`` and ``calib/0001.txt``
where they are there, or such a text beside its pictures.

Source: https://www.cvlibs.net/datasets/kitti/eval_tracking.php.
"""

from pathlib import Path

from app.domain.camera import Camera
from app.domain.finding import Finding
from app.formats.kitti_calibration import KittiCamera, read_calibration
from app.formats.kitti_tracking import looks_like_kitti_tracks, read_kitti_tracks
from app.jobs.layouts.box_frames import NumberedFiles, boxes_layout
from app.jobs.layouts.layout import PICTURE_SUFFIXES, Layout, content_of, files_in, head_of, numbered, only_one, part

_LABELS = "label_02"
_CAMERA = "image_02"
_CAMERA_NUMBER = 2


def find(path: Path) -> Layout | None:
    """A text of tracks, or a folder with a single one in ``label_02``; None for anything else."""
    text = _text(path)
    if text is None:
        return None
    boxes = read_kitti_tracks(content_of(text, "tracks"))
    findings: list[Finding] = []
    root, sequence = text.parent.parent, text.stem
    in_dataset = text.parent.name == _LABELS
    pictures = numbered(root / _CAMERA / sequence, PICTURE_SUFFIXES) if in_dataset else {}
    camera = _calibrated(root / "calib" / f"{sequence}.txt", findings) if in_dataset else None
    files = NumberedFiles(
        camera=Camera(_CAMERA, _CAMERA, camera.intrinsics if camera else None),
        boxes=boxes,
        pictures=pictures or numbered(text.parent, PICTURE_SUFFIXES),
        scans=numbered(root / "velodyne" / sequence, (".bin",)) if in_dataset else {},
        lidar_from_camera=camera.lidar_from_camera if camera else None,
    )
    return boxes_layout(sequence, files, findings)


def _text(path: Path) -> Path | None:
    if path.is_file():
        return path if _is_tracks(path) else None
    folder = path if path.name == _LABELS else path / _LABELS
    texts = [text for text in files_in(folder, (".txt",)) if _is_tracks(text)]
    if not texts and files_in(path, PICTURE_SUFFIXES):
        texts = [text for text in files_in(path, (".txt",)) if _is_tracks(text)]
    return only_one(texts, "sequences") if texts else None


def _is_tracks(path: Path) -> bool:
    return path.suffix.lower() == ".txt" and looks_like_kitti_tracks(head_of(path))


def _calibrated(path: Path, findings: list[Finding]) -> KittiCamera | None:
    calibration = part(path, read_calibration, findings)
    return calibration.cameras.get(_CAMERA_NUMBER) if calibration else None
