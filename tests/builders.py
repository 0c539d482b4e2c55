"""Small deliveries for tests: a folder laid out as the services would deliver it, with independent truth beside it."""

import io
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[Any]
IMAGE_SIZE = (160, 120)  # width, height in pixels
FOCAL = 80.0
IDENTITY = {"heading": {"w": 1.0, "x": 0.0, "y": 0.0, "z": 0.0}, "position": {"x": 0.0, "y": 0.0, "z": 0.0}}
TRACKER_PARAMETERS = {"keep_grace": "5", "max_observations": "5", "threshold": "0.5", "use_iou": "true"}


@dataclass(frozen=True)
class LegendRow:
    """One thing that points can belong to; key 0 of a mask stays without a row, as real jobs have it."""

    key: int
    label: str
    text: str
    color: str


LEGEND = (
    LegendRow(1, "Ground", "Ground", "rgb(71, 153, 193)"),
    LegendRow(11, "Car", "Car # 1", "rgb(220, 60, 40)"),
    LegendRow(12, "Pedestrian", "Pedestrian # 2", "rgb(240, 200, 0)"),
)
KEYS = np.array([0, *(row.key for row in LEGEND)])


def small_delivery(
    folder: Path, *, frames: int = 3, points: int = 500, cameras: Sequence[str] = ("front",), name: str = "street"
) -> Path:
    """Write a tiny valid delivery into ``folder`` and return it; the same arguments give the same bytes.

    ``truth.json`` has the form ``{"frames": {frame_id: {"points", "label_counts", "cameras"}}}``, where a point counts
    as in an image when its depth is over 0.5 m and 0 <= u < width, 0 <= v < height. Ids derive from ``name``.
    """
    frame_ids = [f"{index:06d}" for index in range(frames)]
    truth = {
        frame_id: _write_frame(folder, frame_id, index, points, cameras) for index, frame_id in enumerate(frame_ids)
    }
    _write_json(folder / "result.json", result_document(name, frame_ids, cameras))
    _write_json(folder / "truth.json", {"frames": truth})
    for camera in cameras:
        _write_json(folder / "tracking" / f"{camera}.json", tracking_answer(frames))
    _write_service_documents(folder, name, frames)
    return folder


def identifier(name: str, what: str) -> str:
    """The id that the delivery ``name`` uses for its ``what``: project, batch, job, class/..., track/...."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{what}"))


def pcd_bytes(xyz: Array, intensity: Array) -> bytes:
    """A binary PCD 0.7 of (N, 3) metres and (N,) intensity, written without the program's own encoder."""
    count = len(xyz)
    header = (
        "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z intensity\nSIZE 4 4 4 4\n"
        f"TYPE F F F F\nCOUNT 1 1 1 1\nWIDTH {count}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {count}\nDATA binary\n"
    )
    return header.encode() + np.column_stack([xyz, intensity]).astype("<f4").tobytes()


def camera_quaternion(camera_index: int) -> dict[str, float]:
    """Camera to lidar with optical axes; camera k looks along the lidar's x turned left by k quarter turns."""
    half = camera_index * np.pi / 4
    w, z = float(np.cos(half)), float(np.sin(half))
    # (w, 0, 0, z) * (0.5, -0.5, 0.5, -0.5), the second turns optical axes into x forward, y left, z up
    return {
        "w": 0.5 * w + 0.5 * z,
        "x": -0.5 * w - 0.5 * z,
        "y": 0.5 * w - 0.5 * z,
        "z": -0.5 * w + 0.5 * z,
    }


def result_document(name: str, frame_ids: Sequence[str], cameras: Sequence[str]) -> dict[str, Any]:
    """The result document as the annotation service writes it."""
    return {
        "annotation_data": {
            "annotations": [_annotation(name, frame_id, row) for frame_id in frame_ids for row in LEGEND],
            "frames": [{"_id": frame_id} for frame_id in frame_ids],
            "groups": None,
            "masks": [_mask_entry(name, frame_id) for frame_id in frame_ids],
            "sensors": [{"sensor_id": "lidar_top", "sensor_type": "LIDAR"}],
            "tracks": [
                {"_id": identifier(name, f"track/{row.key}"), "color": row.color, "label": ""} for row in LEGEND
            ],
        },
        "sensor_data": {
            "frames": [_sensor_frame(name, frame_id, cameras) for frame_id in frame_ids],
            "sensor_meta": [_lidar_meta(), *(_camera_meta(camera) for camera in cameras)],
        },
    }


def tracking_answer(frames: int) -> dict[str, Any]:
    """A has-results answer: a car and a pedestrian move through the picture, boxes in pixels of the image."""
    tracked = [{"frameIndex": index, "objects": _boxes(index, tracked=True)} for index in range(frames)]
    detected = [{"frameIndex": index, "objects": _boxes(index, tracked=False)} for index in range(frames)]
    return {
        "success": True,
        "hasResults": "has-results",
        "results": {
            "objectTracking": {"frames": tracked, "parameters": TRACKER_PARAMETERS},
            "objectDetection": {"frames": detected},
        },
    }


def _boxes(index: int, *, tracked: bool) -> list[dict[str, Any]]:
    car = {"label": "Car", "x": 20.0 + 4 * index, "y": 50.0, "width": 60.0, "height": 30.5}
    pedestrian = {"label": "Pedestrian", "x": 120.0 - 2 * index, "y": 40.0, "width": 15.0, "height": 45.0}
    if tracked:
        return [{**car, "id": 0}, {**pedestrian, "id": 2}]
    return [{**car, "score": 0.93}, {**pedestrian, "score": 0.5}]


def _write_frame(folder: Path, frame_id: str, index: int, points: int, cameras: Sequence[str]) -> dict[str, Any]:
    random = np.random.default_rng(1000 + index)
    xyz = random.uniform([-30, -30, -2], [30, 30, 4], size=(points, 3)).astype(np.float32)
    keys = random.choice(KEYS, size=points)
    _write(folder / "files" / "lidar" / f"{frame_id}.pcd", pcd_bytes(xyz, random.random(points)))
    _write(folder / "files" / "masks" / f"{frame_id}.txt", json.dumps(keys.tolist()).encode())
    for number, camera in enumerate(cameras):
        _write(folder / "files" / "cameras" / camera / f"{frame_id}.jpg", _picture(index, number))
    return {
        "points": points,
        "label_counts": {str(key): int((keys == key).sum()) for key in KEYS if (keys == key).any()},
        "cameras": {camera: {"points_in_image": _seen(xyz, number)} for number, camera in enumerate(cameras)},
    }


def _seen(xyz: Array, camera_index: int) -> int:
    """Counted from the axes directly, without quaternions: the camera turns left by quarter turns."""
    angle = camera_index * np.pi / 2
    forward = xyz[:, 0] * np.cos(angle) + xyz[:, 1] * np.sin(angle)
    left = -xyz[:, 0] * np.sin(angle) + xyz[:, 1] * np.cos(angle)
    ahead = forward > 0.5
    u = FOCAL * -left[ahead] / forward[ahead] + IMAGE_SIZE[0] / 2
    v = FOCAL * -xyz[ahead, 2] / forward[ahead] + IMAGE_SIZE[1] / 2
    return int(((u >= 0) & (u < IMAGE_SIZE[0]) & (v >= 0) & (v < IMAGE_SIZE[1])).sum())


def _picture(index: int, camera_index: int) -> bytes:
    rows, columns = np.mgrid[0 : IMAGE_SIZE[1], 0 : IMAGE_SIZE[0]]
    pixels = np.stack([columns, rows + 40 * index, np.full_like(rows, 60 * camera_index)], axis=-1).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _annotation(name: str, frame_id: str, row: LegendRow) -> dict[str, Any]:
    return {
        "_id": identifier(name, f"annotation/{frame_id}/{row.key}"),
        "_isStationary": row.key == 1,
        "attributes": {},
        "class_id": identifier(name, f"class/{row.label}"),
        "color": row.color,
        "frame_id": frame_id,
        "grouping_config": None,
        "label": row.label,
        "label_key": row.key,
        "sensor_id": "",
        "text": row.text,
        "track_id": identifier(name, f"track/{row.key}"),
        "type": "segmentation3d",
    }


def _mask_entry(name: str, frame_id: str) -> dict[str, Any]:
    return {
        "_id": identifier(name, f"mask/{frame_id}"),
        "frame_id": frame_id,
        "label_url": f"https://data.example/{name}/masks/{frame_id}.txt",
        "sensor_id": "lidar_top",
        "type": "segmentation3d",
        "url": "",
    }


def _sensor_frame(name: str, frame_id: str, cameras: Sequence[str]) -> dict[str, Any]:
    images = [
        _sensor(name, camera, f"cameras/{camera}/{frame_id}.jpg", {**IDENTITY, "heading": camera_quaternion(number)})
        for number, camera in enumerate(cameras)
    ]
    scan = _sensor(name, "lidar_top", f"lidar/{frame_id}.pcd", IDENTITY)
    return {"frame_id": frame_id, "ego_pose": IDENTITY, "sensors": [scan, *images]}


def _sensor(name: str, sensor_id: str, path: str, pose: dict[str, Any]) -> dict[str, Any]:
    url = f"https://data.example/{name}/{path}"
    return {"sensor_id": sensor_id, "data_url": url, "original_url": url, "sensor_pose": pose}


def _lidar_meta() -> dict[str, Any]:
    return {"id": "lidar_top", "modality": "lidar", "name": "lidar_top", "primary_view": True, "state": "editable"}


def _camera_meta(camera: str) -> dict[str, Any]:
    distortion = dict.fromkeys(("k1", "k2", "k3", "k4", "p1", "p2", "skew"), 0)
    centre = {"cx": IMAGE_SIZE[0] / 2, "cy": IMAGE_SIZE[1] / 2, "fx": FOCAL, "fy": FOCAL, "scale_factor": 1}
    return {
        "camera_model": "brown_conrady",
        "id": camera,
        "name": camera,
        "modality": "camera",
        "primary_view": False,
        "state": "editable",
        "intrinsics": {**centre, **distortion},
    }


def _write_service_documents(folder: Path, name: str, frames: int) -> None:
    batch = {"id": identifier(name, "batch"), "name": f"{name} batch"}
    work = {"frames": frames, "annotations": frames * len(LEGEND)}
    job = {"id": identifier(name, "job"), "reference_id": name, "status": "completed", **work}
    totals = {"total_jobs": 1, "completed_jobs": 1, "total_frames": frames, "completed_frames": frames}
    listed = {**batch, "description": "", "is_default": True, **totals, "annotations": work["annotations"]}
    listed |= {"created_at": "2026-05-04T09:12:00.000000+00:00", "status": "Complete"}
    _write_data(folder / "details.json", {"name": name, "base": "POINT_CLOUD", "batches": [listed]})
    page = {**batch, "project_id": identifier(name, "project"), "jobs": [job], "next_page_token": ""}
    _write_data(folder / "batch.json", page)
    _write_data(folder / "job.json", _job_result(name))


def _job_result(name: str) -> dict[str, Any]:
    return {
        "project_id": identifier(name, "project"),
        "reference_id": name,
        "job_id": identifier(name, "job"),
        "batch_id": identifier(name, "batch"),
        "status": "completed",
        "work_flow_id": identifier(name, "workflow"),
        "priority_weight": 5,
        "tag": identifier(name, "tag"),
        "result": f"https://data.example/{name}/result.json",
    }


def _write_data(path: Path, data: dict[str, Any]) -> None:
    _write_json(path, {"data": data, "success": True})


def _write_json(path: Path, document: Any) -> None:
    _write(path, json.dumps(document, indent=1).encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def rewrite_poses(folder: Path, change: Callable[[Array, Array], tuple[Array, Array]]) -> None:
    """Rewrite the camera poses of a delivery: ``change`` takes and gives rotation (3, 3) and position (3,)."""
    path = folder / "result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    cameras = {meta["name"] for meta in document["sensor_data"]["sensor_meta"] if meta["modality"] == "camera"}
    for frame in document["sensor_data"]["frames"]:
        for sensor in frame["sensors"]:
            if sensor["sensor_id"] in cameras:
                sensor["sensor_pose"] = _pose(*change(*_matrices(sensor["sensor_pose"])))
    _write_json(path, document)


def _matrices(pose: dict[str, Any]) -> tuple[Array, Array]:
    w, x, y, z = (pose["heading"][name] for name in "wxyz")
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + 2 * w * skew + 2 * skew @ skew, np.array([pose["position"][name] for name in "xyz"])


def _pose(rotation: Array, position: Array) -> dict[str, Any]:
    """The quaternion is the eigenvector of Bar-Itzhack's matrix, which knows no special cases."""
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = rotation
    half = np.array(
        [
            [xx - yy - zz, yx + xy, zx + xz, zy - yz],
            [0, yy - xx - zz, zy + yz, xz - zx],
            [0, 0, zz - xx - yy, yx - xy],
            [0, 0, 0, xx + yy + zz],
        ]
    )
    x, y, z, w = np.linalg.eigh(half, UPLO="U")[1][:, -1].tolist()
    return {"heading": {"w": w, "x": x, "y": y, "z": z}, "position": dict(zip("xyz", position.tolist(), strict=True))}
