"""Where a track probably took over the identity of another one.

There is no truth to compare with, so this is no ID switch of the CLEAR MOT metrics (Bernardin and Stiefelhagen,
"Evaluating Multiple Object Tracking Performance", 2008), only what a track's own boxes say: a box of one track lies
where another one should be. Every track is followed from its last box, and from where that would be at its last speed
(the better of both counts); boxes that a tracker made without a detection are left out. A box of B at frame u goes on
from A, last seen at t < u and at most REACH frames before, where all of these hold, with likeness as intersection over
union (nearness of middles for models without sizes):

- it is at least LEAST like A,
- it is by MARGIN more like A than like B itself, if B was seen within REACH frames too,
- and by MARGIN more like A than A's own box at u is, if there is one.

Of several A and B the most alike belong together, each once in a frame. So an end and a start in one place are a hand
over, two tracks that change places swap, and a track that jumps onto another's place takes it over. A label that
changes within a track is told as well: trackers let a track keep its first label.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from app.domain.arrays import Float64
from app.domain.box_match import likeness, pairs, sides
from app.domain.tracking import Box

REACH = 5  # frames: how long the trackers of the service keep a track without a detection
LEAST = 0.4
MARGIN = 0.3

BoxesOfTracks = Mapping[int, Mapping[int, Box]]  # by frame, then by track id


class SwitchKind(StrEnum):
    """What happened to a track."""

    GOES_ON_AS = "goes on as"
    GOES_ON_FROM = "goes on from"
    SWAPS_WITH = "swaps with"
    LABEL = "becomes"


@dataclass(frozen=True)
class Switch:
    """A track at ``frame`` and the ``other`` track, or the new ``label`` where that is what changed."""

    frame: int
    kind: SwitchKind
    other: int | None = None
    label: str = ""


_Noted = dict[tuple[int, int | None, str], Switch]  # by frame, other track and label


@dataclass(frozen=True)
class _Seen:
    """A track's last box with a detection, (4,) as ``sides``, and how its sides change in a frame."""

    frame: int
    box: Float64
    speed: Float64 = field(default_factory=lambda: np.zeros(4))

    def followed_by(self, frame: int, box: Float64) -> "_Seen":
        return _Seen(frame, box, (box - self.box) / (frame - self.frame))


def switches(boxes: BoxesOfTracks, *, stride: int = 1, centroids: bool = False) -> dict[int, tuple[Switch, ...]]:
    """The switches of each track that has any, by frame. ``stride``: every how many frames there are boxes."""
    found: dict[int, _Noted] = {}
    seen: dict[int, _Seen] = {}
    labels: dict[int, str] = {}
    for frame in sorted(boxes):
        now = boxes[frame]
        seen = {track_id: last for track_id, last in seen.items() if frame - last.frame <= REACH * stride}
        origin = {after: before for before, after in _handed_over(seen, frame, now, centroids=centroids)}
        for after, before in origin.items():
            _note(found, before, Switch(frame, SwitchKind.GOES_ON_AS, after))
            _note(found, after, Switch(frame, SwitchKind.GOES_ON_FROM, before))
        for track_id, box in now.items():
            if labels.setdefault(track_id, box.label) != box.label:
                _note(found, track_id, Switch(frame, SwitchKind.LABEL, label=box.label))
            labels[track_id] = box.label
        seen |= _followed(seen, frame, now, origin)
    return {track_id: tuple(each.values()) for track_id, each in found.items()}


def _followed(
    seen: Mapping[int, _Seen], frame: int, now: Mapping[int, Box], origin: Mapping[int, int]
) -> dict[int, _Seen]:
    """What is known of the tracks of a frame after it; one that goes on from another has that one's speed."""
    known = {}
    for track_id, place in zip(now, sides(now.values()), strict=True):
        last = seen.get(origin.get(track_id, track_id))
        known[track_id] = last.followed_by(frame, place) if last else _Seen(frame, place)
    return known


def _note(found: dict[int, _Noted], track_id: int, switch: Switch) -> None:
    """To and from the same track in one frame is a swap."""
    of_track = found.setdefault(track_id, {})
    key = (switch.frame, switch.other, switch.label)
    of_track[key] = replace(switch, kind=SwitchKind.SWAPS_WITH) if key in of_track else switch


def _handed_over(
    seen: Mapping[int, _Seen], frame: int, now: Mapping[int, Box], *, centroids: bool
) -> Iterable[tuple[int, int]]:
    """Pairs of track ids: the box of the second at ``frame`` goes on from the first.

    A track that goes on as itself cannot be beaten by MARGIN, so only the others are compared with each other.
    """
    if not seen or not now:
        return ()
    places = dict(zip(now, sides(now.values()), strict=True))
    expected = dict(zip(seen, _expected(seen.values(), frame), strict=True))
    own = _own(expected, places, centroids=centroids)
    befores, afters = (tuple(one for one in ids if own.get(one, 0.0) <= 1 - MARGIN) for ids in (seen, now))
    if not befores or not afters:
        return ()
    alike = likeness(
        np.array([expected[one] for one in befores])[:, None],
        np.array([places[one] for one in afters])[None, :, None],
        centroids=centroids,
    ).max(axis=2)
    own_before, own_after = (np.array([own.get(one, 0.0) for one in ids]) for ids in (befores, afters))
    better = (alike - own_before[:, None] >= MARGIN) & (alike - own_after[None] >= MARGIN)
    themselves = np.array([[before == after for after in afters] for before in befores])
    alike = np.where(better & ~themselves, alike, 0.0)
    return [(befores[row], afters[column]) for row, column in pairs(alike, least=LEAST)]


def _expected(seen: Iterable[_Seen], frame: int) -> Float64:
    """(N, 3, 4) where tracks may be: still there, moved as their middles did, moved as their edges did."""
    known = tuple(seen)
    boxes, speeds = np.array([last.box for last in known]), np.array([last.speed for last in known])
    changes = speeds * np.array([[frame - last.frame] for last in known])
    middles, edges = boxes.copy(), boxes + changes
    middles[:, :2] += changes[:, :2] + changes[:, 2:] / 2
    edges[:, 2:] = np.maximum(edges[:, 2:], 0.0)
    return np.stack([boxes, middles, edges], axis=1)


def _own(expected: Mapping[int, Float64], places: Mapping[int, Float64], *, centroids: bool) -> dict[int, float]:
    """How like themselves the tracks are that have a box now and had one before."""
    both = [track_id for track_id in places if track_id in expected]
    if not both:
        return {}
    before, after = (np.array([rows[track_id] for track_id in both]) for rows in (expected, places))
    alike = likeness(before, after[:, None], centroids=centroids).max(axis=1)
    return dict(zip(both, alike.tolist(), strict=True))
