"""Where the images of the cameras lie in the room that they have: plain geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil

from PySide6.QtCore import QPoint, QRect, QSize

from app.gui.image_state import Arrangement

SMALLEST = QSize(200, 96)  # of one image
USUAL_ASPECT = 16 / 9  # of a camera without any picture yet
GAP = 1
FORWARD_SHARES = 2  # of the width of a row, for the image that is in front
STRIP_SHARE = 0.22  # of the room that the strip beside a large image takes at most


@dataclass(frozen=True)
class Layout:
    """``large`` is the place of the large image, empty without one; ``strip`` is that of the others, who lie at
    ``small`` in a content of ``content`` size that scrolls where the strip is smaller."""

    large: QRect
    strip: QRect
    content: QSize
    small: tuple[QRect, ...]


def lay_out(
    arrangement: Arrangement, aspects: Sequence[float], *, front: int | None, room: QSize, bar: int = 0
) -> Layout:
    """Place images of these aspects (width by height) in ``room``; ``front`` is the index of the large one, or in a row
    of the one with a larger share of the width; ``bar`` is the pixels that a scroll bar takes."""
    if arrangement is Arrangement.LARGE and aspects:
        return _with_large(aspects, front or 0, room, bar)
    if arrangement is Arrangement.ROW:
        shares = [FORWARD_SHARES if index == front else 1 for index in range(len(aspects))]
        content, cells = _cells(len(aspects), shares, room, bar)
    else:
        content, cells = _cells(len(aspects), [1] * best_columns(aspects, room, bar), room, bar)
    return Layout(QRect(), QRect(QPoint(0, 0), room), content, cells)


def best_columns(aspects: Sequence[float], room: QSize, bar: int = 0) -> int:
    """The number of columns with which the pictures become the largest without scrolling, else the most that have room
    beside a scroll bar of ``bar`` pixels."""
    most = max(1, min(len(aspects), room.width() // SMALLEST.width()))

    def worth(columns: int) -> tuple[bool, float]:
        content, cells = _cells(len(aspects), [1] * columns, room, 0)
        filled = (_fit(aspect, cell.size()) for aspect, cell in zip(aspects, cells, strict=True))
        fits = content.height() <= room.height()
        beside_bar = columns if columns * SMALLEST.width() <= room.width() - bar else 0
        return fits, min(filled, default=0.0) if fits else beside_bar

    return max(range(1, most + 1), key=worth)


def wanted_height(arrangement: Arrangement, aspects: Sequence[float], *, width: int, most: int) -> int:
    """The height at which the pictures fill ``width``, no more than ``most``; with a large image or in a grid all
    that there is up to the height at which nothing would grow any more."""
    if arrangement is Arrangement.ROW:
        return min(most, ceil(max(SMALLEST.width(), width / len(aspects)) / min(aspects)))
    return min(most, ceil(width / min(aspects)))


def _with_large(aspects: Sequence[float], large: int, room: QSize, bar: int) -> Layout:
    """The strip goes where it leaves the large picture larger: to the right, or below."""
    others = len(aspects) - 1
    if not others:
        return Layout(QRect(QPoint(0, 0), room), QRect(), QSize(), ())
    side = min(max(SMALLEST.width() + bar, round(room.width() * STRIP_SHARE)), room.width() // 2)
    foot = min(max(SMALLEST.height() + bar, round(room.height() * STRIP_SHARE)), room.height() // 2)
    beside, over = QSize(room.width() - side - GAP, room.height()), QSize(room.width(), room.height() - foot - GAP)
    if _fit(aspects[large], beside) >= _fit(aspects[large], over):
        strip, shares = QRect(beside.width() + GAP, 0, side, room.height()), [1]
        free = beside
    else:
        strip, shares = QRect(0, over.height() + GAP, room.width(), foot), [1] * others
        free = over
    content, cells = _cells(others, shares, strip.size(), bar)
    return Layout(QRect(QPoint(0, 0), free), strip, content, cells)


def _cells(count: int, shares: Sequence[int], room: QSize, bar: int) -> tuple[QSize, tuple[QRect, ...]]:
    """A column for each of ``shares`` of the room less that of a scroll bar where one is needed, no cell smaller than
    SMALLEST; the last row may end early."""
    columns = len(shares)
    rows = ceil(count / columns) if count else 0
    least = QSize(sum(shares) * SMALLEST.width(), rows * SMALLEST.height())
    across = max(room.width() - bar * (least.height() > room.height()), least.width())
    down = max(room.height() - bar * (least.width() > room.width()), least.height())
    wide, high = _spans(across, shares), _spans(down, [1] * rows)
    places = (divmod(index, columns) for index in range(count))
    cells = (QRect(wide[column][0], high[row][0], wide[column][1], high[row][1]) for row, column in places)
    return QSize(across, down), tuple(cells)


def _spans(length: int, shares: Sequence[int]) -> list[tuple[int, int]]:
    """(start, pixels) of each share of ``length``, with a gap between any two."""
    edges = [length * upto // sum(shares) for upto in accumulate(shares, initial=0)] if shares else []
    spans = [(start, end - start - GAP) for start, end in pairwise(edges)]
    return [*spans[:-1], (spans[-1][0], spans[-1][1] + GAP)] if spans else []


def _fit(aspect: float, room: QSize) -> float:
    """The height of a picture that just fits."""
    return min(room.height(), room.width() / aspect)
