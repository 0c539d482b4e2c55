"""Which frames are needed next, the nearest first: what is fetched ahead and what is let go both follow it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlayOrder:
    """``loop``: the first frame follows the last. ``playing``: nobody steps back, so nothing is fetched that way."""

    loop: bool = False
    playing: bool = False

    def fetched(self, at: int, count: int) -> tuple[int, ...]:
        """What to have ready: ``at``, the next frame, the one before unless playing, then on in play order."""
        before = self._before(at, count)
        ahead = [index for index in self._following(at, count) if index != before]
        return *ahead[:2], *(() if before is None else (before,)), *ahead[2:]

    def kept(self, at: int, count: int) -> tuple[int, ...]:
        """Every frame once: first what is fetched, then what lies behind, the latest first."""
        fetched = dict.fromkeys(self.fetched(at, count))
        return *fetched, *(index for index in range(at - 1, -1, -1) if index not in fetched)

    def _following(self, at: int, count: int) -> list[int]:
        return [*range(at, count), *(range(at) if self.loop else ())]

    def _before(self, at: int, count: int) -> int | None:
        if self.playing or (at == 0 and not (self.loop and count > 1)):
            return None
        return (at - 1) % count
