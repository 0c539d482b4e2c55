"""A SemanticKITTI sequence: scans, labels, and what is known of poses and cameras."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from app.domain.arrays import Float64
from app.domain.calibration import Calibration
from app.domain.finding import quoted
from app.domain.geometry import Pose
from app.domain.sequence import SequenceFrame
from app.errors import InputError
from app.formats.semantic_kitti_write import (
    calibration_text,
    label_words,
    poses_text,
    projection,
    times_text,
    velodyne_points,
)
from app.jobs.export.piece import Piece
from app.jobs.export.record import ExportRecord
from app.jobs.export.writers import Add
from app.workspace.export_folder import ExportFolder

_SAME = 1e-9  # metres, and parts of a rotation matrix: poses that differ by rounding alone


@contextmanager
def semantic_kitti_frames(folder: ExportFolder, record: ExportRecord, calibration: Calibration) -> Iterator[Add]:
    """``velodyne``, ``labels``; at the end ``poses.txt``, ``calib.txt``, ``times.txt``, where they can be right."""
    pieces: list[tuple[int, SequenceFrame, bool]] = []

    def add(piece: Piece) -> None:
        origin = piece.cloud.origin
        scan = f"velodyne/{piece.number:06d}.bin"
        with folder.create(scan) as stream:
            stream.write(velodyne_points(piece.cloud.xyz, piece.remission).data)
        files = [scan, *_write_labels(folder, piece)]
        record.add(piece, files, origin=tuple(origin.tolist()) if origin.any() else None)
        _note(record, piece)
        pieces.append((piece.frame.index, piece.frame.record, bool(origin.any())))

    yield add
    frames = [frame for _, frame, _ in pieces]
    if any(moved for _, _, moved in pieces):
        record.note("Clouds in survey coordinates are not in the vehicle's space, so there are no poses.txt, calib.txt")
    else:
        _write_poses(folder, record, frames)
        _write_calibration(folder, record, calibration, [index for index, _, _ in pieces])
    _write_times(folder, record, frames)


def _write_labels(folder: ExportFolder, piece: Piece) -> Iterator[str]:
    if piece.frame.mask is None:
        return
    name = f"labels/{piece.number:06d}.label"
    try:
        words = label_words(piece.frame.mask, instance_bits=piece.frame.legend.instance_bits)
    except InputError as error:
        frame_id = piece.frame.record.frame_id
        raise InputError(f"Frame {quoted(frame_id)}: {error.message}", next_step=error.next_step) from error
    with folder.create(name) as stream:
        stream.write(words.data)
    yield name


def _note(record: ExportRecord, piece: Piece) -> None:
    if piece.cloud.origin.any():
        record.note(
            "SemanticKITTI has float32 only: add the origin in export.json to get source coordinates", piece.frame
        )
    if piece.remission is None:
        record.note("The cloud has no intensity: the remission is 0", piece.frame)


def _write_poses(folder: ExportFolder, record: ExportRecord, frames: list[SequenceFrame]) -> None:
    poses = [frame.world_from_ego for frame in frames if frame.world_from_ego is not None]
    if len(poses) < len(frames):
        record.note("Not every frame has a pose of the vehicle, so there is no poses.txt")
        return
    with folder.create("poses.txt") as stream:
        stream.write(poses_text(poses).encode())
    record.note("poses.txt holds the vehicle's poses, taken as those of the lidar")


def _write_times(folder: ExportFolder, record: ExportRecord, frames: list[SequenceFrame]) -> None:
    times = [frame.time_s for frame in frames if frame.time_s is not None]
    if len(times) < len(frames):
        record.note("Not every frame has a time, so there is no times.txt")
        return
    with folder.create("times.txt") as stream:
        stream.write(times_text(times).encode())


def _write_calibration(
    folder: ExportFolder, record: ExportRecord, calibration: Calibration, indexes: list[int]
) -> None:
    projections: dict[str, Float64] = {}
    for camera in calibration.sequence.cameras:
        matrix = _projection(calibration, indexes, camera.name)
        if matrix is None:
            reason = "its lens is not linear, or its pose is not known or changes"
            record.note(f"Camera {quoted(camera.name)} is not in calib.txt: {reason}")
            continue
        name = f"P{len(projections)}"
        projections[name] = matrix
        record.cameras[name] = camera.name
    with folder.create("calib.txt") as stream:
        stream.write(calibration_text(projections).encode())


def _projection(calibration: Calibration, indexes: list[int], name: str) -> Float64 | None:
    camera, frames = calibration.sequence.camera(name), calibration.sequence.frames
    pictured = [index for index in indexes if frames[index].image(name) is not None]
    poses = [pose for pose in (calibration.pose(index, name) for index in pictured) if pose is not None]
    if camera is None or camera.intrinsics is None or not poses or len(poses) < len(pictured):
        return None
    if not all(_alike(pose, poses[0]) for pose in poses):
        return None
    return projection(camera.intrinsics, poses[0].inverse())


def _alike(pose: Pose, other: Pose) -> bool:
    turned = np.abs(pose.rotation - other.rotation).max()
    return bool(turned <= _SAME and np.abs(pose.position - other.position).max() <= _SAME)
