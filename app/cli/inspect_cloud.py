"""What ``inspect`` says about one point cloud."""

import hashlib

import numpy as np

from app.cli.inspection import Bounds, ChannelReport, Cloud, Triple
from app.domain.arrays import Float64
from app.domain.channels import Channel, channel_values, channels
from app.domain.point_cloud import PointCloud
from app.scene.prepared import Spread, spread_of

CHUNK = 1 << 18  # points: the sums need no second copy of a large cloud


def describe_cloud(cloud: PointCloud) -> Cloud:
    """The header's own words, and the mean and hash of the coordinates."""
    source = cloud.source
    return Cloud(
        format=source.format,
        version=source.version,
        encoding=source.encoding,
        width=source.width,
        height=source.height,
        viewpoint=source.viewpoint,
        types=tuple(field.kind for field in source.fields),
        sizes=tuple(field.size for field in source.fields),
        counts=tuple(field.count for field in source.fields),
        trailing_bytes=source.trailing_bytes,
        mean_xyz=mean_xyz(cloud),
        xyz_sha256=xyz_sha256(cloud),
    )


def describe_bounds(cloud: PointCloud) -> Bounds | None:
    """Corners of the box around the finite points, None without any."""
    if cloud.bounds is None:
        return None
    low, high = cloud.bounds
    return Bounds(min=_triple(low), max=_triple(high))


def describe_channels(cloud: PointCloud) -> tuple[ChannelReport, ...]:
    """What the points can be coloured by, with the smallest and largest finite number of each."""
    finite = cloud.xyz if cloud.nonfinite_points == 0 else cloud.xyz[cloud.finite]
    spread = spread_of(finite, ego=-cloud.origin)
    return tuple(_channel(cloud, channel, spread) for channel in channels(cloud))


def _channel(cloud: PointCloud, channel: Channel, spread: Spread) -> ChannelReport:
    values = channel_values(cloud, channel, ground=spread.ground, ego=spread.ego)
    low, high = float(np.fmin.reduce(values, initial=np.nan)), float(np.fmax.reduce(values, initial=np.nan))
    known = low <= high  # NaN where there is no finite value
    return ChannelReport(channel.name, channel.title, channel.unit, low if known else None, high if known else None)


def mean_xyz(cloud: PointCloud) -> Triple | None:
    """Mean of the finite points in source coordinates, summed in float64; None without any."""
    count = int(np.count_nonzero(cloud.finite))
    if count == 0:
        return None
    finite = cloud.xyz if count == len(cloud) else cloud.xyz[cloud.finite]
    return _triple(finite.sum(axis=0, dtype=np.float64) / count + cloud.origin)


def xyz_sha256(cloud: PointCloud) -> str:
    """Hex SHA-256 of (N, 3) little-endian float32 source coordinates in file order, NaN counted as 0."""
    digest = hashlib.sha256()
    for start in range(0, len(cloud), CHUNK):
        xyz = cloud.xyz[start : start + CHUNK].astype(np.float64) + cloud.origin
        xyz[np.isnan(xyz)] = 0.0
        digest.update(xyz.astype("<f4").tobytes())
    return digest.hexdigest()


def _triple(values: Float64) -> Triple:
    x, y, z = values.tolist()
    return x, y, z
