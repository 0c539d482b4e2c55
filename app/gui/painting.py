"""What colours the points of the shown frame where the label alone does not: numbers, or the pictures of cameras."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.domain.arrays import Bytes, Float32
from app.domain.channels import Channel, channel_of, channel_values
from app.domain.color_maps import shown_color_map
from app.domain.coloring import ColorBy, Coloring
from app.domain.placed_camera import PlacedCamera
from app.domain.value_range import automatic_range
from app.errors import AppError
from app.gui.appearance import Appearance, dressed_look
from app.gui.frames import FrameLoader
from app.gui.neighbours import Neighbours
from app.gui.picture_pixels import rgb_of
from app.gui.rig_state import RigState
from app.gui.shown_frame import ShownFrame
from app.gui.tasks import TaskRunner
from app.jobs.camera_colors import camera_colors

AT_ONCE = 300_000  # points whose numbers take the GUI thread a few milliseconds at most
KEPT_BYTES = 256 << 20  # of paintings of frames shown before

Quantity = tuple[ColorBy, str]


@dataclass(frozen=True)
class Painting:
    """Of one frame: ``values`` (N,) float32 of ``channel``, or ``colors`` (N, 4) uint8 RGBA of ``cameras`` pictures."""

    index: int
    channel: Channel | None = None
    values: Float32 | None = None
    colors: Bytes | None = None
    cameras: int = 0

    @property
    def bytes(self) -> int:
        """Memory it holds."""
        return sum(array.nbytes for array in (self.values, self.colors) if array is not None)

    @property
    def unseen_share(self) -> float:
        """Of the points, those that no camera sees."""
        if self.colors is None or not len(self.colors):
            return 0.0
        return 1.0 - np.count_nonzero(self.colors[:, 3]) / len(self.colors)


class Painter(QObject):
    """Follows frame and colouring; what takes longer is done on a worker thread, and ``pending`` meanwhile."""

    changed = Signal()  # the painting, or whether one is pending
    ramp_changed = Signal()  # colour map or range of the numbers, not the numbers themselves

    def __init__(
        self,
        runner: TaskRunner,
        frames: FrameLoader,
        neighbours: Neighbours,
        appearance: Appearance,
        parent: QObject,
        *,
        rig: RigState,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._frames = frames
        self._rig = rig
        self._neighbours = neighbours
        self._appearance = appearance
        self._painting: Painting | None = None
        self._quantity: Quantity = (ColorBy.CLASS, "")
        self._pending = False
        self._kept: OrderedDict[tuple[int, ColorBy, str], Painting] = OrderedDict()
        self._ranges: dict[Quantity, tuple[float, float]] = {}
        frames.shown_changed.connect(self._refresh)
        neighbours.stack_changed.connect(self._refresh)
        frames.pictures_changed.connect(self._on_pictures)
        appearance.coloring_changed.connect(self._on_coloring)
        appearance.look_changed.connect(self.ramp_changed)  # on another background

    @property
    def painting(self) -> Painting | None:
        """Of what is drawn, the shown frame or several; None where the label alone colours it, or while ``pending``."""
        return self._painting

    @property
    def pending(self) -> bool:
        """Whether the shown frame's painting is still being made: what is on screen stays until then."""
        return self._pending

    @property
    def value_range(self) -> tuple[float, float]:
        """What the two ends of the colour map stand for.

        Unless chosen it is that of the first frame seen in this colouring, so that a colour means the same in all.
        """
        return self._appearance.coloring.value_range or self._ranges.get(self._quantity, (0.0, 1.0))

    @property
    def color_map(self) -> Bytes:
        """(256, 3) uint8, the colours of the numbers on the background that is chosen."""
        on_dark = dressed_look(self._appearance.look.background).is_dark
        return shown_color_map(self._appearance.coloring.color_map, on_dark=on_dark)

    def open(self) -> None:
        """Another job: nothing of the earlier one holds."""
        self._runner.cancel_key("painting")
        self._kept.clear()
        self._ranges.clear()
        self._painting, self._pending = None, False

    def _on_coloring(self) -> None:
        coloring = self._appearance.coloring
        if (coloring.by, coloring.field) == self._quantity:
            self.ramp_changed.emit()
        else:
            self._refresh()

    def _on_pictures(self) -> None:
        """More pictures colour more points."""
        shown = self._frames.shown
        if shown is not None:
            self._kept.pop((shown.index, ColorBy.CAMERA, ""), None)
        if self._appearance.coloring.by is ColorBy.CAMERA:
            self._refresh()

    def repaint_cameras(self) -> None:
        """The cameras are placed otherwise: they see other points."""
        for key in [key for key in self._kept if key[1] is ColorBy.CAMERA]:
            del self._kept[key]
        if self._appearance.coloring.by is ColorBy.CAMERA:
            self._refresh()

    def _refresh(self) -> None:
        shown, coloring = self._neighbours.drawn, self._appearance.coloring
        self._runner.cancel_key("painting")
        self._quantity = (coloring.by, coloring.field)
        if shown is None or shown.frame.cloud is None or coloring.by.is_label:
            self._set(None)
            return
        kept = None if self._neighbours.stack is not None else self._kept.get((shown.index, *self._quantity))
        if kept is not None:
            self._set(kept)
        elif coloring.by is ColorBy.CAMERA or len(shown.frame.cloud) > AT_ONCE:
            self._paint_apart(shown, coloring)
        else:
            self._on_painted(painted(shown, coloring, ()))

    def _paint_apart(self, shown: ShownFrame, coloring: Coloring) -> None:
        cameras = self._rig.cameras
        self._painting, self._pending = None, True
        self.changed.emit()
        self._runner.run(
            lambda _progress: painted(shown, coloring, cameras),
            title="Colouring points",
            key="painting",
            quiet=True,
            on_success=self._on_painted,
            on_failure=self._on_not_painted,  # a method: a task that held this object could be the last to do so
        )

    def _on_not_painted(self, _error: AppError) -> None:
        self._set(None)

    def _on_painted(self, painting: Painting | None) -> None:
        if painting is None:
            self._set(None)
            return
        if painting.values is not None and self._quantity not in self._ranges:
            self._ranges[self._quantity] = automatic_range(painting.values)
        if self._neighbours.stack is None:  # several frames together are other points each time
            self._kept[painting.index, *self._quantity] = painting
        while len(self._kept) > 1 and sum(each.bytes for each in self._kept.values()) > KEPT_BYTES:
            self._kept.popitem(last=False)
        self._set(painting)

    def _set(self, painting: Painting | None) -> None:
        self._painting, self._pending = painting, False
        self.changed.emit()


def painted(shown: ShownFrame, coloring: Coloring, cameras: tuple[PlacedCamera, ...]) -> Painting | None:
    """Numbers or colours of a frame's points; None where its cloud does not have them. For any thread."""
    cloud, prepared = shown.frame.cloud, shown.prepared
    if cloud is None or prepared is None:
        return None
    if coloring.by is ColorBy.CAMERA:
        images = {name: rgb_of(picture.image) for name, picture in shown.pictures.items() if picture.image}
        colors = camera_colors(shown.frame, images, cameras)
        return Painting(shown.index, colors=colors, cameras=len(images))
    channel = channel_of(cloud, coloring)
    if channel is None:
        return None
    values = channel_values(cloud, channel, ground=prepared.spread.ground, ego=prepared.spread.ego)
    return Painting(shown.index, channel=channel, values=values)
