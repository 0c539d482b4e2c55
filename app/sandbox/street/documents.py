"""The street's documents in the form in which the two services answer."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.domain.camera import CameraModel
from app.domain.geometry import Pose
from app.domain.tracking import Box
from app.sandbox.street import rig
from app.sandbox.street.boxes import PARAMETERS
from app.sandbox.street.labels import Labels, Row
from app.sandbox.street.plan import StreetPlan

Json = dict[str, Any]

LIDAR = "lidar_top"
CREATED = "2026-05-04T09:12:00.000000+00:00"


@dataclass(frozen=True)
class Delivered:
    """What the documents need to know of a frame: the keys its mask holds and ``world_from_ego``."""

    frame_id: str
    keys: tuple[int, ...]
    world_from_ego: Pose


def identifier(plan: StreetPlan, what: str) -> str:
    """A stable id for a project, batch, job, class or track."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://data.example/{plan.name}/{what}"))


def address(plan: StreetPlan, path: str) -> str:
    """The URL that stands for a file of the delivery."""
    return f"https://data.example/{plan.name}/{path}"


def details(plan: StreetPlan, annotations: int) -> Json:
    """The project with its one batch."""
    batch = {
        "id": identifier(plan, "batch"),
        "name": f"{plan.name} batch",
        "description": "",
        "is_default": True,
        "total_jobs": 1,
        "completed_jobs": 1,
        "total_frames": plan.frames,
        "completed_frames": plan.frames,
        "annotations": annotations,
        "created_at": CREATED,
        "status": "Complete",
    }
    return {"data": {"name": plan.name, "base": "POINT_CLOUD", "batches": [batch]}, "success": True}


def batch(plan: StreetPlan, annotations: int) -> Json:
    """The batch with its one job."""
    job = {
        "id": identifier(plan, "job"),
        "reference_id": plan.name,
        "status": "completed",
        "frames": plan.frames,
        "annotations": annotations,
    }
    data = {
        "id": identifier(plan, "batch"),
        "project_id": identifier(plan, "project"),
        "name": f"{plan.name} batch",
        "jobs": [job],
        "next_page_token": "",
    }
    return {"data": data, "success": True}


def job(plan: StreetPlan) -> Json:
    """The job result envelope."""
    data = {
        "project_id": identifier(plan, "project"),
        "reference_id": plan.name,
        "job_id": identifier(plan, "job"),
        "batch_id": identifier(plan, "batch"),
        "status": "completed",
        "work_flow_id": identifier(plan, "workflow"),
        "priority_weight": 5,
        "tag": identifier(plan, "tag"),
        "result": address(plan, "result.json"),
    }
    return {"data": data, "success": True}


def result(plan: StreetPlan, labels: Labels, frames: Sequence[Delivered]) -> Json:
    """The result document: legend rows of the keys in each frame, masks, sensors and poses."""
    annotations = [
        _annotation(plan, frame.frame_id, row) for frame in frames for row in labels.rows if row.key in frame.keys
    ]
    used = {key for frame in frames for key in frame.keys}
    sensors = [{"sensor_id": LIDAR, "sensor_type": "LIDAR"}]
    sensors += [{"sensor_id": name, "sensor_type": "CAMERA"} for name in plan.cameras]
    return {
        "annotation_data": {
            "annotations": annotations,
            "frames": [{"_id": frame.frame_id} for frame in frames],
            "groups": None,
            "masks": [_mask(plan, frame.frame_id) for frame in frames],
            "sensors": sensors,
            "tracks": [_track(plan, row) for row in labels.rows if row.key in used],
        },
        "sensor_data": {
            "frames": [_sensor_frame(plan, frame) for frame in frames],
            "sensor_meta": [_lidar_meta(), *(_camera_meta(plan, name) for name in plan.cameras)],
        },
    }


def _annotation(plan: StreetPlan, frame_id: str, row: Row) -> Json:
    return {
        "_id": identifier(plan, f"annotation/{frame_id}/{row.key}"),
        "_isStationary": row.stationary,
        "attributes": {},
        "class_id": identifier(plan, f"class/{row.label}"),
        "color": row.color,
        "frame_id": frame_id,
        "grouping_config": None,
        "label": row.label,
        "label_key": row.key,
        "sensor_id": "",
        "text": row.text,
        "track_id": identifier(plan, f"track/{row.key}"),
        "type": "segmentation3d",
    }


def _mask(plan: StreetPlan, frame_id: str) -> Json:
    return {
        "_id": identifier(plan, f"mask/{frame_id}"),
        "frame_id": frame_id,
        "label_url": address(plan, f"masks/{frame_id}.txt"),
        "sensor_id": LIDAR,
        "type": "segmentation3d",
        "url": "",
    }


def _track(plan: StreetPlan, row: Row) -> Json:
    return {
        "_id": identifier(plan, f"track/{row.key}"),
        "attributes": None,
        "color": row.color,
        "grouping_config": None,
        "label": "",
        "label_id": None,
        "state": "",
        "type": "",
    }


def _sensor_frame(plan: StreetPlan, frame: Delivered) -> Json:
    sensors = [_sensor(plan, LIDAR, f"lidar/{frame.frame_id}.pcd", Pose.identity())]
    sensors += [
        _sensor(plan, name, f"cameras/{name}/{frame.frame_id}.jpg", rig.lidar_from_camera(name))
        for name in plan.cameras
    ]
    return {"frame_id": frame.frame_id, "ego_pose": _pose(frame.world_from_ego), "sensors": sensors}


def _sensor(plan: StreetPlan, name: str, path: str, pose: Pose) -> Json:
    url = address(plan, path)
    return {"sensor_id": name, "data_url": url, "original_url": url, "sensor_pose": _pose(pose)}


def _pose(pose: Pose) -> Json:
    w, x, y, z = (round(value, 9) for value in quaternion(pose))
    position = dict(zip("xyz", (round(float(value), 6) for value in pose.position), strict=True))
    return {"heading": {"w": w, "x": x, "y": y, "z": z}, "position": position}


def as_written(pose: Pose) -> Pose:
    """The pose as a reader of the documents gets it, rounded as it is there."""
    written = _pose(pose)
    position = written["position"]
    return Pose.from_quaternion((position["x"], position["y"], position["z"]), **written["heading"])


def quaternion(pose: Pose) -> tuple[float, float, float, float]:
    """Scalar-first unit quaternion of a rotation: the eigenvector of its largest eigenvalue (Bar-Itzhack, 2000)."""
    r = pose.rotation
    symmetric = np.array(
        [
            [r[0, 0] + r[1, 1] + r[2, 2], r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]],
            [r[2, 1] - r[1, 2], r[0, 0] - r[1, 1] - r[2, 2], r[0, 1] + r[1, 0], r[0, 2] + r[2, 0]],
            [r[0, 2] - r[2, 0], r[0, 1] + r[1, 0], r[1, 1] - r[0, 0] - r[2, 2], r[1, 2] + r[2, 1]],
            [r[1, 0] - r[0, 1], r[0, 2] + r[2, 0], r[1, 2] + r[2, 1], r[2, 2] - r[0, 0] - r[1, 1]],
        ]
    )
    w, x, y, z = np.linalg.eigh(symmetric)[1][:, 3].tolist()
    sign = 1.0 if w >= 0 else -1.0
    return sign * w, sign * x, sign * y, sign * z


def _lidar_meta() -> Json:
    return {"id": LIDAR, "modality": "lidar", "name": LIDAR, "primary_view": True, "state": "editable"}


def _camera_meta(plan: StreetPlan, name: str) -> Json:
    lens = rig.intrinsics(name, plan.image_size)
    brown = lens.model is CameraModel.BROWN_CONRADY
    names = ("k1", "k2", "p1", "p2", "k3") if brown else ("k1", "k2", "k3", "k4")
    numbers = {"cx": lens.cx, "cy": lens.cy, "fx": lens.fx, "fy": lens.fy, "skew": 0.0, "scale_factor": 1}
    numbers |= dict(zip(names, lens.distortion, strict=True))
    return {
        "camera_model": lens.model.value,
        "id": name,
        "name": name,
        "modality": "camera",
        "primary_view": False,
        "state": "editable",
        "intrinsics": numbers,
    }


def tracking(tracked: Sequence[Sequence[Box]], detected: Sequence[Sequence[Box]]) -> Json:
    """A post-processing answer with results, boxes in pixels of the image."""
    return {
        "success": True,
        "hasResults": "has-results",
        "results": {
            "objectTracking": {
                "frames": _frames([[_object(box, id=box.track_id) for box in boxes] for boxes in tracked]),
                "parameters": PARAMETERS,
            },
            "objectDetection": {
                "frames": _frames([[_object(box, score=box.score) for box in boxes] for boxes in detected]),
            },
        },
    }  # fmt: skip


def _frames(objects: list[list[Json]]) -> list[Json]:
    return [{"frameIndex": index, "objects": found} for index, found in enumerate(objects)]


def _object(box: Box, **extra: Any) -> Json:
    return {"label": box.label, **extra, "x": box.x, "y": box.y, "width": box.width, "height": box.height}


def truth(frames: Mapping[str, Json]) -> Json:
    """What a reader of the delivery must find."""
    return {"frames": dict(frames)}
