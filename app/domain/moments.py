"""Dates as services write them."""

from datetime import UTC, datetime


def parse_moment(text: str) -> datetime | None:
    """An ISO 8601 date in UTC, which is assumed where no zone is named; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def moment_text(text: str) -> str:
    """A date to the minute for a list, ``2026-01-31 09:05 UTC``; what is no date stays as it is."""
    moment = parse_moment(text)
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else text
