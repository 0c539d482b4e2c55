"""Mask files: a JSON array of label keys in text, or the older form, a PCD whose column ``label_key`` carries them.

The kind of file is sniffed from its first bytes; a file name says nothing.
"""

import io
import re
import zlib

import numpy as np

from app.domain.arrays import Integers, frozen
from app.domain.mask import Mask
from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError, MaskFormatError
from app.formats.clouds import looks_like_cloud, read_cloud
from app.formats.mask_text import label_keys_of_text

MAX_TEXT = 1 << 28  # bytes of text that a gzip file may unfold to: about 60 million points
KEY_COLUMNS = ("label_key", "label")
_WHOLE = 0.01  # a label key stored as float may be this far from a whole number

_NO_MASK = "Check that the address of the mask points to a mask file."
_DAMAGED = "Fetch the file again; if it stays damaged, report it to the annotation service."


def decode_mask(raw: bytes, *, max_text: int = MAX_TEXT) -> Mask:
    """Read the label keys of one frame, in file order, from the bytes of a mask file.

    Accepts a JSON array of whole numbers (``16.0`` counts as 16, ``null`` becomes NULL_KEY), plain or gzipped
    (up to ``max_text`` bytes of text), and a PCD with a column ``label_key``. Raises MaskFormatError, with the
    byte position where one can be named, for everything else.
    """
    if raw[:2] == b"\x1f\x8b":
        raw = _gunzip(raw, limit=max_text)
    _refuse_other_kinds(raw)
    if looks_like_cloud(raw[:512]):
        return _mask_of_cloud_file(raw)
    return Mask(frozen(label_keys_of_text(raw)))


def mask_of_cloud(cloud: PointCloud) -> Mask:
    """Take the mask out of a cloud's column ``label_key`` (or ``label``); float keys are rounded.

    Raises MaskFormatError where the column is missing, holds several values per point or no whole numbers.
    """
    name = next((name for name in KEY_COLUMNS if name in cloud.columns), None)
    if name is None:
        fields = ", ".join(["x", "y", "z", *cloud.columns])
        raise MaskFormatError(f"The point cloud has no column label_key, only {fields}.", next_step=_NO_MASK)
    column = cloud.columns[name]
    if column.ndim != 1:
        raise MaskFormatError(
            f"The column {name} holds {column.shape[1]} values per point instead of one label key.", next_step=_NO_MASK
        )
    return Mask(frozen(compact_keys(_whole_numbers(column, name=name))))


def compact_keys(keys: Integers) -> Integers:
    """The narrowest of uint16, int32 and int64 that holds all ``keys``; the array itself where it fits already."""
    low, high = int(keys.min(initial=0)), int(keys.max(initial=0))
    if low >= 0 and high <= 0xFFFF:
        return keys.astype(np.uint16, copy=False)
    if low >= -(1 << 31) and high < 1 << 31:
        return keys.astype(np.int32, copy=False)
    if high >= 1 << 63:
        raise MaskFormatError(f"The label key {high} does not fit 64 bits.", next_step=_DAMAGED)
    return keys.astype(np.int64, copy=False)


def _whole_numbers(column: Integers, *, name: str) -> Integers:
    if column.dtype.kind != "f":
        return column
    with np.errstate(invalid="ignore"):
        rounded = np.rint(column)
        wrong = ~(np.abs(column - rounded) <= _WHOLE) | ~(np.abs(rounded) < float(1 << 63))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MaskFormatError(
            f"Point {row} has the {name} {column[row]}, which is not a whole number.", next_step=_DAMAGED
        )
    return rounded.astype(np.int64)


def _mask_of_cloud_file(raw: bytes) -> Mask:
    try:
        return mask_of_cloud(read_cloud(io.BytesIO(raw)))
    except CloudFormatError as error:
        raise MaskFormatError(error.message, position=error.position, next_step=error.next_step) from error


def _refuse_other_kinds(raw: bytes) -> None:
    if raw.startswith(b"\x89PNG"):
        raise MaskFormatError(
            "The mask is a PNG picture, as used for labelled images, not a list of label keys.",
            position=0,
            next_step=_NO_MASK,
        )
    if raw.startswith(b"\x1f\x8b"):
        raise MaskFormatError("The mask is compressed twice.", position=0, next_step=_DAMAGED)
    if re.match(rb"\s*<", raw[:512]):
        raise MaskFormatError(
            "The mask is an HTML or XML page, perhaps an error message of a server.", position=0, next_step=_NO_MASK
        )


def _gunzip(raw: bytes, *, limit: int) -> bytes:
    text = bytearray()
    rest = raw
    try:
        while rest:
            stream = zlib.decompressobj(wbits=31)
            text += stream.decompress(rest, limit + 1 - len(text))
            if len(text) > limit:
                raise MaskFormatError(
                    f"The compressed mask unfolds to more than {limit:,} bytes.",
                    next_step="Report the file as damaged.",
                )
            if not stream.eof:
                raise MaskFormatError("The compressed mask is cut short.", position=len(raw), next_step=_DAMAGED)
            rest = stream.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise MaskFormatError(f"The compressed mask is damaged ({error}).", next_step=_DAMAGED) from error
    return bytes(text)
