"""Names of speakers: whether they denote people or bodies, rather than things.

A quoted speaker is somebody. A subject of "says that" may be a rule, a study or a percentage, so it counts as a
speaker only by a proper name or a word for people and bodies. After "says that" a memo speaks too, but evidence
does not: "the figures say" is the writer's reading of them.
"""

import re

from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE
from api.analysis.text.lexicon import words
from api.analysis.text.names import within_sentence

_NOBODY = words(
    "who what which that this these those one some many others it they he she we i you study update"
)
ROLE = re.compile(
    r"\b(?:chief|officer|ceo|cto|cfo|coo|founder|president|professor|director|head|lead|leader|manager|engineer|"
    r"scientist|researcher|analyst|economist|spokes\w+|minister|secretary|senator|mayor|governor|councill?or|lawyer|attorney|author|editor|"
    r"partner|chair\w*|fellow|expert|doctor|physician|teacher|student|worker|resident|executive|vice|"
    r"company|agency|university|institute|firm|group|union|association|think tank|nonprofit|startup)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:prosecutors?|police|experts?|critics?|officials?|authors?|lawyers?|scientists?|researchers?|artists?|"
    r"authorit(?:y|ies)|regulators?|investigators?|opponents?|supporters?|advocates?|activists?|employees|workers|"
    r"residents|customers|users|investors|analysts|executives|insiders|sources|people|court|judge|commission|"
    r"ministry|department|bureau|father|mother|parents|son|daughter|wife|husband|neighbo[u]?rs?|witness(?:es)?|"
    r"office|committee|council|government|police)\b",
    re.IGNORECASE,
)

_HEAD_END = re.compile(r"\s(?:of|from|by|in|on|at|for|with|to|about)\s")
_SOME = re.compile(r"an? (?:\w+ )?(?:number|handful|series|couple|group|majority) of (?=\w)", re.IGNORECASE)
_ENDINGS = re.compile(r"[\w-]{3,}(?:ers?|ors?|ists?|ians?|m[ae]n|people|ees)", re.IGNORECASE)
PAPERS = words(
    "memo letter report statement website site page brochure leaflet advert advertisement ad notice article "
    "column blog post email newsletter filing complaint lawsuit petition manifesto flyer poster press newspaper "
    "announcement bulletin circular card catalogue label message note panel recording slogan "
    "media outlets newspapers papers"
)
_EVIDENCE = words(
    "data figure figures result results evidence experience history number numbers rule rules law laws logic "
    "science fact facts test tests chart table graph sign signs clock map record records analysis theory sense "
    "reason rest trend trends benchmark benchmarks matter order paper numbers answer computer computers "
    "behaviors behaviours factors errors sensors servers containers letters chapters orders"
)


def is_somebody(name: str) -> bool:
    """Whether the name can be listed as a voice."""
    return (
        name not in (DOCUMENT_VOICE, UNNAMED_VOICE)
        and name[:1].isalnum()
        and any(map(str.isalpha, name))
        and name.casefold() not in _NOBODY
        and not any(c in '\n"“”()[]/|%' for c in name)
    )


def can_speak(name: str) -> bool:
    """Whether the name is proper, or describes people or a body."""
    proper = any(any(map(str.isupper, word)) for word in name.split()[1:] or [name])
    return proper or ROLE.search(name) is not None or _PEOPLE.search(name) is not None


def named_speaker(voice: str) -> str:
    """The speaker as written inside a sentence."""
    return "a speaker whom the text does not name" if voice == UNNAMED_VOICE else within_sentence(voice)


def can_report(name: str, *, strongly: bool = True) -> bool:
    """Whether the name, as subject of a report verb, is the speaker; `strongly` if the verb is one of saying."""
    head = _HEAD_END.split(_SOME.sub("", name), maxsplit=1)[0].split()[-1].casefold()
    if head in _EVIDENCE:
        return False
    return strongly or head in PAPERS or can_speak(name) or _ENDINGS.fullmatch(head) is not None
