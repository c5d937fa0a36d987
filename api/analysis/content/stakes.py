"""Names the firms that a text quotes, or whose report it relays, without saying what they sell.

A firm is known by the office of its speaker ("chief product officer at Corvell"), or as a speaker itself.
Analysts, authorities, universities and charities are no such firms, nor is one of which the text says what it
sells. Limits: a speaker who is introduced without a firm has none.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from api.analysis.text.document import Document
from api.analysis.text.names import bare_name, is_generic, same_party, within_sentence
from schemas.assessments import EntityMention, Voice
from schemas.enums import EntityType

SHOWN: Final = 2  # firms
AROUND: Final = 60  # characters
INTRODUCTION: Final = 100  # characters after a speaker's name
_NAME = r"[A-Z][\w&’'-]{0,30}(?: [A-Z&][\w&’'-]{0,30}){0,3}"
_OFFICE = (
    r"(?i:chief|c[a-z]{1,3}o|president|VP|SVP|EVP|founder|co-?founder|director|head|manager|partner|broker|"
    r"engineer|scientist|strategist|evangelist|architect|chair(?:man|woman)?|specialist|advis[eo]r|consultant|lead)"
)
_AT = re.compile(
    rf"\b{_OFFICE}\b[^.;:“”\"]{{0,60}}? (?:at|of|for|with|from) (?:the )?(?:[a-z-]+ ){{0,4}}({_NAME})"
)
_OF = re.compile(rf"^\W*(?:the |an? )?(?:former )?({_NAME})(?:['’]s)? (?:[a-z]+ ){{0,2}}{_OFFICE}\b")
_REPORT = re.compile(
    rf"\b(?:report|survey|study|research|poll|index|findings|data|analysis) (?:by|from) (?:the )?({_NAME})"
    rf"|\b({_NAME})['’]s? (?:[\w-]+ ){{0,5}}(?:[Rr]eport|[Ss]urvey|[Ss]tudy|[Rr]esearch|[Pp]oll|[Ii]ndex)\b"
)
_NO_FIRM = re.compile(
    r"\b(?:Universit\w+|Institut\w+|Agency|Departments?|Ministry|Bureau|Office|Commission|Council|Association|"
    r"Foundation|Society|Union|Academy|College|School|Hospital|Police|Government|Court|Committee|Cent(?:er|re)|"
    r"Party|Senate|Congress|House|Bank of|Gartner|Forrester|IDC|ESG|Pew|Gallup|Reuters|AP|Bloomberg|Guardian|"
    r"Times|Post|FBI|NSA|CISA|NIST|WHO|EU|UN|HHS|CDC|FDA|SEC|NATO|Project|Times|News|Journal|CNBC|BBC)\b"
)
_PEOPLE = re.compile(r"\banalysts?\b", re.IGNORECASE)
_SELLS = re.compile(
    r"\b(?:vendors?|providers?|makers?|manufacturers?|sellers?|suppliers?|startups?|start-ups?|consultanc\w+|"
    r"sells|offers|provides|makes|develops|markets|specialis\w+|specializ\w+|(?:\w+ )?(?:company|firm)|"
    r"sponsor\w*|(?:its|their) (?:own )?(?:products?|platforms?|solutions?|customers|services?|software))\b"
)
LEAD: Final = 1_500  # characters in which a report is introduced


@dataclass(frozen=True, slots=True)
class Parties:
    """The names of three parties; each is None if the text has no such party.

    `teller` is the party that the whole text speaks for, `quoted` the firms that it quotes, `criticised` the
    party that it criticises.
    """

    teller: str | None = None
    quoted: str | None = None
    criticised: str | None = None

    def of_item(self, code: str) -> str | None:
        """The party that an expected item is about."""
        if code == "author_stake":
            return self.teller or self.quoted
        return self.criticised if code == "reply" else None


NO_PARTIES: Final = Parties()


def interested(document: Document, voices: Sequence[Voice], entities: Sequence[EntityMention]) -> str | None:
    """At most two quoted firms, told as "Corvell, which it quotes,"; None if there is none.

    A firm whose report is relayed comes first.
    """
    reports = [_clean(m[1] or m[2]) for m in _REPORT.finditer(document.text, 0, LEAD)]
    reported = [name for name in reports if _has_stake(document, name)][:1]
    if reported:
        return f"{within_sentence(reported[0])}, whose report it relays,"
    quoted: list[str] = []
    companies = {bare_name(e.name) for e in entities if e.type is EntityType.ORGANIZATION}
    for name in _firms(document, voices, companies):
        if _has_stake(document, name) and not any(same_party(name, other) for other in quoted):
            quoted.append(name)
    shown = " and ".join(map(within_sentence, quoted[:SHOWN]))
    return f"{shown}, which it quotes," if quoted else None


def _firms(document: Document, voices: Sequence[Voice], companies: Collection[str]) -> Iterator[str]:
    """The firms of the speakers, those who say most first."""
    for voice in sorted(voices, key=lambda v: -v.share):
        if bare_name(voice.name) in companies:
            yield bare_name(voice.name)
            continue
        place = document.text.find(f"{voice.name}, ", document.article.body_start)
        after = document.text[place + len(voice.name) + 2 :][:INTRODUCTION] if place >= 0 else ""
        for words in (voice.description or "", after, voice.name):
            found = None if _PEOPLE.search(words) else _AT.search(words) or _OF.search(words)
            if found:
                yield _clean(found[1])
                break


def _clean(name: str) -> str:
    return bare_name(name.rstrip(".,"))


def _has_stake(document: Document, name: str) -> bool:
    """Whether the name is that of a firm besides the publisher of which the text does not say what it sells."""
    if len(name) < 3 or is_generic(name) or _NO_FIRM.search(name):
        return False
    if same_party(name, document.article.source.name):
        return False
    start = document.text.find(name)
    while start >= 0:
        if _SELLS.search(document.text, max(0, start - AROUND), start + len(name) + AROUND):
            return False
        start = document.text.find(name, start + 1)
    return True
