"""The wall with posts as keyframes on disk, with one camera right and one turned aside."""

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image

from app.domain.edge_alignment import turn
from tests.domain.posts import CAMERA, LENS, picture, scan

RIGHT, TURNED = "right", "turned"


def posts_folder(root: Path, *, frames: int = 2, yaw: float = 1.0) -> Path:
    """Two cameras at one place with the same picture; points over that of TURNED lie ``yaw`` degrees to its right."""
    root.mkdir(parents=True, exist_ok=True)
    xyz = scan()
    buffer = io.BytesIO()
    Image.fromarray(picture()).save(buffer, "PNG")
    (root / "scan.bin").write_bytes(np.column_stack([xyz, np.zeros((len(xyz), 2))]).astype("<f4").tobytes())
    (root / "picture.png").write_bytes(buffer.getvalue())
    images = {name: _image(aside) for name, aside in ((RIGHT, 0.0), (TURNED, yaw))}
    samples = [
        {"sample_idx": index, "timestamp": index / 2, "lidar_points": {"lidar_path": "scan.bin"}, "images": images}
        for index in range(frames)
    ]
    document = {"metainfo": {"categories": {}, "dataset": "nuscenes"}, "data_list": samples}
    (root / "infos.json").write_text(json.dumps(document))
    return root


def _image(yaw: float) -> dict[str, object]:
    camera_from_lidar = np.eye(4)
    camera_from_lidar[:3, :3] = turn(0.0, 0.0, yaw) @ CAMERA.rotation.T
    camera_from_lidar[:3, 3] = -camera_from_lidar[:3, :3] @ CAMERA.position
    lens = [[LENS.fx, 0.0, LENS.cx], [0.0, LENS.fy, LENS.cy], [0.0, 0.0, 1.0]]
    return {"img_path": "picture.png", "cam2img": lens, "lidar2cam": camera_from_lidar.tolist(), "timestamp": 0.0}
