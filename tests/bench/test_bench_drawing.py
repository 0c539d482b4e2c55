"""Rows of ``bench drawing``, ``motion`` and ``memory`` at sizes that cost little; how fast they are is not judged."""

from collections import Counter

import numpy as np
import pytest

from app.bench import drawing, frame_memory, motion, open3d_view
from app.bench.clouds import cloud_of, synthetic_cloud
from app.errors import AppError

pytestmark = pytest.mark.gl
SIZES = (15_000, 30_000)


@pytest.fixture(autouse=True)
def without_open3d(monkeypatch):
    """Its rows are the same wherever the tests run."""
    monkeypatch.setattr(open3d_view, "installed", lambda _name: None)


def rows_of(measure, **sizes):
    try:
        return measure(**sizes)
    except AppError as error:
        pytest.skip(str(error))


def test_every_change_of_the_look_is_measured_against_a_redraw_of_each_size():
    rows = rows_of(drawing.measure, sizes=SIZES, frame_points=10_000, repeats=1)
    redrawn = Counter(row.name.partition(" and draw ")[0] for row in rows if row.peer == "plain redraw")
    changes = ("change colours", "hide a class", "isolate a class", "change cuts", "change the value range")
    assert redrawn == dict.fromkeys(changes, len(SIZES))
    assert Counter(row.peer for row in rows if row.peer != "plain redraw") == {
        "plain VTK": 2,
        "Open3D (not installed)": 2,
        "of 15,000 points": 1,
        "one plain draw of it": 1,
    }
    assert all(row.ours > 0 and (row.goal or row.peer == "plain VTK") for row in rows)
    assert all(row.theirs and row.ratio for row in rows if "not installed" not in row.peer)


def test_pictures_in_motion_are_measured_against_their_limits_and_peers():
    rows = rows_of(motion.measure, sizes=SIZES, repeats=1, pictures=3)
    assert [row.peer for row in rows] == [
        *("the limit", "the limit", "plain VTK", "plain VTK, at once"),
        *("the limit", "the limit", "plain VTK", "plain VTK, at once"),
        "Open3D, 1,000,000 points (not installed)",
    ]
    assert {row.theirs for row in rows if row.peer == "the limit"} == {50.0, 100.0}
    assert all(row.ours > 0 for row in rows)


def test_a_frame_keeps_its_arrays_at_least_and_not_many_times_them():
    try:
        row = frame_memory.measure(points=1_000_000)[0]
    except AppError as error:
        pytest.skip(str(error))
    least = 12 + 4 + 2 + 4 + 4  # xyz, intensity, mask, rows of the table, order
    assert least < row.ours < 10 * least
    assert row.ratio == pytest.approx(row.ours / 60.0)


def test_the_cloud_has_every_label_key_and_is_the_same_each_time():
    cloud = synthetic_cloud(20_000, keys=9000)
    assert len(cloud.label_keys) == 9000
    assert (cloud.xyz == synthetic_cloud(20_000, keys=9000).xyz).all()
    np.testing.assert_array_equal(cloud_of(20_000).xyz, cloud.xyz)
