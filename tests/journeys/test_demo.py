"""The demonstration as its users start it: a process of its own, with or without a display."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.display import has_display
from tests.builders import small_delivery

pytestmark = pytest.mark.gl

REPOSITORY = Path(__file__).resolve().parents[2]


def run_demo(*arguments: str, display: bool = False, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if not display:
        environment.pop("DISPLAY", None)
        environment.pop("WAYLAND_DISPLAY", None)
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    return subprocess.run(
        [sys.executable, "-m", "app", "demo", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def colours(picture: Path) -> int:
    image = QImage(str(picture)).scaled(200, 125)
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())})


def test_without_a_display_the_street_is_shown_complete_and_saved(street, tmp_path, request):
    picture = tmp_path / "street.png"
    done = run_demo("--snapshot", str(picture), "--frame", "6", "--size", "1600x1000", cache=street.parent.parent)
    assert done.returncode == 0, done.stderr
    assert "24 frames, 4 cameras" in done.stdout
    assert "frame 7 of 24" in done.stdout
    assert "tracked" in done.stdout
    assert QImage(str(picture)).width() == 1600
    assert colours(picture) > 500
    if request.config.getoption("--update-screenshot"):
        QImage(str(picture)).save(str(REPOSITORY / "resources" / "screenshot.png"))


def test_any_delivery_can_be_demonstrated_and_points_per_class_are_printed(tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=2, points=800, cameras=("front", "left"))
    picture = tmp_path / "small.png"
    done = run_demo("--root", str(delivery), "--snapshot", str(picture), "--theme", "light", display=has_display())
    assert done.returncode == 0, done.stderr
    assert "800 points" in done.stdout
    assert picture.is_file()
    assert done.stderr == ""


def test_the_real_street_shows_boxes_in_three_cameras_and_the_points_of_its_truth(shared_data, tmp_path):
    picture = tmp_path / "real.png"
    done = run_demo("--root", str(shared_data / "deliveries" / "street"), "--snapshot", str(picture))
    assert done.returncode == 0, done.stderr
    for line in (
        "3 frames, 3 cameras",
        "66,781 points, 23 label keys",
        "Without a legend: 35,959 points",
        "Ground: 26,759 points",
        "camera front: 9 tracked",
        "camera left: 7 tracked",
        "camera right: 3 tracked",
    ):
        assert line in done.stdout


def test_a_folder_that_is_no_delivery_is_refused_in_a_sentence(tmp_path):
    done = run_demo("--root", str(tmp_path), "--snapshot", str(tmp_path / "x.png"))
    assert done.returncode == 3
    assert "is no delivery" in done.stderr
    assert "Traceback" not in done.stderr
