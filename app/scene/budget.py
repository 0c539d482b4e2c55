"""How many points can be drawn in a given time on this machine: measured, and measured again with every picture."""

from dataclasses import dataclass

MOTION_MS = 30.0  # drawing of one picture while the camera moves: a display of 30 Hz keeps up
STEP_MS = 60.0  # drawing of one step at rest: an input waits no longer
FEWEST, MOST = 20_000, 100_000_000  # points a second never say less or more than this about one picture
FIRST_GUESS = 4e6  # points a second, before anything was measured: what a software renderer reaches on two cores
TELLING = 10_000  # points; drawing fewer says more about the window than about points
_WEIGHT = 0.3  # of a new measurement: one picture that was disturbed must not decide


@dataclass(frozen=True)
class PointBudget:
    """``points_per_second`` is what drawing reached lately, everything else that a picture costs included."""

    points_per_second: float = FIRST_GUESS
    measured: bool = False

    @property
    def in_motion(self) -> int:
        """Points of a picture while the camera moves."""
        return _within(self.points_per_second * MOTION_MS / 1000)

    @property
    def per_step(self) -> int:
        """Points of a step that completes a picture at rest."""
        return _within(self.points_per_second * STEP_MS / 1000)

    def after(self, *, points: int, seconds: float) -> "PointBudget":
        """The budget once a picture of ``points`` has taken ``seconds``; too few points teach nothing."""
        if points < TELLING or seconds <= 0:
            return self
        reached = points / seconds
        if not self.measured:
            return PointBudget(reached, measured=True)
        return PointBudget((1 - _WEIGHT) * self.points_per_second + _WEIGHT * reached, measured=True)


def _within(points: float) -> int:
    return int(min(max(points, FEWEST), MOST))
