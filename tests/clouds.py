"""Point clouds made ready to draw, from plain coordinates and label keys."""

import numpy as np

from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.scene.prepared import prepare_cloud

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())


def mask_of(keys):
    """A mask of these label keys; None without any."""
    return None if keys is None else Mask(np.asarray(keys, dtype=np.uint16))


def prepared_of(xyz, keys=None, origin=(0.0, 0.0, 0.0)):
    """Points (N, 3) relative to ``origin``, painted by ``keys`` (N,)."""
    xyz = np.asarray(xyz, dtype=np.float32).reshape(-1, 3)
    return prepare_cloud(PointCloud(xyz, np.array(origin, dtype=np.float64), {}, SOURCE), mask_of(keys))
