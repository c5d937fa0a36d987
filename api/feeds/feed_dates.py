"""Dates in feeds: RFC 822 in RSS, RFC 3339 elsewhere, and common deviations."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_MAX_LENGTH: Final = 64


def read_date(text: str | None) -> datetime | None:
    """The time in UTC, also without a zone; None if it is invalid."""
    text = (text or "").strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
            return aware.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
