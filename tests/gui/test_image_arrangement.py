from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from app.gui.image_arrangement import SMALLEST, best_columns, lay_out, wanted_height
from app.gui.image_state import Arrangement

BAR = 12
aspects = st.lists(st.floats(0.5, 4.0), min_size=1, max_size=13)
rooms = st.builds(QSize, st.integers(120, 2500), st.integers(96, 1600))


@given(st.sampled_from(Arrangement), aspects, rooms, st.integers(0, 12))
def test_images_never_cover_each_other_and_are_never_too_small(arrangement, shapes, room, large):
    layout = lay_out(arrangement, shapes, front=large % len(shapes), room=room, bar=BAR)
    whole = QRect(QPoint(0, 0), room)
    with_large = arrangement is Arrangement.LARGE
    assert len(layout.small) == len(shapes) - with_large
    assert not layout.large.intersects(layout.strip)
    assert whole.contains(layout.large) or layout.large.isEmpty()
    assert layout.large.isEmpty() is not with_large or min(room.width(), room.height()) < 2 * SMALLEST.width()
    for place in layout.small:
        assert QRect(QPoint(0, 0), layout.content).contains(place)
        assert place.width() >= SMALLEST.width() - 1
        assert place.height() >= SMALLEST.height() - 1
    assert not any(one.intersects(other) for one, other in combinations(layout.small, 2))


@example(Arrangement.GRID, [1.0] * 3, QSize(400, 108))
@given(st.sampled_from(Arrangement), aspects, rooms)
def test_at_most_one_way_has_to_be_scrolled_unless_the_room_is_tiny(arrangement, shapes, room):
    layout = lay_out(arrangement, shapes, front=0, room=room, bar=BAR)
    across = layout.content.width() > layout.strip.width() - BAR * (layout.content.height() > layout.strip.height())
    down = layout.content.height() > layout.strip.height() - BAR * (layout.content.width() > layout.strip.width())
    tiny = layout.strip.width() < SMALLEST.width() + BAR or layout.strip.height() < SMALLEST.height() + BAR
    assert tiny or not (across and down)


def test_a_row_shares_the_width_and_stays_in_order():
    layout = lay_out(Arrangement.ROW, [1.5] * 3, front=None, room=QSize(903, 200))
    assert [place.width() for place in layout.small] == [300, 300, 301]
    assert [place.x() for place in layout.small] == [0, 301, 602]
    assert layout.strip.size() == QSize(903, 200)


def test_the_image_in_front_has_twice_the_width_of_the_others_in_its_row():
    layout = lay_out(Arrangement.ROW, [1.5] * 3, front=1, room=QSize(800, 200))
    assert [place.width() for place in layout.small] == [199, 399, 200]
    assert {place.height() for place in layout.small} == {200}
    many = lay_out(Arrangement.ROW, [1.5] * 6, front=5, room=QSize(803, 200), bar=BAR)
    assert [place.width() for place in many.small] == [SMALLEST.width() - 1] * 5 + [2 * SMALLEST.width()]
    assert many.content == QSize(7 * SMALLEST.width(), 200 - BAR)


@pytest.mark.parametrize(
    ("cameras", "room", "columns"),
    [(1, QSize(800, 500), 1), (3, QSize(835, 450), 2), (6, QSize(835, 450), 3), (12, QSize(835, 450), 4),
     (3, QSize(900, 150), 3), (2, QSize(400, 700), 1), (6, QSize(450, 200), 2)],
)  # fmt: skip
def test_a_grid_has_the_columns_with_which_pictures_are_largest(cameras, room, columns):
    assert best_columns([4 / 3] * cameras, room) == columns


def test_the_strip_lies_where_it_leaves_the_large_picture_larger():
    wide, high = QSize(1200, 400), QSize(500, 900)
    beside = lay_out(Arrangement.LARGE, [16 / 9] * 3, front=1, room=wide)
    assert beside.strip.left() > beside.large.right()
    below = lay_out(Arrangement.LARGE, [16 / 9] * 3, front=1, room=high)
    assert below.strip.top() > below.large.bottom()
    alone = lay_out(Arrangement.LARGE, [16 / 9], front=0, room=wide)
    assert (alone.large.size(), alone.strip.isEmpty()) == (wide, True)


def test_no_images_need_no_place():
    for arrangement in Arrangement:
        assert lay_out(arrangement, [], front=0, room=QSize(500, 200)).small == ()


def test_a_row_wants_the_height_that_its_pictures_fill_and_a_large_one_all_it_can_use():
    assert wanted_height(Arrangement.ROW, [4 / 3] * 3, width=900, most=600) == 225
    assert wanted_height(Arrangement.ROW, [4 / 3] * 12, width=900, most=600) == 150
    assert wanted_height(Arrangement.LARGE, [4 / 3] * 3, width=900, most=400) == 400
    assert wanted_height(Arrangement.LARGE, [4.0], width=900, most=400) == 225
