"""Mask files: a JSON array of label keys in text, a NumPy array, the ``.label`` of SemanticKITTI, or a point cloud
whose column ``label_key``, ``label`` or ``classification`` carries them, as the older form of the service does.

The kind of file is sniffed from its first bytes; only ``.label`` files bear no mark and are told by their name.
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
from app.formats.npy import holds_points, looks_like_npy, read_npy_header, read_npy_values

MAX_TEXT = 1 << 28  # bytes of text that a gzip file may unfold to: about 60 million points
KEY_COLUMNS = ("label_key", "label", "classification")
_RAW_KEYS = ".label"
_FIRST_KEY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*(?:-?[0-9]|null|\])")
_WHOLE = 0.01  # a label key stored as float may be this far from a whole number

_NO_MASK = "Check that the address of the mask points to a mask file."
_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_PAGE_MESSAGE = "The mask is an HTML or XML page, perhaps an error message of a server."
_DAMAGED = "Fetch the file again; if it stays damaged, report it to the annotation service."


def decode_mask(raw: bytes, *, name: str = "", max_text: int = MAX_TEXT) -> Mask:
    """Read the label keys of one frame, in file order, from the bytes of a mask file.

    Accepts a JSON array of whole numbers (``16.0`` counts as 16, ``null`` becomes NULL_KEY), plain or gzipped
    (up to ``max_text`` bytes of text), a NumPy array of whole numbers, a point cloud with a column of label keys, and
    where ``name`` (a file name or an address) ends in ``.label`` uint32 values. Raises MaskFormatError, with the byte
    position where one can be named, for everything else.
    """
    if is_raw_keys(name):
        return _mask_of_raw_keys(raw)
    if raw[:2] == b"\x1f\x8b":
        raw = _gunzip(raw, limit=max_text)
    _refuse_other_kinds(raw)
    if looks_like_npy(raw[:8]):
        return _mask_of_array(raw)
    if looks_like_cloud(raw[:512]):
        return _mask_of_cloud_file(raw)
    return Mask(frozen(label_keys_of_text(raw)))


def is_raw_keys(name: str) -> bool:
    """Whether a file of this name, or at this address, holds bare uint32 label keys."""
    return name.partition("?")[0].partition("#")[0].lower().endswith(_RAW_KEYS)


def looks_like_mask(head: bytes, *, name: str) -> bool:
    """Whether a file is meant as a mask, by its first bytes and its name; a cloud counts, its columns are unknown."""
    if is_raw_keys(name) or head.startswith(b"\x1f\x8b"):
        return True
    return _FIRST_KEY.match(head) is not None or looks_like_cloud(head)


def is_cloud_with_keys(head: bytes, *, name: str) -> bool:
    """Whether a mask with these first bytes is a point cloud, to be read as one; arrays may be a mask by themselves."""
    return looks_like_cloud(head) and not looks_like_npy(head) and not is_raw_keys(name)


def key_column(cloud: PointCloud) -> str | None:
    """The column of a cloud that is its own mask, None without one."""
    return next((name for name in KEY_COLUMNS if name in cloud.columns), None)


def mask_of_cloud(cloud: PointCloud) -> Mask:
    """Take the mask out of a cloud's column ``label_key``, ``label`` or ``classification``; float keys are rounded.

    Raises MaskFormatError where the column is missing, holds several values per point or no whole numbers.
    """
    name = key_column(cloud)
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


def _mask_of_raw_keys(raw: bytes) -> Mask:
    if _PAGE.match(raw):
        raise MaskFormatError(_PAGE_MESSAGE, position=0, next_step=_NO_MASK)
    if len(raw) % 4:
        message = f"The mask has {len(raw):,} bytes, which is no whole number of label keys of 4 bytes."
        raise MaskFormatError(message, position=len(raw), next_step=_DAMAGED)
    return Mask(frozen(compact_keys(np.frombuffer(raw, "<u4"))))


def _mask_of_array(raw: bytes) -> Mask:
    """Of a plain array every value is a key; one with named fields, or with columns of floats, is a point cloud."""
    try:
        header = read_npy_header(io.BytesIO(raw))
        if not header.whole_numbers and holds_points(header):
            return mask_of_cloud(read_cloud(io.BytesIO(raw)))
        keys = _whole_numbers(read_npy_values(io.BytesIO(raw)), name="label key")
    except CloudFormatError as error:
        raise MaskFormatError(error.message, position=error.position, next_step=error.next_step) from error
    return Mask(frozen(compact_keys(keys)))


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
        raise MaskFormatError(_PAGE_MESSAGE, position=0, next_step=_NO_MASK)


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
