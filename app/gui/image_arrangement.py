"""Where the images of the cameras lie in the room that they have: plain geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPoint, QRect, QSize

from app.gui.image_state import Arrangement

SMALLEST = QSize(200, 96)  # of one image
USUAL_ASPECT = 16 / 9  # of a camera without any picture yet
GAP = 1
STRIP_SHARE = 0.22  # of the room that the strip beside a large image takes at most


@dataclass(frozen=True)
class Layout:
    """``large`` is the place of the large image, empty without one; ``strip`` is that of the others, who lie at
    ``small`` in a content of ``content`` size that scrolls where the strip is smaller."""

    large: QRect
    strip: QRect
    content: QSize
    small: tuple[QRect, ...]


def lay_out(arrangement: Arrangement, aspects: Sequence[float], *, large: int, room: QSize, bar: int = 0) -> Layout:
    """Place images of these aspects (width by height) in ``room``; ``large`` is the index of the large one, ``bar`` the
    pixels that a scroll bar takes."""
    if arrangement is Arrangement.LARGE and aspects:
        return _with_large(aspects, large, room, bar)
    columns = len(aspects) if arrangement is Arrangement.ROW else best_columns(aspects, room)
    content, cells = _cells(len(aspects), columns, room, bar)
    return Layout(QRect(), QRect(QPoint(0, 0), room), content, cells)


def best_columns(aspects: Sequence[float], room: QSize) -> int:
    """The number of columns with which the pictures become the largest without scrolling, else the most."""
    most = max(1, min(len(aspects), room.width() // SMALLEST.width()))

    def worth(columns: int) -> tuple[bool, float]:
        content, cells = _cells(len(aspects), columns, room, 0)
        filled = (_fit(aspect, cell.size()) for aspect, cell in zip(aspects, cells, strict=True))
        fits = content.height() <= room.height()
        return fits, min(filled, default=0.0) if fits else columns

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
        strip, columns = QRect(beside.width() + GAP, 0, side, room.height()), 1
        free = beside
    else:
        strip, columns = QRect(0, over.height() + GAP, room.width(), foot), others
        free = over
    content, cells = _cells(others, columns, strip.size(), bar)
    return Layout(QRect(QPoint(0, 0), free), strip, content, cells)


def _cells(count: int, columns: int, room: QSize, bar: int) -> tuple[QSize, tuple[QRect, ...]]:
    """Equal shares of the room less that of a scroll bar where one is needed, none smaller than SMALLEST; the last row
    may end early."""
    rows = ceil(count / columns) if count else 0
    least = QSize(columns * SMALLEST.width(), rows * SMALLEST.height())
    across = max(room.width() - bar * (least.height() > room.height()), least.width())
    down = max(room.height() - bar * (least.width() > room.width()), least.height())
    cells = []
    for index in range(count):
        row, column = divmod(index, columns)
        left, right = (across * edge // columns for edge in (column, column + 1))
        top, bottom = (down * edge // rows for edge in (row, row + 1))
        cells.append(
            QRect(left, top, right - left - GAP * (column + 1 < columns), bottom - top - GAP * (row + 1 < rows))
        )
    return QSize(across, down), tuple(cells)


def _fit(aspect: float, room: QSize) -> float:
    """The height of a picture that just fits."""
    return min(room.height(), room.width() / aspect)
