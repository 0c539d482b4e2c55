"""Clicks into a real window at the scales of common screens, each in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
PATIENCE = 280  # seconds: about twenty where nothing else computes

pytestmark = [
    pytest.mark.gl,
    pytest.mark.timeout(PATIENCE + 20),
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") == "offscreen", reason="that platform has no OpenGL"),
]


@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_a_thousand_clicks_pick_what_the_window_shows_and_its_coordinates_to_the_millimetre(scale):
    paths = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "PYTHONPATH": paths}
    ended = subprocess.run(
        [sys.executable, str(TESTS / "clicking.py")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["ratio"] == float(scale)
    assert told["clicks"] == 1000
    assert told["wrong"] == []
    assert min(told["on_points"], told["beside"]) > 200
    assert told["ties"] < 10
    assert told["farthest_mm"] < 1.0
