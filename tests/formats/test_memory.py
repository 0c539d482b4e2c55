import numpy as np

from app.formats.memory import new_memory


def test_memory_has_the_size_asked_for_and_can_be_written():
    for size in (0, 1, 4096, (4 << 20) - 1, 4 << 20, (5 << 20) + 3):
        memory = new_memory(size)
        memory[:] = 7
        assert memory.shape == (size,)
        assert memory.dtype == np.uint8
        assert int(memory.sum(dtype=np.int64)) == 7 * size


def test_two_pieces_do_not_share_memory():
    first, second = new_memory(6 << 20), new_memory(6 << 20)
    first[:] = 1
    second[:] = 2
    assert first.min() == first.max() == 1


def test_a_view_keeps_the_memory_alive():
    column = new_memory(8 << 20).view(np.float32)[10:20]
    column[:] = 3.5
    pieces = [new_memory(8 << 20) for _ in range(4)]
    for piece in pieces:
        piece[:] = 255
    assert (column == 3.5).all()
