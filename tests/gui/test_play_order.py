from hypothesis import given
from hypothesis import strategies as st

from app.gui.play_order import PlayOrder

ORDERS = st.builds(PlayOrder, loop=st.booleans(), playing=st.booleans())
PLACES = st.integers(1, 40).flatmap(lambda count: st.tuples(st.integers(0, count - 1), st.just(count)))


def test_forwards_first_with_one_frame_back_after_the_next():
    assert PlayOrder().fetched(3, 8) == (3, 4, 2, 5, 6, 7)


def test_while_playing_nothing_is_fetched_behind():
    assert PlayOrder(playing=True).fetched(3, 6) == (3, 4, 5)


def test_in_a_loop_the_first_frames_follow_the_last():
    assert PlayOrder(loop=True, playing=True).fetched(4, 6) == (4, 5, 0, 1, 2, 3)
    assert PlayOrder(loop=True).fetched(0, 4) == (0, 1, 3, 2)


def test_what_was_just_left_is_kept_longer_than_what_was_left_before():
    assert PlayOrder(playing=True).kept(3, 5) == (3, 4, 2, 1, 0)


@given(ORDERS, PLACES)
def test_every_frame_has_one_place_and_what_is_fetched_comes_first(order, place):
    at, count = place
    kept, fetched = order.kept(at, count), order.fetched(at, count)
    assert sorted(kept) == list(range(count))
    assert kept[: len(fetched)] == fetched
    assert fetched[0] == at
