"""What Open3D makes of a cloud in a window that stays hidden; a peer where it is installed."""

from types import ModuleType
from typing import Any

import numpy as np

from app.bench.peers import installed
from app.display import ensure_display
from app.domain.arrays import Bytes, Float32
from app.errors import InputError

TURN = 8.0  # pixels that the mouse would have moved


def open3d_with_display() -> ModuleType | None:
    """Open3D where it is installed and has a display, which it cannot do without."""
    open3d = installed("open3d")
    try:
        if open3d is not None:
            ensure_display()
    except InputError:
        return None
    return open3d


class Open3DView:
    """``xyz`` (N, 3) float32 metres in ``colors`` (N, 4) uint8 RGBA, drawn by Open3D's own window of ``size``."""

    def __init__(self, open3d: ModuleType, size: tuple[int, int], xyz: Float32, colors: Bytes) -> None:
        self._vectors: Any = open3d.utility.Vector3dVector
        self._cloud: Any = open3d.geometry.PointCloud(self._vectors(xyz.astype(np.float64)))
        self._window: Any = open3d.visualization.Visualizer()
        self._window.create_window(width=size[0], height=size[1], visible=False)
        self._recolor(colors)
        self._window.add_geometry(self._cloud)

    def turn(self) -> None:
        """Turn the camera and draw."""
        self._window.get_view_control().rotate(TURN, 0.0)
        self._draw()

    def recolor(self, colors: Bytes) -> None:
        """Give each point another colour and draw."""
        self._recolor(colors)
        self._window.update_geometry(self._cloud)
        self._draw()

    def close(self) -> None:
        """Close the window."""
        self._window.destroy_window()

    def _recolor(self, colors: Bytes) -> None:
        self._cloud.colors = self._vectors(colors[:, :3] / 255)

    def _draw(self) -> None:
        self._window.poll_events()
        self._window.update_renderer()
