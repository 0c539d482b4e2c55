"""What is drawn while the camera moves, what at rest, and that both are what they say."""

import numpy as np
import pytest

from app.domain.cuts import CutBox, Cuts, Sector
from app.domain.point_look import PointLook
from app.scene.budget import FEWEST, MOTION_MS, PointBudget
from app.scene.drawing_order import CHUNK
from app.scene.guides import Guides
from tests.clouds import prepared_of
from tests.scene.offscreen_scene import offscreen_scene

SIZE = (400, 300)
WHITE = np.array([[255, 255, 255, 255]], dtype=np.uint8)


@pytest.fixture(scope="module")
def studio():
    with offscreen_scene(SIZE) as made:
        yield made


def scattered(points, *, seed=4):
    return np.random.default_rng(seed).normal(size=(points, 3)) * (20, 20, 2)


def one_step(studio):
    studio.scene.steps.restart()
    studio.scene.steps.budget = PointBudget(FEWEST * 1000 / MOTION_MS, measured=True)
    studio.draw_step()


def test_a_picture_made_in_steps_is_that_made_at_once(studio):
    prepared = prepared_of(scattered(6 * CHUNK), np.arange(6 * CHUNK) % 7)
    colors = np.random.default_rng(1).integers(0, 256, (7, 4)).astype(np.uint8)
    colors[:, 3] = 255
    studio.scene.show(prepared, colors)
    studio.scene.set_view("ego")
    one_step(studio)
    assert 0 < studio.scene.steps.drawn < len(prepared)
    assert not studio.scene.steps.complete
    stepped = studio.pixels()
    assert studio.scene.steps.complete
    assert studio.scene.steps.drawn == len(prepared)
    studio.scene.steps.at_once = True
    at_once = studio.pixels()
    studio.scene.steps.at_once = False
    different = (stepped != at_once).any(axis=2).mean()
    assert different < 0.001  # captions of the rings are blended once for each step


def test_while_moving_an_even_part_of_the_cloud_is_drawn(studio):
    prepared = prepared_of(scattered(20 * CHUNK))
    studio.scene.show(prepared, WHITE[:0])
    studio.scene.set_view("top")
    one_step(studio)
    drawn = prepared.order[: studio.scene.steps.drawn]
    assert len(drawn) == CHUNK
    cells = np.floor(prepared.xyz[:, :2] / 10).astype(int)
    whole, part = (dict(zip(*np.unique(c @ [1000, 1], return_counts=True), strict=True)) for c in (cells, cells[drawn]))
    shares = [part.get(cell, 0) / count * 20 for cell, count in whole.items() if count > 5000]
    assert len(shares) > 20
    assert 0.8 < min(shares) <= max(shares) < 1.2


def test_kept_points_are_in_the_thinnest_picture(studio):
    points = 20 * CHUNK
    xyz = scattered(points)
    lonely = np.arange(1000, 1009)
    xyz[lonely] = np.stack([np.zeros(9), np.linspace(-16, 16, 9), np.full(9, 30.0)], axis=1)
    keys = np.zeros(points, dtype=int)
    keys[lonely] = 1
    prepared = prepared_of(xyz, keys)
    studio.scene.show(prepared, np.array([[0, 0, 255, 255], [255, 0, 0, 255]], dtype=np.uint8))
    studio.scene.set_view("top")
    studio.scene.set_kept(lonely.astype(np.int32))
    one_step(studio)
    grabbed = studio.drawn_pixels()
    red = (np.abs(grabbed.astype(int) - (255, 0, 0)) < 3).all(axis=2)
    assert red.sum() >= 9


CUTS = [
    Cuts(floor=0.5),
    Cuts(ceiling=1.0, floor=-2.0),
    Cuts(farthest=12.0),
    Cuts(sector=Sector(heading=0.7, half_angle=0.5)),
    Cuts(sector=Sector(heading=-2.0, half_angle=2.4)),
    Cuts(box=CutBox((3.0, -2.0, 0.5), (8.0, 4.0, 1.5), yaw=0.6)),
    Cuts(box=CutBox((0.0, 0.0, 0.0), (15.0, 15.0, 9.0)), farthest=14.0, ceiling=2.0),
]


@pytest.mark.parametrize("cuts", CUTS, ids=lambda cuts: ", ".join(cuts.texts))
def test_the_picture_leaves_out_exactly_what_the_cuts_cut_away(studio, cuts):
    """Points stand in a plane so that none hides another, each in a colour of its own."""
    across = np.stack(np.meshgrid(np.linspace(-20, 20, 80), np.linspace(-15, 15, 60)), axis=-1).reshape(-1, 2)
    heights = np.random.default_rng(2).uniform(-3, 3, len(across))
    prepared = prepared_of(np.column_stack([across, heights]) + np.array([7.0, 3.0, -1.0]), origin=(5.0, -2.0, 0.3))
    studio.scene.show(prepared, WHITE[:0])
    ids = np.arange(len(across))
    colors = np.stack([ids % 64 * 4, ids // 64 % 256, np.full_like(ids, 200), np.full_like(ids, 255)], axis=1)
    studio.scene.color_by_points(colors.astype(np.uint8))
    studio.scene.set_point_look(PointLook(size=1.0))
    studio.scene.set_view("top")
    studio.scene.set_cuts(cuts)
    picture = studio.pixels().reshape(-1, 3).astype(int)
    studio.scene.set_cuts(Cuts())
    whole = studio.pixels().reshape(-1, 3).astype(int)
    studio.scene.set_point_look(PointLook())
    seen, all_seen = (seen_ids(pixels) for pixels in (picture, whole))
    kept = cuts.keeps(prepared.xyz, ego=prepared.spread.ego, ground=prepared.spread.ground)
    assert len(all_seen) > 0.95 * len(ids)
    assert 0.02 < kept.mean() < 0.98
    assert seen == set(np.flatnonzero(kept).tolist()) & all_seen


def seen_ids(pixels):
    points = pixels[(pixels[:, 2] == 200) & (pixels[:, 0] % 4 == 0)]
    return set((points[:, 0] // 4 + points[:, 1] * 64).tolist())


def test_numbers_are_coloured_through_the_ramp_and_those_that_are_none_are_grey(studio):
    across = np.stack(np.meshgrid(np.linspace(-20, 20, 40), np.linspace(-15, 15, 30)), axis=-1).reshape(-1, 2)
    prepared = prepared_of(np.column_stack([across, np.zeros(len(across))]), np.arange(len(across)) % 2)
    studio.scene.show(prepared, np.array([[1, 2, 3, 255], [1, 2, 3, 0]], dtype=np.uint8))
    studio.scene.set_view("top")
    ramp = np.stack([np.arange(256), np.zeros(256), np.full(256, 90)], axis=1).astype(np.uint8)
    values = np.linspace(-1.0, 2.0, len(across)).astype(np.float32)
    values[::10] = np.nan
    studio.scene.color_by_values(values, ramp, (0.0, 1.0))
    pixels = studio.pixels().reshape(-1, 3).astype(int)
    ramped = pixels[(pixels[:, 1] == 0) & (pixels[:, 2] == 90)]
    shown = values[::2][~np.isnan(values[::2])]  # odd points belong to a hidden key
    expected = {round(255 * share) for share in np.clip(shown, 0, 1).tolist()}
    assert {*ramped[:, 0].tolist()} <= {near for each in expected for near in (each - 1, each, each + 1)}
    assert {0, 255} <= set(ramped[:, 0].tolist())
    grey = (pixels == (0x4A, 0x50, 0x5A)).all(axis=1).sum()
    assert grey > 0
    studio.scene.set_ramp(ramp, (-1.0, 2.0))
    again = studio.pixels().reshape(-1, 3).astype(int)
    assert len(set(again[(again[:, 1] == 0) & (again[:, 2] == 90)][:, 0].tolist())) > len(expected)
    studio.scene.color_by_label()
    assert ((studio.pixels() == (1, 2, 3)).all(axis=2)).sum() > 0


def test_other_numbers_of_the_same_cloud_take_the_place_of_those_before(studio):
    across = np.stack(np.meshgrid(np.linspace(-20, 20, 40), np.linspace(-15, 15, 30)), axis=-1).reshape(-1, 2)
    prepared = prepared_of(np.column_stack([across, np.zeros(len(across))]))
    studio.scene.show(prepared, WHITE[:0])
    studio.scene.set_view("top")
    ramp = np.stack([np.arange(256), np.zeros(256), np.full(256, 90)], axis=1).astype(np.uint8)
    reds = []
    for number in (0.2, 0.8, 0.4):
        studio.scene.color_by_values(np.full(len(across), number, dtype=np.float32), ramp, (0.0, 1.0))
        pixels = studio.pixels().reshape(-1, 3).astype(int)
        reds.append({*pixels[(pixels[:, 1] == 0) & (pixels[:, 2] == 90)][:, 0].tolist()})
    colors = []
    for color in ((10, 200, 30, 255), (200, 10, 30, 255)):
        studio.scene.color_by_points(np.full((len(across), 4), color, dtype=np.uint8))
        colors.append((studio.pixels() == color[:3]).all(axis=2).sum())
    assert reds == [{51}, {204}, {102}]
    assert min(colors) > 1000


def test_points_in_metres_grow_as_the_camera_comes_closer(studio):
    studio.scene.show(prepared_of([[0.0, 0.0, 0.0]]), WHITE[:0])
    studio.scene.set_look(studio.scene._look)
    studio.scene.set_view("top")
    studio.scene.set_point_look(PointLook(size=0.2, unit="m"))
    sides = []
    for half_height in (2.0, 1.0, 0.5):
        studio.scene.set_placement(studio.scene.placement.__class__((0, 0, 5.0), (0, 0, 0), (1, 0, 0), half_height))
        white = (studio.pixels() == studio.scene._look.unlabelled).all(axis=2)
        sides.append(np.sqrt(white.sum()))
    studio.scene.set_point_look(PointLook())
    expected = [0.2 * SIZE[1] / 2 / half for half in (2.0, 1.0, 0.5)]
    assert sides == pytest.approx(expected, abs=1.5)


@pytest.mark.parametrize("background", ["dark", "light", "gradient"])
def test_the_background_is_what_was_asked_for(studio, background):
    studio.scene.show(None, WHITE[:0])
    studio.scene.set_guides(Guides(axes=False))
    studio.scene.set_point_look(PointLook(background=background))
    pixels = studio.pixels().astype(int)
    studio.scene.set_guides(Guides())
    studio.scene.set_point_look(PointLook())
    brightness = pixels.mean(axis=(1, 2))
    if background == "gradient":
        assert abs(brightness[0] - brightness[-1]) > 30
    else:
        assert np.ptp(brightness) < 1
        assert (brightness.mean() > 200) == (background == "light")


def test_eye_dome_lighting_darkens_edges_and_goes_again(studio):
    wall = np.stack(np.meshgrid(np.linspace(-4, 4, 250), np.linspace(-4, 4, 250)), axis=-1).reshape(-1, 2)
    prepared = prepared_of(
        np.concatenate(
            [np.column_stack([wall, np.zeros(len(wall))]), np.column_stack([wall / 3, np.ones(len(wall)) * 3])]
        )
    )
    studio.scene.show(prepared, WHITE[:0])
    studio.scene.set_view("ego")
    plain = studio.pixels().astype(int)
    studio.scene.set_point_look(PointLook(edl=True))
    shaded = studio.pixels().astype(int)
    assert studio.scene.steps.complete
    studio.scene.set_point_look(PointLook())
    assert np.array_equal(studio.pixels().astype(int), plain)
    assert (plain - shaded).max() > 60
    assert ((plain - shaded).max(axis=2) > 20).mean() > 0.01


def test_a_budget_follows_what_drawing_takes_but_not_at_one_leap():
    budget = PointBudget().after(points=1_000_000, seconds=0.5)
    assert budget.points_per_second == pytest.approx(2e6)
    slower = budget.after(points=100_000, seconds=0.5)
    assert 2e5 < slower.points_per_second < 2e6
    assert budget.after(points=10, seconds=0.5) == budget
    assert budget.in_motion == pytest.approx(2e6 * MOTION_MS / 1000)
