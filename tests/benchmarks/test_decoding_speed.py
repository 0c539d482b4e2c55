"""Speed of decoding, for comparing two states of the program: ``pytest tests/benchmarks --benchmark-enable``."""

import io
from typing import Any

import numpy as np
import pytest

from app.bench.decoding import _ascii, _compressed, synthetic_mask, synthetic_scan
from app.formats.clouds import read_cloud
from app.formats.masks import decode_mask
from app.formats.pcd import encode_pcd, read_pcd
from tests.formats.cloud_files import KINDS

POINTS = 200_000
SCAN = synthetic_scan(POINTS)
FILES = {
    "binary": encode_pcd(SCAN),
    "binary_compressed": _compressed(SCAN),
    "ascii": _ascii(SCAN, number="{:.9g}"),
}


@pytest.mark.parametrize("encoding", FILES)
def test_a_cloud_is_decoded(benchmark: Any, encoding: str) -> None:
    cloud = benchmark(lambda: read_pcd(io.BytesIO(FILES[encoding])))
    np.testing.assert_array_equal(cloud.xyz[:, 0], SCAN["x"])


@pytest.mark.parametrize("highest", [40, 65_535])
def test_a_mask_is_decoded(benchmark: Any, highest: int) -> None:
    raw = synthetic_mask(POINTS, highest=highest)
    mask = benchmark(lambda: decode_mask(raw))
    assert len(mask) == POINTS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_cloud_of_every_kind_is_decoded(benchmark: Any, kind: str) -> None:
    name, encode = KINDS[kind]
    raw = encode(SCAN)
    cloud = benchmark(lambda: read_cloud(io.BytesIO(raw), name=name))
    assert len(cloud) == POINTS
