"""What draws on this machine and how fast: ``python -m app.scene.drawing_speed`` measures it in a process of its own,
because a broken graphics driver ends the process that asks."""

import re
import sys
import time

import msgspec
import numpy as np

from app.domain.arrays import frozen
from app.domain.point_cloud import CloudSource, PointCloud
from app.errors import AppError
from app.scene.drawing_facts import DrawingFacts
from app.scene.offscreen import OffscreenScene
from app.scene.prepared import prepare_cloud

SIZE = (1200, 800)  # pixels
STEPS = (100_000, 400_000, 1_600_000, 6_400_000)  # points
ENOUGH_SECONDS = 0.06  # a draw that takes as long says enough about the speed
REPEATS = 3


def drawing_facts() -> DrawingFacts:
    """Ask OpenGL and measure for about a second; what is missing is in ``problem``."""
    try:
        drawing = OffscreenScene(SIZE)
    except AppError as error:
        return DrawingFacts(problem=error.message, next_step=error.next_step)
    try:
        told = drawing.capabilities()
        return DrawingFacts(
            _told(told, "vendor"), _told(told, "renderer"), _told(told, "version"), measure_points_per_second(drawing)
        )
    finally:
        drawing.close()


def measure_points_per_second(drawing: OffscreenScene) -> float:
    """The best of a few draws of ever more points, until one takes long enough to tell."""
    reached = 0.0
    for points in STEPS:
        drawing.scene.show(prepare_cloud(_scan(points), None), np.zeros((0, 4), np.uint8))
        drawing.scene.set_view("ego")
        drawing.draw()  # the upload to the graphics card comes before, as in the window
        seconds = min(_seconds_of_a_draw(drawing) for _ in range(REPEATS))
        reached = max(reached, points / seconds)
        if seconds >= ENOUGH_SECONDS:
            break
    return reached


def _seconds_of_a_draw(drawing: OffscreenScene) -> float:
    began = time.perf_counter()
    drawing.draw()
    return time.perf_counter() - began


def _scan(points: int) -> PointCloud:
    """Points around the ego as a scanner spreads them."""
    random = np.random.default_rng(1)
    xyz = random.standard_normal((points, 3), dtype=np.float32) * np.array([30, 30, 1.5], np.float32)
    return PointCloud(frozen(xyz), frozen(np.zeros(3)), {}, CloudSource("synthetic", "", "", points, 1, None, ()))


def _told(capabilities: str, what: str) -> str:
    found = re.search(rf"^OpenGL {what} string:\s*(.*)$", capabilities, re.MULTILINE)
    return found[1].strip() if found else ""


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(drawing_facts()))
