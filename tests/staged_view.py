"""A window with the 3D view and nothing else."""

import numpy as np
from PySide6.QtCore import QEventLoop, QPointF, QTimer
from PySide6.QtWidgets import QMainWindow

from app.domain.sequence import Frame, Sequence
from app.gui.scene_view import SceneView
from app.gui.shown_frame import OpenedJob
from app.gui.surface import prepare_surface_format
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.jobs.job_rig import JobRig
from app.jobs.pictures import Pictures
from app.workspace.delivery import LooseFiles
from tests.mouse import click, hover

PATIENCE_MS = 20_000


def wait_for(signal, act):
    """Do something and return what the signal then carries; raises TimeoutError where it never comes."""
    loop, carried, patience = QEventLoop(), [], QTimer()
    patience.setSingleShot(True)
    patience.timeout.connect(loop.quit)

    def note(*values):
        carried.append(values)
        loop.quit()

    signal.connect(note)
    patience.start(PATIENCE_MS)
    act()
    if not carried:
        loop.exec()
    signal.disconnect(note)
    if not carried:
        raise TimeoutError("a signal never came")
    return carried[0]


class FramesJob:
    """A job whose frames are there already."""

    cameras = ()

    def __init__(self, *frames: Frame):
        self.frames = frames
        self.sequence = Sequence(tuple(frame.record for frame in frames))
        self.rig = JobRig(self.sequence, Pictures(self.sequence, LooseFiles({})))

    def has_frame(self, _index):
        return True

    def load_frame(self, index):
        return self.frames[index]

    def tracks(self):
        return ()

    def findings(self):
        return ()

    def forget_tracking(self):
        """There is none."""

    def close(self):
        """Nothing is open."""


class StagedView:
    """``view`` in a window of ``size`` (width, height), drawn by its ``canvas`` once it is shown."""

    def __init__(self, size=(600, 400)):
        prepare_surface_format()
        self.window = QMainWindow()
        self.runner = TaskRunner(self.window, threads=1)
        self.viewer = Viewer(self.runner, self.window)
        self.view = SceneView(self.viewer, self.window)
        self.pointing = self.view.pointing
        self.window.setCentralWidget(self.view)
        self.window.resize(*size)

    def show(self):
        wait_for(self.view.renderer_known, self.window.show)

    def open(self, *frames):
        """Show the first of these frames as a job of its own."""
        job = OpenedJob(FramesJob(*frames), frozenset(range(len(frames))), whole=True)
        wait_for(self.view.frame_drawn, lambda: self.viewer.set_job(job))

    @property
    def canvas(self):
        return self.view.canvas

    def place(self, placement):
        """Put the camera somewhere and wait for the picture."""
        wait_for(self.canvas.painted, lambda: self.canvas.place(placement))

    def on_screen(self, *xyz):
        """Where a point of the cloud is in the view, in window units."""
        widget = self.canvas.widget
        pixels, _ = self.canvas.scene.placement.project(np.array([xyz]), (widget.width(), widget.height()))
        return QPointF(*pixels[0].tolist())

    def picked(self, at):
        """Click, and what was picked."""
        return wait_for(self.pointing.picking.picked, lambda: click(self.canvas.widget, at))[0]

    def pointed(self, at):
        """Hover, and what is under the mouse when that has changed."""
        wait_for(self.pointing.picking.hovered_changed, lambda: hover(self.canvas.widget, at))
        return self.pointing.picking.hovered

    def pixels(self):
        """(H, W, 3) uint8 of what OpenGL drew, in device pixels."""
        image = self.canvas.widget.grabFramebuffer()
        return rgb(image)

    def close(self):
        self.view.close_view()
        self.window.close()
        ended = self.runner.shutdown()
        self.window.deleteLater()
        return ended


def rgb(image):
    """(H, W, 3) uint8 of a QImage."""
    image = image.convertToFormat(image.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return rows[..., 2::-1].copy()  # the image owns its rows
