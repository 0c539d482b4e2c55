"""Writes the synthetic street as a delivery: scans, masks, pictures and the documents of both services."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
)
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.camera import in_image, project
from app.domain.tracking import Box
from app.formats.pcd import encode_pcd
from app.progress import Progress
from app.sandbox.street import boxes, documents, rig
from app.sandbox.street.impulse_list import impulses_of_project
from app.sandbox.street.labels import Labels
from app.sandbox.street.lidar import Scan, sweep
from app.sandbox.street.picture import part_numbers, scaled_up, take_picture
from app.sandbox.street.plan import StreetPlan
from app.sandbox.street.rays import RayGrid
from app.sandbox.street.scene import Moment, Street

JPEG_QUALITY = 88
LEAST_FOR_PROCESSES = 8  # frames: below, starting processes takes longer than it saves
_MOST_WORKERS = 4  # more would only wait for memory
_BLAS_THREADS = "OPENBLAS_NUM_THREADS"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Sensors:
    lidar: RayGrid
    cameras: Mapping[str, RayGrid]


@dataclass(frozen=True)
class _FrameRecord:
    delivered: documents.Delivered
    truth: dict[str, Any]
    visible: Mapping[str, dict[int, Box]]


def write_street(plan: StreetPlan, folder: Path, progress: Progress) -> None:
    """Fill ``folder``; a report a frame, where cancelling takes effect. Equal plans give equal files."""
    progress.report(0, plan.frames, "Building the street")
    records = _all_frames(plan, folder, progress)
    street_labels = Labels.of(Street.things_of(plan.seed))
    _write_documents(plan, folder, street_labels, records)
    _write_tracking(plan, folder, records)


def _all_frames(plan: StreetPlan, folder: Path, progress: Progress) -> list[_FrameRecord]:
    """Long streets in processes of their own, as Python threads share one lock; where there can be none, in threads."""
    if plan.frames >= LEAST_FOR_PROCESSES and not getattr(sys, "frozen", False):
        try:
            with _one_thread_each():
                with_processes = ProcessPoolExecutor(_workers(), mp_context=get_context("spawn"))
                return _collected(with_processes, partial(_frame_in_process, plan, folder), plan, progress)
        except (BrokenExecutor, OSError) as error:
            _log.info("No processes for the synthetic street (%s), so it is made in threads", error)
    writer = _writer_of(plan, folder, progress)
    with_threads = ThreadPoolExecutor(_workers(), thread_name_prefix="street")
    return _collected(with_threads, writer.write, plan, progress)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started inside leave OpenBLAS at one thread: there is a process for every core already."""
    before = os.environ.get(_BLAS_THREADS)
    os.environ[_BLAS_THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_BLAS_THREADS]
        else:
            os.environ[_BLAS_THREADS] = before


def _workers() -> int:
    return min(_MOST_WORKERS, os.cpu_count() or 1)


def _collected(
    pool: Executor, write: Callable[[int], _FrameRecord], plan: StreetPlan, progress: Progress
) -> list[_FrameRecord]:
    try:
        futures: list[Future[_FrameRecord]] = [pool.submit(write, index) for index in range(plan.frames)]
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            progress.report(done, plan.frames, f"Frame {done} of {plan.frames} of the synthetic street")
        return [future.result() for future in futures]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _frame_in_process(plan: StreetPlan, folder: Path, index: int) -> _FrameRecord:
    return _writer_in_process(plan, folder).write(index)


@lru_cache(maxsize=1)
def _writer_in_process(plan: StreetPlan, folder: Path) -> "_FrameWriter":
    return _writer_of(plan, folder, Progress())


def _writer_of(plan: StreetPlan, folder: Path, progress: Progress) -> "_FrameWriter":
    street = Street(plan.seed, shadow_cell=0.11 if plan.image_size[0] > 640 else 0.4)
    cameras = {name: rig.camera_rays(name, plan) for name in plan.cameras}
    return _FrameWriter(
        plan, folder, street, Labels.of(street.things), _Sensors(rig.lidar_rays(plan), cameras), progress
    )


@dataclass(frozen=True)
class _FrameWriter:
    """Makes the files of one frame, on any thread."""

    plan: StreetPlan
    folder: Path
    street: Street
    labels: Labels
    sensors: _Sensors
    progress: Progress

    def write(self, index: int) -> _FrameRecord:
        self.progress.check()
        frame_id = self.plan.frame_ids[index]
        moment = self.street.at(self.plan.time(index))
        scan = sweep(self.sensors.lidar, moment, self.street.noise, self.labels, seed=(self.plan.seed, index))
        _write(self.folder / "files" / "lidar" / f"{frame_id}.pcd", encode_pcd(scan.columns))
        _write(self.folder / "files" / "masks" / f"{frame_id}.txt", _mask_text(scan))
        visible = {name: self._picture(name, moment, frame_id) for name in self.plan.cameras}
        keys, counts = np.unique(scan.label_keys, return_counts=True)
        truth = {
            "points": len(scan.xyz),
            "label_counts": {str(key): count for key, count in zip(keys.tolist(), counts.tolist(), strict=True)},
            "cameras": {name: _seen_points(name, scan, self.plan) for name in self.plan.cameras},
        }
        delivered = documents.Delivered(frame_id, tuple(keys.tolist()), moment.world_from_lidar)
        return _FrameRecord(delivered, truth, visible)

    def _picture(self, name: str, moment: Moment, frame_id: str) -> dict[int, Box]:
        self.progress.check()
        world_from_camera = moment.world_from_lidar @ rig.lidar_from_camera(name)
        picture = take_picture(self.sensors.cameras[name], world_from_camera, moment, self.street.noise)
        path = self.folder / "files" / "cameras" / name / f"{frame_id}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        scaled_up(picture.rgb, self.plan.image_size).save(path, quality=JPEG_QUALITY)
        names = {thing.number: thing.label for thing in self.street.things if thing.number}
        return boxes.visible_boxes(part_numbers(picture, moment), names, size=self.plan.image_size)


def _seen_points(name: str, scan: Scan, plan: StreetPlan) -> dict[str, Any]:
    camera_from_lidar = documents.as_written(rig.lidar_from_camera(name)).inverse()
    uv, valid = project(camera_from_lidar.apply(scan.xyz.astype(np.float64)), rig.intrinsics(name, plan.image_size))
    seen = in_image(uv, valid, size=plan.image_size)
    count = int(np.count_nonzero(seen))
    mean = uv[seen].mean(axis=0) if count else np.zeros(2)
    return {"points_in_image": count, "mean_uv": [round(float(value), 2) for value in mean]}


def _mask_text(scan: Scan) -> bytes:
    return f"[{', '.join(map(str, scan.label_keys.tolist()))}]".encode()


def _write_documents(plan: StreetPlan, folder: Path, labels: Labels, records: list[_FrameRecord]) -> None:
    result = documents.result(plan, labels, [record.delivered for record in records])
    annotations = len(result["annotation_data"]["annotations"])
    truth = documents.truth({record.delivered.frame_id: record.truth for record in records})
    _write_json(folder / "result.json", result)
    _write_json(folder / "details.json", documents.details(plan, annotations))
    _write_json(folder / "batch.json", documents.batch(plan, annotations))
    _write_json(folder / "job.json", documents.job(plan))
    _write_json(folder / "impulses.json", impulses_of_project())
    _write_json(folder / "truth.json", truth)


def _write_tracking(plan: StreetPlan, folder: Path, records: list[_FrameRecord]) -> None:
    for number, name in enumerate(plan.cameras):
        random = np.random.default_rng((plan.seed, 1000 + number))
        found = [boxes.detect(record.visible[name], random, size=plan.image_size) for record in records]
        if number == 0:
            found = boxes.with_false_alarm(found, size=plan.image_size)
        tracked = boxes.follow(found, size=plan.image_size)
        _write_json(folder / "tracking" / f"{name}.json", documents.tracking(tracked, found))


def _write_json(path: Path, document: dict[str, Any]) -> None:
    _write(path, json.dumps(document, indent=1).encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
