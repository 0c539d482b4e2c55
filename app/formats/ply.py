"""PLY files, the Stanford polygon format: the points of ascii and binary files of either byte order.

Source: http://paulbourke.net/dataformats/ply/. Faces and other elements are skipped; the points may come at any place.
"""

import io
import re
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from app.domain.point_cloud import FieldSpec, PointCloud
from app.errors import CloudFormatError
from app.formats.cloud_header import CloudHeader, require_xyz
from app.formats.cloud_lines import read_lines
from app.formats.cloud_records import read_records

_TYPES = {
    "char": ("I", 1),
    "uchar": ("U", 1),
    "bool": ("U", 1),
    "short": ("I", 2),
    "ushort": ("U", 2),
    "int": ("I", 4),
    "uint": ("U", 4),
    "float": ("F", 4),
    "double": ("F", 8),
    **{f"{name}{bits}": (kind, bits // 8) for name, kind in (("int", "I"), ("uint", "U")) for bits in (8, 16, 32, 64)},
    **{f"float{bits}": ("F", bits // 8) for bits in (32, 64)},
}
_ENCODINGS = {"ascii": "<", "binary_little_endian": "<", "binary_big_endian": ">"}
_MAX_HEADER = 1 << 16  # bytes; real headers have a few hundred
_COUNT = re.compile(r"[0-9]{1,18}")
_NEXT_STEP = "Check how the file was written, or fetch it again."


@dataclass(frozen=True)
class _Property:
    """One value, or with ``length`` a list of values behind its length."""

    value: FieldSpec
    length: FieldSpec | None = None


@dataclass(frozen=True)
class _Element:
    """A table of the file with its columns."""

    name: str
    count: int
    properties: tuple[_Property, ...]


@dataclass(frozen=True)
class _Header:
    version: str
    encoding: str
    elements: tuple[_Element, ...]
    data_offset: int


def looks_like_ply(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a PLY header."""
    return re.match(rb"ply[ \t]*\r?\n", head) is not None


def read_ply(stream: BinaryIO, *, free: int | None = None) -> PointCloud:
    """Read the element ``vertex`` of a PLY file from a seekable stream at its current position, in file order.

    Doubles and wide integers get an origin as in PCD files; every property keeps its type. What the header declares
    is checked against the size of the stream before anything is allocated. Raises CloudFormatError, and TooLargeError
    where the points need more than ``free`` bytes of memory.
    """
    header = _read_header(stream)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(header.data_offset)
    points = _skip_to_points(stream, header)
    cloud_header = _cloud_header(header, points, data_offset=stream.tell())
    read = read_lines if header.encoding == "ascii" else read_records
    return read(stream, cloud_header, size=size, free=free)


def _read_header(stream: BinaryIO) -> _Header:
    start = stream.tell()
    encoding, version = "", ""
    elements: list[_Element] = []
    while (words := _header_words(stream, start))[:1] != ["end_header"]:
        if words[:1] == ["format"] and len(words) == 3:
            encoding, version = words[1:]
        elif words[:1] == ["element"] and len(words) == 3:
            elements.append(_Element(words[1], _count(words[2]), ()))
        elif words[:1] == ["property"]:
            if not elements:
                _fail("The PLY header has a property before its first element")
            last = elements[-1]
            elements[-1] = _Element(last.name, last.count, (*last.properties, _property(words)))
        elif words and words[0] not in ("ply", "comment", "obj_info"):
            _fail(f"The PLY header has the unreadable line {' '.join(words)!r:.80}")
    if encoding not in _ENCODINGS:
        _fail(f"The PLY header names the unknown encoding {encoding!r:.40}")
    return _Header(version, encoding, tuple(elements), stream.tell())


def _header_words(stream: BinaryIO, start: int) -> list[str]:
    room = _MAX_HEADER - (stream.tell() - start)
    line = stream.readline(room) if room > 0 else b""
    if not line.endswith(b"\n"):
        _fail("The header of the PLY file has no end_header line", position=stream.tell())
    return line.decode("utf-8", "replace").split()


def _property(words: list[str]) -> _Property:
    if len(words) == 5 and words[1] == "list":
        return _Property(_field(words[4], words[3]), _field("length", words[2]))
    if len(words) != 3:
        _fail(f"The PLY header has the unreadable line {' '.join(words)!r:.80}")
    return _Property(_field(words[2], words[1]))


def _field(name: str, type_name: str) -> FieldSpec:
    if type_name not in _TYPES:
        _fail(f"The PLY property {name[:40]} has the unknown type {type_name!r:.40}")
    kind, size = _TYPES[type_name]
    return FieldSpec(name, kind, size, 1)


def _count(word: str) -> int:
    return int(word) if _COUNT.fullmatch(word) else _fail(f"The PLY header counts {word!r:.40} of an element")


def _skip_to_points(stream: BinaryIO, header: _Header) -> _Element:
    """Leave the stream at the first point and return the element that the points are."""
    for element in header.elements:
        if element.name == "vertex":
            return element
        _skip(stream, element, encoding=header.encoding)
    names = ", ".join(element.name for element in header.elements) or "nothing"
    return _fail(f"The PLY file has no element vertex, only {names:.200}")


def _skip(stream: BinaryIO, element: _Element, *, encoding: str) -> None:
    lists = any(prop.length for prop in element.properties)
    if encoding != "ascii" and not lists:
        stream.seek(element.count * sum(prop.value.size for prop in element.properties), io.SEEK_CUR)
        return
    for _ in range(element.count):
        if encoding == "ascii":
            ended = not stream.readline()
        else:
            ended = not all(_skip_property(stream, prop, encoding=encoding) for prop in element.properties)
        if ended:
            message = f"The PLY file is cut short within its element {element.name:.40}, before any point"
            _fail(message, position=stream.tell())


def _skip_property(stream: BinaryIO, prop: _Property, *, encoding: str) -> bool:
    """Whether the file went on where the property begins, or for a list where its length should be."""
    count = 1
    if prop.length is not None:
        length = stream.read(prop.length.size)
        if len(length) < prop.length.size or prop.length.kind == "F":
            return False
        order = "little" if _ENCODINGS[encoding] == "<" else "big"
        count = int.from_bytes(length, order, signed=prop.length.kind == "I")  # type: ignore[arg-type]
    if not 0 <= count < 1 << 40:
        return False
    stream.seek(count * prop.value.size, io.SEEK_CUR)
    return True


def _cloud_header(header: _Header, points: _Element, *, data_offset: int) -> CloudHeader:
    lists = [prop.value.name for prop in points.properties if prop.length]
    if lists:
        _fail(f"The points of the PLY file carry the list {lists[0]:.40}, which this program does not read")
    fields = tuple(prop.value for prop in points.properties)
    require_xyz(fields)
    return CloudHeader(
        format="ply",
        version=header.version,
        fields=fields,
        width=points.count,
        height=1,
        points=points.count,
        encoding=header.encoding,
        data_offset=data_offset,
        byte_order=_ENCODINGS[header.encoding],
    )


def _fail(message: str, *, position: int | None = None) -> NoReturn:
    raise CloudFormatError(f"{message}.", position=position, next_step=_NEXT_STEP)
