"""Range requests for a part of a file (RFC 9110 section 14): one range of bytes."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from api.errors import RangeNotSatisfiable

# 18 digits are more than any file has; a longer number is not read as one
_RANGE: Final = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*")


def requested_range(given: str, size: int) -> range | None:
    """The positions of a `Range` header in a file of `size` bytes.

    None if the whole file is to be sent: other units, several ranges or invalid syntax are ignored. Raises
    RangeNotSatisfiable if the file has none of the bytes.
    """
    match = _RANGE.fullmatch(given)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:  # the last bytes
        first, last = max(size - int(match[2]), 0), size - 1
    else:
        first, last = int(match[1]), min(int(match[2] or size), size - 1)
        if match[2] and int(match[2]) < first:
            return None
    if first > last or not size:
        raise RangeNotSatisfiable(f"The file has {size} bytes.", headers={"Content-Range": f"bytes */{size}"})
    return range(first, last + 1)


def is_same(if_range: str | None, etag: str, last_modified: datetime) -> bool:
    """Whether `If-Range` names this version: its strong tag, or exactly its date. True without the header."""
    if if_range is None:
        return True
    if if_range.startswith('"'):
        return if_range == f'"{etag}"'
    try:
        return parsedate_to_datetime(if_range) == last_modified.astimezone(UTC).replace(microsecond=0)
    except (ValueError, TypeError, OverflowError):  # not a date, or a weak tag
        return False
