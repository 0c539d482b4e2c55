"""Array conventions shared by the domain: values are shared between threads, so they are read-only."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Integers = NDArray[Any]

_Scalar = TypeVar("_Scalar", bound=np.generic)


def frozen(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Mark ``array`` read-only and return it."""
    array.setflags(write=False)
    return array
