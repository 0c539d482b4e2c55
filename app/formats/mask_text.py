"""The text form of a mask: ``[1, 1, 4, ...]``, read block by block, with JSON as the judge of anything odd."""

import json
import re
from collections.abc import Callable, Iterator
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bytes, Integers
from app.domain.mask import NULL_KEY
from app.errors import MaskFormatError
from app.formats.digits import count_digits, digit_flags, digit_pairs, digit_quads, four_digits

_BLOCK = 1 << 17  # bytes: stays in the processor's cache, and no step holds the interpreter for long
_PAD = 8  # bytes before a block, so that looking back from its first number stays inside
_COMMA = ord(",")
_BLANKS = b" \t\r\n"
_UTF8_BOM = b"\xef\xbb\xbf"

_PLAIN_RUN = re.compile(rb"(?:[ \t\r\n]*+-?(?:0|[1-9][0-9]{0,17}+)[ \t\r\n]*+,)*+")
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_BLANK = re.compile(rb"[ \t\r\n]*")

_NEXT_STEP = "Fetch the file again; if it stays so, report it to the annotation service."

Positions = NDArray[np.intp]
Numbers = NDArray[np.unsignedinteger]
Reading = Callable[[Bytes, Bytes, Positions], Numbers]


class _Odd(Exception):  # noqa: N818 - a signal between the readers of this module
    """The exact reader met something that is no label key."""


def label_keys_of_text(raw: bytes) -> Integers:
    """Read a flat JSON array of whole numbers: (N,) uint16, or int32 / int64 where a key does not fit.

    Strict: booleans, texts, nesting, fractions, leading zeros, NaN, cut or trailing text raise MaskFormatError with
    the byte position. Peak memory is the result plus about a megabyte.
    """
    first = _first_element(raw)
    if raw[first : first + 1] == b"]" and _skip_blanks(raw, first + 1) == len(raw):
        return np.empty(0, np.uint16)
    body_end = _body_end(raw, first)
    keys = _Keys(_commas(raw, first, body_end) + 1)
    reader = _BlockReader()
    for start, end in _pieces(raw, first, body_end):
        found = reader.read(raw, start, end)
        if found is None:
            found = _exact_or_located(raw, start, end)
        keys.append(found)
    return keys.finished()


def _first_element(raw: bytes) -> int:
    """Position of the first byte after the opening bracket that is not blank."""
    opening = _skip_blanks(raw, len(_UTF8_BOM) if raw.startswith(_UTF8_BOM) else 0)
    if raw[opening : opening + 1] != b"[":
        what = "The mask file is empty." if opening == len(raw) else "The mask is not a list of label keys in brackets."
        raise MaskFormatError(what, position=opening, next_step=_NEXT_STEP)
    return _skip_blanks(raw, opening + 1)


def _body_end(raw: bytes, first: int) -> int:
    """Position after the last element; raises where the file does not end with the closing bracket."""
    end = _before_blanks(raw, len(raw))
    if raw[end - 1 : end] != b"]":
        _locate(raw, first)
    return _before_blanks(raw, end - 1)


def _before_blanks(raw: bytes, end: int) -> int:
    while raw[end - 1] in _BLANKS:
        end -= 1
    return end


def _commas(raw: bytes, start: int, end: int) -> int:
    text = np.frombuffer(raw, np.uint8)
    blocks = range(start, end, _BLOCK)
    return sum(int(np.count_nonzero(text[at : min(at + _BLOCK, end)] == _COMMA)) for at in blocks)


def _pieces(raw: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at commas, each piece (comma left out) at most a block where a comma allows it."""
    while start <= end:
        cut = end
        if start + _BLOCK < end:
            cut = raw.rfind(b",", start, start + _BLOCK)
            if cut < 0:
                cut = raw.find(b",", start, end)
            cut = end if cut < 0 else cut
        yield start, cut
        start = cut + 1


class _Keys:
    """The growing result: uint16 until a key needs more."""

    def __init__(self, count: int) -> None:
        self._keys: Integers = np.empty(count, np.uint16)
        self._filled = 0

    def append(self, found: Integers) -> None:
        """Add the keys of one piece, widening what is there if need be."""
        if found.dtype.itemsize > self._keys.dtype.itemsize:
            self._widen(found)
        self._keys[self._filled : self._filled + found.size] = found
        self._filled += found.size

    def _widen(self, found: Integers) -> None:
        low, high = int(found.min()), int(found.max())
        if low >= 0 and high <= 0xFFFF:
            return
        wide = np.int32 if low >= -(1 << 31) and high < 1 << 31 else np.int64
        self._keys = self._keys.astype(np.promote_types(self._keys.dtype, wide), copy=False)

    def finished(self) -> Integers:
        """All keys; every piece has been appended."""
        return self._keys[: self._filled]


class _BlockReader:
    """Reads pieces of plain non-negative numbers, separated by commas with blanks after them, at full speed."""

    def __init__(self) -> None:
        self._block = np.empty(_PAD + _BLOCK + 1, np.uint8)
        self._block[:_PAD] = _COMMA
        self._readings: tuple[Reading, ...] = (_two_digits, _up_to_four_digits, _up_to_eight_digits)
        self._first = 0  # the reading that served the piece before

    def read(self, raw: bytes, start: int, end: int) -> Numbers | None:
        """The numbers of one piece, or None where it holds anything but plain numbers."""
        size = end - start
        if not 0 < size <= _BLOCK:
            return None
        block = self._block[: _PAD + size + 1]
        block[_PAD:-1] = np.frombuffer(raw, np.uint8, size, start)
        block[-1] = _COMMA
        flags = digit_flags(block)
        commas = block[_PAD:] == _COMMA
        digits = int(np.count_nonzero(flags))
        if not _only_numbers(block, flags, commas, digits=digits):
            return None
        return self._numbers(block, flags, np.flatnonzero(commas), digits=digits)

    def _numbers(self, block: Bytes, flags: Bytes, ends: Positions, *, digits: int) -> Numbers | None:
        pairs = digit_pairs(block, flags)
        ends += _PAD - 1
        for index in range(self._first, len(self._readings)):
            numbers = self._readings[index](pairs, flags, ends)
            # A number is never written with fewer digits than it needs. So if all digits of the piece are needed, none
            # is a leading zero, none stands apart from its number and none was beyond this reading's width.
            if count_digits(numbers) == digits:
                self._first = index
                return numbers
        return None


def _only_numbers(block: Bytes, flags: Bytes, commas: NDArray[np.bool_], *, digits: int) -> bool:
    """Whether there is nothing but digits, commas that follow a digit, and blanks."""
    after_digit = commas.view(np.uint8) & flags[_PAD - 1 : -1]
    numbers = int(np.count_nonzero(commas))
    if int(np.count_nonzero(after_digit)) != numbers:
        return False
    missing = commas.size - numbers - digits
    for blank in _BLANKS:
        if missing:
            missing -= int(np.count_nonzero(block == blank))
    return missing == 0


def _two_digits(pairs: Bytes, _flags: Bytes, last: Positions) -> Numbers:
    return pairs.take(last)


def _up_to_four_digits(pairs: Bytes, flags: Bytes, last: Positions) -> Numbers:
    return digit_quads(pairs, flags).take(last)


def _up_to_eight_digits(pairs: Bytes, flags: Bytes, last: Positions) -> Numbers:
    quads = digit_quads(pairs, flags)
    numbers = quads.take(last - 4).astype(np.uint32)
    numbers *= four_digits(flags).take(last)
    numbers *= np.uint32(10_000)
    numbers += quads.take(last)
    return numbers


def _exact_or_located(raw: bytes, start: int, end: int) -> Integers:
    try:
        return _exact(raw[start:end])
    except (_Odd, ValueError, RecursionError):
        _locate(raw, start)


def _exact(piece: bytes) -> Integers:
    """Let JSON read one piece. A list of pieces without an empty one is a valid array if and only if each piece is."""
    values = json.loads("[" + piece.decode("ascii") + "]", parse_constant=_refuse)
    if not values:
        raise _Odd
    if set(map(type, values)) != {int}:
        values = [_whole(value) for value in values]
    try:
        return np.array(values, np.int64)
    except OverflowError:
        raise _Odd from None


def _refuse(_constant: str) -> NoReturn:
    raise _Odd


def _whole(value: object) -> int:
    if value is None:
        return NULL_KEY
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    raise _Odd


def _skip_blanks(raw: bytes, at: int) -> int:
    blank = _BLANK.match(raw, at)
    return blank.end() if blank else at


def _locate(raw: bytes, at: int) -> NoReturn:
    """Word the first mistake at or after ``at``, which is where an element begins."""
    while True:
        plain = _PLAIN_RUN.match(raw, at)
        at = _skip_blanks(raw, plain.end() if plain else at)
        at = _skip_blanks(raw, _element_end(raw, at))
        follower = raw[at : at + 1]
        if follower == b"]":
            at = _skip_blanks(raw, at + 1)
            _fail(f"text after the closing bracket, {_quoted(raw, at)}", at)
        if follower != b",":
            _fail(_unexpected(raw, at), at)
        at += 1


def _element_end(raw: bytes, at: int) -> int:
    """End of the label key that begins at ``at``; raises where there is none."""
    if raw.startswith(b"null", at):
        return at + 4
    number = _NUMBER.match(raw, at)
    if number is None:
        _fail(_unexpected(raw, at), at)
    text = number.group()
    if text[-1:].isdigit() and raw[number.end() : number.end() + 1].isdigit():
        _fail(f"a number with a leading zero, {_quoted(raw, at)}", at)
    if set(text) & set(b".eE") and not float(text).is_integer():
        _fail(f"a number that is not whole, {_quoted(raw, at)}", at)
    if len(text) > 300 or not -(1 << 63) <= (float(text) if set(text) & set(b".eE") else int(text)) < 1 << 63:
        _fail("a number beyond 64 bits", at)
    return number.end()


def _unexpected(raw: bytes, at: int) -> str:
    if at >= len(raw):
        return "the end of the file, so it is cut short"
    kinds = {b'"': "a text", b"t": "a truth value", b"f": "a truth value", b"[": "a nested list", b"{": "an object"}
    return f"{kinds.get(raw[at : at + 1], 'unexpected text')}, {_quoted(raw, at)}"


def _quoted(raw: bytes, at: int) -> str:
    return repr(raw[at : at + 20].decode("utf-8", "replace"))


def _fail(what: str, at: int) -> NoReturn:
    raise MaskFormatError(f"The mask holds {what}, at byte {at}.", position=at, next_step=_NEXT_STEP)
