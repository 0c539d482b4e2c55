"""Points in text, a line each: read in blocks, with an exact reader for anything unusual."""

from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bytes, Float64
from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.cloud_columns import Placed, Target, choose_origin, place_coordinates
from app.formats.cloud_header import CloudHeader
from app.formats.cloud_lines_exact import ExactLines
from app.formats.cloud_records import cut_short
from app.formats.decimals import LINE_END, PAD, decimal_lines

_BLOCK = 1 << 17  # bytes: stays in the processor's cache
_LONGEST_VALUE = 64  # bytes of text per number, generously
_EXACT_IN_FLOAT = float(1 << 53)
_NEXT_STEP = "Fetch the file again, or check how it was written."


def read_lines(stream: BinaryIO, header: CloudHeader, *, size: int, free: int | None = None) -> PointCloud:
    """Read all points; ``size`` is the size of the stream.

    Values are rounded as ``float()`` and a conversion to the field's type round them. Raises CloudFormatError, with the
    byte position, where a line has too few or too many values, a value is no number or does not fit its type, and
    TooLargeError where the points need more than ``free`` bytes.
    """
    if 2 * header.points * header.values_per_point > size - header.data_offset + 1:
        raise _too_few_bytes(header, size=size)
    rows = _Rows(header, free=free)
    lines = _LineBlocks(stream, header)
    while rows.missing and lines.advance():
        rows.add(lines)
    if rows.missing:
        raise CloudFormatError(
            f"The point cloud is cut short: {header.points:,} points are declared, {rows.filled:,} are there.",
            position=size,
            next_step=_NEXT_STEP,
        )
    trailing = 0 if lines.only_blanks_after(rows.end) else size - rows.end
    return rows.cloud(trailing_bytes=trailing)


def _too_few_bytes(header: CloudHeader, *, size: int) -> CloudFormatError:
    error = cut_short(header, size=size)
    message = (
        f"The point cloud is cut short: its header declares {header.points:,} points of {header.values_per_point} "
        f"values, but only {max(0, size - header.data_offset):,} bytes of text follow."
    )
    return CloudFormatError(message, position=error.position, next_step=_NEXT_STEP)


class _LineBlocks:
    """Whole lines of the stream, one block after the other in the same buffer."""

    def __init__(self, stream: BinaryIO, header: CloudHeader) -> None:
        room = max(_BLOCK, _LONGEST_VALUE * header.values_per_point)
        self._stream = stream
        self._buffer = bytearray(PAD + room + 1)
        self._buffer[:PAD] = bytes([LINE_END]) * PAD
        self._bytes = np.frombuffer(self._buffer, np.uint8)
        self._used = PAD  # end of the lines handed out
        self._filled = PAD  # end of what has been read
        self.offset = header.data_offset  # in the file, of the first line of the block

    @property
    def padded(self) -> Bytes:
        """The block with PAD line ends before it, as the fast reader wants it."""
        return self._bytes[: self._used]

    @property
    def text(self) -> bytes:
        """The block's lines."""
        return bytes(self._buffer[PAD : self._used])

    def advance(self) -> bool:
        """Go to the next block; False at the end of the file."""
        self.offset += self._used - PAD
        rest = self._filled - self._used
        self._bytes[PAD : PAD + rest] = self._bytes[self._used : self._filled].copy()
        self._filled = PAD + rest
        ended = self._fill()
        if ended and self._filled > PAD and self._buffer[self._filled - 1] != LINE_END:
            self._buffer[self._filled] = LINE_END
            self._filled += 1
        self._used = self._buffer.rfind(b"\n", PAD, self._filled) + 1 or PAD
        if self._used == PAD and self._filled > PAD:
            raise CloudFormatError("A line of the point cloud is too long.", position=self.offset, next_step=_NEXT_STEP)
        return self._used > PAD

    def _fill(self) -> bool:
        """Read until the buffer is full or the file ends; True at its end."""
        limit = len(self._buffer) - 1
        while self._filled < limit:
            data = self._stream.read(limit - self._filled)
            if not data:
                return True
            self._buffer[self._filled : self._filled + len(data)] = data
            self._filled += len(data)
        return False

    def only_blanks_after(self, position: int) -> bool:
        """Whether nothing but blanks follows the ``position`` in the file, which lies in or before this block."""
        begin = PAD + max(0, position - self.offset)
        rest = bytes(self._buffer[begin : self._filled]).strip()
        while not rest and (data := self._stream.read(_BLOCK)):
            rest = data.strip()
        return not rest


class _Rows:
    """The rows of the result, filled from the first to the last."""

    def __init__(self, header: CloudHeader, *, free: int | None) -> None:
        self._header = header
        self._target = Target.of(header, free=free)
        self._exact = ExactLines(header, self._target)
        # Coordinates that need an origin are kept in float64 until all are known.
        self._xyz: NDArray[Any] = np.empty((header.points, 3)) if self._target.wide else self._target.xyz
        self._tidy = True
        self.filled = 0
        self.end = header.data_offset  # in the file, after the last row

    @property
    def missing(self) -> int:
        """Rows still to be filled."""
        return self._header.points - self.filled

    def add(self, lines: _LineBlocks) -> None:
        """Read the lines of a block: fast, else with its blanks put in order, else exactly."""
        values = decimal_lines(lines.padded, columns=self._header.values_per_point) if self._tidy else None
        if values is None:
            tidied = _with_single_blanks(lines.padded)
            if tidied is not None:
                values = decimal_lines(tidied, columns=self._header.values_per_point)
                self._tidy = values is None
        if values is None or len(values) > self.missing or not self._place(values):
            self._add_exactly(lines)
            return
        self.filled += len(values)
        self.end = lines.offset + lines.padded.size - PAD

    def _place(self, values: Float64) -> bool:
        """Copy parsed values to their columns; False, with nothing kept, where one does not fit its integer type."""
        target, rows = self._target, slice(self.filled, self.filled + len(values))
        fields = (*target.axes, *target.others)
        if not all(_fits(_of_field(values, field), field.dtype) for field in fields):
            return False
        with np.errstate(over="ignore"):
            for place, axis in enumerate(target.axes):
                self._xyz[rows, place] = values[:, axis.value_offset]
            for field in target.others:
                target.columns[field.name][rows] = _of_field(values, field)
        return True

    def _add_exactly(self, lines: _LineBlocks) -> None:
        found = self._exact.read(lines.text, offset=lines.offset, row=self.filled, xyz=self._xyz)
        self.filled, self.end = found

    def cloud(self, *, trailing_bytes: int) -> PointCloud:
        """The finished cloud."""
        origin = np.zeros(3)
        if self._target.wide:
            origin = choose_origin(self._xyz)
            place_coordinates(self._xyz, origin, self._target.xyz)
        return self._target.cloud(self._header, origin=origin, trailing_bytes=trailing_bytes)


def _of_field(values: Float64, field: Placed) -> Float64:
    if field.count == 1:
        return values[:, field.value_offset]
    return values[:, field.value_offset : field.value_offset + field.count]


def _fits(values: Float64, dtype: np.dtype[Any]) -> bool:
    """Whether values can be stored in ``dtype`` without losing anything but float32 rounding."""
    if dtype.kind == "f":
        return True
    limits = np.iinfo(dtype)
    low, high = max(float(limits.min), -_EXACT_IN_FLOAT), min(float(limits.max), _EXACT_IN_FLOAT - 1)
    within = bool(((values >= low) & (values <= high)).all())
    return within and bool((values == np.rint(values)).all())


def _with_single_blanks(padded: Bytes) -> Bytes | None:
    """The block with one blank between numbers and one line end between lines; None where nothing had to change."""
    before = padded[PAD:].tobytes()
    text = before.translate(bytes.maketrans(b"\t\r\v\f", b"    "))
    for pair, single in ((b"  ", b" "), (b" \n", b"\n"), (b"\n ", b"\n"), (b"\n\n", b"\n")):
        while pair in text:
            text = text.replace(pair, single)
    text = text.lstrip()
    if not text or text == before:
        return None
    return np.frombuffer(bytes([LINE_END]) * PAD + text, np.uint8)
