"""The writers of one file for all frames: every frame is looked at first, then goes into the file."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from app.formats.npz_write import NpzWriter
from app.formats.pcd_write import pcd_header, pcd_record, pcd_records
from app.jobs.export.legends import LEGEND_ARRAYS, legend_arrays
from app.jobs.export.piece import AXES, LABEL_KEY, Columns, Piece
from app.jobs.export.record import ExportRecord
from app.jobs.export.survey import Survey, Surveyor, changed
from app.jobs.export.writers import Add, pcd_columns
from app.workspace.export_folder import ExportFolder

FRAME = "frame"
PCD_RESERVED = (*AXES, LABEL_KEY, FRAME)
NPZ_RESERVED = ("xyz", LABEL_KEY, "frame_id", "frame_offsets", *LEGEND_ARRAYS)
_CHUNK = 1 << 20  # bytes


@dataclass(frozen=True)
class _Spool:
    """One array on its way into an npz: its bytes in a file, and the type and shape of one value."""

    stream: BinaryIO
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def pieces(self) -> Iterator[bytes]:
        self.stream.seek(0)
        while piece := self.stream.read(_CHUNK):
            yield piece


@contextmanager
def pcd_whole(folder: ExportFolder, record: ExportRecord, pieces: Iterable[Piece]) -> Iterator[Add]:
    """One PCD, its column ``frame`` counts the exported frames from 0."""
    found = _survey(pieces, PCD_RESERVED, record)
    name, written = "cloud.pcd", 0
    with folder.create(name) as stream:

        def add(piece: Piece) -> None:
            nonlocal written
            columns = _pcd_columns(found, piece)
            point = pcd_record(columns)
            if not record.next_number:
                stream.write(pcd_header(point, width=found.points))
            stream.write(pcd_records(columns, point).data)
            written += len(piece.cloud)
            record.add(piece, [name])

        yield add
        if written != found.points:
            raise changed()


@contextmanager
def npz_whole(folder: ExportFolder, record: ExportRecord, pieces: Iterable[Piece]) -> Iterator[Add]:
    """One npz; the points of its frame i are ``frame_offsets[i]`` to ``frame_offsets[i + 1]``."""
    found = _survey(pieces, NPZ_RESERVED, record)
    name, offsets = "cloud.npz", [0]
    spools: dict[str, _Spool] = {}
    with ExitStack() as stack:

        def add(piece: Piece) -> None:
            for column, values in _npz_columns(found, piece).items():
                if column not in spools:
                    spools[column] = _Spool(stack.enter_context(folder.scratch()), values.dtype, values.shape[1:])
                spools[column].stream.write(np.ascontiguousarray(values).data)
            offsets.append(offsets[-1] + len(piece.cloud))
            record.add(piece, [name])

        yield add
        if offsets[-1] != found.points:
            raise changed()
        with folder.create(name) as stream, NpzWriter(stream) as npz:
            for column, spool in spools.items():
                npz.add_pieces(column, spool.pieces(), dtype=spool.dtype, shape=(found.points, *spool.shape))
            npz.add("frame_id", np.array(record.frame_ids, np.str_))
            npz.add("frame_offsets", np.array(offsets, np.int64))
            for array, values in legend_arrays(record.legend).items():
                npz.add(array, values)


def _survey(pieces: Iterable[Piece], reserved: Iterable[str], record: ExportRecord) -> Survey:
    surveyor = Surveyor(reserved)
    for piece in pieces:
        surveyor.look(piece)
    return surveyor.result(record)


def _pcd_columns(found: Survey, piece: Piece) -> Columns:
    columns = pcd_columns(piece, found.columns(piece, PCD_RESERVED), single=found.single)
    frame = np.full(len(piece.cloud), piece.number, np.uint32)
    return {**columns, **found.label_keys(piece), FRAME: frame}


def _npz_columns(found: Survey, piece: Piece) -> Columns:
    return {"xyz": piece.xyz(np.float64), **found.label_keys(piece), **found.columns(piece, NPZ_RESERVED)}
