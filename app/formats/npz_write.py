"""Writing npz files array by array, each in pieces, so that none needs to be in memory whole.

An npz is a zip of npy files: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Written by hand
because ``numpy.savez`` wants every array at once and takes names such as ``file`` for its own arguments.
"""

import zipfile
from collections.abc import Iterable
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray


class NpzWriter:
    """An npz being written to a stream; the arrays load with ``allow_pickle=False``."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True)

    def __enter__(self) -> "NpzWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:  # after a failure the file is thrown away; closing would fail a second time
            self._zip.close()

    def add(self, name: str, array: NDArray[Any]) -> None:
        """One array of any dtype without Python objects."""
        with self._entry(name) as entry:
            npy.write_array(entry, array, allow_pickle=False)

    def add_pieces(self, name: str, pieces: Iterable[bytes], *, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
        """One array whose bytes, in C order, come in pieces."""
        header = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
        with self._entry(name) as entry:
            npy.write_array_header_1_0(entry, header)
            for piece in pieces:
                entry.write(piece)

    def _entry(self, name: str) -> Any:
        # without a time, so that the same arrays give the same bytes
        return self._zip.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True)
