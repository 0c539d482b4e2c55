"""npz files that numpy reads."""

import io

import numpy as np

from app.formats.npz_write import NpzWriter


def test_arrays_whole_and_in_pieces_load_alike_without_pickle() -> None:
    points = np.arange(30, dtype="<f8").reshape(10, 3)
    stream = io.BytesIO()
    with NpzWriter(stream) as npz:
        npz.add("file", points)
        npz.add_pieces("pieces", [points[:4].tobytes(), points[4:].tobytes()], dtype=points.dtype, shape=points.shape)
        npz.add("text", np.array("Straße # 1"))
        npz.add("nothing", np.empty((0, 3), np.uint8))
    with np.load(io.BytesIO(stream.getvalue()), allow_pickle=False) as read:
        assert read.files == ["file", "pieces", "text", "nothing"]
        np.testing.assert_array_equal(read["file"], points)
        np.testing.assert_array_equal(read["pieces"], points)
        assert str(read["text"]) == "Straße # 1"
        assert read["nothing"].shape == (0, 3)


def test_a_failure_inside_does_not_write_an_end() -> None:
    stream = io.BytesIO()
    try:
        with NpzWriter(stream) as npz:
            npz.add("a", np.zeros(3))
            raise KeyError
    except KeyError:
        pass
    assert b"PK\x05\x06" not in stream.getvalue()
