"""The rows of ``bench hover`` at a size that costs little; how fast they are is not judged here."""

import numpy as np

from app.bench import hovering
from app.domain.sight import sight_of


def test_every_row_is_measured_against_a_peer_or_a_limit() -> None:
    rows = hovering.measure(points=6400, repeats=1)
    assert [row.peer for row in rows] == [
        "a projection each, without what hides",
        "a picture of the screen",
        "one pass of numpy over all",
        "SciPy's cKDTree, the same answer",
        "a picture of the screen",
        "the projections and a cKDTree each",
        "a picture of the screen",
    ]
    assert all(row.ours > 0 and row.ratio and row.goal for row in rows)


def test_the_scan_is_as_large_as_asked_and_every_camera_sees_its_share_of_it() -> None:
    cloud = hovering.scan(64_000)
    assert len(cloud) == 64_000
    shares = [len(sight_of(camera, cloud).rows) / len(cloud) for camera in hovering.cameras()]
    assert min(shares) > 0.1
    assert max(shares) < 0.3


def test_the_tree_and_the_cells_find_the_same_point() -> None:
    sight = sight_of(hovering.cameras()[0], hovering.scan(64_000))
    visible = np.flatnonzero(sight.visible)
    tree = hovering._tree(sight.uv)
    for at in sight.uv[visible[::500]] + 0.3:
        row = sight.nearest(tuple(at), radius=hovering.RADIUS, accepts=hovering._all)
        assert row is not None
        assert sight.visible[sight.place_of(row)]
        found = hovering._front_most(tree, sight, tuple(at))
        assert found is not None
        assert sight.depth[found] <= sight.depth[sight.place_of(row)] or not sight.visible[found]
