"""The organisation that a guest author writes for, where the page says so in so many words.

A guest post is its author's organisation's, not its host's (method, grounding rule 6). Bylines are weak
evidence, so only three forms count: a note that it is a guest post, the author's own line of biography, and a
byline with a company's name in it. Limits: English forms; a name is believed to be one by its capitals.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from api.analysis.page_titles import same_name

FIRST: Final = 4  # paragraphs in which a byline or a guest note stands
LAST: Final = 4  # paragraphs in which a biography stands

_LEGAL = re.compile(
    r"\b(?:Inc|Ltd|LLC|LLP|PLC|plc|Corp|Corporation|Company|GmbH|AG|SE|S\.A|SA|BV|AB|Oy|AS|Pty|Group|Holdings|"
    r"University|Institute|Institution|Foundation|Association|Council|Laborator(?:y|ies)|Labs|College|Society|"
    r"Ministry|Department|Agency|Alliance|Trust|Bank|Partners|Ventures|Consulting)\b\.?"
)
_WORD = r"[A-Z\u00c0-\u00de0-9][\w&'\u2019+-]*(?:\.[\w&'\u2019+-]+)*"
_NAME = rf"(?-i:{_WORD}(?:\s+(?:(?:of|for|and|de|&)\s+(?:the\s+)?)?{_WORD}){{0,6}})"
_FROM = rf"(?:at|of|for|with|from)\s+(?:the\s+)?(?P<organization>{_NAME})"
_GUEST_POST = re.compile(
    rf"\bguest\s+(?:post|blog(?:\s+post)?|article|column|essay|contribution)\b[^.]{{0,60}}?\b(?:by|from)\s+"
    rf"(?:the\s+team\s+at\s+(?:the\s+)?(?P<team>{_NAME})|(?:the\s+)?(?P<who>(?-i:{_WORD}(?:\s+{_WORD}){{0,4}}))"
    rf"(?:,?\s+(?:[\w&'-]+,?\s+){{0,8}}?{_FROM})?)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^By\s+[^,]{3,60},\s+(?P<organization>[^,.;]{2,80}?(?:,?\s+(?:Inc|Ltd|LLC|Corp)\.?)?)\s*$"
)
# Pages of these hosts are written by the account that the path names, person or organisation.
_ACCOUNT_PATHS: Final = (("huggingface.co", re.compile(r"/blog/(?P<account>[^/]+)/[^/]+/?")),)


def guest_organization(
    paragraphs: Sequence[str], authors: Sequence[str], site_names: Sequence[str], url: str | None
) -> str | None:
    """The author's organisation by the text of the page, None where it names none but the site itself."""
    found = [_guest_note(p) for p in [*paragraphs[:FIRST], *paragraphs[-LAST:]]]
    found += [_byline(p) for p in paragraphs[:FIRST]]
    found += [_biography(p, author) for author in authors for p in paragraphs[-LAST:]]
    found.append(_account(url, authors))
    return next(
        (name for name in found if name and not any(_same_house(name, site) for site in site_names)), None
    )


def is_organization(name: str) -> bool:
    """Whether a name says of itself that it is a company's or an institution's."""
    return _LEGAL.search(name) is not None


def _guest_note(paragraph: str) -> str | None:
    match = _GUEST_POST.search(paragraph[:600])
    if match is None:
        return None
    name = match["team"] or match["organization"]
    if match["who"] and is_organization(match["who"]):  # "from the Institute of Quays"
        whole = re.match(_NAME, paragraph[match.start("who") :])
        name = whole[0] if whole else match["who"]
    return _trimmed(name)


def _byline(paragraph: str) -> str | None:
    match = _BYLINE.match(paragraph)
    return _trimmed(match["organization"]) if match and is_organization(match["organization"]) else None


def _biography(paragraph: str, author: str) -> str | None:
    if not author or not paragraph[:200].casefold().removeprefix("about the author").lstrip(
        " :\u2014-"
    ).startswith(author.casefold()):
        return None
    after = paragraph[paragraph.casefold().find(author.casefold()) + len(author) :]
    role = rf"\s*,?\s*(?:is|was|serves\s+as|works\s+as)\s+[^.;]{{2,80}}?\b{_FROM}"
    if (match := re.match(role, after, re.IGNORECASE)) is None:
        return None
    # "professor of Law at Vell University": the place follows the subject
    further = re.match(rf"\s+at\s+(?:the\s+)?(?P<organization>{_NAME})", after[match.end() :])
    return _trimmed((further or match)["organization"])


def _account(url: str | None, authors: Sequence[str]) -> str | None:
    parts = urlsplit(url or "")
    for host, path in _ACCOUNT_PATHS:
        if parts.hostname == host and (match := path.fullmatch(parts.path)):
            account = match["account"]
            return None if any(same_name(account, author) for author in authors) else account
    return None


def _trimmed(name: str | None) -> str | None:
    return name.strip(" .,'\u2019") if name else None


def _same_house(name: str, site: str) -> bool:
    """One name inside the other counts too: "Harbour News" writes for "Harbour News Online"."""
    if same_name(name, site):
        return True
    short, long = sorted((name.casefold(), site.casefold()), key=len)
    return len(short) > 3 and re.search(rf"\b{re.escape(short)}\b", long) is not None
