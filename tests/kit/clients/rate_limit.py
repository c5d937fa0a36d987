"""Parses RateLimit and RateLimit-Policy: lists of strings with parameters (RFC 9651)."""

from typing import Any

import http_sf
import httpx


def policies(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    return _items(answer, "ratelimit-policy")


def left(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    """The remaining quota of each policy, by its name."""
    return _items(answer, "ratelimit")


def _items(answer: httpx.Response, field: str) -> dict[str, dict[str, Any]]:
    parsed: Any = http_sf.parse(answer.headers[field].encode(), tltype="list")
    assert all(type(name) is str for name, _ in parsed), "strings, not tokens"
    return dict(parsed)
