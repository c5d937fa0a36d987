"""Links that contain another page's URL: search and share redirects, AMP caches; a closed list.

The wrapped URL identifies the publisher's page without a request.
"""

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

MAX_FIELDS = 50  # of a wrapper's query, which has ten in practice

_ADDRESS = re.compile(rb"https?://[\x21-\x7e]+")
_GOOGLE = r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}"


def wrapped_url(host: str, path: str, query: str) -> str | None:
    """The URL in the link, which is untrusted; None if it is no known wrapper or contains none."""
    for hosts, paths, read in _WRAPPERS:
        if hosts.fullmatch(host) and (match := paths.fullmatch(path)):
            return None if query.count("&") >= MAX_FIELDS else read(match, parse_qs(query))
    return None


def is_wrapper(host: str, path: str) -> bool:
    """Whether the link is a known wrapper, even without a URL in it."""
    return any(hosts.fullmatch(host) and paths.fullmatch(path) for hosts, paths, _ in _WRAPPERS)


_Reader = Callable[[re.Match[str], dict[str, list[str]]], str | None]


def _parameter(*names: str) -> _Reader:
    def read(_: re.Match[str], query: dict[str, list[str]]) -> str | None:
        values = (query[name][0] for name in names if name in query)
        return next((value for value in values if value.startswith(("http://", "https://"))), None)

    return read


def _amp_path(match: re.Match[str], _: dict[str, list[str]]) -> str:
    return f"{'https' if match['s'] else 'http'}://{match['rest']}"


def _yahoo_path(match: re.Match[str], _: dict[str, list[str]]) -> str:
    return unquote(match[1])


def _google_news_article(match: re.Match[str], _: dict[str, list[str]]) -> str | None:
    """Older article ids are base64 messages with the URL; newer ones do not contain it."""
    try:
        message = urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    found = _ADDRESS.search(message)
    return found[0].decode("ascii") if found else None


_WRAPPERS: list[tuple[re.Pattern[str], re.Pattern[str], _Reader]] = [
    (re.compile(hosts), re.compile(paths, re.DOTALL), read)
    for hosts, paths, read in (
        (_GOOGLE, r"/url", _parameter("q", "url")),
        (_GOOGLE, r"/amp/(?P<s>s/)?(?P<rest>[^/]+\.[^/]+.*)", _amp_path),
        (r"news\.google\.com", r"/(?:rss/)?(?:__i/rss/rd/)?articles/([A-Za-z0-9_-]+)", _google_news_article),
        (r"[a-z0-9-]+\.cdn\.ampproject\.org", r"/[cv]/(?P<s>s/)?(?P<rest>[^/]+\.[^/]+.*)", _amp_path),
        (r"(?:www\.)?bing\.com", r"/news/apiclick\.aspx", _parameter("url")),
        (r"lm?\.facebook\.com", r"/l\.php", _parameter("u")),
        (r"(?:www\.)?linkedin\.com", r"/(?:redir/redirect|safety/go)", _parameter("url")),
        (r"out\.reddit\.com", r"/.*", _parameter("url")),
        (r"(?:www\.)?youtube\.com", r"/redirect", _parameter("q")),
        (r"(?:www\.)?duckduckgo\.com", r"/l/?", _parameter("uddg")),
        (r"r\.search\.yahoo\.com", r"/.*/RU=([^/]+)/.*", _yahoo_path),
        (r"slack-redir\.net", r"/link", _parameter("url")),
    )
]
