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

    def expected(self, frame: int) -> tuple[Float64, Float64, Float64]:
        """Where it may be: still there, moved as its middle did, moved as its edges did."""
        change = self.speed * (frame - self.frame)
        middle = np.concatenate([change[:2] + change[2:] / 2, np.zeros(2)])
        edges = self.box + change
        return self.box, self.box + middle, np.concatenate([edges[:2], np.maximum(edges[2:], 0.0)])


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
    for track_id, box in now.items():
        last, place = seen.get(origin.get(track_id, track_id)), sides([box])[0]
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
    """Pairs of track ids: the box of the second at ``frame`` goes on from the first."""
    known, here = list(seen), list(now)
    if not known or not here:
        return ()
    places = sides(now.values())
    expected = zip(*(seen[one].expected(frame) for one in known), strict=True)
    each = [likeness(np.array(boxes), places, centroids=centroids) for boxes in expected]
    alike = np.maximum.reduce(each)
    rows, columns = {one: row for row, one in enumerate(known)}, {one: column for column, one in enumerate(here)}
    own_before = np.array([alike[row, columns[one]] if one in columns else 0.0 for one, row in rows.items()])
    own_after = np.array([alike[rows[one], column] if one in rows else 0.0 for one, column in columns.items()])
    better = (alike - own_before[:, None] >= MARGIN) & (alike - own_after[None] >= MARGIN)
    return [(known[row], here[column]) for row, column in pairs(np.where(better, alike, 0.0), least=LEAST)]
