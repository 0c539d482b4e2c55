"""Measured rows as a table of text."""

from collections.abc import Sequence

from app.bench.rows import Row

_HEAD = ("work", "ours", "peer", "theirs", "ratio", "goal", "met")
_LEFT = (0, 2)  # columns of words; numbers are flush right


def as_table(rows: Sequence[Row]) -> str:
    """One line per row under a heading, columns aligned, ending with a line end."""
    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(_HEAD))]
    lines = ["  ".join(_aligned(line, widths)).rstrip() for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        text.ljust(width) if place in _LEFT else text.rjust(width)
        for place, (text, width) in enumerate(zip(line, widths, strict=True))
    ]


def _cells(row: Row) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: "-"}[row.met]
    theirs = "-" if row.theirs is None else f"{row.theirs:.2f} {row.unit}"
    return (row.name, f"{row.ours:.2f} {row.unit}", row.peer, theirs, _number(row.ratio), _number(row.goal), met)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
