from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from app.domain.box_classes import BoxClasses
from app.domain.box_points import box_points
from app.domain.sight import sight_of
from app.domain.tracking import Box
from app.jobs import open_path
from tests.domain.sight_parts import LENSES, cloud_of, placed, wall

CAMERA = placed(LENSES["pinhole"], at=(0.0, 0.0, 1.6))
CAR, BUILDING, NAMELESS = 1, 2, 9
KEYS = {"car": (CAR,), "building": (BUILDING,), "bus": ()}
NEAR, FAR = wall(10, (-1, 1), (0.4, 1.6)), wall(25, (-3, 3), (0.4, 4))
CLOUD = cloud_of(np.concatenate([NEAR, FAR]))
IN_NEAR, IN_FAR = np.arange(len(NEAR)), np.arange(len(NEAR), len(NEAR) + len(FAR))


def box(label="Car"):
    uv = CAMERA.project(NEAR).uv
    (left, top), (right, bottom) = uv.min(axis=0) - 2, uv.max(axis=0) + 2
    return Box(left, top, right - left, bottom - top, label, track_id=7)


def meant(near, far, *, label="Car", kept=False):
    """What the box around the near wall means where the two walls have these label keys."""
    keys = np.repeat([near, far], [len(NEAR), len(FAR)])
    classes = BoxClasses(keys, KEYS, frozenset({7} if kept else ()))
    return box_points(sight_of(CAMERA, CLOUD), CLOUD.xyz, box(label), classes=classes)


def are_all_of(rows, wanted):
    return len(rows) > 100 and np.isin(rows, wanted).all()


def test_what_is_in_front_is_meant_where_it_is_of_the_class_of_the_box():
    assert are_all_of(meant(CAR, BUILDING), IN_NEAR)
    assert are_all_of(meant(CAR, BUILDING, label=" CAR "), IN_NEAR)
    assert are_all_of(meant(CAR, BUILDING, kept=True), IN_NEAR)


def test_behind_another_class_the_points_of_its_own_are_meant():
    assert are_all_of(meant(BUILDING, CAR), IN_FAR)
    assert are_all_of(meant(NAMELESS, CAR), IN_FAR)


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("label", ["Car", "Bus"], ids=["known here", "known at other frames"])
def test_a_box_with_points_of_other_classes_only_means_none(label, kept):
    assert len(meant(BUILDING, BUILDING, label=label, kept=kept)) == 0


def test_nothing_is_held_against_a_class_that_no_legend_has():
    assert are_all_of(meant(BUILDING, CAR, label="Zebra"), IN_NEAR)
    assert are_all_of(meant(BUILDING, CAR, label="Zebra", kept=True), IN_NEAR)


def test_points_without_a_class_may_be_the_thing_unless_the_box_was_only_kept():
    assert are_all_of(meant(NAMELESS, BUILDING), IN_NEAR)
    assert len(meant(NAMELESS, BUILDING, kept=True)) == 0


def test_a_nearer_box_takes_no_points_of_another_class():
    nearer = box()
    nearer = Box(nearer.x, nearer.y, nearer.width, nearer.height + 5, "Bus", track_id=8)
    classes = BoxClasses(np.repeat([CAR, BUILDING], [len(NEAR), len(FAR)]), KEYS)
    found = box_points(sight_of(CAMERA, CLOUD), CLOUD.xyz, box(), others=(nearer,), classes=classes)
    assert are_all_of(found, IN_NEAR)


def shares_of_class(folder, indices):
    """Of each tracked box with points: whether it was kept, and the share of points of its class."""
    found = []
    with closing(open_path(folder)) as job:
        for index in indices:
            frame = job.load_frame(index)
            for camera in job.cameras:
                sight, boxes = sight_of(job.placed_camera(index, camera), frame.cloud), job.boxes(index, camera)
                classes = BoxClasses.of(frame, names=job.sequence.class_names, kept=boxes.kept)
                for each in boxes.tracked:
                    rows = box_points(sight, frame.cloud.xyz, each, others=boxes.tracked, classes=classes)
                    names = [frame.legend.get(int(key)) for key in frame.mask.label_keys[rows]]
                    same = [name is not None and name.class_name == each.label for name in names]
                    found.append((each.track_id in boxes.kept, np.mean(same) if same else np.nan))
    return np.array(found, dtype=float)


def test_no_box_of_the_made_street_means_mostly_another_class(street):
    found = shares_of_class(street, (5, 17))
    kept = found[:, 0] == 1
    assert kept.sum() > 10
    assert not (found[:, 1] < 0.5).any()
    assert np.isfinite(found[~kept, 1]).mean() > 0.95
    assert np.isfinite(found[kept, 1]).any()
    assert np.isnan(found[kept, 1]).any()


def test_a_frame_without_a_mask_says_nothing_about_classes(street):
    with closing(open_path(street)) as job:
        frame = job.load_frame(0)
        assert BoxClasses.of(frame, names=job.sequence.class_names) is not None
        assert "car" in job.sequence.class_names
        assert BoxClasses.of(replace(frame, mask=None), names=()) is None
