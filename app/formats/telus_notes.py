"""Oddities met while a result document is read, folded into one finding per sentence."""

from app.domain.finding import Finding, Severity, counted, quoted


class Notes:
    """Collects sentences; the same one for many frames becomes one finding about the job that counts them."""

    def __init__(self) -> None:
        self._frames: dict[tuple[str, Severity, str], dict[str, None]] = {}

    def info(self, rule: str, message: str, *, frame_id: str = "") -> None:
        """Note something normal."""
        self._add((rule, Severity.INFO, message), frame_id)

    def warning(self, rule: str, message: str, *, frame_id: str = "") -> None:
        """Note something that deserves a look."""
        self._add((rule, Severity.WARNING, message), frame_id)

    def error(self, rule: str, message: str, *, frame_id: str = "") -> None:
        """Note wrong data."""
        self._add((rule, Severity.ERROR, message), frame_id)

    def findings(self) -> tuple[Finding, ...]:
        """What was noted, in order of first appearance."""
        return tuple(_finding(*key, list(frames)) for key, frames in self._frames.items())

    def _add(self, key: tuple[str, Severity, str], frame_id: str) -> None:
        frames = self._frames.setdefault(key, {})
        if frame_id:
            frames[frame_id] = None


def _finding(rule: str, severity: Severity, message: str, frames: list[str]) -> Finding:
    if len(frames) <= 1:
        return Finding(rule, severity, message, "".join(frames))
    return Finding(rule, severity, f"{message} ({counted(len(frames), 'frame')}, the first is {quoted(frames[0])}.)")
