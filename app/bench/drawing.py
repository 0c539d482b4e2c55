"""Drawing clouds into memory: what a change of colours and a change of frame cost beside a plain redraw."""

import itertools

import numpy as np

from app.bench.rows import Row, Work, compare
from app.domain.arrays import Bytes, Float32, frozen
from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.scene.offscreen import OffscreenScene
from app.scene.prepared import PreparedCloud, prepare_cloud

_SEED = 20
_SIZE = (1200, 800)  # pixels
_CLASSES = 30
_KEYS_BEYOND_THE_TABLE = 9000  # so many label keys are coloured point by point: what a table saves


def measure(
    *, points: int = 1_000_000, many_points: int = 10_000_000, frame_points: int = 200_000, repeats: int = 9
) -> list[Row]:
    """All rows of this section; raises AppError where there is no OpenGL."""
    drawing = OffscreenScene(_SIZE)
    try:
        return [
            recolour_row(drawing, points=many_points, repeats=repeats),
            point_by_point_row(drawing, points=points, repeats=repeats),
            swap_row(drawing, points=frame_points, repeats=repeats),
        ]
    finally:
        drawing.close()


def recolour_row(drawing: OffscreenScene, *, points: int, repeats: int) -> Row:
    """A change of the colour table, drawn, against drawing the same again."""
    return compare(
        f"change colours and draw {points:,} points",
        _recolouring(drawing, synthetic_cloud(points, keys=_CLASSES)),
        peer="plain redraw",
        theirs=drawing.draw,
        goal=1.1,
        repeats=repeats,
    )


def point_by_point_row(drawing: OffscreenScene, *, points: int, repeats: int) -> Row:
    """The same, against giving each point its colour; the peer draws in a second scene of the same size."""
    second = OffscreenScene(_SIZE)
    try:
        return compare(
            f"change colours and draw {points:,} points",
            _recolouring(drawing, synthetic_cloud(points, keys=_CLASSES)),
            peer="RGBA for each point, drawn",
            theirs=_recolouring(second, synthetic_cloud(points, keys=_KEYS_BEYOND_THE_TABLE)),
            goal=1.0,
            repeats=repeats,
        )
    finally:
        second.close()


def swap_row(drawing: OffscreenScene, *, points: int, repeats: int) -> Row:
    """What the next frame costs the thread of the window before it is drawn, against drawing it."""
    frames = itertools.cycle([synthetic_cloud(points - less, keys=_CLASSES) for less in (0, 1000)])
    colors = _random_colors(_CLASSES)
    drawing.scene.show(next(frames), colors)
    return compare(
        f"swap in a frame of {points:,} points",
        lambda: drawing.scene.show(next(frames), colors),
        peer="one draw of it",
        theirs=drawing.draw,
        goal=0.5,
        repeats=repeats,
    )


def synthetic_cloud(points: int, *, keys: int) -> PreparedCloud:
    """Points around the ego as a scan spreads them, each with one of ``keys`` label keys; the same in every run."""
    random = np.random.default_rng(_SEED)
    xyz = synthetic_points(points)
    label_keys = random.integers(0, keys, points).astype(np.uint16)
    label_keys[:keys] = np.arange(min(keys, points))
    source = CloudSource("synthetic", "", "", points, 1, None, ())
    return prepare_cloud(PointCloud(frozen(xyz), frozen(np.zeros(3)), {}, source), Mask(frozen(label_keys)))


def synthetic_points(points: int) -> Float32:
    """(N, 3) float32 metres around the ego; the same in every run."""
    random = np.random.default_rng(_SEED)
    return random.standard_normal((points, 3), dtype=np.float32) * np.array([30, 30, 1.5], dtype=np.float32)


def _recolouring(drawing: OffscreenScene, prepared: PreparedCloud) -> Work:
    """Work that takes the next of two tables and draws."""
    colors = _random_colors(len(prepared.label_keys))
    tables = itertools.cycle([colors, colors[::-1].copy()])
    drawing.scene.show(prepared, next(tables))
    drawing.scene.set_view("ego")

    def recolour() -> None:
        drawing.scene.set_color_table(next(tables))
        drawing.draw()

    return recolour


def _random_colors(rows: int) -> Bytes:
    colors = np.random.default_rng(_SEED).integers(0, 256, (rows, 4)).astype(np.uint8)
    colors[:, 3] = 255
    return colors
