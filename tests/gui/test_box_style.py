"""Colours of tracks that agree with the 3D view, the commands that choose what is drawn, and ways behind tracks."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.box_look import TRAIL_LENGTHS, BoxColors, BoxLook, Trails
from app.domain.color_themes import COLOUR_BLIND_SAFE
from app.domain.coloring import ColorBy
from app.gui.actions import build_actions, clashing_keys, fill_menu
from app.gui.box_commands import box_commands
from app.gui.picture_placement import Placement
from app.gui.theme import track_color
from app.gui.trails import TrailLayer
from app.gui.view_record import LastView, boxes_of, decoded, encoded, part
from tests.builders import LEGEND, identifier, small_delivery
from tests.gui.opened_viewer import edit_json, rest

FRAMES = 6
PICTURE = Placement(QSizeF(160, 120), QSizeF(160, 120))


@pytest.fixture
def delivery(tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=FRAMES)

    def lose_the_person(document):
        document["results"]["objectTracking"]["frames"][2]["objects"].pop()

    edit_json(delivery / "tracking" / "front.json", lose_the_person)
    return delivery


@pytest.fixture
def style(viewer):
    return viewer.box_style


def look(style, **changes):
    style.set_look(replace(style.look, **changes))


def rgb(color):
    return color.red(), color.green(), color.blue()


# -- colours --


def test_by_class_a_track_has_the_colour_that_the_legend_gives_its_points(viewer, style):
    look(style, colors=BoxColors.CLASS)
    colors = {row.label: row.color for row in LEGEND}
    for label in ("Car", "Pedestrian"):
        assert f"rgb{rgb(style.color(label, 0))}" == colors[label]
        assert rgb(style.color(label.upper(), 5)) == viewer.appearance.class_color(label)


def test_by_class_colours_follow_the_theme_of_the_classes(qtbot, viewer, style):
    look(style, colors=BoxColors.CLASS)
    with qtbot.waitSignal(style.changed):
        viewer.appearance.set_theme(COLOUR_BLIND_SAFE)
    assert rgb(style.color("Car", 0)) == viewer.appearance.class_color("Car")


def test_a_label_without_a_class_keeps_a_colour_of_its_own(style):
    look(style, colors=BoxColors.CLASS)
    assert style.color("Tram", 0) == style.color("tram ", 9)
    assert style.color("Tram", 0) != style.color("Scooter", 0)


def test_by_track_a_colour_stays_with_the_id(style):
    assert style.color("Car", 0) == track_color(0)
    assert style.color("Bus", 0) == track_color(0)


def test_a_track_that_the_legend_has_too_is_coloured_as_its_points_are(qtbot, viewer, delivery, style):
    given = identifier("street", "track/11")

    def number_the_car(document):
        for annotation in document["annotation_data"]["annotations"]:
            if annotation["track_id"] == given:
                annotation["track_id"] = "0"

    edit_json(delivery / "result.json", number_the_car)
    viewer.open_path(delivery)
    qtbot.waitUntil(lambda: "0" in viewer.appearance.order.tracks)
    rest(qtbot, viewer)
    viewer.appearance.set_coloring(replace(viewer.appearance.coloring, by=ColorBy.TRACK))
    points = tuple(int(part) for part in viewer.appearance.color_table((11,))[0, :3])
    assert rgb(style.color("Car", 0)) == points
    assert style.color("Pedestrian", 0) == track_color(0)  # another thing that happens to have the same number


# -- commands --


def test_commands_switch_and_choose_and_menus_show_what_is_on(qtbot, style):
    window, menu = QWidget(), QMenu()
    for widget in (window, menu):
        qtbot.addWidget(widget)
    commands = box_commands(style)
    actions = build_actions(window, commands)
    (below,) = fill_menu(menu, commands, actions).values()
    assert clashing_keys(commands) == ()

    def on():
        below.aboutToShow.emit()
        return {name for name, action in actions.items() if action.isChecked()}

    usual = {"boxes-tracked", "boxes-detected", "boxes-kept", "boxes-tags"}
    assert on() == usual | {"boxes-by-track", "trails-chosen", "trails-10"}
    for name in ("boxes-kept", "boxes-tags", "boxes-by-class", "trails-all", "trails-50"):
        actions[name].trigger()
    assert on() == {"boxes-tracked", "boxes-detected", "boxes-by-class", "trails-all", "trails-50"}
    assert style.look == BoxLook(kept=False, tags=False, colors=BoxColors.CLASS, trails=Trails.ALL, trail_frames=50)
    actions["boxes-kept"].trigger()
    assert style.look.kept
    assert {f"trails-{length}" for length in TRAIL_LENGTHS} <= actions.keys()


def test_what_is_drawn_is_kept_with_the_job():
    wanted = BoxLook(detected=False, colors=BoxColors.CLASS, trails=Trails.ALL, trail_frames=25)
    assert boxes_of(decoded(encoded(LastView(boxes=part(wanted))))) == wanted
    assert boxes_of(LastView()) is None
    assert boxes_of(decoded(b'{"boxes": {"colors": "smell"}}')) is None


# -- ways --


def painted(layer):
    image = QImage(160, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    layer.paint(painter, PICTURE)
    painter.end()
    return image


@pytest.fixture
def at_the_end(qtbot, viewer):
    viewer.show_frame(FRAMES - 1)
    rest(qtbot, viewer)
    return TrailLayer(viewer, "front")


def test_the_way_of_the_selected_track_goes_through_the_feet_of_its_boxes(viewer, at_the_end):
    layer = at_the_end
    assert layer.ways == {}
    viewer.select_track(("front", 0))
    assert [box.x for box in layer.ways[0]] == [20.0 + 4 * index for index in range(FRAMES)]
    image = painted(layer)
    feet = [QPointF(box.x + 30, 80.5) for box in layer.ways[0]]
    lights = [image.pixelColor(foot.toPoint()).lightness() for foot in feet[:-1]]
    assert lights == sorted(lights)
    assert 0 < lights[0] < lights[-1]
    assert image.pixelColor(50, 40).name() == "#000000"


class Upright:
    """A lens that bends nothing and is asked for what it would have bent."""

    def __init__(self):
        self.asked = []

    def to_straight(self, uv):
        self.asked.append(uv)
        return uv


def test_a_straightened_way_is_bent_by_pixels_that_count_from_their_middles(viewer, at_the_end):
    viewer.select_track(("front", 0))
    before = painted(at_the_end)
    at_the_end.lens = Upright()
    assert painted(at_the_end) == before
    (uv,) = at_the_end.lens.asked
    assert uv[:, 0].tolist() == [box.x + box.width / 2 - 0.5 for box in at_the_end.ways[0]]


def test_ways_of_all_tracks_begin_after_their_last_gap(viewer, style, at_the_end):
    look(style, trails=Trails.ALL)
    assert {track_id: len(boxes) for track_id, boxes in at_the_end.ways.items()} == {0: 6, 2: 3}
    look(style, trail_frames=1)
    assert {track_id: len(boxes) for track_id, boxes in at_the_end.ways.items()} == {0: 2, 2: 2}
    look(style, trails=Trails.NONE)
    assert at_the_end.ways == {}


def test_other_tracks_step_back_behind_the_selected_one(viewer, style, at_the_end):
    look(style, trails=Trails.ALL)
    person = at_the_end.ways[2][1]
    foot = QPointF(person.x + person.width / 2, person.y + person.height).toPoint()
    before = painted(at_the_end).pixelColor(foot).lightness()
    viewer.select_track(("front", 0))
    assert 0 < painted(at_the_end).pixelColor(foot).lightness() < before


def test_a_layer_tells_when_it_would_paint_something_else(qtbot, viewer, style, at_the_end):
    with qtbot.waitSignal(at_the_end.changed):
        viewer.select_track(("front", 2))
    with qtbot.waitSignal(at_the_end.changed):
        look(style, trails=Trails.ALL)


def test_a_camera_without_boxes_has_no_ways(viewer, style, at_the_end):
    look(style, trails=Trails.ALL)
    assert TrailLayer(viewer, "rear").ways == {}
