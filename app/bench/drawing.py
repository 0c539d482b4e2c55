"""Drawing clouds whole into memory: what changing their look and changing the frame cost beside a plain redraw."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import TypeVar

from app.bench.clouds import CLASSES, random_colors, synthetic_cloud, synthetic_points, synthetic_values
from app.bench.open3d_view import Open3DView, open3d_with_display
from app.bench.rows import Row, Work, compare
from app.domain.arrays import Bytes
from app.domain.color_maps import color_map
from app.domain.cuts import Cuts
from app.scene.offscreen import OffscreenScene
from app.scene.plain_drawing import PlainDrawing
from app.scene.scene import FEW_POINTS, LARGE_POINT, SMALL_POINT, Scene

PICTURE = (1200, 800)  # pixels
SIZES = (200_000, 1_000_000, 10_000_000)  # points
MANY = 5_000_000  # points, from which on a few repeats have to do
_TABLE_CHANGES = 200  # within one measurement: a single one is too short for the clock

Change = Callable[[], object]
Value = TypeVar("Value")


def measure(*, sizes: tuple[int, ...] = SIZES, frame_points: int = 200_000, repeats: int = 9) -> list[Row]:
    """All rows of this section; raises AppError where there is no OpenGL."""
    rows: list[Row] = []
    for points in sizes:
        fewer = repeats if points < MANY else max(1, repeats // 3)
        rows += change_rows(points=points, repeats=fewer)
        rows += recolour_rows(points=points, repeats=fewer)
    return [
        *rows,
        table_row(points=max(sizes), few_points=min(sizes), repeats=repeats),
        swap_row(points=frame_points, repeats=repeats),
    ]


def change_rows(*, points: int, repeats: int) -> list[Row]:
    """Every change of the look that needs no array of N, and the picture after it, against drawing it once more."""
    with closing(scene_of(points)) as drawing:
        return [
            compare(
                f"{name} and draw {points:,} points",
                _followed_by(change, drawing.draw),
                peer="plain redraw",
                theirs=drawing.draw,
                goal=1.1,
                repeats=repeats,
            )
            for name, change in _changes(drawing.scene, points)
        ]


def recolour_rows(*, points: int, repeats: int) -> list[Row]:
    """Other colours, drawn, against plain VTK and Open3D, where each point has a colour of its own."""
    xyz, tables = synthetic_points(points), [random_colors(points), random_colors(points)[::-1].copy()]
    name = f"change colours and draw {points:,} points"
    with closing(scene_of(points)) as drawing:
        ours = _followed_by(_recolouring(drawing.scene), drawing.draw)
        with closing(plain_of(points)) as plain:
            plain.place(drawing.scene.placement)
            theirs = _followed_by(_each(plain.set_colors, tables), plain.draw)
            rows = [compare(name, ours, peer="plain VTK", theirs=theirs, goal=None, repeats=repeats)]
        open3d = open3d_with_display()
        if open3d is None:
            return [*rows, compare(name, ours, peer="Open3D", theirs=None, goal=1.0, repeats=1)]
        with closing(Open3DView(open3d, PICTURE, xyz, tables[0])) as view:
            theirs = _each(view.recolor, tables)
            return [*rows, compare(name, ours, peer="Open3D", theirs=theirs, goal=1.0, repeats=repeats)]


def table_row(*, points: int, few_points: int, repeats: int) -> Row:
    """The change of the table alone, nothing drawn: the same for any number of points."""
    with closing(scene_of(points)) as many, closing(scene_of(few_points)) as few:
        return compare(
            f"change colours of {points:,} points {_TABLE_CHANGES} times, nothing drawn",
            _repeated(_recolouring(many.scene)),
            peer=f"of {few_points:,} points",
            theirs=_repeated(_recolouring(few.scene)),
            goal=1.1,
            repeats=repeats,
        )


def swap_row(*, points: int, repeats: int) -> Row:
    """What the next frame costs the thread of the window before it is drawn, against drawing it with plain VTK."""
    frames = itertools.cycle([synthetic_cloud(points - less) for less in (0, 1000)])
    colors = random_colors(CLASSES)
    with (
        closing(OffscreenScene(PICTURE)) as drawing,
        closing(plain_of(points)) as plain,
    ):
        plain.place(drawing.scene.placement)
        return compare(
            f"swap in a frame of {points:,} points",
            lambda: drawing.scene.show(next(frames), colors),
            peer="one plain draw of it",
            theirs=plain.draw,
            goal=0.5,
            repeats=repeats,
        )


def plain_of(points: int, *, size: tuple[int, int] = PICTURE) -> PlainDrawing:
    """What plain VTK draws of them, as wide as a scene of ours does."""
    pixels = LARGE_POINT if points <= FEW_POINTS else SMALL_POINT
    return PlainDrawing(size, synthetic_points(points), random_colors(points), pixels=pixels)


def scene_of(points: int) -> OffscreenScene:
    """A scene that shows so many points and has measured how fast it draws them."""
    drawing = OffscreenScene(PICTURE)
    drawing.scene.show(synthetic_cloud(points), random_colors(CLASSES))
    drawing.scene.set_view("ego")
    for _ in range(3):
        drawing.draw()
    return drawing


def _changes(scene: Scene, points: int) -> Iterator[tuple[str, Change]]:
    """Work that makes each change, by its name; what a mode needs once is done when its turn comes."""
    yield "change colours", _recolouring(scene)
    for name, tables in _hiding().items():
        yield name, _each(scene.set_color_table, tables)
    scene.set_color_table(random_colors(CLASSES))
    yield "change cuts", _each(scene.set_cuts, [Cuts(floor=-1.0), Cuts(floor=-2.0)])
    scene.set_cuts(Cuts())
    ramp = color_map("viridis")
    scene.color_by_values(synthetic_values(points), ramp, (0.0, 1.0))
    ranges = itertools.cycle([(0.1, 0.9), (0.2, 0.8)])
    yield "change the value range", lambda: scene.set_ramp(ramp, next(ranges))


def _hiding() -> Mapping[str, list[Bytes]]:
    every, hidden, isolated = (random_colors(CLASSES) for _ in range(3))
    hidden[0, 3] = 0
    isolated[1:, 3] = 0
    return {"hide a class": [hidden, every], "isolate a class": [isolated, every]}


def _recolouring(scene: Scene) -> Change:
    colors = random_colors(CLASSES)
    return _each(scene.set_color_table, [colors, colors[::-1].copy()])


def _each(take: Callable[[Value], object], values: list[Value]) -> Change:
    """Work that gives ``take`` the next of the values, round and round."""
    turns = itertools.cycle(values)
    return lambda: take(next(turns))


def _followed_by(change: Change, draw: Work) -> Work:
    def work() -> None:
        change()
        draw()

    return work


def _repeated(change: Change) -> Work:
    def work() -> None:
        for _ in range(_TABLE_CHANGES):
            change()

    return work
