"""The order in which points are drawn: chunks of equal size, each of which is an even sample of the whole cloud.

A chunk takes one point out of every run of neighbours in the file, so that any number of chunks shows the whole
cloud more thinly, whatever order the scanner wrote it in. Within a chunk the order of the file stays, which memory and
graphics card like.
"""

from collections.abc import Iterator

import numpy as np

from app.domain.arrays import Integers, frozen

CHUNK = 1 << 16  # points drawn by one actor at least: fewer cost more in calls than they draw
MOST_CHUNKS = 256
_SEED = 7


def chunk_count(points: int) -> int:
    """How many chunks a cloud of so many points is drawn in; at least one."""
    return int(np.clip(-(-points // CHUNK), 1, MOST_CHUNKS))


def drawing_order(points: int) -> Integers:
    """(N,) int32 permutation of 0..N-1, read-only: ``chunk_count(points)`` chunks one after the other."""
    chunks = chunk_count(points)
    if chunks == 1:
        return frozen(np.arange(points, dtype=np.int32))
    runs, left = divmod(points, chunks)
    # which point of a run goes into which chunk turns by a random number from run to run: a fixed one could follow
    # the rings of a lidar and put a whole ring into one chunk
    turns = np.random.default_rng(_SEED).integers(0, chunks, runs, dtype=np.int32)
    first = np.arange(runs, dtype=np.int32) * chunks
    order = np.empty(points, dtype=np.int32)
    for chunk, (begin, end) in enumerate(chunk_bounds(points)):
        own = order[begin:end]
        np.add(turns, chunk, out=own[:runs])
        own[:runs] %= chunks
        own[:runs] += first
        if chunk < left:
            own[runs] = runs * chunks + chunk
    return frozen(order)


def chunk_bounds(points: int) -> Iterator[tuple[int, int]]:
    """(begin, end) of every chunk within the drawing order; sizes differ by one at most."""
    chunks = chunk_count(points)
    runs, left = divmod(points, chunks)
    begin = 0
    for chunk in range(chunks):
        end = begin + runs + (chunk < left)
        yield begin, end
        begin = end
