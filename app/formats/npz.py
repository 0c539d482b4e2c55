"""NumPy archives (``.npz``): a zip of arrays, one of which holds the points, or three of which are x, y and z.

Arrays with one row per point become columns under their own names. Source:
https://numpy.org/doc/stable/reference/generated/numpy.savez.html
"""

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Float64, frozen
from app.domain.point_cloud import CloudSource, PointCloud
from app.errors import CloudFormatError
from app.formats.cloud_columns import choose_origin, place_coordinates
from app.formats.cloud_header import AXES
from app.formats.cloud_room import require_room
from app.formats.npy import NpyHeader, holds_points, read_npy, read_npy_header, read_npy_values

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_SUFFIX = ".npy"
_MAX_ENTRIES = 1000
_SAMPLES = 4096
_SMALL = 64 << 20  # bytes: up to here an archive may unfold at any ratio
_MAX_RATIO = 100  # beyond: scans of real sensors shrink to a tenth at best
_POINT_NAMES = ("points", "xyz", "pts", "point_cloud", "pointcloud", "cloud", "pc", "data", "arr_0")
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError)
_NEXT_STEP = "Check how the file was written, or fetch it again."

_Arrays = Mapping[str, NpyHeader]


def looks_like_npz(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a zip archive."""
    return head.startswith(_MAGIC)


def read_npz(stream: BinaryIO, *, free: int | None = None) -> PointCloud:
    """Read the points of an archive from a seekable stream at its current position.

    Sizes and ratios are checked before anything is unfolded. Raises CloudFormatError, and TooLargeError where the
    points need more than ``free`` bytes of memory.
    """
    try:
        size = stream.seek(0, io.SEEK_END)
        with zipfile.ZipFile(stream) as archive:
            arrays = _arrays(archive, size=size)
            _require_room(arrays, free=free)
            return _with_columns(archive, arrays, _points(archive, arrays))
    except _DAMAGE as error:
        message = f"The NumPy archive is damaged or cannot be unpacked ({error})."
        raise CloudFormatError(message, next_step=_NEXT_STEP) from error


def _require_room(arrays: _Arrays, *, free: int | None) -> None:
    """Of the points and of every array with one value for each, which are held folded out while they are placed."""
    name = _name_of_points(arrays)
    points = _rows(arrays[name] if name is not None else arrays["x"]) if name is not None or "x" in arrays else 0
    beside = [header for other, header in arrays.items() if other != name and _rows(header) == points]
    decoded = 12 + sum(_bytes_per_row(header) for header in beside)
    unfolded = _bytes_per_row(arrays[name]) if name is not None else 0
    require_room(points, bytes_per_point=decoded + 2 * unfolded, free=free)


def _rows(header: NpyHeader) -> int:
    """Points of an array that holds points, values of one that is a column."""
    fits = header.plain and holds_points(header)
    return math.prod(header.shape[:-1] if fits else header.shape)


def _bytes_per_row(header: NpyHeader) -> int:
    values = header.shape[-1] if header.plain and holds_points(header) else 1
    return values * sum(field.size * field.count for field in header.fields)


def _points(archive: zipfile.ZipFile, arrays: _Arrays) -> PointCloud:
    name = _name_of_points(arrays)
    return _of_axes(archive, arrays) if name is None else read_npy(_array(archive, name))


def _arrays(archive: zipfile.ZipFile, *, size: int) -> _Arrays:
    """The headers of all arrays, once what they would unfold to has been found plausible for ``size`` bytes."""
    entries = [entry for entry in archive.infolist() if entry.filename.endswith(_SUFFIX)]
    if not 0 < len(entries) <= _MAX_ENTRIES:
        message = f"The zip archive holds {len(entries):,} NumPy arrays, so it is no point cloud."
        raise CloudFormatError(message, next_step=_NEXT_STEP)
    unfolded = sum(entry.file_size for entry in entries)
    if unfolded > max(_SMALL, _MAX_RATIO * size):
        message = f"The archive of {size:,} bytes claims to unfold to {unfolded:,}, which is absurd."
        raise CloudFormatError(message, next_step="Do not open it; ask where it comes from.")
    found = ((entry.filename.removesuffix(_SUFFIX), _header(archive, entry)) for entry in entries)
    return {name: header for name, header in found if header is not None}


def _header(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NpyHeader | None:
    """None for arrays of texts and of other things that are no numbers: they may lie beside the points."""
    with archive.open(entry) as stream:
        try:
            return read_npy_header(stream)
        except CloudFormatError:
            return None


def _name_of_points(arrays: _Arrays) -> str | None:
    """The array that is a point cloud by itself; of several the one with the most telling name."""
    fitting = [name for name, header in arrays.items() if holds_points(header)]
    ranked = sorted(fitting, key=lambda name: _POINT_NAMES.index(name) if name in _POINT_NAMES else len(_POINT_NAMES))
    return ranked[0] if ranked else None


def _array(archive: zipfile.ZipFile, name: str) -> io.BytesIO:
    """One array file, never more of it than its entry declares."""
    return io.BytesIO(archive.read(name + _SUFFIX))


def _of_axes(archive: zipfile.ZipFile, arrays: _Arrays) -> PointCloud:
    if not {"x", "y", "z"} <= arrays.keys():
        message = f"No array of the archive holds points; its arrays of numbers are {', '.join(arrays) or 'none':.200}."
        raise CloudFormatError(message, next_step="Save an array (N, 3) or wider, or arrays named x, y and z.")
    axes: list[NDArray[Any]] = [read_npy_values(_array(archive, axis)) for axis in AXES]
    if len({axis.size for axis in axes}) > 1:
        raise CloudFormatError("The arrays x, y and z of the archive differ in length.", next_step=_NEXT_STEP)
    xyz, origin = _placed(axes)
    fields = tuple(arrays[axis].fields[0] for axis in AXES)
    fields = tuple(replace(field, name=axis) for field, axis in zip(fields, AXES, strict=True))
    source = CloudSource("npy", arrays["x"].version, "binary", len(xyz), 1, viewpoint=None, fields=fields)
    return PointCloud(frozen(xyz), frozen(origin), {}, source)


def _placed(axes: list[NDArray[Any]]) -> tuple[NDArray[np.float32], Float64]:
    """(N, 3) coordinates and the origin that was subtracted."""
    xyz = np.empty((axes[0].size, 3), np.float32)
    step = max(1, axes[0].size // _SAMPLES)
    origin = choose_origin(np.stack([axis[::step].astype(np.float64) for axis in axes], axis=1))
    for place, axis in enumerate(axes):
        place_coordinates(axis, origin[place], xyz[:, place])
    return xyz, origin


def _with_columns(archive: zipfile.ZipFile, arrays: _Arrays, cloud: PointCloud) -> PointCloud:
    """The cloud with a column for each further array that has one value per point."""
    columns, fields = dict(cloud.columns), list(cloud.source.fields)
    taken = {field.name for field in fields}
    for name, header in arrays.items():
        if name not in taken and header.plain and math.prod(header.shape) == len(cloud):
            columns[name] = frozen(read_npy_values(_array(archive, name)))
            fields.append(replace(header.fields[0], name=name))
    source = replace(cloud.source, format="npz", fields=tuple(fields))
    return replace(cloud, columns=columns, source=source)
