"""Products of small matrices with many directions."""

import numpy as np

from app.sandbox.street.noise import Floats

_PIECE = 1 << 18


def product(table: Floats, columns: Floats) -> Floats:
    """(k, 3) by (3, n), in pieces that OpenBLAS does not spread over threads of its own.

    Its threads would wait for each other in vain beside the workers that make the frames. It starts them from 2^18
    multiplications on, for a single row much sooner.
    """
    if len(table) == 1:
        x, y, z = table[0]
        row: Floats = x * columns[0] + y * columns[1] + z * columns[2]
        return row[None]
    count, piece = columns.shape[1], _PIECE // max(1, 3 * len(table))
    if count <= piece or not piece:
        return table @ columns
    found = np.empty((len(table), count), np.float32)
    for start in range(0, count, piece):
        np.matmul(table, columns[:, start : start + piece], out=found[:, start : start + piece])
    return found
