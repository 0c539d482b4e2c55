"""Pictures while the camera moves, and what completes them at rest, for clouds that cannot be drawn in time."""

from collections.abc import Callable
from contextlib import closing

from app.bench.clouds import random_colors, synthetic_points
from app.bench.drawing import MANY, PICTURE, SIZES, plain_of, scene_of
from app.bench.open3d_view import Open3DView, open3d_with_display
from app.bench.rows import Row, Work, compare, milliseconds
from app.scene.motion import orbit
from app.scene.offscreen import OffscreenScene
from app.scene.views import CameraPlacement

MOTION_LIMIT_MS = 50.0
STEP_LIMIT_MS = 100.0
OPEN3D_POINTS = 1_000_000
_TURN = 0.02  # radians from picture to picture


def measure(
    *, sizes: tuple[int, ...] = SIZES, open3d_points: int = OPEN3D_POINTS, repeats: int = 15, pictures: int = 40
) -> list[Row]:
    """All rows of this section; raises AppError where there is no OpenGL."""
    rows: list[Row] = []
    for points in sizes:
        with closing(scene_of(points)) as drawing:
            rows += limit_rows(drawing, points=points, pictures=pictures)
            rows += plain_rows(drawing, points=points, repeats=repeats if points < MANY else max(1, repeats // 3))
            if points == max(sizes):
                rows.append(open3d_row(drawing, points=points, open3d_points=open3d_points, repeats=repeats))
    return rows


def limit_rows(drawing: OffscreenScene, *, points: int, pictures: int) -> list[Row]:
    """The longest of many pictures in motion, and of the steps that complete one at rest."""
    moving = _moving(drawing, drawing.scene.set_placement, drawing.draw_step)
    in_motion = max(milliseconds(moving) for _ in range(pictures))
    step = _longest_step(drawing)
    return [
        Row(
            f"picture in motion of {points:,} points, longest of {pictures}",
            in_motion,
            "the limit",
            MOTION_LIMIT_MS,
            in_motion / MOTION_LIMIT_MS,
            1.0,
        ),
        Row(f"step at rest of {points:,} points, longest", step, "the limit", STEP_LIMIT_MS, step / STEP_LIMIT_MS, 1.0),
    ]


def plain_rows(drawing: OffscreenScene, *, points: int, repeats: int) -> list[Row]:
    """A picture in motion, and a whole one in steps, against plain VTK, which draws all points at once."""
    with closing(plain_of(points)) as plain:
        plain.place(drawing.scene.placement)
        return [
            compare(
                f"picture in motion of {points:,} points",
                _moving(drawing, drawing.scene.set_placement, drawing.draw_step),
                peer="plain VTK",
                theirs=_moving(drawing, plain.place, plain.draw),
                goal=1.0,
                repeats=repeats,
            ),
            compare(
                f"whole picture of {points:,} points, in steps",
                drawing.draw,
                peer="plain VTK, at once",
                theirs=plain.draw,
                goal=None,
                repeats=repeats,
            ),
        ]


def open3d_row(drawing: OffscreenScene, *, points: int, open3d_points: int, repeats: int) -> Row:
    """A picture of many points in motion against one of Open3D with fewer."""
    name, peer = f"picture in motion of {points:,} points", f"Open3D, {open3d_points:,} points"
    ours, open3d = _moving(drawing, drawing.scene.set_placement, drawing.draw_step), open3d_with_display()
    if open3d is None:
        return compare(name, ours, peer=peer, theirs=None, goal=0.1, repeats=repeats)
    cloud, colors = synthetic_points(open3d_points), random_colors(open3d_points)
    with closing(Open3DView(open3d, PICTURE, cloud, colors)) as view:
        return compare(name, ours, peer=peer, theirs=view.turn, goal=0.1, repeats=repeats)


def _moving(drawing: OffscreenScene, place: Callable[[CameraPlacement], object], draw: Work) -> Work:
    """Work that turns a camera a little and draws."""
    placement = drawing.scene.placement

    def work() -> None:
        nonlocal placement
        placement = orbit(placement, turn=_TURN, tilt=0.0)
        place(placement)
        draw()

    return work


def _longest_step(drawing: OffscreenScene) -> float:
    drawing.scene.steps.restart()
    longest = 0.0
    while not drawing.scene.steps.complete:
        longest = max(longest, milliseconds(drawing.draw_step))
    return longest
