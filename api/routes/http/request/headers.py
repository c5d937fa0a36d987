"""Request headers, read from the ASGI scope as they came: most requests need one or two of them."""

import re
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

from api.errors import HeadersTooLarge, TargetTooLong

# As nginx has it, and nothing of ours needs more; the HTTP server itself takes some 400 KB.
MAX_HEADER_BYTES: Final = 8_192
MAX_HEADERS_BYTES: Final = 32_768
MAX_TARGET_BYTES: Final = 8_192
# Client words that are remembered with what they mean: a thousand different long ones would take much
# memory.
MAX_KEPT: Final = 1_000

BR: Final = "br"
GZIP: Final = "gzip"

_ETAG = re.compile(r'(?:W/)?"([^"]*)"')
_TAGS = re.compile(r'(W/)?"([^"]*)"')
_QVALUE = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")  # RFC 9110 section 12.4.2


def header(scope: Mapping[str, Any], name: bytes) -> str | None:
    """The value of a header, several joined as RFC 9110 section 5.3 says; `name` in lower case."""
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values).decode("latin-1") if values else None


def headers_of(scope: Mapping[str, Any], names: frozenset[bytes]) -> tuple[dict[bytes, bytes], int]:
    """The headers of these names, several of one joined as above, and the bytes of all headers; in one pass."""
    found: dict[bytes, bytes] = {}
    size = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name in names:
            found[name] = found[name] + b", " + value if name in found else value
    return found, size


def check_size(scope: Mapping[str, Any], headers_bytes: int) -> None:
    """Raises TargetTooLong and HeadersTooLarge. What reads headers or the address may rely on these bounds.

    Several headers of one name are one value for it, which may have all bytes.
    """
    if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET_BYTES:
        raise TargetTooLong(f"Path and query may have {MAX_TARGET_BYTES} bytes together.")
    if headers_bytes <= MAX_HEADER_BYTES:
        return
    largest = max(len(name) + len(value) for name, value in scope["headers"])
    if largest > MAX_HEADER_BYTES or headers_bytes > MAX_HEADERS_BYTES:
        raise HeadersTooLarge(
            f"A header may have {MAX_HEADER_BYTES} bytes, all together {MAX_HEADERS_BYTES}, names included."
        )


def names_etag(if_none_match: str, etag: str) -> bool:
    """Whether the header names the tag (given without its quotes), by weak comparison, or any tag at all."""
    return if_none_match.strip() == "*" or etag in _ETAG.findall(if_none_match)


class Versions:
    """The row versions in which a request that changes something may have its effect (RFC 9110 section 13.2.2).

    If-Match is compared strongly, If-None-Match weakly; without both, any.
    """

    def __init__(self, scope: Mapping[str, Any]) -> None:
        self._match = header(scope, b"if-match")
        self._none_match = header(scope, b"if-none-match")

    def __contains__(self, version: object) -> bool:
        match = self._match
        if match is not None and match.strip() != "*":
            strong = [tag for weak, tag in _TAGS.findall(match) if not weak]
            if str(version) not in strong:
                return False
        return self._none_match is None or not names_etag(self._none_match, str(version))


def is_unmodified(if_modified_since: str, last_modified: float) -> bool:
    """Whether nothing changed since the date; `last_modified` in seconds of the epoch. A bad date is ignored."""
    try:
        return int(last_modified) <= parsedate_to_datetime(if_modified_since).timestamp()
    except (ValueError, OverflowError):
        return False


def accepted_codings(accept_encoding: str | None) -> tuple[str, ...]:
    """Which of ours may be sent, the best first: named, or meant by `*`, and weighted above 0 and not below plain
    bytes'. Of equal weights br goes first, which makes the fewest bytes.
    """
    if not accept_encoding:
        return ()
    read = _accepted if len(accept_encoding) <= MAX_KEPT else _accepted.__wrapped__
    return read(accept_encoding)


@lru_cache(256)
def _accepted(accept_encoding: str) -> tuple[str, ...]:
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        weights[coding] = weight(parameters)
    other = weights.get("*", 0.0)
    ours = {BR: weights.get(BR, other), GZIP: weights.get(GZIP, weights.get("x-gzip", other))}
    least = weights.get("identity", 0.0)
    return tuple(sorted((name for name in ours if 0 < ours[name] >= least), key=lambda name: -ours[name]))


def weight(parameters: Iterable[str]) -> float:
    """The q-value among parameters, 1 without one; one that is no number between 0 and 1 counts as 0."""
    for parameter in parameters:
        if parameter.startswith("q="):
            return float(parameter[2:]) if _QVALUE.fullmatch(parameter[2:]) else 0.0
    return 1.0
