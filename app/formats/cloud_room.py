"""Whether a point cloud fits into memory, asked before any of it is taken."""

from app.domain.amounts import count_text, size_text
from app.errors import TooLargeError

SHOWING = 40
"""Bytes a point takes beyond its values: its mask and row in the colour table, its copies in drawing order and on the
graphics card, and what is known about it (finite or not)."""

_NEXT_STEP = (
    "Close other jobs and programs and open it again, or save a part of the cloud, or every n-th point, with the "
    "program that it comes from."
)


def require_room(points: int, *, bytes_per_point: int, free: int | None) -> None:
    """Raise TooLargeError where ``points`` of ``bytes_per_point`` decoded bytes, and showing them, take more than
    ``free`` bytes of memory; None allows any number."""
    each = bytes_per_point + SHOWING
    if free is None or points * each <= free:
        return
    raise TooLargeError(
        f"This cloud has {points:,} points and needs about {size_text(points * each)} of memory; "
        f"{size_text(free)} are free, enough for {count_text(free // each)} points.",
        next_step=_NEXT_STEP,
    )
