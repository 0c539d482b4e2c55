import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from app.domain.segments import segment_of
from app.gui.job_counts import JobCounts
from app.gui.selection import SegmentChoice, TrackChoice
from app.gui.track_lanes import ROW, TrackLanes
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest

FRAMES, CAR = 6, 11


@pytest.fixture
def viewer(qtbot, tmp_path):
    """The car of the legend has points in all frames but the third, and no box."""
    delivery = small_delivery(tmp_path / "delivery", frames=FRAMES)
    (delivery / "tracking" / "front.json").unlink()
    mask = delivery / "files" / "masks" / "000002.txt"
    mask.write_text(mask.read_text().replace(str(CAR), "1"))
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer


@pytest.fixture
def lanes(qtbot, viewer):
    lanes = TrackLanes(viewer)
    qtbot.addWidget(lanes)
    counts = JobCounts(viewer, viewer)
    lanes.mark_things(counts)
    lanes.resize(760, 3 * ROW)
    lanes.show()
    viewer.frame_changed.emit()
    qtbot.waitUntil(lambda: counts.complete)
    rest(qtbot, viewer)
    return lanes


def choose(viewer):
    frame = viewer.shown.frame
    row = int(np.flatnonzero(frame.mask.label_keys == CAR)[0])
    viewer.selection.choose(SegmentChoice(segment_of(frame.cloud, frame.mask, row, frame_index=0), row))


def test_a_chosen_segment_without_a_track_has_a_line_over_the_frames_that_have_its_label(viewer, lanes):
    assert not lanes.thing.isVisible()
    choose(viewer)
    assert lanes.thing.isVisible()
    assert lanes.thing.name == f"{viewer.shown.frame.legend.name(CAR)} · label"
    assert lanes.thing.spans == ((0, 1), (3, 5))
    assert lanes.viewport().geometry().top() == lanes.thing.geometry().bottom() + 1
    viewer.selection.choose(None)
    assert not lanes.thing.isVisible()
    assert lanes.viewport().geometry().top() == 0


def test_where_a_track_is_chosen_or_stands_for_the_segment_its_own_lane_is_enough(viewer, lanes):
    choose(viewer)
    viewer.selection.match(("front", 0))
    assert not lanes.thing.isVisible()
    choose(viewer)
    viewer.selection.choose(TrackChoice("front", 0))
    assert not lanes.thing.isVisible()


def test_a_click_goes_to_the_frame_under_it_and_on_the_name_back_to_the_segment(qtbot, viewer, lanes):
    choose(viewer)
    line = lanes.thing
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(round(line.axis.middle(4)), ROW // 2))
    assert viewer.wanted == 4
    rest(qtbot, viewer)
    assert line.isVisible()
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(20, ROW // 2))
    assert viewer.wanted == 0


def test_the_bar_has_the_colour_of_the_label_and_the_tooltip_says_where_it_is(viewer, lanes):
    choose(viewer)
    line = lanes.thing
    image = line.grab().toImage()
    color = viewer.appearance.color_table((CAR,))[0, :3].tolist()
    at = [image.pixelColor(round(line.axis.middle(index)), ROW // 2) for index in (1, 2)]
    assert [at[0].red(), at[0].green(), at[0].blue()] == color
    assert at[1] != at[0]
    assert "Frame 3: not there" in line.tooltip_at(QPointF(line.axis.middle(2), 5))
    assert "Frame 2: there" in line.tooltip_at(QPointF(line.axis.middle(1), 5))
    assert "In 5 frames, counted in 6 frames" in line.tooltip_at(QPointF(20, 5))
