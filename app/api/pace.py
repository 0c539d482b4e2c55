"""How slowly a file may come before nobody waits for it any longer."""


class TooSlowError(Exception):
    """A body trickles in so slowly that the connection is as good as dead."""


class Pace:
    """Expects at least ``least`` bytes in any ``seconds`` spent waiting for the network.

    Only waiting counts: a slow disk on this side is not the sender's fault. Used from one thread.
    """

    def __init__(self, *, seconds: float, least: int) -> None:
        self._seconds = seconds
        self._least = least
        self._waited = 0.0
        self._received = 0

    def restart(self) -> None:
        """Begin a new window: a body that comes is not to blame for how long the answer took to begin."""
        self._received, self._waited = 0, 0.0

    def note(self, received: int, *, waited: float) -> None:
        """Count bytes and the seconds they were waited for; raises TooSlowError."""
        self._received += received
        self._waited += waited
        if self._waited < self._seconds:
            return
        if self._received < self._least:
            raise TooSlowError(f"{self._received} bytes in {self._waited:.0f} s")
        self.restart()
