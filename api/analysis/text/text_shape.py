"""Shapes of text that are not articles: recipes, menus, lists, several stories in one.

Each test counts a plain sign. Thresholds reject at most one in a hundred of 933 labelled articles, and most
texts that annotators could not judge.
"""

import re

from api.analysis.text.document import Text

DATELINES = 3  # in one text; a single agency report has one, a follow-up sometimes quotes another
MORE_LINKS = 3  # "Read more on ..." after each item of a digest
DIGEST_SIGNS = 2
QUANTITIES = 5  # lines that begin with a kitchen quantity
ENDLESS = 90  # words; a longer sentence is a row of headlines or menu entries without full stops
FEW = 8  # sentences
PROSE = 0.25  # least share of words in finite sentences; a paper with its reference list has a third
LABEL = 8  # words; a shorter line without a full stop is a label, even if the tagger finds a verb
LINES = 5  # a shorter text is not tested
IN_WORDS = 0.5  # least share of characters in words; the lowest of 956 labelled texts, full of code, has .70

_WORD = re.compile(r"[^\W\d_]{2,}")
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
_QUANTITY = re.compile(
    r"^\W{0,4}(?:\d+|[¼½¾⅓⅔⅛]|one|two|three|half)[\d\s/.,¼½¾⅓⅔⅛-]{0,8}\(?\s?"
    r"(?:cups?|tbsps?|tablespoons?|tsps?|teaspoons?|oz|ounces?|g|grams?|kg|ml|l|lbs?|pounds?|pinch|cloves?|sticks?|"
    r"cans?|packages?|box)\b",
    re.I | re.M,
)


def lacks_words(text: str) -> bool:
    """Whether most of the text is figures, signs, pictographs or single letters. Needs no parse."""
    return sum(map(len, _WORD.findall(text))) < IN_WORDS * sum(map(len, text.split()))


def has_several_stories(document: Text) -> bool:
    """Whether the text has several agency reports, or is a digest with its links."""
    text = document.text
    return (
        len(_DATELINE.findall(text)) >= DATELINES
        or len(_MORE.findall(text)) >= MORE_LINKS
        or len({m.group().lower() for m in _DIGEST.finditer(text)}) >= DIGEST_SIGNS
    )


def is_recipe(text: str) -> bool:
    """Whether many lines begin with a kitchen quantity."""
    return len(_QUANTITY.findall(text)) >= QUANTITIES


def is_run_together(document: Text) -> bool:
    """Whether most of the text is a few endless sentences: menus or headlines that lost their line breaks."""
    lengths = [len(s.text.split()) for s in document.body_sentences()]
    return len(lengths) <= FEW and 2 * sum(n for n in lengths if n > ENDLESS) > sum(lengths)


def lacks_sentences(document: Text) -> bool:
    """Whether hardly any text is in finished sentences with a finite verb: lists, menus, tables."""
    sentences = list(document.body_sentences())
    lengths = [len(s.text.split()) for s in sentences]
    finite = [
        (n > LABEL or s.text[-1] in _STOPS) and document.is_finite(s)
        for s, n in zip(sentences, lengths, strict=True)
    ]
    in_prose = sum(n for n, is_finite in zip(lengths, finite, strict=True) if is_finite)
    return len(sentences) >= LINES and in_prose < PROSE * sum(lengths)
