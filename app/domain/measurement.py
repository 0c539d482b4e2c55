"""Distances and angles along picked points."""

import math
from dataclasses import dataclass

from app.domain.point_facts import metres_text

Position = tuple[float, float, float]


@dataclass(frozen=True)
class Measurement:
    """A line through picked ``points``, (x, y, z) in metres in the coordinates of the file, float64."""

    points: tuple[Position, ...] = ()

    @property
    def deltas(self) -> tuple[Position, ...]:
        """(Δx, Δy, Δz) of each segment, metres."""
        pairs = zip(self.points, self.points[1:], strict=False)
        return tuple((b[0] - a[0], b[1] - a[1], b[2] - a[2]) for a, b in pairs)

    @property
    def lengths(self) -> tuple[float, ...]:
        """Of each segment, metres."""
        return tuple(math.hypot(*delta) for delta in self.deltas)

    @property
    def total(self) -> float:
        """Along all segments, metres."""
        return math.fsum(self.lengths)

    @property
    def angles(self) -> tuple[float, ...]:
        """Between neighbouring segments at each inner point, degrees from 0 (back again) to 180 (straight on)."""
        return tuple(_angle(a, b) for a, b in zip(self.deltas, self.deltas[1:], strict=False))

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """(name, text) of every segment and angle and of the whole, in the order of the points."""
        made = []
        for number, (delta, length) in enumerate(zip(self.deltas, self.lengths, strict=True), start=1):
            if number > 1:
                made.append((f"Angle at {number}", f"{self.angles[number - 2]:.2f}°"))
            made.append((f"{number} to {number + 1}", metres_text(length)))
            made += [(f"  Δ{axis}", metres_text(value)) for axis, value in zip("xyz", delta, strict=True)]
        return (*made, ("Total", metres_text(self.total))) if len(self.points) > 2 else tuple(made)

    @property
    def text(self) -> str:
        """Points and results, a line each with tabs between, as spreadsheets take them."""
        points = (f"Point {number}\t{x:.3f}\t{y:.3f}\t{z:.3f}" for number, (x, y, z) in enumerate(self.points, start=1))
        return "\n".join((*points, *(f"{name.strip()}\t{text}" for name, text in self.rows)))


def _angle(into: Position, out: Position) -> float:
    """Degrees between going back along ``into`` and on along ``out``; by arctangent, exact near 0 and 180 too."""
    (a, b, c), (x, y, z) = (-into[0], -into[1], -into[2]), out
    cross = math.hypot(b * z - c * y, c * x - a * z, a * y - b * x)
    return math.degrees(math.atan2(cross, a * x + b * y + c * z))
