import re
from contextlib import closing

import numpy as np
import pytest

from app.domain.box_classes import BoxClasses
from app.domain.box_points import box_points
from app.domain.sight import sight_of
from app.domain.tracking import Box
from app.jobs import open_path
from tests.domain.sight_parts import LENSES, boxes_around_things, cloud_of, placed, wall

CAMERA = placed(LENSES["pinhole"], at=(0.0, 0.0, 1.6))


def ground(*, slope=0.0):
    x, y = np.meshgrid(np.arange(3, 60, 0.25), np.arange(-12, 12, 0.25))
    return np.column_stack([x.ravel(), y.ravel(), slope * x.ravel()])


def box_around(xyz, *, label="Car", grown=2.0):
    uv = CAMERA.project(np.asarray(xyz, dtype=float)).uv
    (left, top), (right, bottom) = uv.min(axis=0) - grown, uv.max(axis=0) + grown
    return Box(left, top, right - left, bottom - top, label)


def points_in(cloud, box, *, others=()):
    return box_points(sight_of(CAMERA, cloud), cloud.xyz, box, others=others)


def shares(found, start, things):
    """Precision and recall of rows for the points from ``start`` on."""
    hit = np.count_nonzero((found >= start) & (found < start + len(things)))
    return hit / len(found), hit / len(things)


@pytest.mark.parametrize("slope", [0.0, 0.03])
def test_the_ground_under_a_thing_and_the_wall_behind_it_are_left_out(slope):
    road, back = ground(slope=slope), wall(25, (-10, 10), (0.3, 8))
    thing = wall(12, (-1, 1), (12 * slope, 12 * slope + 1.5))
    found = points_in(cloud_of(np.concatenate([road, back, thing])), box_around(thing))
    precision, recall = shares(found, len(road) + len(back), thing)
    assert precision > 0.98
    assert recall > 0.8


def test_a_pole_before_a_thing_is_not_the_thing():
    thing, pole = wall(12, (-1, 1), (0.4, 1.6)), wall(6, (0.1, 0.2), (0.4, 3))
    found = points_in(cloud_of(np.concatenate([thing, pole])), box_around(thing))
    assert shares(found, 0, thing) == (1.0, pytest.approx(1.0, abs=0.2))


def test_what_the_box_of_a_nearer_thing_means_belongs_to_that():
    far, near = wall(20, (-1.5, 1.5), (0.4, 2.4)), wall(10, (-1, 0.4), (0.2, 1.8))
    cloud = cloud_of(np.concatenate([far, near]))
    box, other = box_around(far), box_around(near)
    found = points_in(cloud, box, others=(box, other))
    assert found.size
    assert (found < len(far)).all()


def test_a_box_with_a_negative_size_is_read_the_other_way_round():
    thing = wall(12, (-1, 1), (0.4, 1.6))
    cloud, box = cloud_of(thing), box_around(thing)
    turned = Box(box.x + box.width, box.y + box.height, -box.width, -box.height, "Car")
    assert points_in(cloud, turned).tolist() == points_in(cloud, box).tolist()


def test_a_box_without_points_means_none_and_one_of_ground_only_the_ground():
    road = ground()
    assert points_in(cloud_of(road), Box(10, 10, 50, 50, "Sky")).size == 0
    assert points_in(cloud_of(road), Box(500, 500, 100, 50, "Lane")).size > 10


def test_points_far_out_of_the_world_neither_stop_nor_slow_it():
    thing = wall(12, (-1, 1), (0.4, 1.6))
    far = [[1e30, 0, 0], [3e38, 1e30, -1e30], [np.nan, 0, 0]]
    assert len(points_in(cloud_of(np.concatenate([thing, far])), box_around(thing))) > 200


def street_shares(folder, *, by_class=False):
    """(boxes, 2) precision and recall over the tracked boxes whose thing has five points in the picture."""
    job, found = open_path(folder), []
    for index in range(0, len(job.sequence), max(1, len(job.sequence) // 3)):
        frame = job.load_frame(index)
        for camera in job.cameras:
            sight = sight_of(job.placed_camera(index, camera), frame.cloud)
            boxes = job.boxes(index, camera).tracked
            classes = BoxClasses.of(frame, names=job.sequence.class_names) if by_class else None
            for box in boxes:
                keys = [entry.label_key for entry in frame.legend if _number(entry.text) == box.track_id]
                belongs = np.isin(frame.mask.label_keys, keys)
                total = np.count_nonzero(belongs[sight.rows])
                if total >= 5:
                    rows = box_points(sight, frame.cloud.xyz, box, others=boxes, classes=classes)
                    hit = np.count_nonzero(belongs[rows])
                    found.append((hit / max(1, len(rows)), hit / total))
    job.close()
    return np.array(found)


def _number(text):
    found = re.search(r"# (\d+)$", text)
    return int(found[1]) if found else None


def test_boxes_around_things_of_the_made_street_mean_mostly_their_own_points(street):
    found = []
    with closing(open_path(street)) as job:
        frame = job.load_frame(12)
        for camera in job.cameras:
            sight = sight_of(job.placed_camera(12, camera), frame.cloud)
            boxes = boxes_around_things(sight, frame)
            for box in boxes:
                belongs = frame.mask.label_keys == box.track_id
                rows = box_points(sight, frame.cloud.xyz, box, others=boxes)
                hit, total = np.count_nonzero(belongs[rows]), np.count_nonzero(belongs[sight.rows])
                found.append((hit / max(1, len(rows)), hit / total))
    assert len(found) > 20
    precision, recall = np.mean(found, axis=0)
    assert precision > 0.8
    assert recall > 0.75


def test_boxes_of_the_real_street_mean_mostly_points_of_their_own_thing(shared_data):
    found = street_shares(shared_data / "deliveries" / "street")
    assert len(found) == 60
    precision, recall = found.mean(axis=0)
    assert precision > 0.8
    assert recall > 0.8
    assert (found[:, 0] >= 0.5).mean() > 0.85


def test_boxes_of_the_real_street_mean_more_of_their_own_where_classes_are_compared(shared_data):
    found = street_shares(shared_data / "deliveries" / "street", by_class=True)
    assert len(found) == 60
    precision, recall = found.mean(axis=0)
    assert precision > 0.9
    assert recall > 0.85
