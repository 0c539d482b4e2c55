"""Memory for large results: fresh from the kernel in huge pages, touching small ones costs more than filling them."""

import mmap
from contextlib import suppress

import numpy as np

from app.domain.arrays import Bytes

_HUGE_PAGE = 2 << 20  # bytes, on every system that has them by request
_WORTH_IT = 4 << 20  # bytes: below this the allocator reuses what it has


def new_memory(size: int) -> Bytes:
    """Uninitialised memory, (size,) uint8, given back to the system as soon as nobody refers to it."""
    if size < _WORTH_IT or not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.empty(size, np.uint8)
    # a huge page begins at a multiple of its size: what lies before it in the mapping is never touched, so it is free
    pages = mmap.mmap(-1, size + _HUGE_PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(OSError):  # a kernel built without them: small pages do as well, only slower
        pages.madvise(mmap.MADV_HUGEPAGE)
    memory = np.frombuffer(pages, np.uint8)
    start = -memory.ctypes.data % _HUGE_PAGE
    return memory[start : start + size]
