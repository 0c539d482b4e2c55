"""Where frames lie on a horizontal line; the scrubber and the track lanes share it, so that they line up."""

from dataclasses import dataclass

LABELS = 144  # pixels at the left for the names of the lanes
AIR = 16  # pixels at the right, where a scroll bar may appear
TIGHT = 5.0  # cells narrower than this are drawn as one run


@dataclass(frozen=True)
class FrameAxis:
    """``count`` frames as equal cells from ``left`` over ``width`` pixels."""

    left: float
    width: float
    count: int

    @staticmethod
    def across(widget_width: int, *, count: int) -> "FrameAxis":
        """The axis of a widget as wide as the timeline."""
        return FrameAxis(float(LABELS), float(max(1, widget_width - LABELS - AIR)), count)

    @property
    def cell(self) -> float:
        """Width of one frame."""
        return self.width / max(1, self.count)

    def start(self, index: int) -> float:
        """Left edge of a frame's cell; of the frame after the last it is the end of the axis."""
        return self.left + index * self.cell

    def middle(self, index: int) -> float:
        """Middle of a frame's cell."""
        return self.start(index) + self.cell / 2

    def index_at(self, x: float) -> int:
        """The frame under a position, the nearest one outside the axis."""
        return max(0, min(int((x - self.left) // self.cell), self.count - 1))


def runs(flags: tuple[bool, ...]) -> list[tuple[int, int]]:
    """First and last index of every stretch of true flags."""
    edges: list[tuple[int, int]] = []
    for index, flag in enumerate(flags):
        if not flag:
            continue
        if edges and edges[-1][1] == index - 1:
            edges[-1] = (edges[-1][0], index)
        else:
            edges.append((index, index))
    return edges
