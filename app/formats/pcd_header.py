"""The header of a PCD file: text lines up to ``DATA``.

Source: https://pointclouds.org/documentation/tutorials/pcd_file_format.html and the reader of the Point Cloud
Library, which also writes the versions ``.5`` and ``.7``, files without VIEWPOINT, and COUNT 0.
"""

import re
from collections.abc import Mapping
from typing import BinaryIO, NoReturn

from app.domain.point_cloud import FieldSpec
from app.errors import CloudFormatError
from app.formats.cloud_header import CloudHeader, require_xyz

ENCODINGS = ("ascii", "binary", "binary_compressed")
_KINDS = {"F": (4, 8), "I": (1, 2, 4, 8), "U": (1, 2, 4, 8)}
_KEYS = ("VERSION", "FIELDS", "COLUMNS", "SIZE", "TYPE", "COUNT", "WIDTH", "HEIGHT", "VIEWPOINT", "POINTS", "DATA")
_MAX_HEADER = 1 << 16  # bytes; real headers have about 200
_MAX_RECORD = 1 << 20  # bytes of one point
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NEXT_STEP = "Check how the file was written, or fetch it again."

Lines = Mapping[str, list[str]]


def looks_like_pcd(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a PCD header: ``# .PCD``, ``VERSION`` or ``FIELDS``."""
    return (
        re.match(rb"(?:\xef\xbb\xbf)?(?:\s*#[^\n]*\n)*\s*(?:#\s*\.PCD|VERSION\b|FIELDS\b|COLUMNS\b)", head) is not None
    )


def read_header(stream: BinaryIO) -> CloudHeader:
    """Read the header and leave the stream at the first byte of the points; raises CloudFormatError."""
    lines = _header_lines(stream)
    fields = _fields(lines)
    points, width, height = _extent(lines)
    return CloudHeader(
        format="pcd",
        version=_first(lines, "VERSION", default=""),
        fields=fields,
        width=width,
        height=height,
        points=points,
        viewpoint=_viewpoint(lines),
        encoding=_encoding(lines),
        data_offset=stream.tell(),
    )


def _header_lines(stream: BinaryIO) -> dict[str, list[str]]:
    start = stream.tell()
    lines: dict[str, list[str]] = {}
    while "DATA" not in lines:
        room = _MAX_HEADER - (stream.tell() - start)
        line = stream.readline(room) if room > 0 else b""
        if not line.endswith(b"\n") and not line.lstrip().upper().startswith(b"DATA"):
            _fail("The header of the PCD file has no DATA line", position=stream.tell())
        words = line.decode("utf-8-sig", "replace").split()
        if words and words[0].upper() in _KEYS:
            lines[words[0].upper()] = words[1:]
    return lines


def _fields(lines: Lines) -> tuple[FieldSpec, ...]:
    names = lines.get("FIELDS") or lines.get("COLUMNS") or _fail("The PCD header names no FIELDS")
    sizes = _per_field(lines, "SIZE", len(names))
    kinds = _per_field(lines, "TYPE", len(names))
    counts = _per_field(lines, "COUNT", len(names)) if "COUNT" in lines else ["1"] * len(names)
    fields = tuple(
        FieldSpec(name, kind.upper(), _whole("SIZE", size), _whole("COUNT", count))
        for name, kind, size, count in zip(names, kinds, sizes, counts, strict=True)
    )
    for field in fields:
        if field.size not in _KINDS.get(field.kind, ()):
            _fail(f"The PCD field {field.name} has the unknown type {field.kind} of {field.size} bytes")
    if sum(field.size * field.count for field in fields) > _MAX_RECORD:
        _fail("The PCD header declares points of more than a megabyte each")
    require_xyz(fields)
    return fields


def _extent(lines: Lines) -> tuple[int, int, int]:
    """Points, width and height; either the first or the other two may be missing."""
    declared = {key: _whole(key, _first(lines, key)) for key in ("POINTS", "WIDTH", "HEIGHT") if key in lines}
    if "WIDTH" not in declared and "POINTS" not in declared:
        _fail("The PCD header has neither POINTS nor WIDTH")
    height = declared.get("HEIGHT", 1)
    width = declared.get("WIDTH", declared.get("POINTS", 0) // max(height, 1))
    points = declared.get("POINTS", width * height)
    if points != width * height:
        _fail(f"The PCD header contradicts itself: {points} points, but width {width} times height {height}")
    return points, width, height


def _viewpoint(lines: Lines) -> tuple[float, ...] | None:
    if "VIEWPOINT" not in lines:
        return None
    try:
        return tuple(float(word) for word in lines["VIEWPOINT"])
    except ValueError:
        _fail(f"The PCD header has an unreadable VIEWPOINT, {' '.join(lines['VIEWPOINT'])!r:.80}")


def _encoding(lines: Lines) -> str:
    encoding = _first(lines, "DATA").lower()
    if encoding not in ENCODINGS:
        _fail(f"The PCD header names the unknown encoding {encoding!r:.40}")
    return encoding


def _per_field(lines: Lines, key: str, count: int) -> list[str]:
    words = lines.get(key, [])
    if len(words) != count:
        _fail(f"The PCD header has {count} FIELDS but {len(words)} values of {key}")
    return words


def _first(lines: Lines, key: str, *, default: str | None = None) -> str:
    words = lines.get(key)
    if words:
        return words[0]
    return default if default is not None else _fail(f"The PCD header has no value for {key}")


def _whole(key: str, word: str) -> int:
    if not _NUMBER.fullmatch(word):
        _fail(f"The PCD header has {word!r:.40} for {key} instead of a whole number")
    if word.startswith("-"):
        _fail(f"The PCD header has the negative number {word} for {key}")
    return int(word)


def _fail(message: str, *, position: int | None = None) -> NoReturn:
    raise CloudFormatError(f"{message}.", position=position, next_step=_NEXT_STEP)
