"""Small folders in the layouts of public datasets, with what is in them known beforehand."""

import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

P0 = "80 0 60 0 0 80 40 0 0 0 1 0"
P2 = "80 0 60 4 0 80 40 0 0 0 1 0"  # camera 2 sits 5 cm beside camera 0
TR = "0 -1 0 0 0 0 -1 -0.08 1 0 0 -0.27"
PICTURE_SIZE = (120, 80)
KEYS = np.array([0, 10, (4 << 16) | 10, (9 << 16) | 10, 40, 7], np.uint32)  # 7 is no class


def picture() -> bytes:
    """A grey PNG of PICTURE_SIZE."""
    buffer = io.BytesIO()
    Image.new("RGB", PICTURE_SIZE, (90, 90, 90)).save(buffer, "PNG")
    return buffer.getvalue()


def write(path: Path, content: bytes | str) -> None:
    """Write a file with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def lidar_scan(index: int, *, points: int = 200) -> NDArray[np.float32]:
    """(points, 4) float32: x, y, z, intensity."""
    random = np.random.default_rng(index)
    xyz = random.uniform([-30, -30, -2], [30, 30, 3], (points, 3))
    return np.column_stack([xyz, random.random(points)]).astype("<f4")


def label_keys(index: int, *, points: int = 200) -> NDArray[np.uint32]:
    """(points,) of KEYS."""
    return np.random.default_rng(100 + index).choice(KEYS, points).astype("<u4")


def semantic_kitti(root: Path, *, frames: int = 3) -> Path:
    """A sequence with labels, pictures of camera 2, calibration, poses (a metre ahead per frame) and times."""
    for index in range(frames):
        write(root / "velodyne" / f"{index:06d}.bin", lidar_scan(index).tobytes())
        write(root / "labels" / f"{index:06d}.label", label_keys(index).tobytes())
        write(root / "image_2" / f"{index:06d}.png", picture())
    write(root / "calib.txt", f"P0: {P0}\nP1: {P0}\nP2: {P2}\nP3: {P0}\nTr: {TR}\n")
    write(root / "poses.txt", "".join(f"1 0 0 0 0 1 0 0 0 0 1 {index}\n" for index in range(frames)))
    write(root / "times.txt", "".join(f"{index / 10:e}\n" for index in range(frames)))
    return root


def seen_by_camera_2(scan: NDArray[np.float32]) -> int:
    """How many points fall into the picture, from the matrices alone."""
    projection, tr = (np.array(text.split(), float).reshape(3, 4) for text in (P2, TR))
    return _seen(scan, projection @ np.vstack([tr, [0, 0, 0, 1]]))


def _seen(scan: NDArray[np.float32], picture_from_lidar: NDArray[np.float64]) -> int:
    u, v, depth = (np.column_stack([scan[:, :3].astype(float), np.ones(len(scan))]) @ picture_from_lidar.T).T
    inside = (depth > 0.5) & (u >= 0) & (u < PICTURE_SIZE[0] * depth) & (v >= 0) & (v < PICTURE_SIZE[1] * depth)
    return int(inside.sum())


def kitti_line(frame: int, track: int, kind: str, *, left: float = 10, score: str = "") -> str:
    """One box, 20 wide and 30 high."""
    return f"{frame} {track} {kind} 0 0 -1.5 {left} 5 {left + 20} 35 1.5 1.6 3.9 -5 1.7 12 -1.5 {score}".rstrip() + "\n"


def kitti_tracking(root: Path) -> Path:
    """Seven frames: a car in the first four, a van in frame 2, regions to ignore up to the last; pictures of two."""
    lines = [kitti_line(frame, 0, "Car", left=10 + frame) for frame in range(4)]
    lines += [kitti_line(2, 5, "Van"), kitti_line(0, -1, "DontCare"), kitti_line(6, -1, "DontCare")]
    write(root / "label_02" / "0003.txt", "".join(lines))
    for frame in (0, 2):
        write(root / "image_02" / "0003" / f"{frame:06d}.png", picture())
        write(root / "velodyne" / "0003" / f"{frame:06d}.bin", lidar_scan(frame).tobytes())
    rectified = "1 0 0 0 1 0 0 0 1"
    write(root / "calib" / "0003.txt", f"P0: {P0}\nP2: {P2}\nR_rect {rectified}\nTr_velo_cam {TR}\n")
    return root


def mot(root: Path) -> Path:
    """Five frames: one person tracked in frames 1 to 3, two detections in frame 2, pictures of frames 1 and 2."""
    truth = [f"{frame},7,{10 * frame},20,30,40,1,1,1\n" for frame in (1, 2, 3)]
    write(root / "gt" / "gt.txt", "".join(truth) + "2,8,0,0,5,5,0,8,1\n")
    write(root / "det" / "det.txt", "2,-1,11,21,30,40,0.9,-1,-1,-1\n2,-1,50,20,30,40,0.4,-1,-1,-1\n")
    for frame in (1, 2):
        write(root / "img1" / f"{frame:06d}.jpg", picture())
    info = "[Sequence]\nname=street-02\nimDir=img1\nframeRate=10\nseqLength=5\nimWidth=120\nimHeight=80\nimExt=.jpg\n"
    write(root / "seqinfo.ini", info)
    return root


NUSCENES_LENS = [[80.0, 0.0, 60.0], [0.0, 80.0, 40.0], [0.0, 0.0, 1.0]]
NUSCENES_CAMERAS = {  # camera from lidar: a lidar of x right, y ahead, z up, as nuScenes has it
    "CAM_FRONT": [[1, 0, 0, 0.1], [0, 0, -1, -0.3], [0, 1, 0, -0.8], [0, 0, 0, 1]],
    "CAM_BACK": [[-1, 0, 0, 0.0], [0, 0, -1, -0.3], [0, -1, 0, -0.5], [0, 0, 0, 1]],
}
EGO_FROM_LIDAR = [[0, 1, 0, 0.9], [-1, 0, 0, 0], [0, 0, 1, 1.8], [0, 0, 0, 1]]
NUSCENES_START = 1532402927.5


def nuscenes_scan(index: int, *, points: int = 300) -> NDArray[np.float32]:
    """(points, 5) float32: x, y, z, intensity to 255, ring to 31."""
    random = np.random.default_rng(index)
    xyz = random.uniform([-30, -30, -2], [30, 30, 3], (points, 3))
    return np.column_stack([xyz, random.integers(0, 256, points), np.arange(points) % 32]).astype("<f4")


def nuscenes_infos(*, frames: int = 2) -> dict[str, Any]:
    """A keyframe each half second, the ego 4 m further east each; a car in front in the first, one to ignore."""
    samples = [_nuscenes_sample(index) for index in range(frames)]
    categories = {"car": 0, "pedestrian": 7}
    return {"metainfo": {"categories": categories, "dataset": "nuscenes"}, "data_list": samples}


def _nuscenes_sample(index: int) -> dict[str, Any]:
    start = NUSCENES_START + index / 2
    mounted = np.array(EGO_FROM_LIDAR, float)
    images = {
        camera: {
            "img_path": f"{camera}_{index}.png",
            "cam2img": NUSCENES_LENS,
            "cam2ego": (mounted @ np.linalg.inv(np.array(matrix, float))).tolist(),
            "lidar2cam": matrix,
            "timestamp": start + delay,
        }
        for (camera, matrix), delay in zip(NUSCENES_CAMERAS.items(), (0.012, -0.035), strict=True)
    }
    car = {"bbox": [10.0, 20.0, 40.0, 35.0], "bbox_label": 0, "velocity": [math.nan, math.nan]}
    return {
        "sample_idx": index,
        "timestamp": start,
        "ego2global": [[1, 0, 0, 4.0 * index], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
        "lidar_points": {"num_pts_feats": 5, "lidar_path": f"scan_{index}.pcd.bin", "lidar2ego": EGO_FROM_LIDAR},
        "images": images,
        "cam_instances": {"CAM_FRONT": [car, {**car, "bbox_label": -1}] if index == 0 else [], "CAM_BACK": []},
    }


def nuscenes(root: Path, *, frames: int = 2, infos: dict[str, Any] | None = None) -> Path:
    """A folder with keyframes beside their list; NaN stands in the list as Python writes it."""
    for index in range(frames):
        write(root / f"scan_{index}.pcd.bin", nuscenes_scan(index).tobytes())
        for camera in NUSCENES_CAMERAS:
            write(root / f"{camera}_{index}.png", picture())
    write(root / "infos.json", json.dumps(infos or nuscenes_infos(frames=frames)))
    return root


def seen_by_nuscenes(scan: NDArray[np.float32], camera: str) -> int:
    """How many points fall into the picture, from the matrices alone."""
    return _seen(scan, np.array(NUSCENES_LENS) @ np.array(NUSCENES_CAMERAS[camera], float)[:3])
