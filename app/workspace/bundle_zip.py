"""The container of a bundle: a ZIP archive, read with suspicion.

Source of the format: PKWARE's APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14 to 4.3.16 (its
end) and 4.5.3 (ZIP64). The reader of the standard library makes an object of every entry before anybody can refuse
the archive, which a million entries turn into hundreds of megabytes; this one ends at the first entry that no bundle
has.
"""

import re
import stat
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from app.domain.finding import printable
from app.errors import BundleFormatError

MANIFEST_NAME = "manifest.json"
FILES_FOLDER = "files/"
MAX_ENTRIES = 50_000
MAX_DIRECTORY = 8 << 20  # bytes
MAX_RATIO = 200  # of the size to that in the archive; what the services send stays below 20
RATIO_FLOOR = 64 << 10  # bytes: a small file may compress as well as it likes
MAX_DEFLATED = 128 << 20  # bytes: what is compressed is read as a whole, so only smaller texts are
STORED, DEFLATED = 0, 8
LOCAL_HEADER = struct.Struct("<4s2B4H3L2H")
LOCAL_MARK = b"PK\x03\x04"

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LONGEST_COMMENT = 0xFFFF
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_MARK = b"PK\x06\x07"
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LARGE_END_MARK = b"PK\x06\x06"
_RECORD = struct.Struct("<4s4B4H3L5H2L")
_RECORD_MARK = b"PK\x01\x02"
_LARGE_EXTRA = 1
_SHORT, _LONG = 0xFFFF, 0xFFFFFFFF  # in their fields these say: look into the ZIP64 record
_ENCRYPTED = 0x2041  # flag bits: encrypted, strong encryption, masked headers
_NAME = re.compile(rb"manifest\.json|files/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive: where its local header starts, bytes in the archive and bytes of its content."""

    name: str
    offset: int
    stored_size: int
    size: int
    method: int
    crc: int


@dataclass(frozen=True)
class _Directory:
    """Where the directory lies and how many entries it should have."""

    offset: int
    size: int
    count: int


def read_directory(stream: BinaryIO, length: int) -> dict[str, Entry]:
    """Every entry by name, the manifest first; ``length`` is that of the whole archive in bytes.

    Raises BundleFormatError for anything but a whole archive of one manifest and files named by their SHA-256.
    """
    place = _find_directory(stream, length)
    stream.seek(place.offset)
    raw = stream.read(place.size)
    entries: dict[str, Entry] = {}
    position = 0
    while position < len(raw):
        entry, position = _read_record(raw, position)
        if entry.name in entries:
            raise refused(f"it holds {entry.name} twice")
        entries[entry.name] = entry
    if len(entries) != place.count:
        raise refused(f"it holds {len(entries):,} files and claims {place.count:,}")
    _check_places(list(entries.values()), place.offset)
    return entries


def refused(reason: str) -> BundleFormatError:
    """The error for an archive that is no sound bundle."""
    return BundleFormatError(
        f"The file is not a sound bundle: {reason}.", next_step="Ask for it again from whoever made it."
    )


def _find_directory(stream: BinaryIO, length: int) -> _Directory:
    start = max(0, length - _END.size - _LONGEST_COMMENT)
    stream.seek(start)
    tail = stream.read(length - start)
    at = _end_in(tail)
    if at < 0:
        stream.seek(0)
        if stream.read(len(LOCAL_MARK)) == LOCAL_MARK:
            raise refused("it is cut short, its directory is missing")
        raise refused("it is not a ZIP archive")
    place, disks = _large_end(stream, start + at) or _small_end(tail, at)
    if any(disks):
        raise refused("it is one part of several")
    if place.count > MAX_ENTRIES:
        raise refused(f"it claims {place.count:,} files, more than the {MAX_ENTRIES:,} allowed")
    if place.size > MAX_DIRECTORY or place.offset + place.size > start + at:
        raise refused("its directory does not fit into it")
    return place


def _end_in(tail: bytes) -> int:
    """Position of the record whose comment ends exactly at the end of the file; -1 where there is none."""
    at = len(tail)
    while (at := tail.rfind(_END_MARK, 0, at)) >= 0:
        if len(tail) - at >= _END.size and at + _END.size + _END.unpack_from(tail, at)[-1] == len(tail):
            return at
    return -1


def _small_end(tail: bytes, at: int) -> tuple[_Directory, tuple[int, int]]:
    _mark, disk, directory_disk, _count_here, count, size, offset, _comment = _END.unpack_from(tail, at)
    return _Directory(offset, size, count), (disk, directory_disk)


def _large_end(stream: BinaryIO, end: int) -> tuple[_Directory, tuple[int, int]] | None:
    """The ZIP64 form of the end, None where the archive does without."""
    locator = _read_at(stream, end - _LOCATOR.size, _LOCATOR)
    if locator is None or locator[0] != _LOCATOR_MARK:
        return None
    found = _read_at(stream, locator[2], _LARGE_END) if locator[2] < end else None
    if found is None or found[0] != _LARGE_END_MARK:
        raise refused("its end is damaged")
    return _Directory(offset=found[9], size=found[8], count=found[7]), (found[4], found[5])


def _read_at(stream: BinaryIO, position: int, form: struct.Struct) -> tuple[Any, ...] | None:
    if position < 0:
        return None
    stream.seek(position)
    raw = stream.read(form.size)
    return form.unpack(raw) if len(raw) == form.size else None


def _read_record(raw: bytes, position: int) -> tuple[Entry, int]:
    if len(raw) - position < _RECORD.size or not raw.startswith(_RECORD_MARK, position):
        raise refused("its directory is damaged")
    fields = _RECORD.unpack_from(raw, position)
    flags, method, crc, stored_size, size = fields[5], fields[6], *fields[9:12]
    name_end = position + _RECORD.size + fields[12]
    extra_end = name_end + fields[13]
    end = extra_end + fields[14]
    name = raw[position + _RECORD.size : name_end]
    if not _NAME.fullmatch(name):
        raise refused(f"it holds “{printable(name[:80].decode('utf-8', 'replace'))}”, which no bundle does")
    if end > len(raw):
        raise refused("its directory is damaged")
    numbers = _large_numbers(raw[name_end:extra_end], (size, stored_size, fields[18]))
    entry = Entry(name.decode("ascii"), numbers[2], numbers[1], numbers[0], method, crc)
    _check_kind(entry, flags=flags, mode=fields[17] >> 16 if fields[2] == 3 else 0)
    return entry, end


def _large_numbers(extra: bytes, numbers: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, size in the archive and offset, each from the ZIP64 record where its own field is too small."""
    if _LONG not in numbers:
        return numbers
    position, found = 0, b""
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        if kind == _LARGE_EXTRA:
            found = extra[position + 4 : position + 4 + length]
        position += 4 + length
    large = iter(struct.unpack(f"<{len(found) // 8}Q", found[: len(found) // 8 * 8]))
    try:
        size, stored_size, offset = (next(large) if number == _LONG else number for number in numbers)
    except RuntimeError as error:  # a generator turns the StopIteration of ``next`` into this
        raise refused("its directory is damaged") from error
    return size, stored_size, offset


def _check_kind(entry: Entry, *, flags: int, mode: int) -> None:
    if flags & _ENCRYPTED:
        raise refused("it is encrypted")
    if entry.method not in (STORED, DEFLATED):
        raise refused(f"it is compressed in a way that no bundle is (method {entry.method})")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise refused(f"{entry.name} is a link or a folder")
    if entry.method == STORED and entry.size != entry.stored_size:
        raise refused(f"the sizes of {entry.name} contradict each other")
    if entry.method == DEFLATED and entry.size > MAX_DEFLATED:
        raise refused(f"{entry.name} has {entry.size:,} bytes, too many for a compressed file")
    if entry.size > RATIO_FLOOR and entry.size > MAX_RATIO * entry.stored_size:
        raise refused(f"{entry.name} would grow from {entry.stored_size:,} to {entry.size:,} bytes")


def _check_places(entries: list[Entry], end: int) -> None:
    """The manifest lies first, and no two entries share bytes, which is how small archives unpack to huge ones."""
    if not entries or entries[0].name != MANIFEST_NAME or entries[0].offset != 0:
        raise refused("it does not start with its manifest")
    ordered = sorted(entries, key=lambda entry: entry.offset)
    starts = [entry.offset for entry in ordered[1:]] + [end]
    for entry, following in zip(ordered, starts, strict=True):
        if entry.offset + LOCAL_HEADER.size + len(entry.name) + entry.stored_size > following:
            raise refused(f"{entry.name} overlaps another file")
