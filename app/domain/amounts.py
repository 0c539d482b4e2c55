"""Amounts of data and time in words, the same in the window and in the terminal. Units count in thousands."""

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size_text(count: float) -> str:
    """``0 bytes``, ``37 kB``, ``1.2 GB``: two digits at least, never more than needed."""
    unit = 0
    while unit < len(_UNITS) - 1 and count >= 999.5:
        count, unit = count / 1000, unit + 1
    return f"{count:.1f} {_UNITS[unit]}" if unit > 1 and count < 9.95 else f"{count:.0f} {_UNITS[unit]}"


def count_text(count: int) -> str:
    """``820``, ``410,000``, ``3.4 million``, ``120 million``: as exact as an estimate can be."""
    if count < 10_000:
        return f"{count:,}"
    if count < 999_500:
        return f"{round(count, -3):,}"
    return f"{count / 1e6:.1f} million" if count < 9.95e6 else f"{count / 1e6:,.0f} million"


def speed_text(bytes_per_second: float) -> str:
    """``8.1 MB/s``."""
    return f"{size_text(bytes_per_second)}/s"


def duration_text(seconds: float) -> str:
    """``less than 10 s``, ``40 s``, ``3 min``, ``2 h 5 min``: as exact as an estimate can be."""
    if seconds < 10:
        return "less than 10 s"
    if seconds < 55:
        return f"{round(seconds / 5) * 5} s"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest and hours < 24 else f"{hours:,} h"
