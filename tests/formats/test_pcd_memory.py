"""Reading a binary PCD never holds the file whole, and reading a compressed one needs no second way in."""

import io
import tracemalloc

import numpy as np
import pytest

from app.formats import lzf
from app.formats.pcd import encode_pcd, read_pcd


@pytest.mark.parametrize("further", [{}, {"intensity": np.float32}, {"t": np.float64, "ring": np.uint16}])
@pytest.mark.parametrize("axis_type", [np.float32, np.float64])
def test_memory_stays_within_a_tenth_of_the_result(further: dict[str, type], axis_type: type) -> None:
    points = 500_000
    columns = {axis: np.zeros(points, axis_type) for axis in "xyz"}
    columns |= {name: np.zeros(points, dtype) for name, dtype in further.items()}
    stream = io.BytesIO(encode_pcd(columns))
    read_pcd(stream)  # what numpy imports on first use does not count
    stream.seek(0)
    tracemalloc.start()
    cloud = read_pcd(stream)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    result = cloud.xyz.nbytes + sum(column.nbytes for column in cloud.columns.values())
    assert result >= 12 * points
    assert peak <= 1.1 * result


def literal(data: bytes) -> bytes:
    return b"".join(bytes([len(data[at : at + 32]) - 1]) + data[at : at + 32] for at in range(0, len(data), 32))


# 32 literals, then a reference 32 bytes back of 9 more bytes (7 << 5 | 0, length - 9, distance - 1)
REFERENCE = literal(bytes(range(32))) + bytes([0xE0, 0, 31])


@pytest.fixture(params=["called directly", "through the module"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "through the module":
        monkeypatch.setattr(lzf, "_direct_call", lambda: None)
    return str(request.param)


@pytest.mark.usefixtures("either_way")
def test_both_ways_to_the_library_unfold_the_same() -> None:
    unfolded = lzf.unfold(np.frombuffer(REFERENCE, np.uint8), size=41)
    assert unfolded.tobytes() == bytes(range(32)) + bytes(range(9))


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    "damaged", [REFERENCE[:-1], REFERENCE[:20], b"\xff" * 40, REFERENCE[:33] + bytes([0xE0, 0, 32])]
)
@pytest.mark.parametrize("size", [41, 40, 42, 0, 10**9])
def test_both_ways_to_the_library_refuse_damage(damaged: bytes, size: int) -> None:
    with pytest.raises(lzf.LzfError):
        lzf.unfold(np.frombuffer(damaged, np.uint8), size=size)
