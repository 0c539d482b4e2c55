"""Decoded frames that are kept, and what they hold of the memory."""

from collections.abc import Iterable

from app.gui.shown_frame import ShownFrame

MB = 10**6
USUAL_LIMIT = 768 * MB


class FrameCache:
    """Frames by index up to a number of bytes. Who fetches says which frame may go: this only counts."""

    def __init__(self, *, limit: int = USUAL_LIMIT) -> None:
        self.limit = limit
        self._frames: dict[int, ShownFrame] = {}
        self._bytes: dict[int, int] = {}  # counted once per frame
        self._known: dict[int, int] = {}  # also of frames that were let go

    def __contains__(self, index: int) -> bool:
        return index in self._frames

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def indices(self) -> frozenset[int]:
        """The frames that are kept."""
        return frozenset(self._frames)

    @property
    def frames(self) -> tuple[ShownFrame, ...]:
        """Everything that is kept."""
        return tuple(self._frames.values())

    @property
    def bytes(self) -> int:
        """Memory of all kept frames."""
        return sum(self._bytes.values())

    def expected_bytes(self, index: int) -> int:
        """What a frame needs: as it did before, else as the largest so far, a quarter of the limit before any."""
        return self._known.get(index) or max(self._known.values(), default=self.limit // 4)

    def get(self, index: int) -> ShownFrame | None:
        """A kept frame."""
        return self._frames.get(index)

    def put(self, shown: ShownFrame) -> None:
        """Keep a frame, in place of an earlier state of it."""
        self._frames[shown.index] = shown
        self._bytes[shown.index] = self._known[shown.index] = shown.bytes

    def shrink(self, candidates: Iterable[int]) -> None:
        """Let candidates go, in their order, until the limit is kept."""
        held = self.bytes
        for index in candidates:
            if held <= self.limit:
                return
            held -= self._bytes.get(index, 0)
            self.drop(index)

    def drop(self, index: int) -> None:
        """Let one frame go, if it is kept."""
        self._frames.pop(index, None)
        self._bytes.pop(index, None)

    def drop_incomplete(self, index: int) -> None:
        """Let a frame go that lacked some of its files."""
        shown = self._frames.get(index)
        if shown is not None and not shown.complete:
            self.drop(index)

    def clear(self) -> None:
        """Let every frame go, and what was known of their sizes: another job's are others."""
        self._frames.clear()
        self._bytes.clear()
        self._known.clear()
