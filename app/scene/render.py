"""A picture of one frame without a window, without Qt and, with EGL, without a display."""

from pathlib import Path

from app.domain.coloring import Coloring, key_colors
from app.domain.sequence import Frame
from app.domain.visibility import Visibility
from app.errors import InputError
from app.scene.look import DARK, SceneLook
from app.scene.prepared import prepare_cloud
from app.scene.views import VIEWS, forward_heading

LARGEST = 8192  # pixels a side


def render_frame(frame: Frame, *, view: str, size: tuple[int, int], path: Path, look: SceneLook = DARK) -> None:
    """Write a PNG of ``size`` (width, height) pixels of a frame in its legend's colours, seen from one of VIEWS.

    Raises InputError for an unknown view, a size that cannot be drawn, a frame without a point cloud or a path that
    cannot be written, AppError where this machine has no OpenGL.
    """
    if view not in VIEWS:
        raise InputError(f"There is no view “{view}”.", next_step=f"Choose one of {', '.join(VIEWS)}.")
    check_size(size)
    require_cloud(frame)
    write_picture(_picture(frame, view, size, look), path)


def write_picture(png: bytes, path: Path) -> None:
    """Write the bytes of a picture; raises InputError where the path cannot be written."""
    try:
        path.write_bytes(png)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"The picture {path} cannot be written: {reason}.", next_step="Choose another path."
        ) from error


def check_size(size: tuple[int, int]) -> None:
    """Raise InputError unless a picture of (width, height) pixels can be drawn."""
    if not all(1 <= side <= LARGEST for side in size):
        raise InputError(
            f"A picture of {size[0]} by {size[1]} pixels cannot be drawn.",
            next_step=f"Choose sides between 1 and {LARGEST} pixels.",
        )


def require_cloud(frame: Frame) -> None:
    """Raise InputError for a frame without a point cloud."""
    if frame.cloud is None:
        raise InputError(
            f"Frame {frame.record.frame_id or frame.index + 1} has no point cloud to draw.",
            next_step="Run pointproof inspect to see why.",
        )


def _picture(frame: Frame, view: str, size: tuple[int, int], look: SceneLook) -> bytes:
    from app.scene.offscreen import OffscreenScene  # VTK takes long to load

    assert frame.cloud is not None  # require_cloud said so
    prepared = prepare_cloud(frame.cloud, frame.mask)
    drawing = OffscreenScene(size)
    try:
        drawing.scene.heading = forward_heading(frame.record)
        drawing.scene.set_look(look)
        drawing.scene.show(prepared, key_colors(prepared.label_keys, frame.legend, Visibility(), Coloring()))
        drawing.scene.set_view(view)
        return drawing.png()
    finally:
        drawing.close()
