"""Which track of a camera a segment is, where only one can be meant."""

from collections.abc import Iterator, Mapping

import numpy as np

from app.domain.arrays import Float64, Integers
from app.domain.box_match import FAR_OUT, overlaps, sides
from app.domain.sight import PIXEL_MIDDLE, CameraSight
from app.domain.tracking import Box

LEAST = 0.4  # intersection over union of the box and the segment's pixels: boxes hold windows, which return no points
CLEAR = 0.7  # of the best match, that the next one in the same picture may be at most
INSIDE = 0.8  # of the segment's visible points that the box must hold
EDGE_PERCENT = 2.0  # of the pixels on each side that do not count for how far the segment reaches


@FAR_OUT
def matching_track(
    sights: Mapping[str, CameraSight], boxes: Mapping[str, tuple[Box, ...]], rows: Integers
) -> tuple[str, int] | None:
    """Camera and track id of the box that fits the points ``rows`` (M,) of a segment best; None where none fits, or
    where two boxes of a picture fit about as well, one of them of another thing."""
    fits = [fit for camera, sight in sights.items() if (fit := _fit(camera, sight, boxes.get(camera, ()), rows))]
    return max(fits)[1] if fits else None


def _fit(
    camera: str, sight: CameraSight, boxes: tuple[Box, ...], rows: Integers
) -> tuple[float, tuple[str, int]] | None:
    places = sight.places_of(rows)
    uv = sight.uv[places[sight.visible[places]]] + PIXEL_MIDDLE
    ranked = sorted(_matches(uv, boxes), reverse=True) if len(uv) > 1 else []
    if not ranked or ranked[0][0] < LEAST:
        return None
    best, track_id = ranked[0]
    return None if len(ranked) > 1 and ranked[1][0] > CLEAR * best else (best, (camera, track_id))


def _matches(uv: Float64, boxes: tuple[Box, ...]) -> Iterator[tuple[float, int]]:
    low, high = np.percentile(uv, (EDGE_PERCENT, 100 - EDGE_PERCENT), axis=0)
    segment = np.concatenate([low, high - low])
    for box, share in zip(boxes, overlaps(segment, sides(boxes)).tolist(), strict=True):
        left, top, right, bottom = box.sides
        inside = ((uv >= (left, top)) & (uv <= (right, bottom))).all(axis=1)
        if box.track_id is not None and inside.mean() >= INSIDE:
            yield share, box.track_id
