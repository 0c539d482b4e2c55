import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.domain.legend import UNMAPPED_COLOR, Legend, LegendEntry
from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import Frame, SequenceFrame
from app.errors import AppError, InputError
from app.scene.recorded_view import Canvas, RecordedView
from app.scene.render import draw, seen_from, subject_of, write_picture

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
LEGEND = Legend((LegendEntry(3, "Car # 1", "Car", (250, 20, 30)),))

ALONE = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from test_render import small_frame, written
written(small_frame(), Path(sys.argv[1]), view="ego", size=(320, 240))
assert not [name for name in sys.modules if name.startswith(("PySide6", "qtpy", "pyvistaqt"))]
"""


def small_frame(cloud=True):
    random = np.random.default_rng(1)
    xyz = random.uniform([-30, -30, -2], [30, 30, 3], size=(20_000, 3)).astype(np.float32)
    keys = random.choice([0, 3], size=len(xyz)).astype(np.uint16)
    record = SequenceFrame("000001", "", "", legend=LEGEND)
    points = PointCloud(xyz, np.zeros(3), {}, SOURCE) if cloud else None
    return Frame(0, record, points, Mask(keys) if cloud else None)


def written(frame, path, *, view="top", size=(100, 100)):
    """Draw a frame from a named view to a file."""
    subject, canvas = subject_of(frame), Canvas(size)
    placement = seen_from(view, subject, aspect=canvas.aspect)
    write_picture(draw(subject, RecordedView(placement, view), canvas).png, path)


def run_alone(path, **environment):
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    here = Path(__file__).resolve()
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE, path, str(here.parent), str(here.parents[2])],
        env=bare | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_picture_is_made_without_a_display_and_without_qt(tmp_path):
    done = run_alone(tmp_path / "frame.png")
    if "no OpenGL" in done.stderr:
        pytest.skip("no EGL on this machine")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    pixels = np.asarray(Image.open(tmp_path / "frame.png").convert("RGB")).astype(int)
    assert pixels.shape == (240, 320, 3)
    assert (np.abs(pixels - [250, 20, 30]) <= 2).all(axis=2).sum() > 500
    assert (np.abs(pixels - UNMAPPED_COLOR) <= 2).all(axis=2).sum() > 500


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the way to take OpenGL away is Mesa's")
def test_without_opengl_the_error_says_what_to_install(tmp_path):
    done = run_alone(tmp_path / "frame.png", __EGL_VENDOR_LIBRARY_FILENAMES=str(tmp_path / "none.json"))
    assert done.returncode == 1
    assert "app.errors.AppError: This machine has no OpenGL 3.2" in done.stderr
    assert "libegl1" in done.stderr
    assert not (tmp_path / "frame.png").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"view": "camera:rear"}, "There is no camera “rear” to look through. No camera of this frame has a pose"),
        ({"view": "below"}, "There is no view “below”. Choose one of top, front, back, left, right, side, ego,"),
        ({"size": (0, 100)}, "A picture of 0 by 100 pixels cannot be drawn"),
        ({"size": (100, 90_000)}, "Choose sides between 1 and 8192 pixels"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(tmp_path, options, words):
    with pytest.raises(InputError) as refused:
        written(small_frame(), tmp_path / "frame.png", **options)
    assert words in str(refused.value)


def test_a_frame_without_a_cloud_is_refused_by_its_name(tmp_path):
    with pytest.raises(InputError, match="Frame 000001 has no point cloud"):
        written(small_frame(cloud=False), tmp_path / "frame.png")


def test_a_path_that_cannot_be_written_is_named(tmp_path):
    try:
        with pytest.raises(InputError, match="cannot be written: No such file or directory"):
            written(small_frame(), tmp_path / "none" / "frame.png")
    except AppError as error:
        pytest.skip(str(error))
