"""What a camera view says of its boxes, in its header and in tooltips."""

from app.domain.finding import counted
from app.gui.box_marks import Mark
from app.gui.text import visible
from app.jobs import FrameBoxes


def box_counts(boxes: FrameBoxes) -> str:
    """How many tracks, else how many detections; nothing without boxes."""
    tracks, detections = len(boxes.tracked), len(boxes.detected)
    if tracks or not detections:
        return counted(tracks, "track") if tracks else ""
    return counted(detections, "detection")


def box_lines(mark: Mark) -> list[str]:
    """What a box is and where, a line each."""
    box = mark.box
    kind = "detection" if box.track_id is None else f"track {box.track_id}"
    score = "" if box.score is None else f", score {box.score:.2f}"
    lines = [
        f"{visible(box.label)}, {kind}{score}",
        f"x {box.x:.0f}, y {box.y:.0f}, {box.width:.0f} by {box.height:.0f} pixels",
    ]
    return lines if not mark.cut else [*lines, "Reaches outside the picture"]
