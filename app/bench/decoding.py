"""Decoding clouds and masks against pypcd4, Open3D, orjson and a plain read of the same file."""

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lzf
import numpy as np
from numpy.typing import NDArray

from app.bench.peers import installed
from app.bench.rows import Row, Work, compare, compare_memory
from app.domain.point_cloud import PointCloud
from app.formats.masks import decode_mask
from app.formats.pcd import encode_pcd, read_pcd

_SEED = 20
_READ_BLOCK = 1 << 18  # bytes, reused: what a read costs when nothing is kept
_PEER = "pypcd4, to the same arrays"

Columns = Mapping[str, NDArray[Any]]


def measure(
    *,
    points: int = 1_000_000,
    many_points: int = 10_000_000,
    keys: tuple[int, ...] = (200_000, 1_000_000, 5_000_000),
    repeats: int = 9,
) -> list[Row]:
    """All rows of this section; the data are written to a temporary folder, about 25 bytes per point."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="pointproof-bench-") as folder:
        for count in (points, many_points):
            rows += binary_rows(Path(folder), points=count, repeats=repeats)
        rows += compressed_rows(Path(folder), points=points, repeats=repeats)
        rows += ascii_rows(Path(folder), points=points, repeats=max(1, repeats // 3))
    for count in keys:
        rows += mask_rows(keys=count, repeats=repeats)
    return rows


def binary_rows(folder: Path, *, points: int, repeats: int) -> list[Row]:
    """Binary PCD with intensity: against the peers, a read from the page cache, and its own result's size."""
    path = folder / "binary.pcd"
    path.write_bytes(encode_pcd(synthetic_scan(points)))
    name = f"binary PCD, {_count(points)} points"
    ours: Work = lambda: _read(path)  # noqa: E731 - one short piece of work among others
    return [
        compare(name, ours, peer=_PEER, theirs=_pypcd4(path), goal=0.5, repeats=repeats),
        compare(name, ours, peer="Open3D", theirs=_open3d(path), goal=1 / 20, repeats=repeats),
        compare(name, ours, peer="page cache read", theirs=lambda: _cache_read(path), goal=4.0, repeats=repeats),
        compare_memory(f"{name}, peak memory", ours, result_bytes=_result_bytes(_read(path)), goal=1.1, mapped=True),
    ]


def compressed_rows(folder: Path, *, points: int, repeats: int) -> list[Row]:
    """binary_compressed PCD with intensity."""
    path = folder / "compressed.pcd"
    path.write_bytes(_compressed(synthetic_scan(points)))
    name = f"binary_compressed PCD, {_count(points)} points"
    ours: Work = lambda: _read(path)  # noqa: E731
    return [
        compare(name, ours, peer=_PEER, theirs=_pypcd4(path), goal=0.9, repeats=repeats),
        compare(name, ours, peer="Open3D", theirs=_open3d(path), goal=0.5, repeats=repeats),
    ]


def ascii_rows(folder: Path, *, points: int, repeats: int) -> list[Row]:
    """Ascii PCD: decimals of fixed length, and the shortest ones that keep a float32."""
    rows = []
    for style, number in (("6 decimals", "{:.6f}"), ("shortest", "{:.8g}")):
        path = folder / "ascii.pcd"
        path.write_bytes(_ascii(synthetic_scan(points), number=number))
        ours: Work = lambda path=path: _read(path)  # type: ignore[misc]  # noqa: E731
        name = f"ascii PCD, {style}, {_count(points)} points"
        rows.append(compare(name, ours, peer=_PEER, theirs=_pypcd4(path), goal=0.65, repeats=repeats))
    return rows


def mask_rows(*, keys: int, repeats: int) -> list[Row]:
    """Mask text: label keys as a scan meets them, in short runs, up to two and up to five digits."""
    rows = []
    for highest in (40, 65_535):
        raw = synthetic_mask(keys, highest=highest)
        name = f"mask, {_count(keys)} keys up to {highest}"
        goal = 0.4 if keys >= 1_000_000 else 0.75
        ours: Work = lambda raw=raw: decode_mask(raw)  # type: ignore[misc]  # noqa: E731
        rows.append(compare(name, ours, peer="orjson + np.array", theirs=_orjson(raw), goal=goal, repeats=repeats))
        if keys >= 1_000_000:
            result = decode_mask(raw).label_keys.nbytes
            rows.append(compare_memory(f"{name}, peak memory", ours, result_bytes=result, goal=2.0))
    return rows


def synthetic_scan(points: int) -> dict[str, NDArray[Any]]:
    """x, y, z and intensity in float32, like the returns of a spinning sensor in a street."""
    random = np.random.default_rng(_SEED)
    azimuth = np.linspace(0, 2 * np.pi, points, endpoint=False)
    distance = 3 + random.gamma(2.0, 9.0, points)
    height = random.normal(-1.2, 0.8, points)
    intensity = random.integers(0, 256, points)
    columns = {"x": distance * np.cos(azimuth), "y": distance * np.sin(azimuth), "z": height, "intensity": intensity}
    return {name: column.astype(np.float32) for name, column in columns.items()}


def synthetic_mask(keys: int, *, highest: int) -> bytes:
    """A JSON array of label keys in runs of about five."""
    random = np.random.default_rng(_SEED)
    runs = random.integers(0, highest + 1, keys // 5 + 1)
    return ("[" + ", ".join(map(str, np.repeat(runs, 5)[:keys].tolist())) + "]").encode()


def _compressed(columns: Columns) -> bytes:
    header = _header(columns, encoding="binary_compressed")
    blocks = b"".join(column.tobytes() for column in columns.values())
    packed = lzf.compress(blocks, 2 * len(blocks))
    return header + np.array([len(packed), len(blocks)], "<u4").tobytes() + bytes(packed)


def _ascii(columns: Columns, *, number: str) -> bytes:
    line = " ".join([number] * len(columns)) + "\n"
    values = zip(*(column.tolist() for column in columns.values()), strict=True)
    return _header(columns, encoding="ascii") + "".join(line.format(*row) for row in values).encode()


def _header(columns: Columns, *, encoding: str) -> bytes:
    head, mark, _ = encode_pcd(columns).partition(b"DATA ")
    return head + mark + encoding.encode() + b"\n"


def _read(path: Path) -> PointCloud:
    with path.open("rb") as stream:
        return read_pcd(stream)


def _cache_read(path: Path) -> None:
    block = bytearray(_READ_BLOCK)
    with path.open("rb", buffering=0) as stream:
        while isinstance(stream, io.RawIOBase) and stream.readinto(block):
            pass


def _result_bytes(cloud: PointCloud) -> int:
    return cloud.xyz.nbytes + sum(column.nbytes for column in cloud.columns.values())


def _pypcd4(path: Path) -> Work | None:
    peer = installed("pypcd4")

    def work() -> object:
        assert peer is not None
        points = peer.PointCloud.from_path(path).pc_data
        xyz = np.stack([points[axis] for axis in "xyz"], axis=1)
        return xyz, np.ascontiguousarray(points["intensity"])

    return work if peer else None


def _open3d(path: Path) -> Work | None:
    peer = installed("open3d")

    def work() -> object:
        assert peer is not None
        cloud = peer.t.io.read_point_cloud(str(path))
        return cloud.point.positions.numpy(), cloud.point.intensity.numpy()

    return work if peer else None


def _orjson(raw: bytes) -> Work | None:
    peer = installed("orjson")
    return (lambda: np.array(peer.loads(raw))) if peer else None


def _count(number: int) -> str:
    return f"{number // 1_000_000} M" if number >= 1_000_000 else f"{number // 1000} k"
