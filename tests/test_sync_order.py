"""Who looks at a frame gets that frame first."""

from collections.abc import Sequence as Items

from hypothesis import given
from hypothesis import strategies as st

from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame
from app.sync.order import Arrivals, FetchOrder


def frame(name: str, *, cameras: Items[str] = ("front",), scan: str = "", mask: str = "") -> SequenceFrame:
    images = tuple(CameraImageRef(camera, f"{camera}{name}") for camera in cameras)
    return SequenceFrame(name, scan or f"scan{name}", mask or f"mask{name}", images)


def street(frames: int, *, cameras: Items[str] = ("front",)) -> Sequence:
    return Sequence(tuple(frame(str(index), cameras=cameras) for index in range(frames)))


def drain(order: FetchOrder) -> list[str]:
    return list(iter(order.next, None))


def test_the_wanted_frame_comes_first_then_play_order_then_the_start() -> None:
    order = FetchOrder(street(4), lambda: 2)
    assert drain(order) == [f"{kind}{index}" for index in (2, 3, 0, 1) for kind in ("mask", "scan", "front")]


def test_mask_and_scan_come_before_the_images() -> None:
    assert drain(FetchOrder(street(1, cameras=("left", "right")), lambda: 0)) == ["mask0", "scan0", "left0", "right0"]


def test_the_order_follows_who_looks() -> None:
    wanted = 0
    order = FetchOrder(street(10), lambda: wanted)
    assert order.next() == "mask0"
    wanted = 7
    assert [order.next(), order.next(), order.next(), order.next()] == ["mask7", "scan7", "front7", "mask8"]
    wanted = 0
    assert [order.next(), order.next(), order.next()] == ["scan0", "front0", "mask1"]


def test_a_file_of_several_frames_is_handed_out_once() -> None:
    shared = Sequence(tuple(frame(str(index), cameras=(), scan="map") for index in range(3)))
    assert drain(FetchOrder(shared, lambda: 1)) == ["mask1", "map", "mask2", "mask0"]


def test_nothing_is_handed_out_after_a_stop() -> None:
    order = FetchOrder(street(3), lambda: 0)
    order.next()
    order.stop()
    assert order.next() is None


@given(frames=st.integers(0, 12), looks=st.lists(st.integers(-2, 20), min_size=1, max_size=8))
def test_every_file_is_handed_out_exactly_once_wherever_one_looks(frames: int, looks: list[int]) -> None:
    at = 0

    def wanted() -> int:
        nonlocal at
        at += 1
        return looks[at % len(looks)]

    sequence = street(frames)
    handed_out = drain(FetchOrder(sequence, wanted))
    assert sorted(handed_out) == sorted(url for record in sequence.frames for url in record.urls)


def test_a_frame_is_ready_with_mask_and_scan_and_again_with_each_image() -> None:
    arrivals = Arrivals(street(2))
    assert arrivals.settle("front0") == []
    assert arrivals.settle("scan0") == []
    assert arrivals.settle("mask0") == [0]
    assert arrivals.settle("mask1") == []
    assert arrivals.settle("scan1") == [1]
    assert arrivals.settle("front1") == [1]


def test_a_shared_file_readies_every_frame_that_uses_it() -> None:
    arrivals = Arrivals(Sequence(tuple(frame(str(index), cameras=(), scan="map") for index in range(2))))
    arrivals.settle("mask0")
    arrivals.settle("mask1")
    assert arrivals.settle("map") == [0, 1]
    assert arrivals.total == 3
