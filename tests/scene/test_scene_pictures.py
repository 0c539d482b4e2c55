"""Numbers from real pictures: how many pixels show a colour, where they are, and what stays the same object."""

import gc
import tracemalloc

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from app.errors import AppError
from app.scene.offscreen import OffscreenScene
from app.scene.views import VIEWS
from tests.clouds import prepared_of

SIZE = (300, 200)
RED, GREEN, BLUE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)


class Studio(OffscreenScene):
    """A scene in memory whose pictures are counted."""

    def pixels_of(self, color):
        """Where a colour is: (rows, columns)."""
        return np.nonzero((np.abs(self.pixels().astype(int) - np.array(color[:3])) <= 2).all(axis=2))

    def count(self, color):
        """How many pixels show a colour."""
        return len(self.pixels_of(color)[0])


@pytest.fixture(scope="module")
def studio():
    try:
        made = Studio(SIZE)
    except AppError as error:
        pytest.skip(str(error))
    yield made
    made.close()


def table(*colors):
    return np.array(colors, dtype=np.uint8).reshape(-1, 4)


def plate(x=0.0, z=0.0, size=4.0, points=60):
    """A dense square, level, with its centre at (x, 0, z)."""
    across = np.linspace(-size, size, points)
    grid = np.stack(np.meshgrid(across + x, across), axis=-1).reshape(-1, 2)
    return np.column_stack([grid, np.full(len(grid), z)])


def two_plates():
    """A red plate (key 1) above a green one (key 2)."""
    high, low = plate(z=2.0), plate(z=0.0)
    return prepared_of(np.concatenate([high, low]), [1] * len(high) + [2] * len(low))


def test_a_hidden_class_shows_what_lies_behind_it(studio):
    studio.scene.show(two_plates(), table(RED, GREEN))
    studio.scene.set_view("top")
    seen = studio.count(RED)
    assert seen > 2000
    assert studio.count(GREEN) < seen / 10
    studio.scene.set_color_table(table((255, 0, 0, 0), GREEN))
    assert studio.count(RED) == 0
    assert studio.count(GREEN) > seen * 0.9


def test_with_every_class_hidden_the_picture_is_that_of_no_points(studio):
    prepared = two_plates()
    studio.scene.show(prepared, table((255, 0, 0, 0), (0, 255, 0, 0)))
    hidden = studio.pixels()
    assert len(np.unique(hidden.reshape(-1, 3), axis=0)) > 1
    studio.scene.show(prepared_of(np.full((3, 3), np.nan), [1, 1, 2]), table(RED, GREEN))
    studio.scene.surroundings.place(prepared.spread, heading=0.0)
    assert np.array_equal(studio.pixels(), hidden)


def test_recolouring_changes_the_colour_and_nothing_else(studio):
    studio.scene.show(two_plates(), table(RED, GREEN))
    studio.scene.set_view("top")
    before = studio.pixels_of(RED)
    studio.scene.set_color_table(table(BLUE, GREEN))
    assert studio.count(RED) == 0
    assert np.array_equal(studio.pixels_of(BLUE), before)


def test_a_table_change_makes_no_array_of_the_points(studio):
    points = 1_000_000
    random = np.random.default_rng(2)
    prepared = prepared_of(random.normal(size=(points, 3)) * 20, random.integers(0, 40, points))
    colors = np.concatenate([random.integers(0, 255, (40, 3)), np.full((40, 1), 255)], axis=1).astype(np.uint8)
    studio.scene.show(prepared, colors)
    studio.draw()
    built = modified_times(studio)
    tracemalloc.start()
    studio.scene.set_color_table(colors[::-1].copy())
    studio.draw()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 300_000  # bytes; one byte a point would be a million
    assert modified_times(studio) == built


def chunk_data(studio):
    """The data of every actor that draws points."""
    actors = [actor for actor in studio.renderer.GetActors() if actor.GetShaderProperty().GetVertexShaderCode()]
    return [actor.GetMapper().GetInput() for actor in actors if actor.GetMapper().GetInput().GetNumberOfPoints()]


def modified_times(studio):
    return [data.GetMTime() for data in chunk_data(studio)]


def test_points_go_to_vtk_without_a_copy(studio):
    prepared = two_plates()
    studio.scene.show(prepared, table(RED, GREEN))
    (data,) = chunk_data(studio)
    assert np.shares_memory(vtk_to_numpy(data.GetPoints().GetData()), prepared.xyz)
    assert np.shares_memory(vtk_to_numpy(data.GetPointData().GetArray("pointRow")), prepared.label_index)
    assert np.shares_memory(vtk_to_numpy(data.GetVerts().GetConnectivityArray()), prepared.order)


@pytest.mark.parametrize("rows", [300, 1024, 1025, 9000])
def test_each_row_of_a_long_table_has_its_own_colour(studio, rows):
    xyz = np.concatenate([plate(), plate(z=5.0)[: rows - 1]])[-(3600 + rows - 1) :]
    keys = np.concatenate([np.full(3600, 7), np.arange(10, 10 + len(xyz) - 3600)])
    keys = np.concatenate([keys, np.arange(20_000, 20_000 + rows - 1 - (len(keys) - 3600))])
    xyz = np.concatenate([xyz, np.zeros((len(keys) - len(xyz), 3))])
    prepared = prepared_of(xyz, keys)
    assert len(prepared.label_keys) == rows
    colors = np.zeros((rows, 4), dtype=np.uint8)
    colors[0] = GREEN
    studio.scene.show(prepared, colors)
    studio.scene.set_view("top")
    assert studio.count(GREEN) > 2000
    colors = np.tile(np.array(BLUE, dtype=np.uint8), (rows, 1))
    colors[0, 3] = 0
    studio.scene.set_color_table(colors)
    assert studio.count(GREEN) == 0
    assert studio.count(BLUE) > 0


def test_fifty_frames_leave_the_same_actors(studio):
    studio.scene.show(prepared_of(plate()), table())
    actors = list(studio.renderer.GetViewProps())
    for frame in range(50):
        studio.scene.show(prepared_of(plate(points=20 + frame % 7), None), table())
        studio.draw()
    gc.collect()
    assert list(studio.renderer.GetViewProps()) == actors


@pytest.mark.parametrize(
    "broken",
    [
        np.zeros((0, 3)),
        np.full((5, 3), np.nan),
        np.full((5, 3), np.inf),
        np.full((5, 3), 1e30),
        np.array([[3e38, -3e38, 3e38], [0, 0, 0]]),
        np.zeros((1, 3)),
        np.ones((100, 3)),
    ],
    ids=["none", "nan", "inf", "1e30", "overflow", "one", "equal"],
)
def test_the_view_lives_on_after_a_broken_cloud(studio, broken):
    studio.scene.show(prepared_of(broken, [1] * len(broken)), table(*([RED] * min(1, len(broken)))))
    for view in VIEWS:
        studio.scene.set_view(view)
        studio.draw()
    camera = studio.renderer.GetActiveCamera()
    assert np.isfinite([*camera.GetPosition(), *camera.GetFocalPoint(), *camera.GetClippingRange()]).all()
    studio.scene.show(two_plates(), table(RED, GREEN))
    studio.scene.set_view("top")
    assert studio.count(RED) > 2000


def test_stray_points_hide_no_others(studio):
    stray = np.concatenate([plate(), np.array([[1e30, 0, 0], [0, -3e38, 1e20], [np.nan, 0, 0]])])
    studio.scene.show(prepared_of(plate(), [1] * 3600), table(RED))
    studio.scene.set_view("top")
    alone = studio.count(RED)
    studio.scene.show(prepared_of(stray, [1] * len(stray)), table(RED))
    studio.scene.set_view("top")
    assert studio.count(RED) == pytest.approx(alone, rel=0.02)


@pytest.mark.parametrize(("view", "rows"), [("top", "upper"), ("ego", "upper")])
def test_what_is_ahead_is_drawn_in_the_upper_half(studio, view, rows):
    around = np.random.default_rng(4).uniform([-40, -40, -1], [40, 40, 1], size=(3000, 3))
    ahead = plate(x=30.0, z=1.0)
    prepared = prepared_of(np.concatenate([around, ahead]), [1] * len(around) + [2] * len(ahead))
    studio.scene.show(prepared, table((60, 60, 60, 255), GREEN))
    studio.scene.set_view(view)
    seen_rows, seen_columns = studio.pixels_of(GREEN)
    assert len(seen_rows) > 50
    assert seen_rows.max() < SIZE[1] / 2
    assert abs(seen_columns.mean() - SIZE[0] / 2) < 8


@pytest.mark.parametrize(("view", "side"), [("front", 1), ("left", 0)])
def test_level_views_show_the_marker_on_its_side(studio, view, side):
    around = np.random.default_rng(4).uniform([-40, -40, -1], [40, 40, 1], size=(3000, 3))
    marker = np.random.default_rng(5).uniform(-2, 2, size=(4000, 3)) + np.array([20, 20, 5])
    prepared = prepared_of(np.concatenate([around, marker]), [1] * len(around) + [2] * len(marker))
    studio.scene.show(prepared, table((60, 60, 60, 255), GREEN))
    studio.scene.set_view(view)
    _, columns = studio.pixels_of(GREEN)
    assert len(columns) > 50
    assert (columns > SIZE[0] / 2).all() == bool(side)
    assert (columns < SIZE[0] / 2).all() != bool(side)


def test_without_a_mask_the_theme_gives_one_colour(studio):
    from app.scene.look import DARK, LIGHT

    studio.scene.show(prepared_of(plate()), table())
    studio.scene.set_view("top")
    assert studio.count(DARK.unlabelled) > 2000
    studio.scene.set_look(LIGHT)
    assert studio.count(DARK.unlabelled) == 0
    assert studio.count(LIGHT.unlabelled) > 2000
    studio.scene.set_look(DARK)


def test_rings_are_quiet_but_there(studio):
    from app.scene.look import DARK

    around = np.random.default_rng(4).uniform([-40, -40, -1], [40, 40, 1], size=(3000, 3))
    studio.scene.show(prepared_of(around, [1] * 3000), table((0, 0, 0, 0)))
    studio.scene.set_view("top")
    assert 200 < studio.count(DARK.ring) < SIZE[0] * SIZE[1] * 0.05
    assert studio.count(DARK.ego) > 3


def test_a_table_of_the_wrong_length_is_refused(studio):
    studio.scene.show(two_plates(), table(RED, GREEN))
    with pytest.raises(ValueError, match="1 colours for 2 label keys"):
        studio.scene.set_color_table(table(RED))
