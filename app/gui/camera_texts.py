"""What a camera view says of its picture and boxes: header, notes, the cursor's place, tooltips."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from app.domain.finding import counted
from app.domain.tracking import Box
from app.gui.box_marks import Mark
from app.gui.camera_note import CameraNote
from app.gui.camera_shot import CameraShot
from app.gui.text import visible
from app.jobs import FrameBoxes

STALE = "Stale results"
NO_LENS = "As delivered: no lens is known"
NO_BEND = "As delivered: the lens does not bend"
TURNED = {  # what to do to see it upright, by EXIF's number (CIPA DC-008, tag 0x0112)
    2: "mirrored",
    3: "turned by 180°",
    4: "mirrored and turned by 180°",
    5: "mirrored and turned left by 90°",
    6: "turned right by 90°",
    7: "mirrored and turned right by 90°",
    8: "turned left by 90°",
}
NEARLY = 10.0  # milliseconds: delays shorter than this are told with a decimal


@dataclass(frozen=True)
class ViewNote:
    """What is said below the header, and in whole sentences in its tooltip."""

    brief: str
    sentences: tuple[str, ...]
    warns: bool


def notes_of(
    shot: CameraShot, note: CameraNote | None, *, stale: str, straight_wanted: bool, doubt: ViewNote | None = None
) -> tuple[ViewNote, ...]:
    """All that is to be said, warnings first: ``doubt`` of the calibration, what the boxes wait for, why they are
    stale, what is unusual about the picture."""
    held = (
        doubt,
        ViewNote(visible(note.brief), (note.sentence,), warns=note.warns) if note is not None else None,
        ViewNote(STALE, (stale,), warns=True) if stale else None,
        _note_of_picture(shot),
        _note_of_lens(shot) if straight_wanted else None,
    )
    return tuple(sorted(filter(None, held), key=lambda told: not told.warns))


def _note_of_picture(shot: CameraShot) -> ViewNote | None:
    """That there is none although there are boxes, or that it lies on its side."""
    if shot.on_empty_plane and shot.size is not None:
        width, height = shot.size
        sentence = f"No image of this frame; boxes on an empty picture of {width} x {height}."
        return ViewNote("No image, only boxes", (sentence, shot.picture.problem), warns=False)
    turn = TURNED.get(shot.delivered.turned)
    if turn is None:
        return None
    sentence = (
        f"The file asks to be {turn} (EXIF). It is shown as it is stored, because boxes and calibration count "
        "stored pixels."
    )
    return ViewNote(f"As stored; wants to be {turn}", (sentence,), warns=False)


def _note_of_lens(shot: CameraShot) -> ViewNote | None:
    """Why the bend of a picture is not undone."""
    if shot.picture.image is None or shot.bends:
        return None
    if shot.intrinsics is None:
        sentence = "The result names no lens for this camera, so its image cannot be straightened."
        return ViewNote(NO_LENS, (sentence,), warns=True)
    sentence = "The lens of this camera has no distortion in the result, so there is nothing to undo."
    return ViewNote(NO_BEND, (sentence,), warns=False)


def header_details(shot: CameraShot) -> tuple[str, ...]:
    """Delay of the picture, number of boxes, and whether the lens' bend is undone, as far as there is something."""
    delay = delay_text(shot.delay_ms) if shot.delay_ms is not None else ""
    return tuple(filter(None, (delay, box_counts(shot.boxes), "straightened" if shot.lens else "")))


def delay_text(delay_ms: float) -> str:
    """``+12 ms``: after the scan; ``-3.5 ms``: before it; seconds where it is more than one."""
    if abs(delay_ms) >= 1000:
        return f"{delay_ms / 1000:+.1f} s"
    rounded = round(delay_ms, 1) if abs(delay_ms) < NEARLY else round(delay_ms)
    return f"{rounded:+g} ms" if rounded else "0 ms"


def readout(shot: CameraShot, at: QPointF, *, scale: float) -> tuple[str, ...]:
    """Pixel of the picture as it came, its red, green and blue, and the scale; the fullest first."""
    pixel, color = shot.to_delivered(at), shot.color_at(at)
    zoom = f"{scale:.0%}"
    if pixel is None:
        return (zoom,)
    place = f"x {int(pixel.x())}  y {int(pixel.y())}"
    rgb = f"  RGB {color.red()} {color.green()} {color.blue()}" if color is not None else ""
    return f"{place}{rgb}  {zoom}", f"{place}{rgb}", place


def box_counts(boxes: FrameBoxes) -> str:
    """How many tracks, else how many detections; nothing without boxes."""
    tracks, detections = len(boxes.tracked), len(boxes.detected)
    if tracks or not detections:
        return counted(tracks, "track") if tracks else ""
    return counted(detections, "detection")


def box_lines(mark: Mark, box: Box) -> list[str]:
    """What a mark stands for and where its ``box`` is in the picture as it came, a line each."""
    kind = "detection" if box.track_id is None else f"track {box.track_id}"
    score = "" if mark.score is None else f", score {mark.score:.2f}"
    lines = [
        f"{visible(box.label)}, {kind}{score}",
        f"x {box.x:.0f}, y {box.y:.0f}, {box.width:.0f} by {box.height:.0f} pixels",
    ]
    if mark.dot:
        lines.append("Only its middle means something: the model finds no sizes")
    if mark.kept:
        lines.append("Kept by the tracker: no detection in this frame")
    return [*lines, "Reaches outside the picture"] if mark.cut else lines
