"""Which numbers a colour map spans, and how the numbers are distributed."""

from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float32, Float64, Integers, frozen

SAMPLE = 100_000  # values that decide the automatic range; more would not move it
PERCENT = (1.0, 99.0)  # a few wild values must not squeeze all others into one colour
MARGIN = 0.25  # of the automatic range, by which a histogram reaches further on each side
SMALLEST = 1e-9  # relative difference of two values; float32 holds 6e-8
CHUNK = 1 << 18  # values that are counted at a time
_LARGEST = float(np.finfo(np.float32).max)

ValueRange = tuple[float, float]


@dataclass(frozen=True)
class Histogram:
    """How often values occur: ``counts`` (bins,) int64 between ``edges`` (bins + 1,) float64, read-only.

    ``below`` and ``above`` lie outside the edges, ``nonfinite`` are NaN or infinite: with them every value is counted.
    """

    edges: Float64
    counts: Integers
    nonfinite: int
    below: int = 0
    above: int = 0


def automatic_range(values: Float32) -> ValueRange:
    """(low, high) that most values lie between, always finite and low < high; (0, 1) without a finite value.

    The 1st and 99th percentile of at most 2 * SAMPLE evenly spaced values; their extremes where those coincide, and
    some room around the one value where all are equal.
    """
    sample = _sample(values)
    if len(sample) == 0:
        return 0.0, 1.0
    low, high = np.percentile(sample, PERCENT).tolist()
    if not _told_apart(low, high):
        low, high = float(sample.min()), float(sample.max())
    return (low, high) if _told_apart(low, high) else _around(low)


def histogram(values: Float32, bins: int = 64) -> Histogram:
    """Count every value, N float32, exactly as ``numpy.histogram`` does and in chunks; nothing of size N is made.

    The edges span the automatic range and a MARGIN on each side, yet no further than values reach.
    """
    low, high = _span(values)
    counts = np.zeros(bins, dtype=np.int64)
    finite = below = above = 0
    for start in range(0, len(values), CHUNK):
        part = _finite(values[start : start + CHUNK])
        counts += np.histogram(part, bins=bins, range=(low, high))[0]
        finite += len(part)
        below += int(np.count_nonzero(part < low))
        above += int(np.count_nonzero(part > high))
    edges = np.linspace(low, high, bins + 1)
    return Histogram(frozen(edges), frozen(counts), len(values) - finite, below, above)


def _sample(values: Float32) -> Float64:
    """Every k-th value that is finite; k is odd, so that it meets every ring of a scan with 16, 32, 64 or 128."""
    return _finite(values[:: (len(values) // SAMPLE) | 1])


def _finite(values: Float32) -> Float64:
    return values[np.isfinite(values)].astype(np.float64)


def _span(values: Float32) -> ValueRange:
    """What a histogram covers: the automatic range with its margin, cut where there are no values."""
    low, high = automatic_range(values)
    extremes = _extremes(values)
    if extremes is None or not _told_apart(*extremes):
        return low, high
    margin = MARGIN * (high - low)
    return max(low - margin, extremes[0]), min(high + margin, extremes[1])


def _extremes(values: Float32) -> ValueRange | None:
    """The smallest and largest finite value."""
    parts = (_finite(values[start : start + CHUNK]) for start in range(0, len(values), CHUNK))
    ends = [(float(part.min()), float(part.max())) for part in parts if len(part)]
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None


def _told_apart(low: float, high: float) -> bool:
    """Whether two numbers are different beyond the rounding of interpolating between equal ones."""
    return high - low > SMALLEST * max(abs(low), abs(high))


def _around(value: float) -> ValueRange:
    """A range with one value in its middle, within what float32 holds."""
    half = max(0.5, 0.01 * abs(value))
    return max(value - half, -_LARGEST), min(value + half, _LARGEST)
