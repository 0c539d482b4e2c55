"""Writing binary PCD 0.7: a header, and points as records."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_VIEWPOINT = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)  # position, quaternion w x y z
_KINDS = {"f": "F", "i": "I", "u": "U", "b": "U"}


def pcd_record(columns: Mapping[str, NDArray[Any]]) -> np.dtype[Any]:
    """The structured dtype of one point: columns (N,) or (N, count) of any integer or float dtype, in their order.

    Raises ValueError for no column, names with blanks, or dtypes that PCD lacks.
    """
    if not columns:
        raise ValueError("a PCD file needs at least one column")
    return np.dtype([_declared(name, column) for name, column in columns.items()])


def pcd_records(columns: Mapping[str, NDArray[Any]], record: np.dtype[Any]) -> NDArray[Any]:
    """The points, (N,) of ``record``, in their order; raises ValueError for columns of unequal length."""
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise ValueError("the columns of a PCD file are all of the same length")
    records = np.empty(lengths.pop(), record)
    for name in record.names or ():
        records[name] = columns[name]
    return records


def pcd_header(
    record: np.dtype[Any], *, width: int, height: int = 1, viewpoint: Sequence[float] = NO_VIEWPOINT
) -> bytes:
    """The text before the points; organised clouds have a ``height`` above 1 and their points row by row."""
    fields = {name: record[name] for name in record.names or ()}
    lines = [
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        "FIELDS " + " ".join(fields),
        "SIZE " + " ".join(str(dtype.base.itemsize) for dtype in fields.values()),
        "TYPE " + " ".join(_KINDS[dtype.base.kind] for dtype in fields.values()),
        "COUNT " + " ".join(str(dtype.shape[0] if dtype.shape else 1) for dtype in fields.values()),
        f"WIDTH {width}",
        f"HEIGHT {height}",
        "VIEWPOINT " + " ".join(repr(float(value)).removesuffix(".0") for value in viewpoint),
        f"POINTS {width * height}",
        "DATA binary\n",
    ]
    return "\n".join(lines).encode()


def _declared(name: str, column: NDArray[Any]) -> tuple[str, np.dtype[Any], tuple[int, ...]]:
    dtype = column.dtype.newbyteorder("<")
    if dtype.kind not in _KINDS or dtype.itemsize not in (1, 2, 4, 8) or dtype.str == "<f2":
        raise ValueError(f"a PCD file cannot hold the dtype {column.dtype} of {name}")
    if not name or name.split() != [name] or column.ndim > 2:
        raise ValueError(f"a PCD file cannot hold a field named {name!r} of shape {column.shape}")
    return name, dtype, column.shape[1:]
