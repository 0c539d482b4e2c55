"""What is said where a chosen track marks no points."""

import json

import numpy as np
import pytest

from app.gui.selected_rows import NO_BOX, NONE_OF_ITS_CLASS
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest

CAR, GROUND = 11, 1


@pytest.fixture
def delivery(tmp_path):
    """A car that has no box in the second frame, and no point of a car in the first one."""
    folder = small_delivery(tmp_path / "delivery", points=4000)

    def leave_out(document):
        del document["results"]["objectTracking"]["frames"][1]["objects"][0]

    edit_json(folder / "tracking" / "front.json", leave_out)
    mask = folder / "files" / "masks" / "000000.txt"
    mask.write_text(json.dumps([GROUND if key == CAR else key for key in json.loads(mask.read_text())]))
    return folder


@pytest.fixture
def viewer(qtbot, delivery):
    with opened_viewer(qtbot, delivery) as viewer:
        qtbot.waitUntil(lambda: bool(viewer.tracks))
        rest(qtbot, viewer)
        yield viewer


def go_to(qtbot, viewer, index):
    viewer.show_frame(index)
    qtbot.waitUntil(lambda: viewer.shown.index == index)
    rest(qtbot, viewer)


def test_a_box_without_points_of_its_class_marks_none_and_that_is_said(qtbot, viewer):
    viewer.select_track(("front", 0))
    qtbot.waitUntil(lambda: bool(viewer.selection.note))
    assert viewer.selection.note == NONE_OF_ITS_CLASS.format("Car 0")
    assert len(viewer.selection.rows) == 0


def test_only_points_of_its_class_are_marked_where_others_are_in_front(qtbot, viewer):
    viewer.select_track(("front", 0))
    go_to(qtbot, viewer, 2)
    qtbot.waitUntil(lambda: len(viewer.selection.rows) > 0)
    keys = viewer.shown.frame.mask.label_keys[viewer.selection.rows]
    assert np.mean(keys == CAR) >= 0.5
    assert viewer.selection.note == ""


def test_a_track_without_a_box_in_this_frame_says_so_until_it_has_one(qtbot, viewer):
    go_to(qtbot, viewer, 1)
    viewer.select_track(("front", 0))
    assert viewer.selection.note == NO_BOX.format("Car 0")
    go_to(qtbot, viewer, 2)
    assert viewer.selection.note == ""


def test_what_is_said_goes_with_the_choice(qtbot, viewer):
    go_to(qtbot, viewer, 1)
    said = []
    viewer.selection.note_changed.connect(lambda: said.append(viewer.selection.note))
    viewer.select_track(("front", 0))
    viewer.select_track(("front", 2))
    viewer.select_track(("front", 0))
    viewer.select_track(None)
    rest(qtbot, viewer)
    assert said == [NO_BOX.format("Car 0"), "", NO_BOX.format("Car 0"), ""]


def test_a_class_that_no_legend_has_is_marked_as_it_lies_without_a_word(qtbot, delivery):
    def rename(document):
        for frame in document["results"]["objectTracking"]["frames"]:
            for box in frame["objects"]:
                box["label"] = "Zebra"

    edit_json(delivery / "tracking" / "front.json", rename)
    with opened_viewer(qtbot, delivery) as viewer:
        qtbot.waitUntil(lambda: bool(viewer.tracks))
        viewer.select_track(("front", 0))
        qtbot.waitUntil(lambda: len(viewer.selection.rows) > 0)
        assert viewer.selection.note == ""
