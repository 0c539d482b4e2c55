import pytest

from app.bench.drawing import measure, synthetic_cloud
from app.errors import AppError


def test_every_row_of_the_drawing_section_compares_two_measured_sides():
    try:
        rows = measure(points=20_000, many_points=30_000, frame_points=10_000, repeats=2)
    except AppError as error:
        pytest.skip(str(error))
    assert [row.peer for row in rows] == ["plain redraw", "RGBA for each point, drawn", "one draw of it"]
    assert all(row.ours > 0 and row.theirs and row.ratio for row in rows)


def test_the_cloud_has_every_label_key_and_is_the_same_each_time():
    cloud = synthetic_cloud(20_000, keys=9000)
    assert len(cloud.label_keys) == 9000
    assert (cloud.xyz == synthetic_cloud(20_000, keys=9000).xyz).all()
