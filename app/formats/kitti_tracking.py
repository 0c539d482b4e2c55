"""Tracks as text in the form of the KITTI tracking benchmark: one box of one frame per line.

Source: the development kit of https://www.cvlibs.net/datasets/kitti/eval_tracking.php. Of the 17 columns (18 with a
score) the first ten are read: frame, track id, type, truncation, occlusion, angle, left, top, right and bottom.
"""

import re

from app.domain.tracking import Box
from app.errors import FormatError
from app.formats.box_lines import BoxesOfFrames, BoxText, finite, frame_number

_IGNORED = "DontCare"  # regions in which nobody looked for objects
_COLUMNS = (17, 18)
_LINE = re.compile(rb"\s*\d{1,7} -?\d{1,9} [A-Za-z][\w-]*( -?[\d.eE+-]+){14,15}\s*(?:\n|\Z)")


def looks_like_kitti_tracks(head: bytes) -> bool:
    """Whether a text that begins like this, with at least one whole line, is of this form."""
    return _LINE.match(head) is not None


def read_kitti_tracks(raw: bytes) -> BoxText:
    """Read the boxes, in pixels of the image; regions that nobody looked into count as ignored.

    Boxes without a track id (-1) are detections. Raises FormatError, naming the line, for anything else.
    """
    boxes = BoxesOfFrames()
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").splitlines(), start=1):
        words = line.split()
        if words and len(words) not in _COLUMNS:
            message = f"Line {number} of the tracks has {len(words)} values instead of {_COLUMNS[0]}."
            raise FormatError(message, next_step="Check the file, or fetch it again.")
        if words:
            box = None if words[2] == _IGNORED else _box(words, line=number)
            boxes.add(frame_number(words[0], line=number), box)
    return boxes.finished()


def _box(words: list[str], *, line: int) -> Box:
    track_id = int(finite(words[1], line=line))
    left, top, right, bottom = (finite(word, line=line) for word in words[6:10])
    score = finite(words[17], line=line) if len(words) > 17 else None
    if track_id >= 0:
        return Box(left, top, right - left, bottom - top, label=words[2], track_id=track_id)
    return Box(left, top, right - left, bottom - top, label=words[2], score=score)
