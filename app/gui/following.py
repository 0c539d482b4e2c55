"""What the camera follows through the frames of the open job."""

from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64
from app.gui.shown_frame import ShownFrame
from app.scene.following import Hold, Moment, carried, moment_of, shifted
from app.scene.prepared import Spread
from app.scene.things import Thing, middle_of
from app.scene.views import CameraPlacement


@dataclass(frozen=True)
class _Seen:
    """The frame that the camera was last placed at, and where the thing last was, (3,) in source coordinates."""

    moment: Moment
    thing: Float64 | None


class Following:
    """Moves a placement from frame to frame; ``hold`` and ``thing`` are changed by ``follow`` alone."""

    def __init__(self) -> None:
        self.hold = Hold.EGO
        self.thing: Thing | None = None
        self.lost = False  # the thing has no points in the frame shown
        self._seen: _Seen | None = None

    def reset(self) -> None:
        """Another job: follow its ego."""
        self.hold, self.thing, self.lost, self._seen = Hold.EGO, None, False, None

    def follow(self, hold: Hold, thing: Thing | None = None, *, shown: ShownFrame | None = None) -> None:
        """Keep the camera's place to something from the frame ``shown`` on; THING needs the thing."""
        self.hold, self.thing, self.lost = hold, thing, False
        seen = self._seen
        if seen is not None:
            found = None if thing is None or shown is None else _place_of(thing, shown)
            self._seen = _Seen(seen.moment, found)
            self.lost = thing is not None and found is None

    def carry(self, placement: CameraPlacement, shown: ShownFrame, spread: Spread) -> CameraPlacement:
        """Where the camera stands at the frame that is shown now; it stays where a followed thing is missing, and
        catches up when that comes back."""
        before, after = self._seen, moment_of(shown.frame, spread)
        found = _place_of(self.thing, shown) if self.thing is not None else None
        self.lost = self.thing is not None and found is None
        last = before.thing if before is not None else None
        self._seen = _Seen(after, last if found is None else found)
        if before is None:
            return placement
        placement = carried(placement, before.moment, after, hold=self.hold)
        return placement if found is None or last is None else shifted(placement, found - last)


def _place_of(thing: Thing, shown: ShownFrame) -> Float64 | None:
    cloud, prepared = shown.frame.cloud, shown.prepared
    if cloud is None or prepared is None:
        return None
    middle = middle_of(prepared, thing.keys_in(shown.frame.legend))
    return None if middle is None else np.asarray(middle + cloud.origin)
