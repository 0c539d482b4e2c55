import re
from contextlib import closing

import numpy as np
import pytest

from app.domain.matching_track import matching_track
from app.domain.segments import segments_of
from app.domain.sight import sight_of
from app.domain.tracking import Box
from app.jobs import open_path
from tests.domain.sight_parts import LENSES, boxes_around_things, cloud_of, placed, wall

CAMERA = placed(LENSES["pinhole"])
THING = wall(10, (-1, 1), (-0.5, 0.5))
ROWS = np.arange(len(THING))
SIGHTS = {"front": sight_of(CAMERA, cloud_of(THING))}


def box(*, track_id=7, grown=4.0, shift=0.0):
    uv = CAMERA.project(THING).uv
    (left, top), (right, bottom) = uv.min(axis=0) - grown, uv.max(axis=0) + grown
    return Box(left + shift, top, right - left, bottom - top, "Car", track_id=track_id)


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ((box(),), ("front", 7)),
        ((box(), box(track_id=8, shift=150)), ("front", 7)),
        ((box(), box(track_id=8, grown=9)), None),
        ((box(grown=150),), None),
        ((box(shift=100),), None),
        ((box(track_id=None),), None),
        ((), None),
    ],
    ids=["one", "one and its neighbour", "two alike", "far too large", "beside", "a detection", "none"],
)
def test_a_segment_is_the_track_of_the_only_box_that_fits_it(boxes, expected):
    assert matching_track(SIGHTS, {"front": boxes}, ROWS) == expected


def test_what_no_camera_sees_is_no_track():
    assert matching_track(SIGHTS, {"front": (box(),)}, np.array([9999])) is None
    assert matching_track({}, {"front": (box(),)}, ROWS) is None


def test_things_of_the_made_street_are_the_tracks_around_them(street):
    found = []
    with closing(open_path(street)) as job:
        frame = job.load_frame(0)
        sights = {camera: sight_of(job.placed_camera(0, camera), frame.cloud) for camera in job.cameras}
        boxes = {camera: boxes_around_things(sight, frame) for camera, sight in sights.items()}
        for entry in frame.legend:
            segments = segments_of(frame.cloud, frame.mask, entry.label_key, frame_index=0) if entry.thing else ()
            track = matching_track(sights, boxes, segments[0].rows) if segments else None
            if track is not None:
                found.append((track[1], entry.label_key))
    assert len(found) > 15
    assert all(track_id == label_key for track_id, label_key in found)


def test_things_of_the_real_street_are_the_tracks_of_their_own_number(shared_data):
    job, found = open_path(shared_data / "deliveries" / "street"), []
    for index in range(len(job.sequence)):
        frame = job.load_frame(index)
        sights = {camera: sight_of(job.placed_camera(index, camera), frame.cloud) for camera in job.cameras}
        boxes = {camera: job.boxes(index, camera).tracked for camera in job.cameras}
        for entry in frame.legend:
            segments = segments_of(frame.cloud, frame.mask, entry.label_key, frame_index=index) if entry.thing else ()
            track = matching_track(sights, boxes, segments[0].rows) if segments else None
            if track is not None:
                found.append((track[1], int(re.search(r"# (\d+)$", entry.text)[1])))
    job.close()
    assert len(found) >= 45
    assert all(track_id == number for track_id, number in found)
