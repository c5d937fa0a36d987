"""Detection of HTML by its first bytes, for pages without a media type.

Without a regular expression, which could backtrack for days over comments.
"""

from typing import Final

MAX_HEAD: Final = 4_096  # bytes that are checked

_OPENINGS: Final = (b"<html", b"<head", b"<body")
_DOCTYPE: Final = b"<!doctype"
_SPACE: Final = b" \t\n\r\f\v"
_NAME: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_")


def looks_like_html(body: bytes) -> bool:
    """Whether the first element, after white space and comments, is html, head, body or an html doctype; in
    linear time.
    """
    head = body[:MAX_HEAD].lower().lstrip(_SPACE)
    while head.startswith(b"<!--"):
        end = head.find(b"-->", 4)
        if end < 0:
            return False
        head = head[end + 3 :].lstrip(_SPACE)
    if head.startswith(_DOCTYPE):
        rest = head[len(_DOCTYPE) :]
        name = rest.lstrip(_SPACE)
        return len(name) < len(rest) and _begins_with_word(name, b"html")
    return any(_begins_with_word(head, opening) for opening in _OPENINGS)


def _begins_with_word(text: bytes, word: bytes) -> bool:
    return text.startswith(word) and (len(text) == len(word) or text[len(word)] not in _NAME)
