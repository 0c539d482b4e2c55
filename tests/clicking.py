"""A program of its own, because a scale of the screen holds for a whole process: clicks at random into a window of the
3D view, and tells as JSON how often the picked point was the one that the picture shows.
"""

import json
import sys

import numpy as np
from picked_oracle import Projected, numbered_cloud, numbers_as_colors, numbers_in
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from staged_view import StagedView

from app.domain.sequence import Frame, SequenceFrame
from app.scene.picking import RADIUS
from app.scene.views import CameraPlacement, place_camera

UTM = (5e5, 5e6, 120.0)
POINTS = 30_000
CLICKS = 1000
NAMED = ("top", "front", "side")
INSIDE = (((8.0, 1.0, 0.5), (0.0, 0.0, 0.0)), ((-3.0, -2.0, 1.0), (20.0, 4.0, 0.0)))


class Clicking:
    """A survey cloud of numbered points, and what was ``told`` about clicks on it."""

    def __init__(self, stage):
        self.stage = stage
        self.random = np.random.default_rng(11)
        self.local = self.random.normal(size=(POINTS, 3)) * [15, 15, 1.5]
        self.cloud, self.mask = numbered_cloud(self.local, origin=UTM)
        self.told = {"clicks": 0, "on_points": 0, "beside": 0, "ties": 0, "wrong": [], "farthest_mm": 0.0}

    def run(self):
        self.stage.open(Frame(0, SequenceFrame("0", "scan", "mask"), self.cloud, self.mask))
        self.stage.canvas.set_color_table(numbers_as_colors(POINTS))
        views = self.placements()
        for placement in views:
            self.stage.place(placement)
            self.click_around(CLICKS // len(views))
        self.told["ratio"] = self.stage.view.devicePixelRatioF()

    def placements(self):
        spread = self.stage.canvas.scene.prepared.spread
        named = [place_camera(view, spread, aspect=1.5) for view in NAMED]
        return [*named, *(CameraPlacement(*ends, (0.0, 0.0, 1.0)) for ends in INSIDE)]

    def click_around(self, times):
        widget = self.stage.canvas.widget
        shown = numbers_in(self.stage.pixels())
        height, width = shown.shape
        projected = Projected(
            widget.GetRenderWindow().GetRenderers().GetFirstRenderer().GetActiveCamera(),
            self.cloud.xyz,
            (width, height),
        )
        for pixel in self.random.integers([2, 2], [width - 2, height - 2], size=(times, 2)):
            at = (pixel + self.random.uniform(0.05, 0.95, 2)) / widget.devicePixelRatioF()
            facts = self.stage.picked(QPointF(*at.tolist()))
            self.judge(facts, pixel, int(shown[pixel[1], pixel[0]]), projected)

    def judge(self, facts, pixel, shown, projected):
        told, radius = self.told, RADIUS * self.stage.view.devicePixelRatioF()
        told["clicks"] += 1
        told["on_points"] += shown >= 0
        expected = shown if shown >= 0 else projected.nearest(pixel, radius)
        told["beside"] += shown < 0 <= expected
        found = -1 if facts is None else facts.index
        if facts is not None:
            error = np.abs(np.array(facts.position) - (self.local[facts.index] + UTM)).max()
            told["farthest_mm"] = max(told["farthest_mm"], float(error) * 1000)
        if found == expected:
            return
        if projected.is_tie(found, expected, pixel, self.stage.canvas.scene.drawn):
            told["ties"] += 1
        else:
            told["wrong"].append([pixel.tolist(), found, expected])


def main():
    QApplication(["clicking", "-style", "Fusion"])
    stage = StagedView()
    stage.show()
    clicking = Clicking(stage)
    clicking.run()
    stage.close()
    sys.stdout.write(json.dumps(clicking.told))


if __name__ == "__main__":
    main()
