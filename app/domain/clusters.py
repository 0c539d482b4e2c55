"""Points that hang together, each within reach of the next."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from app.domain.arrays import Float64, Integers

FINENESS = 3  # cells along a reach: points in one cell count as one, so that dense clouds cost no more than others


def clusters(xyz: Float64, *, reach: float) -> Integers:
    """(N,) int32, which cluster each of (N, 3) finite points in metres belongs to, numbered from 0 on.

    Two points hang together when they are at most ``reach`` metres apart, give or take the ``reach / FINENESS`` of the
    cells that stand for them.
    """
    if not len(xyz):
        return np.zeros(0, dtype=np.int32)
    cells, cell_of_point = np.unique(np.floor(xyz * (FINENESS / reach)), axis=0, return_inverse=True)
    pairs = cKDTree(cells).query_pairs(FINENESS + 1e-6, output_type="ndarray")
    joined = coo_matrix((np.ones(len(pairs), dtype=np.bool_), pairs.T), shape=(len(cells), len(cells)))
    _, labels = connected_components(joined, directed=False)
    found: Integers = labels[cell_of_point.ravel()]
    return found
