import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.domain.sequence import Frame, SequenceFrame
from app.gui.frame_cache import FrameCache
from app.gui.shown_frame import Picture, ShownFrame, load_frame
from app.jobs import open_path
from app.progress import Progress
from tests.builders import small_delivery

WIDTH = 100  # pixels of four bytes


def frame(index: int, *, rows: int = 10, problem: str = "") -> ShownFrame:
    """A frame whose only weight is a picture of ``rows`` rows."""
    picture = Picture("front", QImage(WIDTH, rows, QImage.Format.Format_RGB32))
    pictures = {"front": picture} | ({"rear": Picture("rear", problem=problem)} if problem else {})
    return ShownFrame(Frame(index, SequenceFrame(str(index), "", ""), None, None), None, pictures)


def owner_of(array):
    return owner_of(array.base) if isinstance(array.base, np.ndarray) else array


@pytest.fixture
def cache():
    kept = FrameCache(limit=3 * 4000)
    for index in range(3):
        kept.put(frame(index))
    return kept


def test_bytes_are_those_of_all_frames_and_follow_a_frame_that_grows(cache):
    assert cache.bytes == 3 * 4000
    cache.put(frame(1, rows=20))
    assert cache.bytes == 4 * 4000


def test_candidates_go_in_their_order_and_only_as_many_as_must(cache):
    cache.put(frame(3))
    cache.shrink((1, 0, 2))
    assert cache.indices == {0, 2, 3}


def test_nothing_goes_that_is_no_candidate(cache):
    cache.limit = 1
    cache.shrink((2,))
    assert cache.indices == {0, 1}


def test_a_frame_is_expected_to_need_what_it_needed_before_else_the_most_so_far(cache):
    cache.put(frame(1, rows=25))
    cache.drop(1)
    assert [cache.expected_bytes(index) for index in (0, 1, 7)] == [4000, 10_000, 10_000]


def test_before_any_frame_is_known_a_quarter_of_the_limit_is_expected():
    assert FrameCache(limit=8000).expected_bytes(0) == 2000


def test_a_frame_without_all_its_files_can_be_let_go(cache):
    cache.put(frame(1, problem="It is not here."))
    for index in range(3):
        cache.drop_incomplete(index)
    assert cache.indices == {0, 2}


def test_a_frame_counts_every_array_once_and_the_pixels_of_its_pictures(tmp_path):
    job = open_path(small_delivery(tmp_path / "delivery", frames=1, points=500))
    shown = load_frame(job, 0, Progress())
    cloud, mask, prepared = shown.frame.cloud, shown.frame.mask, shown.prepared
    columns = cloud.columns.values()
    arrays = (cloud.xyz, cloud.origin, cloud.finite, *columns, mask.label_keys, prepared.xyz, prepared.label_index)
    owned = {id(owner): owner.nbytes for owner in map(owner_of, arrays)}
    images = [image for picture in shown.pictures.values() for image in (picture.image, picture.half)]
    pixels = sum(image.sizeInBytes() for image in images)
    assert shown.bytes >= sum(owned.values()) + pixels
    assert shown.bytes < 1.2 * (sum(owned.values()) + pixels)
