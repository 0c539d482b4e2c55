"""Bodies of any size that are made while they are sent, the same bytes each time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

BLOCK = 1 << 20  # bytes until the content repeats
_SEED = 20


@dataclass(frozen=True)
class Generated:
    """The bytes from ``start`` to ``end`` of an endless content that no compression shortens."""

    end: int
    start: int = 0

    def __len__(self) -> int:
        return self.end - self.start

    def __getitem__(self, part: slice) -> "Generated":
        """A part, made no sooner than this is; steps are not supported."""
        first, last, _ = part.indices(len(self))
        return Generated(self.start + max(first, last), self.start + first)

    def pieces(self) -> Iterator[bytes]:
        """The content, in pieces of at most BLOCK bytes."""
        place = self.start
        while place < self.end:
            offset = place % BLOCK
            piece = _block()[offset : offset + min(BLOCK - offset, self.end - place)]
            yield piece
            place += len(piece)


Body = bytes | Generated


def pieces_of(body: Body) -> Iterator[bytes]:
    """Any body in pieces that are not empty."""
    if isinstance(body, Generated):
        yield from body.pieces()
    elif body:
        yield body


@cache
def _block() -> bytes:
    return random.Random(_SEED).randbytes(BLOCK)  # noqa: S311 - test data, not a secret
