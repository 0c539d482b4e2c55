"""Point cloud files of every kind, written without the program's own code."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import laspy
import numpy as np
import pypcd4
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]

PLY_TYPES = {
    "float32": "float",
    "float64": "double",
    "int8": "char",
    "int16": "short",
    "int32": "int",
    "uint8": "uchar",
    "uint16": "ushort",
    "uint32": "uint",
}


def scan(points: int = 60, *, seed: int = 1) -> dict[str, NDArray[Any]]:
    """x, y, z in metres and an intensity, all float32."""
    random = np.random.default_rng(seed)
    xyz = random.uniform([-40, -40, -2], [40, 40, 5], (points, 3)).astype(np.float32)
    return {"x": xyz[:, 0], "y": xyz[:, 1], "z": xyz[:, 2], "intensity": random.random(points).astype(np.float32)}


def stacked(columns: Columns) -> NDArray[Any]:
    """All columns side by side, (N, C)."""
    return np.stack(list(columns.values()), axis=1)


def ply(columns: Columns, encoding: str, *, before: str = "", body_before: bytes = b"", after: str = "") -> bytes:
    """A PLY file with the element vertex, and whatever is given before and after it in header and body."""
    count = len(next(iter(columns.values())))
    properties = "".join(f"property {PLY_TYPES[column.dtype.name]} {name}\n" for name, column in columns.items())
    start = f"ply\nformat {encoding} 1.0\ncomment by a test\n"
    head = f"{start}{before}element vertex {count}\n{properties}{after}end_header\n"
    if encoding == "ascii":
        rows = zip(*(column.tolist() for column in columns.values()), strict=True)
        return head.encode() + body_before + "".join(" ".join(map(repr, row)) + "\n" for row in rows).encode()
    order = "<" if encoding == "binary_little_endian" else ">"
    records = np.empty(count, [(name, column.dtype.newbyteorder(order)) for name, column in columns.items()])
    for name, column in columns.items():
        records[name] = column
    return head.encode() + body_before + records.tobytes()


def npy(array: NDArray[Any]) -> bytes:
    """An array file."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz(*, compressed: bool = True, **arrays: NDArray[Any]) -> bytes:
    """An archive of arrays."""
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **arrays)
    return buffer.getvalue()


def las(
    xyz: NDArray[Any], *, point_format: int = 3, version: str = "1.2", compressed: bool = False, **columns: NDArray[Any]
) -> bytes:
    """A LAS or LAZ file by laspy, in millimetres around the first point."""
    header = laspy.LasHeader(point_format=point_format, version=version)
    header.scales = np.array([0.001, 0.001, 0.001])
    header.offsets = np.floor(xyz[0]) if len(xyz) else np.zeros(3)
    data = laspy.LasData(header)
    data.xyz = xyz
    for name, column in columns.items():
        data[name] = column
    buffer = io.BytesIO()
    data.write(buffer, do_compress=compressed)
    return buffer.getvalue()


def pcd(columns: Columns) -> bytes:
    """A binary PCD by pypcd4."""
    cloud = pypcd4.PointCloud.from_points(
        list(columns.values()), tuple(columns), tuple(column.dtype.type for column in columns.values())
    )
    buffer = io.BytesIO()
    cloud.save(buffer, encoding=pypcd4.Encoding.BINARY)
    return buffer.getvalue()


def _las_of(columns: Columns, *, compressed: bool) -> bytes:
    intensity = (columns["intensity"] * 1000).astype(np.uint16)
    xyz = np.stack([columns[axis] for axis in "xyz"], axis=1).astype(np.float64)
    return las(xyz, compressed=compressed, intensity=intensity)


KINDS: dict[str, tuple[str, Callable[[Columns], bytes]]] = {
    "pcd": ("a.pcd", pcd),
    "ply ascii": ("a.ply", lambda columns: ply(columns, "ascii")),
    "ply little": ("a.ply", lambda columns: ply(columns, "binary_little_endian")),
    "ply big": ("a.ply", lambda columns: ply(columns, "binary_big_endian")),
    "las": ("a.las", lambda columns: _las_of(columns, compressed=False)),
    "laz": ("a.laz", lambda columns: _las_of(columns, compressed=True)),
    "npy": ("a.npy", lambda columns: npy(stacked(columns))),
    "npy by columns": ("a.npy", lambda columns: npy(np.asfortranarray(stacked(columns)))),
    "npz": ("a.npz", lambda columns: npz(points=stacked(columns))),
    "bin": ("a.bin", lambda columns: stacked(columns).astype("<f4").tobytes()),
}
"""Kind of file to a usual name and its writer for columns x, y, z and intensity in float32."""


def with_count(kind: str, raw: bytes, count: int) -> bytes:
    """A file of 60 points with another number of them in its header, and nothing else changed."""
    if kind in ("las", "laz"):
        changed = raw[:107] + (count % (1 << 32)).to_bytes(4, "little") + raw[111:]
    elif kind.startswith("ply"):
        changed = raw.replace(b"element vertex 60\n", f"element vertex {count}\n".encode())
    else:
        padding = b" " * (len(str(count)) - 2)
        changed = raw.replace(b"(60, 4), }" + padding, f"({count}, 4), }}".encode())
    assert changed != raw
    return changed
