"""Request headers, read from the ASGI scope: most requests need only one or two."""

import re
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

from api.errors import HeadersTooLarge, TargetTooLong

# nginx's limit, and enough for all routes; the HTTP server itself accepts about 400 KB.
MAX_HEADER_BYTES: Final = 8_192
MAX_HEADERS_BYTES: Final = 32_768
MAX_TARGET_BYTES: Final = 8_192
# Size limits of caches of parsed header values.
MAX_KEPT: Final = 1_000

BR: Final = "br"
GZIP: Final = "gzip"

_ETAG = re.compile(r'(?:W/)?"([^"]*)"')
_TAGS = re.compile(r'(W/)?"([^"]*)"')
_QVALUE = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")  # RFC 9110 section 12.4.2


def header(scope: Mapping[str, Any], name: bytes) -> str | None:
    """The value of a header, duplicates joined (RFC 9110 section 5.3); `name` in lower case."""
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values).decode("latin-1") if values else None


def headers_of(scope: Mapping[str, Any], names: frozenset[bytes]) -> tuple[dict[bytes, bytes], int]:
    """The headers with these names, joined as above, and the size of all headers; in one pass."""
    found: dict[bytes, bytes] = {}
    size = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name in names:
            found[name] = found[name] + b", " + value if name in found else value
    return found, size


def check_size(scope: Mapping[str, Any], headers_bytes: int) -> None:
    """Raises TargetTooLong and HeadersTooLarge. Parsers of headers and the URL rely on these limits.

    Duplicates of one name count as one value, which may use all bytes.
    """
    if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET_BYTES:
        raise TargetTooLong(f"Path and query are limited to {MAX_TARGET_BYTES} bytes together.")
    if headers_bytes <= MAX_HEADER_BYTES:
        return
    largest = max(len(name) + len(value) for name, value in scope["headers"])
    if largest > MAX_HEADER_BYTES or headers_bytes > MAX_HEADERS_BYTES:
        raise HeadersTooLarge(
            f"Headers are limited to {MAX_HEADER_BYTES} bytes each and {MAX_HEADERS_BYTES} bytes together."
        )


def is_preflight(scope: Mapping[str, Any]) -> bool:
    """Whether a browser asks whether a page may send a request (Fetch standard)."""
    if scope["method"] != "OPTIONS":
        return False
    return {b"origin", b"access-control-request-method"} <= {name for name, _ in scope["headers"]}


def names_etag(if_none_match: str, etag: str) -> bool:
    """Whether the header contains the tag (given without quotes), by weak comparison, or `*`."""
    return if_none_match.strip() == "*" or etag in _ETAG.findall(if_none_match)


class Versions:
    """The row versions that If-Match and If-None-Match permit for a change (RFC 9110 section 13.2.2).

    If-Match is compared strongly, If-None-Match weakly; without both, any version is permitted. Of each
    tag only the part before a dot is compared; the part after it may change without the owner.
    """

    def __init__(self, scope: Mapping[str, Any]) -> None:
        self._match = header(scope, b"if-match")
        self._none_match = header(scope, b"if-none-match")

    def __contains__(self, version: object) -> bool:
        match = self._match
        if match is not None and match.strip() != "*":
            strong = [_version(tag) for weak, tag in _TAGS.findall(match) if not weak]
            if str(version) not in strong:
                return False
        none_match = self._none_match
        if none_match is None:
            return True
        return none_match.strip() != "*" and str(version) not in map(_version, _ETAG.findall(none_match))


def _version(tag: str) -> str:
    return tag.partition(".")[0]


def is_unmodified(if_modified_since: str, last_modified: float) -> bool:
    """Whether nothing changed since the date; `last_modified` in epoch seconds. An invalid date is ignored."""
    try:
        return int(last_modified) <= parsedate_to_datetime(if_modified_since).timestamp()
    except (ValueError, OverflowError):
        return False


def accepted_codings(accept_encoding: str | None) -> tuple[str, ...]:
    """The acceptable codings that we support, best first; none with a lower weight than identity.

    Of equal weights br comes first, because it is smaller.
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
    """The q-value among parameters: 1 if absent, 0 if not a number between 0 and 1."""
    for parameter in parameters:
        if parameter.startswith("q="):
            return float(parameter[2:]) if _QVALUE.fullmatch(parameter[2:]) else 0.0
    return 1.0
