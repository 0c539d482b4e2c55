"""The writers of one file per frame. Each is a context that gives the function which takes the next frame."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from app.formats.npz_write import NpzWriter
from app.formats.pcd_write import NO_VIEWPOINT, pcd_header, pcd_record, pcd_records
from app.jobs.export.legends import LEGEND_ARRAYS, legend_arrays
from app.jobs.export.piece import AXES, LABEL_KEY, Columns, Piece
from app.jobs.export.record import ExportRecord, storable
from app.workspace.export_folder import ExportFolder

Add = Callable[[Piece], None]

PCD_RESERVED = (*AXES, LABEL_KEY)
NPZ_RESERVED = ("xyz", LABEL_KEY, "frame_id", *LEGEND_ARRAYS)


@contextmanager
def pcd_frames(folder: ExportFolder, record: ExportRecord) -> Iterator[Add]:
    """Organised clouds stay organised, viewpoints are kept."""

    def add(piece: Piece) -> None:
        name = f"{piece.number:06d}.pcd"
        columns = pcd_columns(piece, piece.columns(PCD_RESERVED), single=piece.single)
        if piece.label_keys is not None:
            columns[LABEL_KEY] = piece.label_keys
        point = pcd_record(columns)
        with folder.create(name) as stream:
            stream.write(_header(piece, point))
            stream.write(pcd_records(columns, point).data)
        record.add(piece, [name])

    yield add


def pcd_columns(piece: Piece, others: Columns, *, single: bool) -> Columns:
    """x, y and z, then the others; ``single`` makes the coordinates float32 instead of float64."""
    xyz = piece.xyz(np.float32 if single else np.float64)
    return {**{axis: xyz[:, place] for place, axis in enumerate(AXES)}, **others}


@contextmanager
def npz_frames(folder: ExportFolder, record: ExportRecord) -> Iterator[Add]:
    """The legend of each file is that of its frame."""

    def add(piece: Piece) -> None:
        name = f"{piece.number:06d}.npz"
        with folder.create(name) as stream, NpzWriter(stream) as npz:
            npz.add("xyz", piece.xyz(np.float64))
            if piece.label_keys is not None:
                npz.add(LABEL_KEY, piece.label_keys)
            for column, values in piece.columns(NPZ_RESERVED).items():
                npz.add(column, values)
            npz.add("frame_id", np.array(storable(piece.frame.record.frame_id)))
            for array, values in legend_arrays(piece.frame.legend).items():
                npz.add(array, values)
        record.add(piece, [name])

    yield add


def _header(piece: Piece, point: np.dtype[Any]) -> bytes:
    source, points = piece.cloud.source, len(piece.cloud)
    organised = source.width * source.height == points
    width, height = (source.width, source.height) if organised else (points, 1)
    viewpoint = source.viewpoint if source.viewpoint and len(source.viewpoint) == len(NO_VIEWPOINT) else NO_VIEWPOINT
    return pcd_header(point, width=width, height=height, viewpoint=viewpoint)
