import zlib

from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.generated import BLOCK, Generated, pieces_of

SIZE = 2 * BLOCK + 777
WHOLE = b"".join(Generated(SIZE).pieces())
PLACES = st.integers(0, SIZE + 10)


def test_a_body_has_the_size_that_was_asked_for_and_cannot_be_compressed() -> None:
    assert len(WHOLE) == len(Generated(SIZE)) == SIZE
    assert len(zlib.compress(WHOLE[:BLOCK])) > 0.99 * BLOCK


@given(PLACES, PLACES, PLACES, PLACES)
def test_a_part_of_a_part_holds_what_a_slice_of_the_bytes_holds(a: int, b: int, c: int, d: int) -> None:
    part = Generated(SIZE)[a:b][c:d]
    assert b"".join(pieces_of(part)) == WHOLE[a:b][c:d]
    assert len(part) == len(WHOLE[a:b][c:d])


def test_plain_bytes_are_one_piece_and_no_bytes_are_none() -> None:
    assert list(pieces_of(b"abc")) == [b"abc"]
    assert list(pieces_of(b"")) == []
