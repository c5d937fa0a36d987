"""What a summariser would repeat of a story as fact, and the same sentence with source and doubt restored.

The likely sentence is a claim of the text, with its attribution taken off where that leaves a whole sentence:
that is what is lost first when texts are shortened. The faithful one names who says it, and what is lacking.
"""

import re

from api.analysis.checklists import ITEMS
from api.analysis.claims import CentralClaim, voice_of
from api.analysis.document import DOCUMENT_VOICE, UNNAMED_VOICE
from api.analysis.summary import LEANS
from schemas.assessments import Claim, SourceRole
from schemas.enums import ClaimSupport, Risk

LONGEST = 320  # characters; nobody repeats a longer sentence as it stands
_ACCORDING = re.compile(r"^According to [^,“”]{2,80}, (?P<rest>[^“”]+)$")
_SAYS_THAT = re.compile(
    r"^[^,“”.]{2,60} (?:said|says|claimed|claims|announced|reported|reports|argued|argues|noted|notes|"
    r"found) that (?P<rest>[^“”]+)$"
)
_TAIL = re.compile(
    r"^(?P<rest>[^“”]{30,}), (?:according to [^,“”]{2,80}|[^,“”]{2,60} (?:said|says|reported|reports)|"
    r"(?:said|says) [^,“”]{2,60})\.$"
)
_RISKS = {Risk.HIGH: 0, Risk.MODERATE: 1, Risk.LOW: 2}


def repeated_claim(claims: tuple[CentralClaim, ...]) -> CentralClaim | None:
    """The claim that a retelling would carry on: the riskiest of the three most central short ones."""
    short = [
        c for c in claims if len(c.sentence.text) <= LONGEST and c.sentence.text.rstrip("”\"'’)")[-1:] in ".!"
    ]
    whole = [c for c in short if not LEANS.match(c.sentence.text)] or short
    return min(whole[:3], key=lambda c: (_RISKS[c.claim.risk], c.claim.number), default=None)


def likely_summary(central: CentralClaim) -> str:
    """The claim's sentence as it would be repeated, without its attribution."""
    text = plain(central.sentence.text)
    for pattern in (_ACCORDING, _SAYS_THAT, _TAIL):
        match = pattern.match(text)
        if match:
            rest = match["rest"].rstrip(" .")
            return f"{rest[:1].upper()}{rest[1:]}."
    return text


def faithful_summary(central: CentralClaim, claim: Claim, role: SourceRole, *, satire: bool = False) -> str:
    """The whole sentence in quotation marks, who says it and how it stands, and what the text lacks for it.

    Of `satire` that it is satire, and no more: what is not meant needs no evidence.
    """
    text = plain(central.sentence.text).replace("“", "‘").replace("”", "’")
    if satire:
        return f"In a text that reads as satire, by {role.publisher or 'its author'}: “{text}”"
    standing = {
        ClaimSupport.SHOWN: ", with support in the text",
        ClaimSupport.ATTRIBUTED: "",
        ClaimSupport.ASSERTED: ", without showing it",
    }[claim.support]
    if _carries_source(central):
        sentence = f"{text[:1].upper()}{text[1:]}"
    else:
        sentence = f"According to {_speaker(central, role)}{standing}: “{text}”"
    if claim.missing_evidence:
        sentence += f" The text gives no sign of {ITEMS[claim.missing_evidence[0].item].lacks} for it."
    return sentence


def _carries_source(central: CentralClaim) -> bool:
    """Whether the sentence itself names who says it, so that it needs no source before it."""
    text = plain(central.sentence.text)
    return central.sentence.attributed_to is not None or any(
        p.match(text) for p in (_ACCORDING, _SAYS_THAT, _TAIL)
    )


def _speaker(central: CentralClaim, role: SourceRole) -> str:
    voice = voice_of(central.sentence)
    if voice == UNNAMED_VOICE:
        return "a speaker whom the text does not name"
    return voice if voice != DOCUMENT_VOICE else role.publisher or "the text"


def plain(text: str) -> str:
    """One line, without a quotation mark whose other half stands in another sentence."""
    text = " ".join(text.split())
    if text.count("“") != text.count("”"):  # a quotation that goes on in the next sentence
        text = text.strip("“”")
    return text
