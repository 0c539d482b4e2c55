"""Looking through all frames before they go into one file: how many points, and which columns they share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.finding import listed, quoted
from app.errors import InputError
from app.jobs.export.piece import LABEL_KEY, Columns, Piece
from app.jobs.export.record import ExportRecord

NO_LABEL = -1  # label key of points whose frame has no mask: the one of a JSON null too

Kind = tuple[np.dtype[Any], tuple[int, ...]]  # dtype and shape of one value


@dataclass(frozen=True)
class Survey:
    """Of all pieces together: ``points``, whether float32 holds every coordinate, shared columns, type of the keys."""

    points: int
    single: bool
    kinds: Mapping[str, Kind]
    label_dtype: np.dtype[Any] | None  # None where no frame has a mask

    def columns(self, piece: Piece, reserved: Iterable[str]) -> Columns:
        """The shared columns of a piece; raises InputError where the cloud is not as it was when surveyed."""
        columns = piece.columns(reserved)
        kept = {name: columns[name] for name in self.kinds if name in columns}
        if {name: _kind(column) for name, column in kept.items()} != self.kinds or (self.single and not piece.single):
            raise changed()
        return kept

    def label_keys(self, piece: Piece) -> dict[str, NDArray[Any]]:
        """(N,) keys in the common type, NO_LABEL without a mask; nothing where no frame has one. Raises as above."""
        keys, dtype = piece.label_keys, self.label_dtype
        if dtype is None and keys is None:
            return {}
        if dtype is None or not np.can_cast(np.int32 if keys is None else keys.dtype, dtype):
            raise changed()
        return {LABEL_KEY: np.full(len(piece.cloud), NO_LABEL, dtype) if keys is None else keys.astype(dtype)}


class Surveyor:
    """Looks at one piece after the other."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._reserved = tuple(reserved)
        self._points = 0
        self._single = True
        self._shared: dict[str, Kind] | None = None
        self._left_out: dict[str, None] = {}
        self._label_dtypes: set[np.dtype[Any]] = set()
        self._gaps = False

    def look(self, piece: Piece) -> None:
        """Take one more piece into account."""
        kinds = {name: _kind(column) for name, column in piece.columns(self._reserved).items()}
        before = kinds if self._shared is None else self._shared
        self._shared = {name: kind for name, kind in before.items() if kinds.get(name) == kind}
        self._left_out |= dict.fromkeys(name for name in (*before, *kinds) if name not in self._shared)
        self._points += len(piece.cloud)
        self._single = self._single and piece.single
        if piece.label_keys is None:
            self._gaps = True
        else:
            self._label_dtypes.add(piece.label_keys.dtype)

    def result(self, record: ExportRecord) -> Survey:
        """Everything seen; columns that not all pieces have alike are noted as a problem."""
        if self._left_out:
            names = listed(map(quoted, self._left_out))
            message = f"Not every frame has the same {names}, so one file for all leaves it out."
            record.job_problem(f"{message} Export one file per frame to keep it.")
        if self._gaps and self._label_dtypes:
            record.note(f"Points of frames without a mask have the label key {NO_LABEL}")
        dtypes = self._label_dtypes | ({np.dtype(np.int32)} if self._gaps else set())
        label_dtype = np.result_type(*dtypes) if self._label_dtypes else None
        return Survey(self._points, self._single, self._shared or {}, label_dtype)


def changed() -> InputError:
    """For a file that is not what it was a moment ago."""
    return InputError("The files of the job changed while they were exported.", next_step="Export it again.")


def _kind(column: NDArray[Any]) -> Kind:
    return column.dtype, column.shape[1:]
