"""The judge of lines of points: reads value by value and words what is wrong with them, with the byte position."""

import re
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from app.errors import CloudFormatError
from app.formats.cloud_columns import Placed, Target
from app.formats.cloud_header import CloudHeader
from app.formats.decimals import exact_decimal

_INTEGER = re.compile(rb"[+-]?[0-9]{1,40}")
_WORD = re.compile(rb"\S+")
_NEXT_STEP = "Fetch the file again, or check how it was written."

Line = tuple[int, list[bytes]]
"""Position of a line in the file, and the words on it."""


class ExactLines:
    """Reads lines of one file into its target."""

    def __init__(self, header: CloudHeader, target: Target) -> None:
        self._header = header
        self._target = target

    def read(self, text: bytes, *, offset: int, row: int, xyz: NDArray[Any]) -> tuple[int, int]:
        """Fill rows from ``row`` on until the text or the rows end.

        ``text`` is whole lines at the position ``offset`` of the file, and ``xyz`` takes the coordinates. Returns the
        next row and the position in the file after the last line read. Raises CloudFormatError.
        """
        lines, end = _lines(text, offset=offset, most=self._header.points - row)
        for number, (position, words) in enumerate(lines):
            if len(words) != self._header.values_per_point:
                _fail(f"{len(words)} values instead of {self._header.values_per_point}", row + number, position)
        rows = slice(row, row + len(lines))
        for place, axis in enumerate(self._target.axes):
            xyz[rows, place] = self._column(lines, axis, text, offset=offset, row=row)
        for field in self._target.others:
            column = self._target.columns[field.name]
            column[rows] = self._column(lines, field, text, offset=offset, row=row).reshape(column[rows].shape)
        return row + len(lines), end

    def _column(self, lines: list[Line], field: Placed, text: bytes, *, offset: int, row: int) -> NDArray[Any]:
        """All values of one field, (lines * count,) in its dtype."""
        places = range(field.value_offset, field.value_offset + field.count)
        try:
            with np.errstate(over="ignore"):
                values = [_value(words[place], field.dtype) for _, words in lines for place in places]
                return np.array(values, field.dtype)
        except ValueError:
            for number, (position, words) in enumerate(lines):
                for place in places:
                    if not _readable(words[place], field.dtype):
                        line_end = text.index(b"\n", position - offset)
                        word = list(_WORD.finditer(text, position - offset, line_end))[place]
                        what = f"the {field.name} {words[place].decode('utf-8', 'replace')[:40]!r}, which is no "
                        _fail(what + _kind(field.dtype), row + number, offset + word.start())
            raise


def _lines(text: bytes, *, offset: int, most: int) -> tuple[list[Line], int]:
    """The first ``most`` lines that are not blank, and the position after the last of them."""
    lines: list[Line] = []
    end = position = offset
    for line in text.split(b"\n"):
        words = line.split()
        if len(lines) == most:
            break
        if words:
            lines.append((position, words))
            end = position + len(line) + 1
        position += len(line) + 1
    return lines, end


def _value(word: bytes, dtype: np.dtype[Any]) -> float | int:
    """One number for a field of ``dtype``; an integer may be written as a whole decimal. Raises ValueError."""
    if dtype.kind == "f":
        return exact_decimal(word)
    value = int(word) if _INTEGER.fullmatch(word) else _whole(exact_decimal(word))
    limits = np.iinfo(dtype)
    if not int(limits.min) <= value <= int(limits.max):
        raise ValueError("out of range")
    return value


def _readable(word: bytes, dtype: np.dtype[Any]) -> bool:
    try:
        _value(word, dtype)
    except ValueError:
        return False
    return True


def _whole(value: float) -> int:
    if not value.is_integer():
        raise ValueError("not whole")
    return int(value)


def _kind(dtype: np.dtype[Any]) -> str:
    return "number" if dtype.kind == "f" else f"whole number of the type {dtype.name}"


def _fail(what: str, row: int, position: int) -> NoReturn:
    raise CloudFormatError(
        f"Point {row} of the point cloud has {what}, at byte {position}.", position=position, next_step=_NEXT_STEP
    )
