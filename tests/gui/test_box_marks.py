"""What is drawn for which box: kept ones, middles, scores, and what was switched off."""

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from app.domain.box_look import BoxLook
from app.domain.tracking import Box
from app.gui.box_marks import DOT, mark_at, marks_of, paint_mark, place_tags
from app.gui.camera_texts import box_lines
from app.gui.picture_placement import Placement
from app.jobs import FrameBoxes

PLACEMENT = Placement(QSizeF(200, 100), QSizeF(200, 100))
CAR = Box(20, 20, 60, 40, "Car", track_id=4)
BUS = Box(110, 20, 60, 40, "Bus", track_id=7)
SEEN = Box(22, 21, 60, 40, "Car", score=0.91)
ALONE = Box(150, 70, 20, 20, "Cone", score=0.4)
FRAME = FrameBoxes((CAR, BUS), (SEEN, ALONE), kept=frozenset({7}), behind={4: 0})


def texts(marks):
    return [(mark.texts[0], mark.tagged) for mark in marks]


def painted(mark, *, selected=False):
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    paint_mark(painter, mark, selected=selected, dimmed=False)
    painter.end()
    return image


def lit(image, rect, color):
    """How many pixels along the upper edge have a colour."""
    row = round(rect.top())
    return sum(image.pixelColor(x, row).name() == color for x in range(round(rect.left()) + 4, round(rect.right()) - 4))


def test_a_track_tells_the_score_behind_it_and_its_detection_needs_no_tag():
    assert texts(marks_of(FRAME, PLACEMENT)) == [
        ("Car 0.91", False),
        ("Cone 0.40", True),
        ("Car 4 0.91", True),
        ("Bus 7 kept", True),
    ]


def test_a_detection_has_its_tag_when_tracks_are_not_drawn_or_it_is_pointed_at(qapp):
    without = marks_of(FRAME, PLACEMENT, look=BoxLook(tracked=False))
    assert ("Car 0.91", True) in texts(without)
    marks = marks_of(FRAME, PLACEMENT)
    metrics = QFontMetricsF(QFont())
    shown = place_tags(marks, metrics=metrics, inside=PLACEMENT.visible, first=marks[0], taken=[])
    assert shown[0].text == "Car 0.91"


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (BoxLook(detected=False), {4, 7}),
        (BoxLook(kept=False), {None, 4}),
        (BoxLook(tracked=False), {None, 7}),
        (BoxLook(tracked=False, detected=False, kept=False), set()),
    ],
)
def test_each_kind_of_box_can_be_switched_off(look, expected):
    assert {mark.track_id for mark in marks_of(FRAME, PLACEMENT, look=look)} == expected


def test_without_tags_boxes_say_nothing_but_to_the_cursor(qapp):
    marks = marks_of(FRAME, PLACEMENT, look=BoxLook(tags=False))
    metrics = QFontMetricsF(QFont())
    assert place_tags(marks, metrics=metrics, inside=PLACEMENT.visible, first=None, taken=[]) == ()
    under = mark_at(marks, QPointF(50, 40))
    (tag,) = place_tags(marks, metrics=metrics, inside=PLACEMENT.visible, first=under, taken=[])
    assert tag.text == "Car 4 0.91"


def test_tracks_are_solid_kept_ones_lighter_and_detections_dashed(qapp):
    blue = QColor("#0000ff")
    detection, _, car, bus = marks_of(FRAME, PLACEMENT, color_of=lambda _label, _id: blue)
    width = round(car.rect.width()) - 8
    assert lit(painted(car), car.rect, "#0000ff") == width
    kept = painted(bus)
    middle = kept.pixelColor(round(bus.rect.center().x()), round(bus.rect.top()))
    assert 0 < middle.blue() < 255
    assert lit(painted(detection), detection.rect, detection.color.name()) < width


def test_middles_are_dots_of_one_size_inside_the_picture(qapp):
    cells = FrameBoxes((CAR, Box(195, 95, 8, 8, "Car", track_id=5)), (SEEN,), behind={4: 0}, centroids=True)
    marks = {mark.track_id: mark for mark in marks_of(cells, PLACEMENT)}
    assert all(mark.rect.size() == QSizeF(DOT, DOT) for mark in marks.values())
    assert marks[4].rect.center() == QPointF(50, 40)
    assert QRectF(0, 0, 200, 100).contains(marks[5].rect)
    assert not marks[5].cut
    image = painted(marks[4])
    assert image.pixelColor(50, 40).name() == marks[4].color.name()
    assert image.pixelColor(round(marks[4].rect.left()), round(marks[4].rect.top())).name() == "#000000"
    assert painted(marks[None]).pixelColor(52, 41).name() == "#000000"


def test_a_middle_beside_the_picture_is_marked_at_its_edge():
    beside = FrameBoxes((Box(300, 40, 8, 8, "Car", track_id=5),), centroids=True)
    (mark,) = marks_of(beside, PLACEMENT)
    assert mark.cut == Qt.Edge.RightEdge
    assert mark.rect.right() == 200


def test_the_tooltip_tells_score_and_what_is_unusual():
    _, _, car, bus = marks_of(FRAME, PLACEMENT)
    assert box_lines(car, CAR)[0] == "Car, track 4, score 0.91"
    assert box_lines(bus, BUS)[2:] == ["Kept by the tracker: no detection in this frame"]
    (dot,) = marks_of(FrameBoxes((CAR,), centroids=True), PLACEMENT)
    assert box_lines(dot, CAR)[2:] == ["Only its middle means something: the model finds no sizes"]


def test_dark_lines_have_a_light_edge_and_light_ones_a_dark_edge(qapp):
    for color, edge in (("#464646", 255), ("#e8edf4", 0)):
        _, _, car, _ = marks_of(FRAME, PLACEMENT, color_of=lambda _label, _id, color=color: QColor(color))
        image = QImage(200, 100, QImage.Format.Format_RGB32)
        image.fill(QColor("#808080"))
        painter = QPainter(image)
        paint_mark(painter, car, selected=False, dimmed=False)
        painter.end()
        middle = round(car.rect.center().x())
        column = [image.pixelColor(middle, round(car.rect.top()) + by).lightness() for by in range(-4, 5)]
        assert abs(min(column, key=lambda value: abs(value - edge)) - edge) < 100
        assert QColor(color).lightness() in column


@pytest.mark.parametrize("width", [110, 320, 600])
def test_a_long_label_gives_up_its_middle_so_that_id_and_score_stay_and_other_tags_find_room(qapp, width):
    long, other = "Z" * 79 + "s", Box(110, 60, 60, 30, "Bus", track_id=7)
    boxes = FrameBoxes((Box(5, 40, 60, 40, long, track_id=4), other), (SEEN,), behind={4: 0})
    placement = Placement(QSizeF(200, 100), QSizeF(width, width / 2))
    tags = place_tags(
        marks_of(boxes, placement), metrics=QFontMetricsF(QFont()), inside=placement.visible, first=None, taken=[]
    )
    by_track = {tag.mark.track_id: tag for tag in tags}
    assert by_track[4].rect.width() <= max(width / 2, 110)
    if width > 110:
        assert by_track[7].text == "Bus 7"
        assert by_track[4].text.startswith("Z")
        assert by_track[4].text.endswith("s 4 0.91")
        assert "…" in by_track[4].text


def test_a_label_without_id_and_score_keeps_its_ends(qapp):
    metrics = QFontMetricsF(QFont())
    (mark,) = marks_of(FrameBoxes((), (Box(5, 40, 60, 40, "A" + "Z" * 79 + "E"),)), PLACEMENT)
    (text,) = mark.texts_within(60, metrics)
    assert (text[0], text[-1]) == ("A", "E")
    assert metrics.horizontalAdvance(text) <= 60


def test_a_usual_label_stays_whole_in_a_small_picture(qapp):
    small = Placement(QSizeF(200, 100), QSizeF(180, 90))
    person = Box(20, 40, 30, 40, "Pedestrian", track_id=4)
    marks = marks_of(FrameBoxes((person,), (SEEN,), behind={4: 0}), small)
    tags = place_tags(marks, metrics=QFontMetricsF(QFont()), inside=small.visible, first=None, taken=[])
    assert [tag.text for tag in tags] == ["Pedestrian 4 0.91"]
