"""What an open frame keeps in memory, from the cloud in the workspace's form to the buffers that OpenGL draws from."""

from contextlib import closing

from app.bench.clouds import CLASSES, cloud_of, mask_of, random_colors
from app.bench.drawing import PICTURE
from app.bench.fresh import told_by
from app.bench.rows import Row, kept_by
from app.scene.offscreen import OffscreenScene
from app.scene.prepared import prepare_cloud

GOAL = 60.0  # bytes a point
_FEW = 1000  # points; drawing them first leaves what OpenGL itself takes out of the count


def measure(*, points: int = 10_000_000) -> list[Row]:
    """The row of this section, measured in a process of its own.

    Buffers are counted where OpenGL draws without a graphics card, in whose memory they would be.
    """
    kept = told_by(kept_by_frame, points) / points
    return [Row(f"memory of an open frame of {points:,} points", kept, "the goal", GOAL, kept / GOAL, 1.0, unit="B/pt")]


def kept_by_frame(points: int) -> int:
    """Bytes that a frame with intensity and mask keeps, drawn whole; raises AppError where there is no OpenGL."""
    with closing(OffscreenScene(PICTURE)) as drawing:
        _show(drawing, _FEW)
        return kept_by(lambda: _show(drawing, points))


def _show(drawing: OffscreenScene, points: int) -> object:
    cloud, mask = cloud_of(points), mask_of(points)
    prepared = prepare_cloud(cloud, mask)
    drawing.scene.show(prepared, random_colors(CLASSES))
    drawing.scene.set_view("ego")
    drawing.draw()
    return cloud, mask, prepared
