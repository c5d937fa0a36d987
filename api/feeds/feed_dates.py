"""Dates as feeds write them: RFC 822 in RSS, RFC 3339 in the others, and what programs make of both."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST: Final = 64


def read_date(text: str | None) -> datetime | None:
    """The moment in UTC; None for what is no date. One without a zone is taken for UTC."""
    text = (text or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
            return aware.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
