"""A point that is chosen chooses the segment that it belongs to; one thing is chosen at a time."""

from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from app.domain.mask import Mask
from app.domain.point_cloud import PointCloud
from app.domain.point_facts import PointFacts
from app.domain.segment import Segment
from app.domain.segments import segment_of
from app.gui.point_selection import PointSelection
from app.gui.selection import Pointed, SegmentChoice
from app.gui.viewer import Viewer
from app.progress import Progress

KEY = "segment"


class Choosing(QObject):
    """Between the chosen point and what the viewer says is chosen."""

    def __init__(self, viewer: Viewer, points: PointSelection) -> None:
        super().__init__(points)
        self._viewer, self._points = viewer, points
        self._taking = False  # a point takes the place of what was chosen
        points.changed.connect(self._on_point_chosen)
        viewer.selection.changed.connect(self._on_chosen)

    def release(self) -> None:
        """Choose nothing."""
        self._points.clear()
        self._viewer.selection.choose(None)

    def _on_point_chosen(self) -> None:
        """The frame's change lets go of the point, not of the thing that it belongs to."""
        shown, pointed = self._viewer.shown, pointed_at(self._viewer, self._points.point)
        self._viewer.runner.cancel_key(KEY)
        self._viewer.selection.pick(pointed)
        if pointed is None or shown is None or shown.frame.cloud is None:
            return
        if shown.frame.mask is None:
            self._choose_none()
            return
        row = pointed.row
        self._viewer.runner.run(
            partial(_segment, shown.frame.cloud, shown.frame.mask, row, shown.index),
            title="Looking up the segment of a point",
            key=KEY,
            quiet=True,
            on_success=lambda segment: self._viewer.selection.choose(SegmentChoice(segment, row)),
        )

    def _choose_none(self) -> None:
        """Where nothing is labelled, a point belongs to nothing."""
        self._taking = True
        self._viewer.selection.choose(None)
        self._taking = False

    def _on_chosen(self) -> None:
        """A track, or nothing, takes the place of a point and its segment."""
        if not self._taking and not isinstance(self._viewer.selection.chosen, SegmentChoice):
            self._points.clear()


def pointed_at(viewer: Viewer, facts: PointFacts | None) -> Pointed | None:
    """A point as all views know it; None for one of another frame that is drawn together with the shown one."""
    if facts is None or viewer.shown is None or facts.frame != viewer.shown.index:
        return None
    return Pointed(facts.index, np.array(facts.position))


def _segment(cloud: PointCloud, mask: Mask, row: int, index: int, _progress: Progress) -> Segment:
    return segment_of(cloud, mask, row, frame_index=index)
