"""nuScenes keyframes as mmdetection3d lists them ("infos", version 1.1): every part may miss or hold something else.

Source: https://mmdetection3d.readthedocs.io/en/latest/advanced_guides/datasets/nuscenes.html. Only what is read is
listed.
"""

from typing import Any

from msgspec import Struct

from app.formats.documents import Maybe, Rows


class MetaInfo(Struct):
    """``categories`` gives each class its number."""

    categories: Any = None


class BoxRecord(Struct):
    """A box over a picture: left, top, right and bottom in pixels."""

    bbox: Any = None
    bbox_label: Any = None


class ImageRecord(Struct):
    """One camera's picture; the matrices are rows of numbers."""

    img_path: Any = None
    cam2img: Any = None
    cam2ego: Any = None
    lidar2cam: Any = None
    timestamp: Any = None


class LidarRecord(Struct):
    """The scan."""

    lidar_path: Any = None
    lidar2ego: Any = None


class SampleRecord(Struct):
    """One keyframe."""

    sample_idx: Any = None
    timestamp: Any = None
    ego2global: Any = None
    lidar_points: Maybe[LidarRecord] = None
    images: dict[str, Maybe[ImageRecord]] | list[Any] | str | int | float | bool | None = None
    cam_instances: dict[str, Rows[BoxRecord]] | list[Any] | str | int | float | bool | None = None


class InfosRecord(Struct):
    """The whole document."""

    metainfo: Maybe[MetaInfo] = None
    data_list: Rows[SampleRecord] = None
