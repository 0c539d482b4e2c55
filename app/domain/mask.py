"""One label key per point, in file order."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.domain.arrays import Integers

# TELUS documents no "unlabelled" value; a JSON null is kept under this key so that the order is not lost.
NULL_KEY = -1


@dataclass(frozen=True)
class Mask:
    """``label_keys``: (N,) of uint16, or of int32 / int64 where a key is negative or above 65,535; read-only."""

    label_keys: Integers

    def __len__(self) -> int:
        return int(self.label_keys.shape[0])

    @cached_property
    def counts(self) -> dict[int, int]:
        """Points per label key, keys ascending."""
        keys = self.label_keys
        if keys.dtype == np.uint16:
            per_key = np.bincount(keys)
            present = np.flatnonzero(per_key)
            return dict(zip(present.tolist(), per_key[present].tolist(), strict=True))
        present, per_key = np.unique(keys, return_counts=True)
        return dict(zip(present.tolist(), per_key.tolist(), strict=True))
