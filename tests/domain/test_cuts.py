import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cuts import CHUNK, CutBox, Cuts, Sector

EGO = np.array([2.0, -3.0, 1.0])
GROUND = -1.7
NEAR_EDGE = 1e-3  # metres or radians within which float32 may decide either way

metres = st.floats(-50, 50)
sizes = st.floats(0, 60)
angles = st.floats(-7, 7)
boxes = st.builds(CutBox, st.tuples(metres, metres, metres), st.tuples(sizes, sizes, sizes), angles)
sectors = st.builds(Sector, angles, st.floats(0.01, math.pi))
all_cuts = st.builds(
    Cuts,
    floor=st.none() | metres,
    ceiling=st.none() | metres,
    box=st.none() | boxes,
    farthest=st.none() | sizes,
    sector=st.none() | sectors,
)
POINTS = np.random.default_rng(7).uniform(-60, 60, (3000, 3)).astype(np.float32)


def margins(cuts, xyz):
    """How far inside each cut a point lies, (cuts, N) in float64; computed with angles, one point like another."""
    xyz = xyz.astype(np.float64)
    height, off = xyz[:, 2] - GROUND, xyz - EGO
    if cuts.floor is not None:
        yield height - cuts.floor
    if cuts.ceiling is not None:
        yield cuts.ceiling - height
    if cuts.farthest is not None:
        yield cuts.farthest - np.linalg.norm(off, axis=1)
    if cuts.sector is not None:
        turned = np.angle(np.exp(1j * (np.arctan2(off[:, 1], off[:, 0]) - cuts.sector.heading)))
        yield cuts.sector.half_angle - np.abs(turned)
    if cuts.box is not None:
        cosine, sine = np.cos(cuts.box.yaw), np.sin(cuts.box.yaw)
        world_from_box = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
        inside = np.linalg.solve(world_from_box, (xyz - cuts.box.centre).T).T
        yield from (np.array(cuts.box.half) - np.abs(inside)).T


def kept(cuts, xyz=POINTS):
    return cuts.keeps(xyz, ego=EGO, ground=GROUND)


@given(all_cuts)
def test_cuts_agree_with_the_plain_formula(cuts):
    inside = np.array([np.full(len(POINTS), 1e9), *margins(cuts, POINTS)]).min(axis=0)
    clear = np.abs(inside) > NEAR_EDGE
    assert np.array_equal(kept(cuts)[clear], (inside > 0)[clear])
    assert cuts.removed(POINTS, ego=EGO, ground=GROUND) == np.count_nonzero(~kept(cuts))


def test_without_cuts_every_point_stays():
    lost = np.array([[np.nan, 0, 0], [np.inf, 1, 1]], dtype=np.float32)
    assert not Cuts()
    assert kept(Cuts(), lost).all()
    assert Cuts().removed(lost, ego=EGO, ground=GROUND) == 0
    assert Cuts().sentence(0) == ""


@pytest.mark.parametrize(
    "cuts",
    [
        Cuts(floor=-99),
        Cuts(ceiling=99),
        Cuts(farthest=999),
        Cuts(sector=Sector(0, math.pi)),
        Cuts(box=CutBox((0, 0, 0), (99,) * 3)),
    ],
)
def test_a_cut_takes_what_lies_nowhere_and_leaves_the_rest(cuts):
    xyz = np.array([[0, 0, 0], [np.nan, 0, 0], [0, np.nan, 0], [0, 0, np.nan], [np.inf, 0, 0]], dtype=np.float32)
    assert cuts
    assert kept(cuts, xyz).tolist() == [True, False, False, False, False]


def test_points_at_the_end_of_the_number_range_are_far_away():
    xyz = np.array([[3e38, 3e38, 3e38], [0, 0, 0]], dtype=np.float32)
    assert kept(Cuts(farthest=60), xyz).tolist() == [False, True]
    assert kept(Cuts(box=CutBox((0, 0, 0), (1, 1, 1), 0.5)), xyz).tolist() == [False, True]


def test_the_edge_and_the_ego_itself_are_kept():
    xyz = np.array([[0, 0, 2.5], [3, 4, 0], [0, 0, 0]], dtype=np.float32)
    at = {"ego": np.zeros(3), "ground": 0.0}
    assert Cuts(floor=0, ceiling=2.5, farthest=5, sector=Sector(math.atan2(4, 3), 0.1)).keeps(xyz, **at).all()


def test_points_beyond_the_first_chunk_are_no_different():
    xyz = np.tile(POINTS, (2 * CHUNK // len(POINTS) + 1, 1))
    cuts = Cuts(floor=0.0, farthest=50.0, sector=Sector(1.0, 1.0), box=CutBox((0, 0, 0), (30, 40, 50), 0.4))
    assert np.array_equal(kept(cuts, xyz), np.tile(kept(cuts), len(xyz) // len(POINTS)))
    assert not kept(cuts, xyz).flags.writeable
    assert kept(cuts, POINTS[:0]).shape == (0,)


def test_nothing_but_the_answer_is_as_long_as_the_cloud():
    xyz = np.zeros((2_000_000, 3), dtype=np.float32)
    cuts = Cuts(floor=0.0, ceiling=1.0, farthest=50.0, sector=Sector(1.0, 1.0), box=CutBox((0, 0, 0), (3, 4, 5)))
    tracemalloc.start()
    try:
        kept(cuts, xyz)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(xyz) + 3_000_000


def test_the_status_line_says_what_is_cut_away():
    cuts = Cuts(ceiling=2.5, farthest=60)
    assert cuts.sentence(12_345) == "cut away: ceiling over 2.5 m, farther than 60 m · 12,345 points"
    assert cuts.sentence(1).endswith("· 1 point")
    assert Cuts(floor=-0.001).texts == ("floor under 0 m",)
    everything = Cuts(0.25, 3, CutBox((0, 0, 0), (5, 2, 1.25)), 1200, Sector(0, math.pi / 4))
    assert everything.texts == (
        "floor under 0.25 m",
        "ceiling over 3 m",
        "outside the box of 10 × 4 × 2.5 m",
        "farther than 1,200 m",
        "outside a sector of 90°",
    )


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Cuts(floor=math.nan),
        lambda: Cuts(ceiling=math.inf),
        lambda: Cuts(farthest=-1),
        lambda: Sector(0, 0),
        lambda: Sector(0, 3.2),
        lambda: Sector(math.nan, 1),
        lambda: CutBox((0, 0, 0), (1, -1, 1)),
        lambda: CutBox((0, math.nan, 0), (1, 1, 1)),
    ],
)
def test_numbers_that_cut_nothing_are_refused(broken):
    with pytest.raises(ValueError, match=r"^no (cut|sector|box): "):
        broken()
