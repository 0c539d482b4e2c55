"""The rows of ``bench frames`` and ``bench heartbeat`` in a process of their own; how fast they are is not judged."""

from contextlib import closing

import pytest

from app.bench.delivery import write_delivery
from app.gui.frame_times import _picture
from app.gui.timed_application import Stopwatch
from app.jobs import open_path
from tests.measured import measured

pytestmark = pytest.mark.gl

FRAMES = """
import json
from app.gui.frame_times import measure
print(json.dumps([(row.name, row.ours, row.peer, row.theirs) for row in measure(points=3000, cameras=2, frames=4)]))
"""


def test_what_the_window_does_for_a_frame_is_measured_against_a_plain_draw():
    [(name, ours, peer, theirs)] = measured(FRAMES)
    assert (name, peer) == (
        "GUI thread, next of prefetched frames, 3,000 points, 2 cameras",
        "one plain draw of it",
    )
    assert ours > 0
    assert theirs > 0


def test_a_delivery_to_be_measured_is_whole(tmp_path):
    write_delivery(tmp_path, frames=2, points=500, cameras=3, picture=_picture())
    with closing(open_path(tmp_path)) as job:
        assert len(job.sequence) == 2
        assert [camera.name for camera in job.sequence.cameras] == ["camera_0", "camera_1", "camera_2"]
        frame = job.load_frame(1)
        assert job.load_image(1, "camera_2").shape == (1080, 1920, 3)
    assert not frame.findings
    assert len(frame.cloud) == len(frame.mask) == 500
    assert len(frame.legend.entries) == 30


def test_a_stopwatch_held_twice_counts_once(monkeypatch):
    moments = iter([1.0, 4.0, 10.0, 10.5])
    monkeypatch.setattr("app.gui.timed_application.time.perf_counter", lambda: next(moments))
    watch = Stopwatch()
    with watch, watch:
        assert watch.seconds == 0.0
    with watch:
        assert watch.seconds == 3.0
    assert watch.seconds == 3.5
