"""Bundles for tests, sound and hostile, put together with the standard library's ZIP writer and by hand."""

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.progress import Progress
from app.workspace.bundle_parts import parts_of_delivery, survey
from app.workspace.bundle_writer import write_bundle
from app.workspace.delivery import Delivery
from tests.builders import small_delivery

RECORD = struct.Struct("<4s4B4H3L5H2L")  # an entry of the directory
SIZE_FIELD, STORED_SIZE_FIELD, OFFSET_FIELD = 24, 20, 42  # bytes into it


def sound_bundle(folder: Path, *, name: str = "street", **delivery: Any) -> Path:
    """A bundle of a small delivery, which lies beside it."""
    return bundle_of(small_delivery(folder / name, **delivery), folder / f"{name}.ppb")


def bundle_of(delivery: Path, path: Path) -> Path:
    """A bundle of what a delivery folder holds, missing files or not."""
    write_bundle(survey(parts_of_delivery(Delivery.open(delivery)), progress=Progress()), path, progress=Progress())
    return path


@dataclass
class Unpacked:
    """A bundle taken apart: change it and write it again."""

    manifest: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)  # by name in the archive

    @staticmethod
    def of(path: Path) -> "Unpacked":
        with zipfile.ZipFile(path) as archive:
            contents = {info.filename: archive.read(info) for info in archive.infolist()}
        return Unpacked(json.loads(contents.pop("manifest.json")), contents)

    def entry(self, role: str) -> dict[str, Any]:
        """The first listed file of a role."""
        return next(file for file in self.manifest["files"] if file["role"] == role)

    def name_of(self, role: str) -> str:
        return f"files/{self.entry(role)['sha256']}"

    def replace(self, role: str, content: bytes) -> None:
        """Another content for a file, honestly listed."""
        listed = self.entry(role)
        del self.files[f"files/{listed['sha256']}"]
        listed |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        self.files[f"files/{listed['sha256']}"] = content

    def write(self, path: Path, *, method: int = zipfile.ZIP_STORED) -> Path:
        return write_archive(path, {"manifest.json": json.dumps(self.manifest).encode(), **self.files}, method=method)


def write_archive(path: Path, files: Mapping[str, bytes], *, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def change_records(path: Path, change: Callable[[int, bytearray], None]) -> Path:
    """Edit a written archive in place: ``change(start, bytes)`` for every record of its directory."""
    raw = bytearray(path.read_bytes())
    end = raw.rindex(b"PK\x05\x06")
    size, start = struct.unpack_from("<2L", raw, end + 12)
    position = start
    while position < start + size:
        name, extra, comment = struct.unpack_from("<3H", raw, position + 28)
        change(position, raw)
        position += RECORD.size + name + extra + comment
    path.write_bytes(raw)
    return path


def many_entries(path: Path, count: int, *, name: bytes = b"files/x", claimed: int | None = None) -> Path:
    """An archive whose directory has any number of records of one file; ``claimed`` is what its end says."""
    record = RECORD.pack(b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    claimed = count if claimed is None else claimed
    local = b"PK\x03\x04" + bytes(26)
    size = len(record) * count
    with path.open("wb") as stream:
        stream.write(local)
        for _ in range(0, count, 1000):
            stream.write(record * 1000)
        end = stream.tell()
        stream.write(struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, claimed, claimed, size, len(local)))
        stream.write(struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1))
        stream.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))
    return path
