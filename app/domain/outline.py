"""The shape that points of a picture make together, to draw a line around it."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay, QhullError

from app.domain.arrays import Bool, Float64, Integers, frozen

FINEST = 0.0625  # pixels: points closer to each other count as one
MOST = 0.95  # of the points: what steps of some length connect so many, the few others are strays
BRIDGED = 2.0  # such steps that a shape spans


@dataclass(frozen=True)
class Outline:
    """``loops``: closed lines, each (P, 2) pixels, around areas without their holes; ``steps`` (L, 2, 2) lines between
    points that no area joins, ``dots`` (D, 2) points that nothing joins."""

    loops: tuple[Float64, ...]
    steps: Float64
    dots: Float64

    def __bool__(self) -> bool:
        return bool(self.loops or len(self.steps) or len(self.dots))


NO_OUTLINE = Outline((), np.zeros((0, 2, 2)), np.zeros((0, 2)))


def outline_of(uv: Float64) -> Outline:
    """The shape of (M, 2) finite pixels: their triangles without those that are much longer than the steps by which
    nearly all of them hang together, so that stray points stand alone and what is hollow at the edge stays so.

    An alpha shape (Edelsbrunner, Kirkpatrick and Seidel, IEEE Transactions on Information Theory 29, 1983) whose size
    follows the points: the steps are the edges of their minimum spanning tree.
    """
    points = np.unique(np.round(uv / FINEST), axis=0) * FINEST
    if len(points) == 0:
        return NO_OUTLINE
    triangles, edges = _triangulated(points)
    lengths = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    tree = minimum_spanning_tree(coo_matrix((lengths, edges.T), shape=(len(points),) * 2).tocsr()).tocoo()
    longest = BRIDGED * _step_of_most(tree, count=len(points))
    kept = triangles[(_sides(points[triangles]) <= longest).all(axis=1)]
    joined = np.stack([tree.row, tree.col], axis=1)[tree.data <= longest]
    covered = np.isin(np.arange(len(points)), kept)
    return Outline(
        loops=tuple(frozen(loop) for loop in map(points.__getitem__, _loops(_rim(kept))) if _area(loop) > 0),
        steps=frozen(points[joined[~covered[joined].all(axis=1) | ~_in_one(joined, kept)]]),
        dots=frozen(points[~covered & ~np.isin(np.arange(len(points)), joined)]),
    )


def _step_of_most(tree: coo_matrix, *, count: int) -> float:
    """The shortest step with which one part of a tree's points holds most of them; 0 for a single point."""
    lengths = np.sort(tree.data)
    low, high = 0, len(lengths) - 1
    while low < high:
        middle = (low + high) // 2
        short = tree.data <= lengths[middle]
        within = coo_matrix((tree.data[short], (tree.row[short], tree.col[short])), shape=tree.shape)
        together = np.bincount(connected_components(within, directed=False)[1]).max() >= MOST * count
        low, high = (low, middle) if together else (middle + 1, high)
    return float(lengths[low]) if len(lengths) else 0.0


def _triangulated(points: Float64) -> tuple[Integers, Integers]:
    """(T, 3) triangles, turning the same way, and (E, 2) edges of a Delaunay triangulation; of points in a line the
    edges between neighbours."""
    try:
        triangles: Integers = Delaunay(points).simplices if len(points) > 2 else np.zeros((0, 3), dtype=np.intp)
    except QhullError:
        triangles = np.zeros((0, 3), dtype=np.intp)
    if len(triangles) == 0:
        along = np.arange(len(points))  # sorted by column and row already
        return triangles, np.stack([along[:-1], along[1:]], axis=1)
    edges = np.sort(_edges(triangles), axis=1)
    return _turning(points, triangles), np.unique(edges, axis=0)


def _turning(points: Float64, triangles: Integers) -> Integers:
    a, b, c = points[triangles].transpose(1, 0, 2)
    (x, y), (u, v) = (b - a).T, (c - a).T
    backwards = x * v < y * u
    turned = triangles.copy()
    turned[backwards] = turned[backwards][:, ::-1]
    return turned


def _area(loop: Float64) -> float:
    """Of a closed line (P, 2), below 0 for a hole: that is gone round the other way."""
    x, y = loop.T
    return float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2


def _edges(triangles: Integers) -> Integers:
    """(3 T, 2), each as its triangle goes round."""
    edges: Integers = triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    return edges


def _sides(corners: Float64) -> Float64:
    """(T, 3) lengths of the sides of (T, 3, 2)."""
    lengths: Float64 = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
    return lengths


def _codes(edges: Integers) -> Integers:
    """One number for each edge, the same both ways."""
    ordered = np.sort(edges.astype(np.int64), axis=1)
    codes: Integers = ordered[:, 0] << 32 | ordered[:, 1]
    return codes


def _in_one(edges: Integers, triangles: Integers) -> Bool:
    """Which edges are sides of triangles."""
    return np.isin(_codes(edges), _codes(_edges(triangles)))


def _rim(triangles: Integers) -> Integers:
    """(R, 2) edges that have a triangle on one side only."""
    edges = _edges(triangles)
    _, first, times = np.unique(_codes(edges), return_index=True, return_counts=True)
    rim: Integers = edges[first[times == 1]]
    return rim


def _loops(rim: Integers) -> list[list[int]]:
    """Directed edges put together to closed lines: as many leave a point as arrive there, so each walk comes back."""
    ahead: dict[int, list[int]] = {}
    for start, end in rim.tolist():
        ahead.setdefault(start, []).append(end)
    loops = []
    for start, ends in ahead.items():
        while ends:
            loop = [start]
            while (following := ahead[loop[-1]].pop()) != start:
                loop.append(following)
            loops.append(loop)
    return loops
