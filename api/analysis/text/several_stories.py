"""Recognises a text of several stories: agency reports run together, digests, roundups, briefings.

The items of a digest have hardly a word in common. A list about one subject repeats it; so do release notes.
Thresholds: of 506 articles with headings one has items that share so little. Limits: English signs.
"""

import re

from api.analysis.text.document import Text
from api.analysis.text.lexicon import words

DATELINES = 3  # in one text; a single agency report has one, a follow-up sometimes quotes another
MORE_LINKS = 3  # "Read more on ..." after each item of a digest
DIGEST_SIGNS = 2
LOUD, LOUD_WORDS = 4, 3  # headings in capitals before a colon, "FERRIES RUN AGAIN: ...", and words of one
ITEMS, ITEM_WORDS = 4, 90  # items, and most words of one
IN_ITEMS = 0.6  # least share of the text's words
RELATED = 0.2  # most items that share words with another; more if the title says that it is a digest
SHARED = 0.1  # of the shorter item's words, and two at least: then items are related
LABEL = 8  # words; a shorter line without a full stop is a heading
SHORTEST = 8  # words of an item

_STOPS = frozenset(".!?…:;\"'”’»)")
_DATELINE = re.compile(
    r"(?<!\w)(?:[A-Z][A-Z.'-]{2,20}(?:[ /][A-Z.'-]{2,20}){0,3}(?:, [A-Z][\w. ]{2,20}){0,2} ?)?"
    r"\((?:Reuters|AP|AFP|Xinhua|Bloomberg|Thomson Reuters Foundation|UPI|ANI|PTI|IANS|CNN|dpa)\) ?(?:-|–|—)"
)
_MORE = re.compile(
    r"\b(?:read (?:more|on)|full story|continue reading)\b[^.\n]{0,6}(?:on|at|:|»|→|about|$)", re.I | re.M
)
_DIGEST = re.compile(
    r"\b(?:we round up|rounds? up the|that['’]s not all|full stories|in other news|also this week|"
    r"top stories|here are the (?:top|main|biggest) (?:stories|headlines)|the day['’]s (?:\w+ ){0,3}news)\b",
    re.I,
)
_TITLE = re.compile(
    r"\b(?:round-?up|digest|briefings?|newsletter|in brief|headlines|bulletin|wrap-?up|(?:issue|edition|"
    r"no\.) ?#?\d+|"
    r"#\d+|week in review|week(?:ly)? (?:news|recap|update)|(?:this|last|the) week in|weekly|links|"
    r"news in brief|of the week$|papers this week|(?:police|crime|fire) (?:log|blotter)|"
    r"around the (?:county|region|state|grounds)|morning coffee|the day['’]s news|"
    r"(?:morning|evening|daily|weekend) (?:edition|brief|update|news)|"
    r"(?:things|stories|headlines) (?:you need )?to know(?: for| on| this| today|$))\b",
    re.I,
)
_HEAD = re.compile(r"^([A-Z][\w '’,&$.-]{2,100}):\s{1,3}(?=\S)", re.M)
_NUMBERED = re.compile(r"\s{0,3}(?:\d{1,2}[.)]|[-*•]) ")
_WORD = re.compile(r"[a-z]{4,}")
_COMMON = words(
    "that this these those with from have been were will would could about after before into over more than when "
    "which what there their they them your also said says year years week today most many some other first last "
    "people like just only make then each very much time such where while through between because"
)


def has_several_stories(document: Text) -> bool:
    """Whether the text is several agency reports, or a digest."""
    text = document.text
    return (
        len(_DATELINE.findall(text)) >= DATELINES
        or len(_MORE.findall(text)) >= MORE_LINKS
        or len({m.group().lower() for m in _DIGEST.finditer(text)}) >= DIGEST_SIGNS
        or _is_digest(document)
    )


def _is_digest(document: Text) -> bool:
    article = document.article
    body = article.text[article.body_start :]
    says_so = _TITLE.search(article.title) is not None
    heads = [match[1] for match in _HEAD.finditer(body)]
    loud = [head for head in heads if head.isupper() and len(head.split()) >= LOUD_WORDS]
    if len(set(loud)) == len(loud) >= LOUD or (says_so and len(set(heads)) == len(heads) >= LOUD):
        return True
    items = _items(article.body_start, body)
    related = 2 * RELATED if says_so else RELATED
    if says_so and len(items) < ITEMS:
        related = 1.5 * RELATED
        items = [(0, line) for line in body.splitlines() if len(line.split()) >= SHORTEST]
    lengths = [len(text.split()) for _, text in items]
    if len(items) < ITEMS or max(lengths) > ITEM_WORDS or sum(lengths) < IN_ITEMS * len(body.split()):
        return False
    if not says_so and 2 * sum(_is_headline(document, start) for start, _ in items) <= len(items):
        return False
    return _related([text for _, text in items]) <= related


def _items(offset: int, body: str) -> list[tuple[int, str]]:
    """The texts below headings, and the numbered paragraphs, each with the offset of its heading."""
    found: list[tuple[int, list[str]]] = []
    for line in body.splitlines(keepends=True):
        length = len(line.split())
        is_heading = 0 < length <= LABEL and line.rstrip()[-1] not in _STOPS
        if is_heading or (length > LABEL and _NUMBERED.match(line)):
            found.append((offset, []))
        if found and length:
            found[-1][1].append(line)
        offset += len(line)
    texts = [(start, "".join(lines)) for start, lines in found]
    return [(start, text) for start, text in texts if len(text.split()) >= SHORTEST]


def _is_headline(document: Text, start: int) -> bool:
    """Whether the heading tells something: it has a finite verb."""
    return bool(document.sentences) and document.is_finite(document.sentence_at(start))


def _related(items: list[str]) -> float:
    """The share of items that have words in common with another."""
    bags = [set(_WORD.findall(item.lower())) - _COMMON for item in items]
    related = sum(
        any(
            len(bag & other) >= max(2, SHARED * min(len(bag), len(other)))
            for at, other in enumerate(bags)
            if at != own
        )
        for own, bag in enumerate(bags)
    )
    return related / len(bags)
