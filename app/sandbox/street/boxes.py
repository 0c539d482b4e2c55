"""Boxes over the pictures: what is visible, what a detector makes of it, and what a tracker makes of that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.domain.tracking import Box

Vector = NDArray[np.float64]

KEEP_GRACE = 2  # frames that a track lives on without a detection
THRESHOLD = 0.15  # least overlap of a detection and a track's prediction
PARAMETERS = {"keep_grace": str(KEEP_GRACE), "max_observations": "5", "threshold": str(THRESHOLD), "use_iou": "true"}
_SMALLEST = 14.0  # pixels of the image: shorter sides are not detected
_FOLLOW, _STEER = 0.85, 0.5  # shares of a miss that correct a track's position and its speed


def visible_boxes(numbers: NDArray[np.int32], labels: dict[int, str], *, size: tuple[int, int]) -> dict[int, Box]:
    """The bounds of each instance's visible pixels, by instance number.

    ``numbers`` (rows, columns) holds the instance of each traced pixel, 0 for none; boxes are in pixels of an image
    of ``size`` (width, height).
    """
    row, column = np.nonzero(numbers)
    owner = numbers[row, column]
    order = np.argsort(owner, kind="stable")
    found, starts, counts = np.unique(owner[order], return_index=True, return_counts=True)
    if not len(found):
        return {}
    across, down = size[0] / numbers.shape[1], size[1] / numbers.shape[0]
    left, right = (function.reduceat(column[order], starts) for function in (np.minimum, np.maximum))
    top, bottom = (function.reduceat(row[order], starts) for function in (np.minimum, np.maximum))
    boxes = {}
    for index, number in enumerate(found.tolist()):
        width, height = (right[index] + 1 - left[index]) * across, (bottom[index] + 1 - top[index]) * down
        enough = counts[index] * across * down > 0.12 * width * height
        if min(width, height) >= _SMALLEST and enough:
            boxes[number] = Box(left[index] * across, top[index] * down, width, height, labels[number])
    return boxes


def detect(visible: dict[int, Box], random: np.random.Generator, *, size: tuple[int, int]) -> tuple[Box, ...]:
    """What a good detector reports: small things are missed more often, edges are off by a few hundredths."""
    detections = []
    for box in visible.values():
        side = min(box.width, box.height) * 1280 / size[0]
        sure = 0.97 - 0.5 * np.exp(-side / 26) + random.normal(0, 0.02)
        missed = random.random() < 0.035 + 0.5 * np.exp(-side / 9)
        dx, dy, dw, dh = random.normal(0, 0.012, 4)
        if not missed:
            detections.append(
                Box(
                    round(max(0.0, box.x + dx * box.width), 1),
                    round(max(0.0, box.y + dy * box.height), 1),
                    round(box.width * (1 + dw), 1),
                    round(box.height * (1 + dh), 1),
                    box.label,
                    score=round(float(np.clip(sure, 0.31, 0.98)), 2),
                )
            )
    return tuple(sorted(detections, key=lambda box: -(box.score or 0)))


@dataclass
class _Track:
    track_id: int
    label: str
    state: Vector  # centre x, centre y, width, height in pixels
    speed: Vector  # of the state, per frame
    missed: int = 0

    def predict(self) -> None:
        self.state = np.maximum(self.state + self.speed, [-np.inf, -np.inf, 2, 2])
        self.missed += 1

    def update(self, seen: Vector) -> None:
        miss = seen - self.state
        self.state = self.state + _FOLLOW * miss
        self.speed = self.speed + _STEER * miss
        self.missed = 0


class Tracker:
    """Follows detections by overlap with where each track should be; ids count from 0 and are never used twice."""

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._next = 0

    def step(self, detections: Sequence[Box], *, size: tuple[int, int]) -> tuple[Box, ...]:
        """The tracked boxes of the next frame, whole pixels; tracks without a detection go on for KEEP_GRACE frames."""
        for track in self._tracks:
            track.predict()
        seen = [_state(box) for box in detections]
        unmatched = set(range(len(seen)))
        for track, index in self._matches(seen):
            track.update(seen[index])
            unmatched.discard(index)
        for index in sorted(unmatched):
            self._tracks.append(_Track(self._next, detections[index].label, seen[index], np.zeros(4)))
            self._next += 1
        self._tracks = [track for track in self._tracks if track.missed <= KEEP_GRACE and _inside(track, size)]
        return tuple(_tracked_box(track) for track in self._tracks)

    def _matches(self, seen: Sequence[Vector]) -> Iterator[tuple[_Track, int]]:
        """Best overlaps first, each track and each detection once."""
        pairs = [
            (overlap(track.state, state), track.track_id, index, track)
            for track in self._tracks
            for index, state in enumerate(seen)
        ]
        tracks, indices = set(), set()
        for share, track_id, index, track in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
            if share >= THRESHOLD and track_id not in tracks and index not in indices:
                tracks.add(track_id)
                indices.add(index)
                yield track, index


def follow(detections: Sequence[Sequence[Box]], *, size: tuple[int, int]) -> list[tuple[Box, ...]]:
    """Track the detections of all frames in order."""
    tracker = Tracker()
    return [tracker.step(boxes, size=size) for boxes in detections]


def overlap(a: Vector, b: Vector) -> float:
    """Intersection over union of two boxes given as centre and size."""
    sides = np.minimum(a[:2] + a[2:] / 2, b[:2] + b[2:] / 2) - np.maximum(a[:2] - a[2:] / 2, b[:2] - b[2:] / 2)
    shared = float(np.prod(np.maximum(sides, 0)))
    return shared / (float(a[2] * a[3] + b[2] * b[3]) - shared)


def _state(box: Box) -> Vector:
    return np.array([box.x + box.width / 2, box.y + box.height / 2, max(box.width, 1.0), max(box.height, 1.0)])


def _inside(track: _Track, size: tuple[int, int]) -> bool:
    x, y = track.state[:2]
    return bool(0 <= x < size[0] and 0 <= y < size[1])


def _tracked_box(track: _Track) -> Box:
    x, y, width, height = track.state
    left, top = (max(0.0, float(np.round(value))) for value in (x - width / 2, y - height / 2))
    return Box(left, top, float(np.round(width)), float(np.round(height)), track.label, track_id=track.track_id)


def with_false_alarm(detections: list[tuple[Box, ...]], *, size: tuple[int, int]) -> list[tuple[Box, ...]]:
    """Put one thing that is not there into two frames in the middle, as detectors do."""
    alarm = Box(size[0] * 0.70, size[1] * 0.36, size[0] * 0.021, size[1] * 0.11, "Pedestrian", score=0.41)
    first = len(detections) // 2
    found = list(detections)
    for index in range(first, min(first + 2, len(found))):
        moved = replace(alarm, x=round(alarm.x + 2.0 * (index - first), 1), y=round(alarm.y, 1))
        found[index] = (*found[index], replace(moved, width=round(moved.width, 1), height=round(moved.height, 1)))
    return found
