"""SemanticKITTI: ``velodyne/*.bin``, and beside it ``labels/*.label``, ``calib.txt``, ``poses.txt``, ``times.txt`` and
the pictures ``image_0`` to ``image_3`` of KITTI's odometry benchmark.

Source: http://semantic-kitti.org/dataset.html. Line i of poses and times belongs to the scan numbered i.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.camera import Camera
from app.domain.finding import Finding, Severity, counted
from app.domain.geometry import Pose
from app.domain.legend import Legend
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame
from app.formats.kitti_calibration import KittiCalibration, read_calibration, read_poses, read_times
from app.formats.semantic_kitti import INSTANCE_BITS, SEMANTIC_KITTI_LEGEND
from app.jobs.layouts.layout import PICTURE_SUFFIXES, Layout, files_in, folders_in, legend_file, missing, only_one, part

_SCANS = "velodyne"
_LABELS = "labels"
_CAMERAS = range(4)


@dataclass(frozen=True)
class _Rig:
    """What holds for every frame."""

    calibration: KittiCalibration
    poses: tuple[Pose, ...]
    times: tuple[float, ...]
    labels: Mapping[str, Path]
    legend: Legend
    pictures: Mapping[int, Mapping[str, Path]]  # by camera number, by the name of the frame


def find(path: Path) -> Layout | None:
    """A sequence's folder, its ``velodyne``, or a dataset with a single sequence; None for anything else."""
    root = _sequence_folder(path)
    if root is None:
        return None
    findings: list[Finding] = []
    rig = _rig(root, findings)
    scans = files_in(root / _SCANS, (".bin",))
    frames = tuple(_frame(scan, place, rig) for place, scan in enumerate(scans))
    findings += _mismatches(scans, rig)
    sequence = Sequence(frames, _cameras(rig), tuple(findings))
    return Layout(root.name, sequence, _paths(scans, rig))


def _sequence_folder(path: Path) -> Path | None:
    if files_in(path / _SCANS, (".bin",)):
        return path
    if path.name == _SCANS and files_in(path, (".bin",)):
        return path.parent
    sequences = path if path.name == "sequences" else path / "sequences"
    found = [folder for folder in folders_in(sequences) if files_in(folder / _SCANS, (".bin",))]
    return only_one(found, "sequences") if found else None


def _rig(root: Path, findings: list[Finding]) -> _Rig:
    calibration = part(root / "calib.txt", read_calibration, findings) or KittiCalibration()
    poses = part(root / "poses.txt", lambda raw: read_poses(raw, calibration=calibration), findings)
    times = part(root / "times.txt", read_times, findings)
    labels = {label.stem: label for label in files_in(root / _LABELS, (".label",))}
    if not labels:
        findings.append(missing(f"There are no labels in a folder {_LABELS}, so the points have no classes."))
    pictures = {
        number: {picture.stem: picture for picture in found}
        for number in _CAMERAS
        if (found := files_in(root / f"image_{number}", PICTURE_SUFFIXES))
    }
    given = legend_file((root, root.parent.parent), findings)  # a dataset keeps its own two folders above
    legend = replace(SEMANTIC_KITTI_LEGEND if given is None else given, instance_bits=INSTANCE_BITS)
    return _Rig(calibration, poses or (), times or (), labels, legend, pictures)


def _frame(scan: Path, place: int, rig: _Rig) -> SequenceFrame:
    line = int(scan.stem) if scan.stem.isdecimal() else place
    return SequenceFrame(
        frame_id=scan.stem,
        scan_url=f"{_SCANS}/{scan.name}",
        mask_url=f"{_LABELS}/{rig.labels[scan.stem].name}" if scan.stem in rig.labels else "",
        images=tuple(
            _image(by_name[scan.stem], number, rig) for number, by_name in rig.pictures.items() if scan.stem in by_name
        ),
        legend=rig.legend if rig.labels else Legend(),
        world_from_ego=rig.poses[line] if line < len(rig.poses) else None,
        mask_expected=bool(rig.labels),
        time_s=rig.times[line] if line < len(rig.times) else None,
    )


def _camera_name(number: int) -> str:
    return f"image_{number}"


def _image(picture: Path, number: int, rig: _Rig) -> CameraImageRef:
    camera, name = rig.calibration.cameras.get(number), _camera_name(number)
    return CameraImageRef(name, f"{name}/{picture.name}", camera.lidar_from_camera if camera else None)


def _cameras(rig: _Rig) -> tuple[Camera, ...]:
    known = rig.calibration.cameras
    return tuple(
        Camera(_camera_name(number), _camera_name(number), known[number].intrinsics if number in known else None)
        for number in rig.pictures
    )


def _paths(scans: list[Path], rig: _Rig) -> dict[str, Path]:
    files = [*scans, *rig.labels.values(), *(path for by_name in rig.pictures.values() for path in by_name.values())]
    return {f"{path.parent.name}/{path.name}": path for path in files}


def _mismatches(scans: list[Path], rig: _Rig) -> list[Finding]:
    """Parts that are there but do not reach as far as the scans, and labels of scans that are not."""
    last = max((int(scan.stem) for scan in scans if scan.stem.isdecimal()), default=len(scans) - 1)
    found = []
    for name, lines in (("poses.txt", len(rig.poses)), ("times.txt", len(rig.times))):
        if 0 < lines <= last:
            message = f"{name} has {counted(lines, 'line')}, but the last scan is number {last}."
            found.append(Finding("layout.damaged", Severity.WARNING, message))
    orphans = rig.labels.keys() - {scan.stem for scan in scans}
    if orphans:
        message = f"{counted(len(orphans), 'label file')} without a scan of the same name."
        found.append(Finding("layout.left-out", Severity.INFO, message))
    return found
