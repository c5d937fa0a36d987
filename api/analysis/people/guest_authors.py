"""The organisation of a guest author, if the page states it.

A guest post belongs to its author's organisation, whose interest may differ from the host's. Bylines are weak
evidence, so only some forms count: a note of a guest or paid post, the author's biography line, a byline with a
company's name or an office, an organisation in brackets after the poster. Limits: English forms; only capitals
identify a name.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from api.analysis.text.page_titles import same_name

FIRST: Final = 4  # paragraphs searched for a byline or a guest note
LAST: Final = 4  # paragraphs searched for a biography

_LEGAL = re.compile(
    r"\b(?:Inc|Ltd|LLC|LLP|PLC|plc|Corp|Corporation|Company|GmbH|AG|SE|S\.A|SA|BV|AB|Oy|AS|Pty|Group|Holdings|"
    r"University|Institute|Institution|Foundation|Association|Council|Laborator(?:y|ies)|Labs|College|Society|"
    r"Ministry|Department|Agency|Alliance|Trust|Bank|Partners|Ventures|Consulting)\b\.?"
)
_WORD = r"[A-Z\u00c0-\u00de0-9][\w&'\u2019+-]*(?:\.[\w&'\u2019+-]+)*"
_NAME = rf"(?-i:{_WORD}(?:\s+(?:(?:of|for|and|de|&)\s+(?:the\s+)?)?{_WORD}){{0,6}})"
_OFFICE = (
    r"(?:(?:co-?)?founder(?:\s+(?:and|&)\s+[\w ]{2,30}?)?|owner|chief\s+(?:executive|[\w-]+\s+officer)|C[A-Z]O|"
    r"(?:vice\s+)?president|(?:managing|executive)\s+director|director\s+general|managing\s+partner|"
    r"chair(?:man|woman)?|general\s+secretary)"
)
# "head of" or "director of" names a part of the organisation; the organisation follows
_POST = (
    rf"(?:{_OFFICE}|S?E?VP|director|head|manager|partner|principal|lead|fellow|engineer|scientist|researcher|professor|"
    r"lecturer|analyst|consultant|strategist|adviser|advisor|economist|counsel|spokes\w+)"
)
_HOUSE = rf"(?:the\s+)?(?P<organization>{_NAME})"
_FROM = rf"(?:at|of|for|with|from)\s+(?:the\s+)?(?P<organization>{_NAME})"
_GUEST_POST = re.compile(
    rf"\bguest\s+(?:post|blog(?:\s+post)?|article|column|essay|contribution)\b[^.]{{0,60}}?\b(?:by|from)\s+"
    rf"(?:the\s+team\s+at\s+(?:the\s+)?(?P<team>{_NAME})|(?:the\s+)?(?P<who>(?-i:{_WORD}(?:\s+{_WORD}){{0,4}}))"
    rf"(?:,?\s+(?:[\w&'-]+,?\s+){{0,8}}?{_FROM}|,\s+(?P<beside>{_NAME})\s*(?:\.|$)|\s+\((?P<within>{_NAME})\))?)",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"\b(?:sponsored|paid|partner|promoted|branded)\s+(?:content|post|article|feature|message)\b[^.]{0,60}?\b"
    rf"(?:(?:written|produced|provided|supplied|created)\s+)?(?:by|from)\s+(?:the\s+team\s+at\s+)?{_HOUSE}",
    re.IGNORECASE,
)
_CONTRIBUTION = re.compile(
    r"^(?:a\s+)?(?:contribution|contributed\s+(?:post|article|column))\s+(?:by|from)\s+"
    rf"(?:the\s+(?:[\w-]+\s+){{0,3}}?(?:team|staff|people)\s+(?:at|of)\s+)?{_HOUSE}",
    re.IGNORECASE,
)
_POSTED = re.compile(
    rf"^(?:posted|published|written|contributed|submitted)\b[^.()]{{0,40}}?\bby\s+(?P<who>(?-i:{_WORD}(?:\s+{_WORD}){{1,3}}))"
    rf"\s+\({_HOUSE}\)",
    re.IGNORECASE,
)
_OFFICE_LINE = re.compile(
    rf"^By\s+[^,]{{3,60}},\s+(?:the\s+)?(?:[\w-]+\s+){{0,3}}?"
    rf"(?:{_OFFICE}\s+of\s+|{_POST}(?:\s+(?:of|for)\s+[\w &-]{{2,40}}?)?(?:,|\s+at)\s+){_HOUSE}\s*\.?$",
    re.IGNORECASE,
)
_AUTHOR = re.compile(rf"^By\s+(?P<who>{_WORD}(?:\s+{_WORD}){{1,3}})\b")
# That a text is a contribution; its last paragraphs may then tell of an author whom no byline names.
_IS_GUEST = re.compile(
    r"^guest (?:post|blog|article|column|essay|opinion)\b|\bviews? (?:expressed )?(?:here |in this \w{4,12} )?"
    r"(?:are|is) (?:those|that|the author|solely)\b",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(rf"^(?P<who>{_WORD}(?:\s+{_WORD}){{1,3}})\s+is\s")
_DATE = re.compile(
    r"[\d\s./:-]*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|"
    r"July|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)?[\d\s./:-]*"
)
_NO_HOUSE = re.compile(
    r"\b(?:staff|guest|contributors?|writer|reporter|correspondent|editor|columnist|author|freelance\w*|blogger|"
    r"moderator|admin\w*|member)\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^By\s+[^,]{3,60},\s+(?P<organization>[^,.;]{2,80}?(?:,?\s+(?:Inc|Ltd|LLC|Corp)\.?)?)\s*$"
)
# Text after the author's name in a biography.
_BIOGRAPHIES: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\s*,?\s*(?:is|was|serves\s+as|works\s+as)\s+[^.;]{{2,80}}?\b{_FROM}",
        rf"\s+(?:runs|leads|heads|owns|(?:co-?)?founded)\s+(?:[a-z][^.;,]{{1,60}}?\b(?:at|of|for)\s+)?{_HOUSE}",
        rf"\s*,\s+(?:the\s+)?(?:[\w-]+\s+){{0,3}}?(?:{_OFFICE}\s+of|{_POST}[^,.;]{{0,40}}?(?:,|\s+at))\s+{_HOUSE}\s*,",
    )
)
_WHOLE_NAME = re.compile(_NAME)
_FURTHER = re.compile(rf"\s+at\s+(?:the\s+)?(?P<organization>{_NAME})")
# On these hosts the path names the author's account.
_ACCOUNT_PATHS: Final = (("huggingface.co", re.compile(r"/blog/(?P<account>[^/]+)/[^/]+/?")),)


def guest_organization(
    paragraphs: Sequence[str],
    authors: Sequence[str],
    site_names: Sequence[str],
    url: str | None,
    notes: Sequence[str] = (),
) -> str | None:
    """The author's organisation by the text of the page, unless it is the site.

    `notes` are the page's statements about the author outside its text.
    """
    first, last = [*notes, *paragraphs[:FIRST]], [*notes, *paragraphs[-LAST:]]
    found = [_guest_note(p) for p in [*first, *paragraphs[-LAST:]]]
    found += [_byline(p) for p in first]
    named = [
        match["who"] for p in first for match in (_GUEST_POST.search(p[:600]), _AUTHOR.match(p)) if match
    ]
    if not any([*authors, *named]) and any(_IS_GUEST.search(p) for p in [*first, *last]):
        named += [match["who"] for p in last if (match := _INTRODUCED.match(p))]
    writers = dict.fromkeys([*authors, *filter(None, named)])
    found += [_biography(p, author) for author in writers for p in last]
    found.append(_account(url, authors))
    return next(
        (name for name in found if name and not any(_same_organization(name, site) for site in site_names)),
        None,
    )


def is_organization(name: str) -> bool:
    """Whether the name contains a word for companies or institutions."""
    return _LEGAL.search(name) is not None


def _guest_note(paragraph: str) -> str | None:
    head = paragraph[:600]
    for note in (_PAID.search(head), _CONTRIBUTION.search(head), _POSTED.search(head)):
        if note and (organization := _organization(note["organization"])):
            return organization
    match = _GUEST_POST.search(head)
    if match is None:
        return None
    name = match["team"] or match["organization"] or _organization(match["beside"] or match["within"])
    if match["who"] and is_organization(match["who"]):  # "from the Institute of Quays"
        whole = _WHOLE_NAME.match(paragraph[match.start("who") :])
        name = whole[0] if whole else match["who"]
    return _trimmed(name)


def _byline(paragraph: str) -> str | None:
    match = _BYLINE.match(paragraph)
    if match and is_organization(match["organization"]):
        return _trimmed(match["organization"])
    office = _OFFICE_LINE.match(paragraph)
    return _organization(office["organization"]) if office else None


def _biography(paragraph: str, author: str) -> str | None:
    if not author or not paragraph[:200].casefold().removeprefix("about the author").lstrip(
        " :\u2014-"
    ).startswith(author.casefold()):
        return None
    after = paragraph[paragraph.casefold().find(author.casefold()) + len(author) :]
    match = next(filter(None, (form.match(after) for form in _BIOGRAPHIES)), None)
    if match is None:
        return None
    # "professor of Law at Vell University": the place follows the subject
    further = _FURTHER.match(after[match.end() :])
    return _trimmed((further or match)["organization"])


def _account(url: str | None, authors: Sequence[str]) -> str | None:
    parts = urlsplit(url or "")
    for host, path in _ACCOUNT_PATHS:
        if parts.hostname == host and (match := path.fullmatch(parts.path)):
            account = match["account"]
            return None if any(same_name(account, author) for author in authors) else account
    return None


def _organization(name: str | None) -> str | None:
    """The name, unless it is a date or a person's role on the page."""
    return None if name is None or _NO_HOUSE.search(name) or _DATE.fullmatch(name) else _trimmed(name)


def _trimmed(name: str | None) -> str | None:
    return name.strip(" .,'\u2019") if name else None


def _same_organization(name: str, site: str) -> bool:
    """Whether the names are equal or one contains the other: "Harbour News" writes for "Harbour News Online"."""
    if same_name(name, site):
        return True
    short, long = sorted((name.casefold(), site.casefold()), key=len)
    return len(short) > 3 and re.search(rf"\b{re.escape(short)}\b", long) is not None
