"""Finds words by which a written sentence says more than the text: more certain, larger, graver, or with a cause.

Each rule compares words of the sentence with words that the text would need, so it finds only what is written in
usual words. The rules on degree, certainty and cause are for sentences that tell the news: one that explains how
the text works may say that it suggests more than it shows.
"""

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final

from api.proposals.stems import STEM, stems

_QUOTED: Final = re.compile(r"“[^“”]*”|\"[^\"]*\"")
_FIGURE: Final = re.compile(r"(?<![\w.,])\d+(?:[.,:]\d+)*(?!\w)")
_BEFORE: Final = 24  # characters before a figure in which its limit stands
_AT_MOST: Final = re.compile(
    r"\b(?:up to|as (?:much|many|few|little|long) as|within|under|below|(?:no|not|no case) more than|less than"
    r"|fewer than|at (?:the )?most|nearly|almost|not quite)\W{0,3}$",
    re.IGNORECASE,
)
_AT_LEAST: Final = re.compile(
    r"\b(?:(?<!no )(?<!not )(?<!case )more than|over|above|at least|upwards? of|no (?:fewer|less) than)\W{0,3}$",
    re.IGNORECASE,
)
_PERIOD: Final = re.compile(r"[\d.,]+ (?:second|minute|hour|day|week|month|year|decade)", re.IGNORECASE)

# Something that others grant, and verbs of having it; words by which it is only sought.
_GRANTED: Final = re.compile(
    r"\b(?:holds?|held|owns?|owned|has|have|had|won|wins|gets?|got|gain(?:s|ed)|obtain(?:s|ed)|receive[sd]?"
    r"|secure[sd]?|granted) (?:\w+ ){0,2}?"
    r"(patent|approval|licen[cs]e|permit|permission|clearance|authori[sz]ation|certificat|accreditation)",
    re.IGNORECASE,
)
_SOUGHT: Final = re.compile(
    r"\b(?:fil(?:e|es|ed|ing)|appl(?:y|ies|ied|ying|ications?)|seek\w*|sought|pending|await\w*|plan\w*"
    r"|hop(?:e|es|ed|ing)|expect\w*|aim\w*|propos\w+|request\w*|ask\w*|subject to|yet to|will|would|could"
    r"|may|might|not|no|without|if)\b",
    re.IGNORECASE,
)

_CALLED: Final = re.compile(r"\bcall(?:s|ed|ing) (?!for\b|on\b|out\b|up\b)([^,;:.“”]+)([“”]?)")

# A possibility or a plan in the text, and words that keep it one in the sentence.
_POSSIBLE: Final = re.compile(
    r"\b(?:might|could(?! not)|(?<!you )may(?! \d)|possibly|perhaps|maybe|probably|likely|allegedly"
    r"|(?:appears?|seems?|plans?|planned|hopes?|aims?|intends?|wants?|proposes?) to)\b"
)
_KEPT: Final = re.compile(
    r"\b(?:may|might|can|could|would|should|will|if|unless|possib\w+|probab\w+|perhaps|maybe|likely|potential\w*"
    r"|appear\w*|seem\w*|suggest\w*|expect\w*|plan\w*|aim\w*|intend\w*|hop\w+|propos\w+|want\w*|promis\w+"
    r"|predict\w*|forecast\w*|estimat\w*|suspect\w*|alleg\w+|believ\w*|think\w*|claim\w*|designed|question\w*"
    r"|unclear|whether|vision|idea|imagin\w+|speak\w*|risk\w*|urg\w+|advis\w+|warn\w*)\b",
    re.IGNORECASE,
)
_CLAUSES: Final = re.compile(r"[;:,] |[“”\"]| (?:and|but|while|which|who|that|says?|said) ")
MIN_CLAUSE: Final = 3  # stems by which a clause is known to retell another
MIN_RETOLD: Final = 0.7  # share of a clause's stems that are in the other

_ALL: Final = re.compile(r"(?:^|[.;,] |\bthat )(?:everyone|everybody|all|every|each)\b", re.IGNORECASE)
_PART: Final = re.compile(r"\b(?:several|some|many|most of|a few|a number of|majority)\b", re.IGNORECASE)
_ANY: Final = re.compile(
    r"\b(?:everyone|everybody|all|every|each|nobody|no one|none|no|any\w*|whole|entire)\b", re.IGNORECASE
)

_CAUSE: Final = re.compile(
    r"\b(?:because|due to|owing to|caused|causes|leads? to|led to|result(?:s|ed)? in|thanks to|as a result"
    r"|driven by|stems? from|on account of)\b",
    re.IGNORECASE,
)
_END: Final = re.compile(r"[,;:.]")
_JOINED: Final = re.compile(
    r"\b(?:because|due|owing|caus\w+|le(?:ads?|d) to|result\w*|thanks|driv\w+|drove|stem\w*|account\w*|so|since"
    r"|reason\w*|why|explain\w*|reflect\w*|therefore|thus|hence|consequen\w+|means?|meant|follow\w*|behind|blam\w+"
    r"|effect\w*|impact\w*|made|makes|after|put down|trigger\w*|prompt\w*|forc\w+)\b",
    re.IGNORECASE,
)

# Words of degree, time and intent, each with the words of which the text needs one.
_DEGREES: Final = [
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), re.compile(rf"\b(?:{needed})", re.IGNORECASE))
    for words, needed in (
        (
            "largest|biggest|greatest|foremost",
            r"largest|biggest|greatest|foremost|leading|leader|top\b|number one|no\. ?1|most\b|record",
        ),
        ("best", r"best|top\b|leading|leader|finest|first\b|winner|record"),
        ("worst", r"worst|gravest|deadliest|record|most\b"),
        ("fastest|quickest", r"fastest|quickest|record|shortest"),
        ("cheapest", r"cheapest|lowest"),
        ("oldest", r"oldest|first\b|earliest"),
        ("highest", r"highest|record|peak|most\b|top\b"),
        ("lowest", r"lowest|record|least|fewest"),
        ("first-ever|first of its kind", r"first\b"),
        ("unprecedented", r"unprecedented|never|first\b|record"),
        (
            "commonly|routinely|frequently|usually|typically|regularly",
            r"common|routin|frequen|usual|typical|regular|often|most\b|many|always|every|general|normal",
        ),
        ("unanimous(?:ly)?", r"unanim|all\b|every|no one|nobody"),
        ("guarantee[sd]?", r"guarant|warrant|promis|assur|ensur|certain"),
        ("prove[sdn]?|proved", r"prove|proof|show|confirm|demonstrat|establish|found"),
        ("immediately|instantly", r"immediate|instant|at once|right away|now\b|today|same day"),
        ("permanent(?:ly)?", r"permanent|for ever|forever|for good|final|end(?:s|ed)?\b|clos|no longer"),
        ("refuse[sd]", r"refus|declin|reject|turned down|would not|wouldn['’]t|won['’]t"),
        ("today", r"today"),
        ("yesterday", r"yesterday"),
        ("tomorrow", r"tomorrow"),
        (
            "(?:this|last|next) (?:week|month|year|quarter|spring|summer|autumn|fall|winter)",
            r"(?:this|last|next) \w",
        ),
        ("recently", r"recent|new|last\b|this\b|ago\b|just\b|latest"),
        (
            "deliberate(?:ly)?|intentional(?:ly)?|knowingly|on purpose",
            r"deliberat|intention|knowing|purpose|plot",
        ),
        ("secretly|in secret", r"secre|quiet|hidden|private|undisclosed"),
    )
]

_LINE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_NEGATIVE: Final = re.compile(r"\bun([a-z]{6,})\b", re.IGNORECASE)
_PREFIXES: Final = ("un", "in", "im", "dis", "non", "non-")
_DENIAL: Final = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|nor|without|lacks?|lacking|cannot|fail\w*|refus\w+|declin\w+|too"
    r"|less|hardly|\w+n['’]t)\b",
    re.IGNORECASE,
)
_NOBODY_HAS: Final = re.compile(
    r"\b(?:nobody|no one|none|no outsider|no expert)(?: (?:else|outside|independent))? (?:has|have|had)"
    r" (?:ever |yet )?(\w+)",
    re.IGNORECASE,
)

# Grave words, each with the words of which the text needs one.
_GRAVE: Final = [
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), re.compile(rf"\b(?:{needed})", re.IGNORECASE))
    for words, needed in (
        ("illegal(?:ly)?|unlawful(?:ly)?", r"illegal|unlawful|law|legal|crim|court|offen[cs]e|prohibit|ban"),
        ("fraud\\w*|embezzl\\w+|brib\\w+", r"fraud|embezzl|brib|corrupt|swindl|cheat|scam|deceiv"),
        ("compulsory|mandatory", r"compulsory|mandat|oblig|requir|must|forc|have to|has to|duty|need"),
        (
            "bias(?:ed)?|discriminat\\w+|racis[tm]|sexis[tm]",
            r"bias|discriminat|racis|sexis|prejudic|unfair|unequal",
        ),
        ("contaminat\\w+|poison\\w*|toxic", r"contaminat|poison|toxi|pollut|unsafe|harmful|lead\b"),
        ("kill(?:s|ed)|die[sd]|deaths?", r"kill|die[sd]?\b|dead|death|fatal|lethal|deadl|loss of life|lives"),
        ("bankrupt\\w*|insolven\\w*", r"bankrupt|insolven|administration|creditor|chapter"),
        ("fak(?:e|ed)|forg(?:ed|ery)", r"fake|forg|counterfeit|false|imitat|invent"),
        ("films|filmed|filming|videotap\\w+", r"film|video|camera|record|footage"),
        ("monopol\\w+|cartel", r"monopol|cartel|antitrust|competition"),
        ("(?:rivals?|competitors?)(?:['’]s?)?", r"rival|compet|contend|challenger"),
        (
            "(?:who|which|that) must",
            r"must|have to|has to|requir|need|mandat|oblig|compuls|forc|will no longer",
        ),
        (
            "disputed|controversial",
            r"disput|controvers|contest|contentious|debat|oppos|critici|protest|divided",
        ),
        (
            "cover-?up|cover(?:s|ed|ing)? (?:it |this |that )?up",
            r"cover-?up|covered up|conceal|hid(?:e|den)?\b|suppress",
        ),
    )
]
_DENIED: Final = re.compile(
    r"\b(?:no|not|nor|never|without|any|whether|if|n['’]t)\b(?: \w+){0,4} $", re.IGNORECASE
)


class Manner(Enum):
    """What a sentence does: it tells the news, explains the text, retells it without its limits, or asks."""

    TELLS = "tells"
    EXPLAINS = "explains"
    RETELLS = "retells"
    ASKS = "asks"


def overstates(text: str, sentences: Sequence[str], whole: str, manner: Manner) -> bool:
    """Whether a sentence says more than `sentences`, on which it rests, or than the whole text.

    Words between quotation marks are the text's own.
    """
    if manner is Manner.ASKS:
        return False
    bare = _QUOTED.sub("“”", text)
    if _is_graver(bare, whole) or _has_what_is_sought(bare, whole):
        return True
    if manner is Manner.EXPLAINS:
        return _denies_for_all(bare, whole)
    if _lacks_any(bare, whole) or _negates(bare, whole):
        return True
    return manner is Manner.TELLS and (
        _denies_for_all(bare, whole)
        or _lacks_limit(bare, sentences)
        or _is_called_otherwise(bare, whole)
        or _is_certain(bare, sentences)
        or _generalises(bare, sentences)
        or _adds_cause(bare, sentences)
    )


def _lacks_limit(text: str, sentences: Iterable[str]) -> bool:
    """Whether a figure has a limit ("up to", "within", "at least") in the sentences, and none in the text."""
    source = "\n".join(sentences)
    for limit in (_AT_MOST, _AT_LEAST):
        limited, plain = _figures(source, limit)
        if any(figure in limited - plain for figure in _figures(text, limit)[1]):
            return True
    return False


def _figures(text: str, limit: re.Pattern[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The figures behind such a limit, and those without. "Over 10 years" is a period, no limit."""
    limited: set[str] = set()
    plain: set[str] = set()
    for match in _FIGURE.finditer(text):
        found = limit.search(text[max(0, match.start() - _BEFORE) : match.start()])
        is_period = (
            found is not None and found[0].lower().startswith("over") and _PERIOD.match(text, match.start())
        )
        (limited if found and not is_period else plain).add(match[0])
    return frozenset(limited), frozenset(plain)


def _has_what_is_sought(text: str, whole: str) -> bool:
    """Whether somebody has a patent or permission that the text only tells to be sought."""
    for match in _GRANTED.finditer(text):
        thing = match[1].lower()
        mentions = [line for line in _lines(whole) if thing in line.lower()]
        if mentions and all(map(_SOUGHT.search, mentions)):
            return True
    return False


def _is_called_otherwise(text: str, whole: str) -> bool:
    """Whether the text is said to call something by a last word that it has not, and that is no quotation."""
    known = stems(whole)
    return any(not match[2] and not stems(match[1].split()[-1]) <= known for match in _CALLED.finditer(text))


def _is_certain(text: str, sentences: Iterable[str]) -> bool:
    """Whether a clause retells one of the sentences without its "may", "likely" or "plans to"."""
    if _KEPT.search(text):
        return False
    clauses = [(clause, stems(clause)) for sentence in sentences for clause in _CLAUSES.split(sentence)]
    for told in map(stems, _CLAUSES.split(text)):
        if len(told) < MIN_CLAUSE or not clauses:
            continue
        nearest, found = max(clauses, key=lambda clause: len(told & clause[1]))
        if len(told & found) >= MIN_RETOLD * len(told) and _POSSIBLE.search(nearest):
            return True
    return False


def _generalises(text: str, sentences: Sequence[str]) -> bool:
    """Whether it says "all" or "everybody" where the sentences say "some" or "many" alone."""
    return (
        _ALL.search(text) is not None
        and any(map(_PART.search, sentences))
        and not any(map(_ANY.search, sentences))
    )


def _adds_cause(text: str, sentences: Sequence[str]) -> bool:
    """Whether it joins two things by a cause, the sentences have no such joint, and no sentence has the cause."""
    cause = _CAUSE.search(text)
    if cause is None or any(map(_JOINED.search, sentences)):
        return False
    told = stems(_END.split(text[cause.end() :], maxsplit=1)[0])
    return not any(len(told & stems(sentence)) >= MIN_RETOLD * len(told) for sentence in sentences)


def _is_graver(text: str, whole: str) -> bool:
    return any(
        not _DENIED.search(text[: match.start()]) and not needed.search(whole)
        for word, needed in _GRAVE
        for match in word.finditer(text)
    )


def _lacks_any(text: str, whole: str) -> bool:
    return any(word.search(text) and not needed.search(whole) for word, needed in _DEGREES)


def _negates(text: str, whole: str) -> bool:
    """Whether it has a word with "un-" of which the text has only the rest, and in no denial."""
    known, lowered = stems(whole), whole.lower()
    for match in _NEGATIVE.finditer(text):
        positive = match[1].lower()[:STEM]
        if positive in known and not any(prefix + positive in lowered for prefix in _PREFIXES):
            mentions = [line for line in _lines(whole) if positive in stems(line)]
            if not any(map(_DENIAL.search, mentions)):
                return True
    return False


def _denies_for_all(text: str, whole: str) -> bool:
    """Whether it says that nobody has done a thing of which the text says nothing at all."""
    known = stems(whole)
    return any(not stems(match[1]) <= known for match in _NOBODY_HAS.finditer(text))


def _lines(whole: str) -> list[str]:
    return _LINE_END.split(whole)
