"""NumPy's own files: arrays of points, or of label keys. Nothing in them is ever executed or unpickled.

Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. An array (N, C) holds x, y, z and
further values per point; (H, W, C) is a range image, read row by row; a structured array (N,) names its fields.
"""

import io
import json
import math
import re
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, NoReturn

import numpy as np

from app.domain.arrays import Integers
from app.domain.point_cloud import FieldSpec, PointCloud
from app.errors import CloudFormatError
from app.formats.cloud_blocks import read_columns
from app.formats.cloud_header import PADDING, CloudHeader, require_xyz
from app.formats.cloud_records import read_exactly, read_records

_MAGIC = b"\x93NUMPY"
_MAX_HEADER = 1 << 16  # bytes; real headers have about 120
_MAX_VALUES = 1 << 12  # per point
_TYPE = re.compile(r"([<>|=])([fiubV])([0-9]{1,6})")
_SIZES = {"F": (2, 4, 8), "I": (1, 2, 4, 8), "U": (1, 2, 4, 8)}
# x, y, z, intensity, depth, label: the range images of SqueezeSeg and of what was built on it
_RANGE_IMAGE = ("x", "y", "z", "intensity", "depth", "label")
_NEXT_STEP = "Check how the file was written, or fetch it again."


@dataclass(frozen=True)
class NpyHeader:
    """What a file declares: ``fields`` of each entry (one without a name for a plain array), its shape and order."""

    version: str
    fields: tuple[FieldSpec, ...]
    plain: bool
    byte_order: str
    shape: tuple[int, ...]
    by_columns: bool  # Fortran's order
    data_offset: int

    @property
    def whole_numbers(self) -> bool:
        """Whether it is a plain array of integers or of truth values."""
        return self.plain and self.fields[0].kind in "IU"


def looks_like_npy(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a NumPy array."""
    return head.startswith(_MAGIC)


def holds_points(header: NpyHeader) -> bool:
    """Whether the array can be a point cloud, told from its shape and its fields' names alone."""
    if not header.plain:
        return {"x", "y", "z"} <= {field.name for field in header.fields}
    return len(header.shape) in (2, 3) and 3 <= header.shape[-1] <= _MAX_VALUES


def read_npy(stream: BinaryIO, *, free: int | None = None) -> PointCloud:
    """Read an array of points from a seekable stream at its current position, a range image row by row.

    Coordinates in float64 get an origin as in PCD files. Columns without a name are ``intensity`` where there are four,
    those of a range image of five or six x, y, z, intensity, depth, label, any others ``column_4`` and so on. The
    declared shape is checked against the size of the stream before anything is allocated. Raises CloudFormatError, and
    TooLargeError where the points need more than ``free`` bytes of memory.
    """
    npy = read_npy_header(stream)
    if not holds_points(npy):
        _fail(f"The array of shape {npy.shape} holds no points; it takes three or more values for each")
    header = _cloud_header(npy)
    require_xyz(header.fields)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(header.data_offset)
    if npy.by_columns and len(npy.shape) == 3:
        _fail("The range image is stored column by column, which this program does not read")
    return (read_columns if npy.by_columns else read_records)(stream, header, size=size, free=free)


def read_npy_values(stream: BinaryIO) -> Integers:
    """Read a plain array, flattened row by row, in its own type; raises CloudFormatError."""
    npy = read_npy_header(stream)
    if not npy.plain:
        _fail("The array has named fields, so it is no list of numbers")
    field, count = npy.fields[0], math.prod(npy.shape)
    begin = stream.tell()
    available = stream.seek(0, io.SEEK_END) - begin
    if count * field.size > available:
        _fail_short(npy, available=available)
    stream.seek(begin)
    memory = np.empty(count * field.size, np.uint8)
    read_exactly(stream, memory)
    values: Integers = memory.view(f"{npy.byte_order}{field.kind.lower()}{field.size}")
    values = values.reshape(npy.shape, order="F" if npy.by_columns else "C").reshape(-1)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def read_npy_header(stream: IO[bytes]) -> NpyHeader:
    """Read the header and leave the stream at the first value; raises CloudFormatError, for pickled objects too."""
    start = stream.read(8)
    if not looks_like_npy(start) or len(start) < 8 or start[6] not in (1, 2, 3):
        _fail("The file is no NumPy array of a known version")
    width = 2 if start[6] == 1 else 4
    length = int.from_bytes(stream.read(width), "little")
    text = stream.read(length) if length <= _MAX_HEADER else b""
    if not text or len(text) < length:
        _fail("The header of the NumPy array is cut short or damaged")
    declared = _declared(text.decode("latin-1" if start[6] < 3 else "utf-8", "replace"))
    described, order, shape = (declared.get(key) for key in ("descr", "fortran_order", "shape"))
    if not isinstance(order, bool) or not isinstance(shape, list) or not all(type(n) is int for n in shape):
        _fail("The header of the NumPy array is damaged")
    if any(number < 0 for number in shape):
        _fail(f"The NumPy array declares the negative shape {tuple(shape)}")
    fields, byte_order = _fields(described)
    plain = isinstance(described, str)
    by_columns = order and len(shape) > 1
    return NpyHeader(f"{start[6]}.{start[7]}", fields, plain, byte_order, tuple(shape), by_columns, stream.tell())


def _declared(text: str) -> dict[str, Any]:
    """The header is a Python literal; the little of it that files use is turned into JSON, not evaluated."""
    as_json = text.translate(str.maketrans("'()", '"[]')).replace("False", "false").replace("True", "true")
    try:
        declared = json.loads(re.sub(r",\s*([\]}])", r"\1", as_json))
    except (ValueError, RecursionError):
        _fail("The header of the NumPy array is damaged")
    return declared if isinstance(declared, dict) else _fail("The header of the NumPy array is damaged")


def _fields(described: Any) -> tuple[tuple[FieldSpec, ...], str]:
    """The fields of one entry, and their byte order."""
    entries = [["", described]] if isinstance(described, str) else described
    if not isinstance(entries, list) or not entries:
        _fail("The header of the NumPy array is damaged")
    found = [_field(entry) for entry in entries]
    orders = {order for _, order in found} - {""}
    if len(orders) > 1:
        _fail("The fields of the NumPy array have different byte orders")
    return tuple(field for field, _ in found), orders.pop() if orders else "<"


def _field(entry: Any) -> tuple[FieldSpec, str]:
    if not (isinstance(entry, list) and len(entry) in (2, 3) and all(isinstance(part, str) for part in entry[:2])):
        _fail("The NumPy array has nested or titled fields, which this program does not read")
    name, described = entry[:2]
    count = _values(entry[2]) if len(entry) == 3 else 1
    found = _TYPE.fullmatch(described)
    if "O" in described:
        _fail("The NumPy array holds pickled Python objects, which are never loaded")
    if found is None:
        _fail(f"The NumPy array holds values of the unreadable type {described!r:.40}")
    size = int(found[3])
    if found[2] == "V":
        return FieldSpec(PADDING, "U", 1, size * count), ""
    kind = {"f": "F", "i": "I", "u": "U", "b": "U"}[found[2]]
    if size not in _SIZES[kind]:
        _fail(f"The NumPy array holds values of the unreadable type {described!r:.40}")
    return FieldSpec(name, kind, size, count), found[1] if size > 1 and found[1] in "<>" else ""


def _values(shape: Any) -> int:
    if not isinstance(shape, list) or not all(type(n) is int and 0 <= n <= _MAX_VALUES for n in shape):
        _fail("The NumPy array has a field of an unreadable shape")
    return math.prod(shape)


def _cloud_header(npy: NpyHeader) -> CloudHeader:
    fields, rows = npy.fields, npy.shape
    if npy.plain:
        value, rows = fields[0], npy.shape[:-1]
        fields = tuple(FieldSpec(name, value.kind, value.size, 1) for name in _names(npy.shape))
    if len(rows) > 2:
        _fail(f"The array of shape {npy.shape} has more dimensions than a range image")
    height = rows[0] if len(rows) == 2 else 1
    return CloudHeader(
        format="npy",
        version=npy.version,
        fields=fields,
        width=rows[-1] if rows else 1,
        height=height,
        points=math.prod(rows),
        encoding="binary, by columns" if npy.by_columns else "binary",
        data_offset=npy.data_offset,
        byte_order=npy.byte_order,
    )


def _names(shape: tuple[int, ...]) -> tuple[str, ...]:
    columns = shape[-1]
    if len(shape) == 3 and columns in (5, 6):
        return _RANGE_IMAGE[:columns]
    if columns == 4:
        return _RANGE_IMAGE[:4]
    return (*_RANGE_IMAGE[:3], *(f"column_{number}" for number in range(4, columns + 1)))


def _fail_short(npy: NpyHeader, *, available: int) -> NoReturn:
    _fail(f"The NumPy array is cut short: it declares the shape {npy.shape}, but only {available:,} bytes follow")


def _fail(message: str) -> NoReturn:
    raise CloudFormatError(f"{message}.", next_step=_NEXT_STEP)
