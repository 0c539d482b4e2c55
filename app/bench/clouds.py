"""Clouds that are drawn to be measured: the same in every run."""

import numpy as np

from app.domain.arrays import Bytes, Float32, frozen
from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.scene.prepared import PreparedCloud, prepare_cloud

CLASSES = 30
_SEED = 20


def synthetic_points(points: int) -> Float32:
    """(N, 3) float32 metres around the ego."""
    random = np.random.default_rng(_SEED)
    return random.standard_normal((points, 3), dtype=np.float32) * np.array([30, 30, 1.5], dtype=np.float32)


def synthetic_values(points: int) -> Float32:
    """(N,) float32 from 0 to 1."""
    return np.random.default_rng(_SEED).random(points, dtype=np.float32)


def synthetic_cloud(points: int, *, keys: int = CLASSES) -> PreparedCloud:
    """Those points, each with one of ``keys`` label keys, ready to draw."""
    return prepare_cloud(cloud_of(points), mask_of(points, keys=keys))


def cloud_of(points: int) -> PointCloud:
    """Those points, with an intensity."""
    source = CloudSource("synthetic", "", "", points, 1, None, ())
    columns = {"intensity": frozen(synthetic_values(points))}
    return PointCloud(frozen(synthetic_points(points)), frozen(np.zeros(3)), columns, source)


def mask_of(points: int, *, keys: int = CLASSES) -> Mask:
    """A label key for each point; every one of ``keys`` occurs."""
    label_keys = np.random.default_rng(_SEED).integers(0, keys, points).astype(np.uint16)
    label_keys[:keys] = np.arange(min(keys, points))
    return Mask(frozen(label_keys))


def random_colors(rows: int) -> Bytes:
    """(rows, 4) uint8 RGBA, opaque."""
    colors = np.random.default_rng(_SEED).integers(0, 256, (rows, 4)).astype(np.uint8)
    colors[:, 3] = 255
    return colors
