"""The title of a page without the site's name around it."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Final

from api.web.control_characters import one_line

MAX_LENGTH: Final = 500  # characters; longer ones are stray text in the element
MIN_OVERLAP: Final = 0.5  # of the shorter one's words; below, the heading belongs to something else

_SEPARATOR = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022\u00bb\u00ab<>:-]\s+|\s*\|\s*|\s+::\s+|:\s+")
_WORD = re.compile(r"\w+")
_NOT_OF_NAMES = re.compile(r"^the|\W|_")
_RUBRIC = re.compile(r"(.{20,}?)\s+\|\s+\w+(?: \w+)?")


def page_title(headings: Sequence[str], declared: Sequence[str], site_names: Sequence[str]) -> str:
    """The best title of a page, or an empty string.

    `headings` are its h1 texts; `declared` its declared titles (`og:title`, headline, `title`), the most trusted
    first; `site_names` may be cut from either end. A heading that agrees with a declared title wins, since
    readers see it, unless it only adds words (a rubric) before the declared one.
    """
    titles = [t for text in declared if (t := _without_site(_clean(text), site_names))]
    heads = [h for text in headings if (h := _without_site(_clean(text), site_names))]
    if not titles:
        return heads[0] if heads else ""
    best = max(heads, key=lambda head: _overlap(head, titles[0]), default="")
    if _overlap(best, titles[0]) < MIN_OVERLAP:
        return titles[0]
    inner = [t for t in titles if len(_WORD.findall(t)) > 2 and best.casefold().endswith(t.casefold())]
    return inner[0] if inner else best


def same_name(first: str, second: str) -> bool:
    """Whether two names of sites or organisations have the same letters and digits, articles aside."""
    folded = [_NOT_OF_NAMES.sub("", name.casefold()) for name in (first, second)]
    return folded[0] == folded[1] and bool(folded[0])


def _clean(text: str) -> str:
    return one_line(unescape(text).replace("\u00ad", ""))[:MAX_LENGTH].strip()


def _overlap(head: str, title: str) -> float:
    """Share of the shorter one's words that are in the other."""
    words, others = set(_WORD.findall(head.casefold())), set(_WORD.findall(title.casefold()))
    return len(words & others) / max(1, min(len(words), len(others)))


def _without_site(title: str, site_names: Sequence[str]) -> str:
    """Remove the site's name, and a rubric between it and the title."""
    separators = list(_SEPARATOR.finditer(title))
    for separator in separators:
        tail = title[separator.end() :]
        if any(same_name(tail, name) for name in site_names):
            title = title[: separator.start()]
            rubric = _RUBRIC.fullmatch(title)
            return rubric[1] if rubric else title
    for separator in separators[:1]:
        if any(same_name(title[: separator.start()], name) for name in site_names):
            return title[separator.end() :]
    return title
