"""Where the tracks of a frame came from."""

from collections.abc import Mapping

from app.domain.box_match import stride_of
from app.domain.tracking import Box, Tracking


def trails(tracking: Tracking, frame: int, *, frames: int) -> Mapping[int, tuple[Box, ...]]:
    """By track id the boxes of each track of ``frame`` over the ``frames`` before it and in it, oldest first.

    A trail begins after the track's last gap: nobody knows the way that it took meanwhile. Frames without an answer are
    no gap where answers come at every second frame, or third.
    """
    stride = stride_of(tracking.tracked.keys() | tracking.detected.keys())
    found = {box.track_id: [box] for box in reversed(tracking.tracked.get(frame, ())) if box.track_id is not None}
    going_on = set(found)
    for number in range(frame - stride, frame - frames - 1, -stride):
        here = {box.track_id: box for box in reversed(tracking.tracked.get(number, ()))}
        going_on &= here.keys()
        for track_id in going_on:
            found[track_id].append(here[track_id])
    return {track_id: tuple(reversed(boxes)) for track_id, boxes in found.items()}
