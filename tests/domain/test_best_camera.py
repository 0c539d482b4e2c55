import numpy as np

from app.domain.best_camera import best_camera, crop_around
from app.domain.camera import Intrinsics
from app.domain.sight import sight_of
from tests.domain.sight_parts import BROWN, LENSES, cloud_of, placed, wall

THING = wall(10, (-1, 1), (-0.5, 0.5))
ROWS = np.arange(len(THING))


def sights(cloud, **cameras):
    return {name: sight_of(camera, cloud) for name, camera in cameras.items()}


def test_the_camera_that_sees_most_of_a_thing_shows_it_best():
    cloud = cloud_of(THING)
    cameras = sights(
        cloud, cut=placed(LENSES["pinhole"], at=(0, 7.5, 0)), whole=placed(LENSES["pinhole"], at=(0, 2, 0))
    )
    assert best_camera(cameras, ROWS).camera == "whole"


def test_of_two_that_see_all_of_it_the_one_that_has_it_in_the_middle_is_better():
    cloud = cloud_of(THING)
    cameras = sights(cloud, rim=placed(LENSES["pinhole"], at=(0, 5, 0)), middle=placed(LENSES["pinhole"]))
    assert best_camera(cameras, ROWS).camera == "middle"


def test_of_equals_the_one_that_shows_it_larger_is_better():
    small = placed(Intrinsics(BROWN, 300, 300, 640, 360))
    large = placed(Intrinsics(BROWN, 600, 600, 1280, 720), size=(2560, 1440))
    cameras = sights(cloud_of(THING), small=small, large=large)
    alone = [best_camera({name: sight}, ROWS) for name, sight in cameras.items()]
    assert alone[0].score == alone[1].score
    assert best_camera(cameras, ROWS).camera == "large"
    assert best_camera(dict(reversed(cameras.items())), ROWS).camera == "large"


def test_points_behind_something_do_not_count():
    cloud = cloud_of(np.concatenate([THING, wall(5, (-2, 2), (-2, 2), step=0.03)]))
    cameras = sights(cloud, covered=placed(LENSES["pinhole"]), free=placed(LENSES["pinhole"], at=(5.5, 0, 0)))
    assert best_camera(cameras, ROWS).camera == "free"
    assert best_camera({"covered": cameras["covered"]}, ROWS) is None


def test_a_crop_shows_what_is_around_a_thing_and_stays_in_the_picture():
    assert crop_around((600, 300, 100, 40), (1280, 720)) == (550, 250, 200, 140)
    left, top, width, height = crop_around((1270, 0, 9, 9), (1280, 720))
    assert (left + width, top) == (1280, 0)
    assert min(width, height) == 96
    assert crop_around((0, 0, 1280, 720), (1280, 720)) == (0, 0, 1280, 720)
