import json
from pathlib import Path

import numpy as np
import pypcd4

from app.domain.geometry import Pose
from tests.builders import FOCAL, IMAGE_SIZE, camera_quaternion, small_delivery


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (small_delivery(tmp_path / name, cameras=("front", "left")) for name in ("a", "b"))
    files = [path.relative_to(first) for path in sorted(first.rglob("*")) if path.is_file()]
    assert len(files) == 5 + 2 + 3 * (2 + 2)
    assert all((first / path).read_bytes() == (second / path).read_bytes() for path in files)


def test_truth_agrees_with_another_way_of_counting(tmp_path: Path) -> None:
    cameras = ("front", "left", "back", "right")
    folder = small_delivery(tmp_path, cameras=cameras)
    truth = json.loads((folder / "truth.json").read_bytes())["frames"]
    for frame_id, expected in truth.items():
        cloud = pypcd4.PointCloud.from_path(folder / "files" / "lidar" / f"{frame_id}.pcd")
        xyz = cloud.numpy(("x", "y", "z")).astype(np.float64)
        keys = json.loads((folder / "files" / "masks" / f"{frame_id}.txt").read_bytes())
        assert len(xyz) == len(keys) == expected["points"]
        assert {str(key): keys.count(key) for key in sorted(set(keys))} == expected["label_counts"]
        seen = {camera: {"points_in_image": seen_by(xyz, place)} for place, camera in enumerate(cameras)}
        assert seen == expected["cameras"]


def seen_by(xyz: np.ndarray, camera_index: int) -> int:
    """Through the pose of the document, where the builder counts along the axes."""
    optical = Pose.from_quaternion((0.0, 0.0, 0.0), **camera_quaternion(camera_index)).inverse().apply(xyz)
    ahead = optical[optical[:, 2] > 0.5]
    pixels = FOCAL * ahead[:, :2] / ahead[:, 2:] + np.array(IMAGE_SIZE) / 2
    return int(((pixels >= 0) & (pixels < IMAGE_SIZE)).all(axis=1).sum())
