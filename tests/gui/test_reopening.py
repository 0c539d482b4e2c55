"""Two hundred times another job in one window: memory, VTK and OpenGL hold no more than after the first few."""

import os
import sys

import pytest

from app.gui.reopening import ALLOWED_KB, Census, Reopened, reopened
from tests.builders import small_delivery

STILL = {"vtk_objects": 20, "props": 7, "gl_buffers": 20, "gl_textures": 10, "gl_widgets": 2, "windows": 1}


def counted(bytes_each):
    """Counts of openings that each leave so many bytes behind, after a start that takes more."""
    return tuple(
        Census(opened=opened, resident_bytes=10**8 + (10**6 if opened > 40 else 0) + bytes_each * opened, **STILL)
        for opened in range(10, 201, 10)
    )


@pytest.mark.parametrize("bytes_each", [0, 1024, 40 * 1024])
def test_what_each_opening_leaves_is_told_from_counts_once_all_is_warm(bytes_each):
    assert Reopened(counted(bytes_each), {}).kilobytes_each == pytest.approx(bytes_each / 1024)


@pytest.mark.gl
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells how much memory a process has")
@pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") == "offscreen", reason="that platform has no OpenGL")
def test_two_hundred_jobs_leave_nothing_behind(tmp_path):
    folders = [small_delivery(tmp_path / name, frames=1, name=name) for name in ("first", "second")]
    found = reopened(folders, times=200)
    assert [count.opened for count in found.counts] == list(range(10, 201, 10))
    assert found.kilobytes_each < ALLOWED_KB
    first, last = found.settled[0], found.settled[-1]
    assert first.vtk_objects > 10  # else nothing was counted
    assert first.gl_buffers > 5
    for what in ("vtk_objects", "props", "gl_buffers", "gl_textures", "gl_widgets", "windows"):
        assert getattr(last, what) == getattr(first, what), what
    assert found.left == {}  # the window is gone, and so is everything that drew in it
