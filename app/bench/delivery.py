"""A delivery to be measured: as many points, frames and cameras as one likes, each the same but for their names."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from app.bench.clouds import CLASSES, cloud_of, mask_of
from app.formats.pcd import encode_pcd

_AT = "https://data.example/bench"
_LIDAR = "lidar_top"
_NOWHERE = {"position": {"x": 0, "y": 0, "z": 0}, "heading": {"w": 1, "x": 0, "y": 0, "z": 0}}
_LENS = {"cx": 960, "cy": 540, "fx": 1000, "fy": 1000, "scale_factor": 1}

Json = dict[str, Any]


def write_delivery(folder: Path, *, frames: int, points: int, cameras: int, picture: bytes) -> None:
    """Write a result document with clouds, masks and, for each camera, ``picture``, a JPEG of 1920 x 1080 pixels."""
    cloud = cloud_of(points)
    columns = dict(zip("xyz", cloud.xyz.T, strict=True)) | dict(cloud.columns)
    scan = encode_pcd(columns)
    mask = json.dumps(mask_of(points).label_keys.tolist()).encode()
    names = [f"{frame:06d}" for frame in range(frames)]
    for name in names:
        files = {f"lidar/{name}.pcd": scan, f"masks/{name}.txt": mask}
        files |= {f"cameras/camera_{camera}/{name}.jpg": picture for camera in range(cameras)}
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    document = _result(names, [f"camera_{camera}" for camera in range(cameras)])
    (folder / "result.json").write_text(json.dumps(document), encoding="utf-8")


def _result(frames: list[str], cameras: list[str]) -> Json:
    return {
        "annotation_data": {
            "annotations": [_annotation(frame, key) for frame in frames for key in range(CLASSES)],
            "frames": [{"_id": frame} for frame in frames],
            "groups": None,
            "masks": [_mask(frame) for frame in frames],
            "sensors": [{"sensor_id": _LIDAR, "sensor_type": "LIDAR"}],
            "tracks": [],
        },
        "sensor_data": {
            "frames": [_sensors(frame, cameras) for frame in frames],
            "sensor_meta": [_meta(_LIDAR, "lidar"), *(_meta(name, "camera") | _lens() for name in cameras)],
        },
    }


def _annotation(frame: str, key: int) -> Json:
    red, green, blue = np.random.default_rng(key).integers(0, 256, 3).tolist()
    return {
        "_id": f"{frame}/{key}",
        "class_id": f"class {key}",
        "color": f"rgb({red}, {green}, {blue})",
        "frame_id": frame,
        "label": f"class {key}",
        "label_key": key,
        "sensor_id": "",
        "text": f"class {key}",
        "track_id": "",
        "type": "segmentation3d",
    }


def _mask(frame: str) -> Json:
    address = f"{_AT}/masks/{frame}.txt"
    return {"frame_id": frame, "label_url": address, "sensor_id": _LIDAR, "type": "segmentation3d", "url": ""}


def _sensors(frame: str, cameras: list[str]) -> Json:
    files = {_LIDAR: f"lidar/{frame}.pcd"} | {name: f"cameras/{name}/{frame}.jpg" for name in cameras}
    sensors = [
        {"sensor_id": name, "data_url": f"{_AT}/{path}", "original_url": "", "sensor_pose": _NOWHERE}
        for name, path in files.items()
    ]
    return {"frame_id": frame, "ego_pose": _NOWHERE, "sensors": sensors}


def _meta(name: str, modality: str) -> Json:
    return {"id": name, "name": name, "modality": modality, "primary_view": modality == "lidar", "state": "editable"}


def _lens() -> Json:
    distortion = dict.fromkeys(("k1", "k2", "k3", "k4", "p1", "p2", "skew"), 0)
    return {"camera_model": "brown_conrady", "intrinsics": {**_LENS, **distortion}}
