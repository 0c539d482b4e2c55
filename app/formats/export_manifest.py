"""``export.json``: what an exported folder holds, and which file is which frame."""

import msgspec

MANIFEST_NAME = "export.json"
_PROGRAM = "pointproof"
_KIND = "export"

Triple = tuple[float, float, float]


class ManifestFrame(msgspec.Struct, frozen=True):
    """One frame in the export.

    ``number`` counts exported frames from 0, ``position`` is the place in the job. ``origin`` is what must be added to
    the coordinates in the file to get source coordinates, in metres; null where it is nothing.
    """

    number: int
    position: int
    frame_id: str
    points: int
    labelled: bool
    files: tuple[str, ...]
    origin: Triple | None = None


class ManifestProblem(msgspec.Struct, frozen=True):
    """What could not be exported; ``frame_id`` is empty where it is about the whole job."""

    frame_id: str
    message: str


class ExportManifest(msgspec.Struct, frozen=True):
    """An export; ``files`` are its own, relative to the folder, with ``/``."""

    job: str
    format: str
    whole: bool
    frames: tuple[ManifestFrame, ...]
    coordinates: str = "source coordinates of each frame in metres, not transformed"
    cameras: dict[str, str] = {}  # name in calib.txt -> camera
    problems: tuple[ManifestProblem, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    program: str = _PROGRAM
    kind: str = _KIND
    version: int = 1


def encode_manifest(manifest: ExportManifest) -> bytes:
    """Indented JSON."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decode_manifest(raw: bytes) -> ExportManifest | None:
    """An export's manifest; None for every other content."""
    try:
        manifest = msgspec.json.decode(raw, type=ExportManifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return manifest if (manifest.program, manifest.kind) == (_PROGRAM, _KIND) else None
