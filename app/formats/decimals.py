"""Lines of decimals, a whole block at once and exact: the fast half of the ascii PCD reader.

A decimal of up to 15 digits is a whole number divided by a power of ten, and float64 holds both exactly, so that one
division rounds it as ``float()`` does (W. D. Clinger, How to read floating point numbers accurately, 1990).
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bool, Bytes, Float64
from app.formats.digits import digit_flags, digit_pairs, digit_quads

PAD = 32  # bytes of line ends before a block, so that looking back from its first number stays inside
LINE_END = 10
_EXACT_DIGITS = 15
_POWERS = 10.0 ** np.arange(2 * _EXACT_DIGITS)
_MARKED_NAN = re.compile(rb"[+-]?nan\([a-z0-9_]*\)", re.IGNORECASE)

Positions = NDArray[np.intp]


@dataclass(frozen=True)
class _Tokens:
    """Where the numbers of a block lie; each array has one entry per number."""

    start: Positions
    dot: Positions  # the decimal point, or the end where there is none
    end: Positions  # the separator behind
    negative: Bytes  # 1 after a minus sign
    whole: Positions  # digits before the point
    decimals: Positions  # digits behind it


def exact_decimal(text: bytes) -> float:
    """``float()`` of one number as C and C++ write it (also ``inf``, ``nan``, ``-nan(ind)``); raises ValueError."""
    if b"_" not in text:
        try:
            return float(text)
        except ValueError:
            pass
    if _MARKED_NAN.fullmatch(text):
        return float("nan")
    raise ValueError(f"{text[:40]!r} is not a number")


def decimal_lines(block: Bytes, *, columns: int) -> Float64 | None:
    """Read lines of ``columns`` numbers each: (lines, columns) float64, every value as ``float()`` gives it.

    ``block`` begins with PAD line ends and ends with one; numbers are separated by exactly one blank. Returns None for
    anything else: the caller tidies the block, or reads it exactly and words what is wrong.
    """
    lines = int(np.count_nonzero(block[PAD:] == LINE_END))
    if int(np.count_nonzero(block[PAD:] < 32)) != lines:
        return None  # tabs, carriage returns or bytes that are no text
    separators = block <= 32
    if (separators[PAD:] & separators[PAD - 1 : -1]).any():
        return None
    dots = block == ord(".")
    minuses = block == ord("-")
    flags = digit_flags(block)
    tokens = _tokens(separators, dots, minuses)
    if tokens is None or not _is_table(block, tokens.end, lines=lines, columns=columns):
        return None
    values = _decimals(digit_quads(digit_pairs(block, flags), flags), tokens)
    odd = _odd_tokens(separators, dots, minuses, flags, tokens)
    if odd.size and not _read_exactly(block, tokens, odd, values):
        return None
    return values.reshape(-1, columns)


def _tokens(separators: Bool, dots: Bool, minuses: Bool) -> _Tokens | None:
    marks = np.flatnonzero(separators[PAD:] | dots[PAD:])
    marks += PAD
    points, ends = marks[0::2], marks[1::2]
    if points.size == ends.size and separators.take(ends).all() and dots.take(points).all():
        has_point: int | Bytes = 1
    else:
        is_end = separators.take(marks)
        at = np.flatnonzero(is_end)
        ends = marks.take(at)
        after_point = ~is_end.take(at - 1)
        if int(np.count_nonzero(after_point)) != marks.size - ends.size:
            return None  # two points in one number
        points = np.where(after_point, marks.take(at - 1), ends)
        has_point = after_point.view(np.uint8)
    starts = np.empty_like(ends)
    starts[0] = PAD
    np.add(ends[:-1], 1, out=starts[1:])
    negative = minuses.view(np.uint8).take(starts)
    whole = points - starts
    whole -= negative
    decimals = ends - points
    decimals -= has_point
    return _Tokens(starts, points, ends, negative, whole, decimals)


def _is_table(block: Bytes, ends: Positions, *, lines: int, columns: int) -> bool:
    """Whether every line has ``columns`` numbers."""
    return lines * columns == ends.size and bool((block.take(ends[columns - 1 :: columns]) == LINE_END).all())


def _decimals(quads: NDArray[np.uint16], tokens: _Tokens) -> Float64:
    """Values of all plain numbers; those that are not plain get some value."""
    values = _number_before(quads, tokens.dot, tokens.whole)
    most = min(int(tokens.decimals.max()), _EXACT_DIGITS)
    if most:
        fixed = int(tokens.decimals.min()) == most
        scale = _POWERS[most] if fixed else _POWERS.take(tokens.decimals, mode="clip")
        values *= scale
        values += _number_before(quads, tokens.end, tokens.decimals)
        values /= scale
    if tokens.negative.any():
        sign = tokens.negative.astype(np.float64)
        sign *= -2.0
        sign += 1.0
        values *= sign
    return values


def _number_before(quads: NDArray[np.uint16], stop: Positions, length: Positions) -> Float64:
    """The whole numbers of ``length`` digits that end before each ``stop``."""
    numbers = quads.take(stop - 1).astype(np.float64)
    if int(length.min()) <= 0:
        numbers *= length > 0
    for skipped in range(4, min(int(length.max()), _EXACT_DIGITS), 4):
        higher = quads.take(stop - (skipped + 1)).astype(np.float64)
        higher *= length > skipped
        higher *= _POWERS[skipped]
        numbers += higher
    return numbers


def _odd_tokens(separators: Bool, dots: Bool, minuses: Bool, flags: Bytes, tokens: _Tokens) -> Positions:
    """Indices of the numbers that are not an optional minus, digits and a point, or have too few or too many digits."""
    plain = separators | dots
    plain |= flags.view(np.bool_)
    plain[1:] |= minuses[1:] & separators[:-1]
    digits = tokens.whole + tokens.decimals
    odd = (digits > _EXACT_DIGITS) | (digits <= 0)
    if not plain.all():
        odd[np.searchsorted(tokens.end, np.flatnonzero(~plain))] = True
    return np.flatnonzero(odd)


def _read_exactly(block: Bytes, tokens: _Tokens, odd: Positions, values: Float64) -> bool:
    """Read the numbers ``odd`` one by one into ``values``; False where one of them is no number."""
    missing = _is_nan(block, tokens.start[odd], tokens.end[odd])
    values[odd[missing]] = np.nan
    text = block[PAD:].tobytes()
    if b"_" in text:
        return False  # Python would read 1_000 as a number
    words = text.split()
    try:
        values[odd[~missing]] = list(map(float, [words[token] for token in odd[~missing].tolist()]))
    except ValueError:
        return False
    return True


def _is_nan(block: Bytes, start: Positions, end: Positions) -> Bool:
    """Whether the numbers between the positions are ``nan``, in any case."""
    letters = (block.take(start + place, mode="clip") | 0x20 for place in range(3))
    first, second, third = (letter == ord(name) for letter, name in zip(letters, "nan", strict=True))
    found: Bool = first & second & third & (end - start == 3)
    return found
