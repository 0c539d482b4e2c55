import pytest

from app.gui.actions import clashing_keys
from app.gui.track_jumps import NO_TRACKS, NOT_SELECTED, TrackJumps, track_commands
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest

FRAMES = 14


@pytest.fixture
def viewer(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=FRAMES, cameras=("front", "rear"))

    def plant(document):
        frames = [frame["objects"] for frame in document["results"]["objectTracking"]["frames"]]
        for index in (0, 13):
            del frames[index][0]
        for index in (3, 4, 8):
            del frames[index][0]  # gaps of the car
        for index in (10, 11, 12):
            frames[index][0]["id"] = 9

    edit_json(delivery / "tracking" / "front.json", plant)
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer
        rest(qtbot, viewer)


@pytest.fixture
def news():
    return []


@pytest.fixture
def jumps(viewer, news):
    jumps = TrackJumps(viewer, viewer)
    jumps.news.connect(news.append)
    return jumps


def test_from_end_to_end_of_the_selected_track(viewer, jumps):
    viewer.select_track(("front", 0))
    jumps.last()
    assert viewer.wanted == 9
    jumps.first()
    assert viewer.wanted == 1


def test_gaps_follow_each_other_and_after_the_last_comes_the_first(viewer, jumps):
    viewer.select_track(("front", 0))
    visited = []
    for step in (1, 1, 1, -1, -1):
        jumps.gap(step)
        visited.append(viewer.wanted)
    assert visited == [3, 8, 3, 8, 3]


def test_switches_are_gone_to(viewer, jumps):
    viewer.select_track(("front", 9))
    jumps.switch(1)
    assert viewer.wanted == 10
    viewer.select_track(("front", 0))
    jumps.switch(-1)
    assert viewer.wanted == 10


def test_what_cannot_be_done_is_told_and_nothing_moves(viewer, jumps, news):
    for act in (jumps.first, jumps.last, lambda: jumps.gap(1), lambda: jumps.switch(1)):
        act()
    assert news == [NOT_SELECTED] * 4
    viewer.select_track(("rear", 2))
    jumps.gap(1)
    jumps.switch(-1)
    assert news[4:] == ["Pedestrian 2 has no gap.", "Pedestrian 2 has no switch of its identity."]
    assert viewer.wanted == 0


def test_tracks_are_walked_through_in_a_circle(viewer, jumps):
    walked = []
    for step in (1, 1, 1, 1, 1, 1, -1):
        jumps.another(step)
        walked.append(viewer.selected_track)
    front, rear = [("front", 0), ("front", 2), ("front", 9)], [("rear", 0), ("rear", 2)]
    assert walked == [*front, *rear, front[0], rear[-1]]
    viewer.select_track(None)
    jumps.another(-1)
    assert viewer.selected_track == rear[-1]


def test_without_tracks_there_is_none_to_select(qtbot, news):
    with opened_viewer(qtbot) as viewer:
        jumps = TrackJumps(viewer, viewer)
        jumps.news.connect(news.append)
        jumps.another(1)
        assert news == [NO_TRACKS]


def test_each_has_a_key_of_its_own(jumps):
    commands = track_commands(jumps)
    assert clashing_keys(commands) == ()
    assert all(command.keys for command in commands)
