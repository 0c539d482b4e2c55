"""LZF, the compression inside ``binary_compressed`` PCD files, through the C code that python-neo-lzf ships."""

import ctypes
from functools import cache
from typing import Any

import lzf as library
import numpy as np

from app.domain.arrays import Bytes

MAX_EXPANSION = 88  # a back reference of 3 bytes stands for at most 264
"""No LZF stream unfolds to more than this many times its size (http://oldhome.schmorp.de/marc/liblzf.html)."""


class LzfError(ValueError):
    """The stream is damaged or does not unfold to the announced size."""


def unfold(compressed: Bytes, *, size: int) -> Bytes:
    """Decompress to exactly ``size`` bytes, (size,) uint8; raises LzfError.

    Where the C function can be called directly, its output is the result without a further copy, and other
    threads run meanwhile; the module's own function is the way everywhere else.
    """
    if not 0 < size <= MAX_EXPANSION * compressed.size:
        raise LzfError("the announced size is impossible")
    direct = _direct_call()
    return _through_module(compressed, size) if direct is None else _through_call(direct, compressed, size)


def _through_call(direct: Any, compressed: Bytes, size: int) -> Bytes:
    unfolded = np.empty(size, np.uint8)
    if direct(compressed.ctypes.data, compressed.size, unfolded.ctypes.data, size) != size:
        raise LzfError("the stream is damaged")
    return unfolded


def _through_module(compressed: Bytes, size: int) -> Bytes:
    try:
        unfolded = library.decompress(compressed.tobytes(), size)
    except ValueError as error:
        raise LzfError("the stream is damaged") from error
    if unfolded is None or len(unfolded) != size:
        raise LzfError("the stream is damaged")
    return np.frombuffer(unfolded, np.uint8)


@cache
def _direct_call() -> Any:
    """``unsigned lzf_decompress(in, in_len, out, out_len)`` of the library, None where it is not exported."""
    try:
        function = ctypes.CDLL(library.__file__).lzf_decompress
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_uint)
    function.restype = ctypes.c_uint
    return function
