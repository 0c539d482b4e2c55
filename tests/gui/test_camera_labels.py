"""Chips and sentences over a camera's picture: how they give way where room is short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from app.gui.camera_labels import Header, NoteChip, Reason, fitting
from app.gui.camera_note import CameraAct, CameraNote
from app.gui.camera_texts import NO_BEND
from app.gui.camera_view import CameraView
from app.gui.wrapped_text import wrapped_height
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer

MISSING = "The file https://data.example/street/cameras/front/000965.jpg is not here. Fetch the job, or add the file."
DAMAGED = (
    "The image is damaged or cut short (image file is truncated (3 bytes not processed)). Fetch the image again; "
    "other formats than JPEG and PNG are not supported."
)


def test_details_of_a_header_go_one_by_one_and_whole_before_the_name_loses_anything(qapp):
    details = ("-28 ms", "12 detections", "agreement 0.82")
    seen = []
    for width in range(600, 60, -4):
        room = QRectF(8, 8, width, 24)
        header = Header.fitted("CAM_FRONT_RIGHT", details, room=room, font=QFont())
        assert room.contains(header.rect)
        assert header.shortened is (header.state != " · ".join(details))
        if header.state:
            assert header.name == "CAM_FRONT_RIGHT"
        seen.append((header.name, header.state))
    states = list(dict.fromkeys(state for _, state in seen))
    assert states == ["-28 ms · 12 detections · agreement 0.82", "-28 ms · 12 detections", "-28 ms", ""]
    assert ("CAM_FRONT_RIGHT", "") in seen
    assert "…" in seen[-1][0]


def test_notes_without_room_go_whole_with_a_mark_that_there_are_more(qapp):
    told = ("Points lie 9 px off", NO_BEND, "Runs")
    seen = []
    for width in range(700, 60, -4):
        room = QRectF(8, 8, width, 24)
        chip = NoteChip.fitted(told, warns=True, room=room, font=QFont())
        assert room.contains(chip.rect)
        seen.append(chip.text)
    whole = [" · ".join(told), " · ".join((*told[:2], "…")), "Points lie 9 px off · …"]
    assert list(dict.fromkeys(seen))[:3] == whole
    assert all("·" not in text for text in seen if text not in whole)


@pytest.mark.usefixtures("qapp")
@given(st.text(max_size=2000), st.integers(100, 600), st.integers(60, 300))
def test_a_message_always_fits_its_room(text, width, height):
    room = QRectF(0, 0, width, height)
    shown = fitting(text, room=room, font=QFont())
    assert len(shown) <= 24 or wrapped_height(shown, font=QFont(), width=width) <= height


@pytest.mark.parametrize(
    ("told", "versions"),
    [
        (
            MISSING,
            [
                "The file …/000965.jpg is not here. Fetch the job, or add the file.",
                "The file …/000965.jpg is not here.",
            ],
        ),
        (
            DAMAGED,
            [
                "The image is damaged or cut short. Fetch the image again; other formats than JPEG and PNG are not "
                "supported.",
                "The image is damaged or cut short.",
            ],
        ),
    ],
)
def test_a_reason_for_a_missing_image_stays_a_sentence_in_any_room(qapp, told, versions):
    font = QFont()
    seen = []
    for width in range(1400, 60, -10):
        reason = Reason.fitted(told, room=QRectF(8, 60, width, 120), on_plate=True, font=font)
        assert QRectF(8, 60, width, 120).contains(reason.rect)
        assert reason.rect.bottom() == 180
        seen.append(reason.text)
    seen = list(dict.fromkeys(seen))
    assert seen[:3] == [told, *versions]
    assert all(text.endswith("…") and text[:-1] in versions[-1] for text in seen[3:])
    without = Reason.fitted(told, room=QRectF(8, 60, 300, 20), on_plate=True, font=font)
    assert (without.text, without.rect.isEmpty()) == ("", True)


def test_boxes_do_not_run_through_the_reason_and_no_tag_or_button_covers_it(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "gap", frames=2)
    (delivery / "files" / "cameras" / "front" / "000000.jpg").unlink()
    path = delivery / "tracking" / "front.json"
    low = {"x": -5, "y": 100, "width": 150, "height": 19}
    edit_json(path, lambda d: d["results"]["objectTracking"]["frames"][0]["objects"][0].update(low))
    with opened_viewer(qtbot, delivery) as viewer:
        view = CameraView(viewer, "front")
        qtbot.addWidget(view)
        view.resize(480, 360)
        view.show()
        viewer.set_note("front", CameraNote("Fetching boxes …", acts=frozenset({CameraAct.REFRESH})))
        assert view.shot.on_empty_plane
        plate = view._reason().rect
        assert QRectF(view.rect()).contains(plate)
        assert not any(tag.rect.intersects(plate) for tag in view.tags)
        assert not plate.intersects(QRectF(view.acts.geometry()))
        line = next(mark.rect.top() for mark in view.marks if mark.rect.top() > plate.top())
        across = view.grab().toImage().pixelColor(round(plate.left()) + 4, round(line))  # beside the text
        assert plate.top() < line < plate.bottom()
        assert max(across.getRgb()[:3]) < 90
        assert "Fetch the job" in view.tooltip_at(plate.center())
