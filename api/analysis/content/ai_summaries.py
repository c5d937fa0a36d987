"""The sentence that a summariser would repeat as fact, and the same with source and doubt restored.

The likely sentence is a claim as it stands, with its speaker if the sentence does not name him. The faithful one
names the speaker and the lack of evidence. "Without showing it" applies only to praise of oneself in a text with
little evidence: a newspaper report, a regulator's notice or a performative statement needs no proof.
"""

import re

from api.analysis.content.checklists import ITEMS
from api.analysis.content.claims import CentralClaim
from api.analysis.content.summary import DEPENDENT, is_byline
from api.analysis.parsing.speaker_names import named_speaker
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE
from api.analysis.text.names import bare_name, within_sentence
from api.analysis.text.own_account import OWN_ACCOUNT
from schemas.assessments import Claim, SourceRole
from schemas.enums import ClaimSupport, EvidenceStrength, Risk, SourceType

LONGEST = 320  # characters; longer sentences are not repeated verbatim
_ACCORDING = re.compile(r"^According to [^,“”]{2,80}, (?P<rest>[^“”]+)$")
_SAYS_THAT = re.compile(
    r"^[^,“”.]{2,60} (?:said|says|claimed|claims|announced|reported|reports|argued|argues|noted|notes|"
    r"found) that (?P<rest>[^“”]+)$"
)
_TAIL = re.compile(
    r"^(?P<rest>[^“”]{30,}), (?:according to [^,“”]{2,80}|[^,“”]{2,60} (?:said|says|reported|reports)"
    r"(?: (?:in|on|at) [^,“”]{2,60})?|"
    r"(?:said|says) [^,“”]{2,60})\.$"
)
_SPEAKS_FOR_ITSELF = OWN_ACCOUNT | {SourceType.NGO, SourceType.RESEARCH}
_WEAK_EVIDENCE = frozenset({EvidenceStrength.NONE, EvidenceStrength.WEAK})
# Words of quality or effect.
_WORTH = re.compile(
    r"\b(?:best|largest|biggest|fastest|highest|lowest|greatest|leading|unprecedented|unrivalled|first|most|"
    r"never|always|more|less|fewer|faster|better|higher|lower|deeper|stronger|smarter|easier|safer|cheaper|"
    r"simpler|\w+er than|times|twice|\d+x|outperform\w*|surpass\w*|on par|compared|enabl\w+|allow(?:s|ing)|"
    r"help(?:s|ing|ed)?|(?:reduc|improv)e|(?:reduc|increas|improv)(?:es|ed|ing)|prevent\w*|"
    r"driv(?:e|es|en|ing)|eliminat\w+|boost\w*|"
    r"sav(?:e|es|ed|ing)|cuts?|accelerat\w+|transform\w*|empower\w*|revolution\w*|powerful|innovati\w+|"
    r"seamless\w*|unique\w*|trusted|proven|amazing|great|significant\w*|robust|dramatic\w*|incredibl\w+|"
    r"remarkabl\w+|excellent|outstanding)\b",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"\b(?:reportedly|allegedly|according to|sa(?:id|ys)|expects?|expected|believes?|hopes?|plans? to|intends?|"
    r"report(?:s|ed)|announce[sd]?|claim(?:s|ed)?|found|finds|estimates?|tells? us|told)\b",
    re.IGNORECASE,
)
_ACT = (
    r"(?:(?:am|are|is|was|were|has|have|had|will|['’](?:ve|re|ll)|be|been|being|today|now|also|just|"
    r"recently|already|this week) ){0,4}(?:(?:acquir|agree|announc|appoint|apologi|approv|award|clos|complet|"
    r"creat|decid|donat|expand|impos|introduc|invest|issu|launch|partner|pledg|publish|rais|reduc|releas|retir|"
    r"recall|refund|reimburs|review|start|stopp|unveil|updat|withdr)\w*|"
    r"(?:add|build|cut|end|open|order|sell|set|ship|sign|wind)(?:s|ed|ing|ting|ped|ping)?|"
    r"(?:bann|hir|mov|nam|appli|buy|apply)(?:s|ed|es|ing)?|bought|built|sold)\b"
)
# Effects of a product, which may be named like its maker.
_EFFECT = (
    r"(?:cut|reduce|close|add|raise|build|create|move|set|start|end|expand|order|open|ship|update|complete)s"
)
_FIRST_PERSON_ACT = re.compile(rf"\b(?:we|I)(?: |(?=['’])){_ACT}", re.IGNORECASE)
_ACTED_ON = re.compile(
    r"\b(?:will be|is being|are being|has been|have been) (?!shown|prove)\w+(?:ed|n|t)\b", re.IGNORECASE
)
_RISKS = {Risk.HIGH: 0, Risk.MODERATE: 1, Risk.LOW: 2}


def repeated_claim(claims: tuple[CentralClaim, ...]) -> CentralClaim | None:
    """The claim most likely to be retold: the riskiest of the three most central short ones."""
    short = [
        c
        for c in claims
        if len(c.sentence.text) <= LONGEST
        and c.sentence.text.rstrip("”\"'’)")[-1:] in ".!"
        and not is_byline(c.sentence.text)
    ]
    independent = [c for c in short if not DEPENDENT.match(c.sentence.text)] or short
    return min(independent[:3], key=lambda c: (_RISKS[c.claim.risk], c.claim.number), default=None)


def likely_summary(central: CentralClaim) -> str:
    """The claim's sentence, with its speaker if it does not name him."""
    text = plain(central.sentence.text)
    if central.claim.voice == DOCUMENT_VOICE or _carries_source(central):
        return text
    return f"According to {named_speaker(central.claim.voice)}: “{_inner(text)}”"


def faithful_summary(
    central: CentralClaim, claim: Claim, role: SourceRole, strength: EvidenceStrength, *, satire: bool = False
) -> str:
    """The whole sentence in quotation marks, with its speaker, its standing and the evidence that it lacks.

    `strength` is that of the text's evidence. For `satire` only that it is satire, as it needs no evidence.
    """
    text = _inner(plain(central.sentence.text))
    if satire:
        return (
            f"In a text that reads as satire, by {within_sentence(role.publisher or 'its author')}: “{text}”"
        )
    standing = ""
    if claim.support is ClaimSupport.SHOWN:
        standing = ", with support in the text"
    elif (
        claim.support is ClaimSupport.ASSERTED
        and strength in _WEAK_EVIDENCE
        and _praises_itself(central, role)
    ):
        standing = ", without showing it"
    if _carries_source(central):
        sentence = f"{text[:1].upper()}{text[1:]}"
    else:
        sentence = f"According to {_speaker(central, role)}{standing}: “{text}”"
    if claim.missing_evidence:
        sentence += f" The text gives no sign of {ITEMS[claim.missing_evidence[0].item].lacks} for it."
    return sentence


def _carries_source(central: CentralClaim) -> bool:
    """Whether the sentence names its own source."""
    sentence, voice = central.sentence, central.claim.voice
    if sentence.voice != DOCUMENT_VOICE:
        return voice != UNNAMED_VOICE and voice.split()[-1] in sentence.text
    text = plain(sentence.text)
    return voice != DOCUMENT_VOICE or any(p.match(text) for p in (_ACCORDING, _SAYS_THAT, _TAIL))


def _speaker(central: CentralClaim, role: SourceRole) -> str:
    voice = central.claim.voice
    return named_speaker(voice if voice != DOCUMENT_VOICE else role.publisher or "the text")


def _praises_itself(central: CentralClaim, role: SourceRole) -> bool:
    """Whether a publisher praises itself or its effects, and does not only report its acts."""
    text = plain(central.sentence.text)
    speaks_for_itself = role.publisher_type in _SPEAKS_FOR_ITSELF and central.claim.voice == DOCUMENT_VOICE
    if not speaks_for_itself or not _WORTH.search(text) or _ATTRIBUTION.search(text):
        return False
    return not (
        _FIRST_PERSON_ACT.search(text) or _ACTED_ON.search(text) or _publisher_acts(text, role.publisher)
    )


def _publisher_acts(text: str, publisher: str | None) -> bool:
    """Whether the sentence reports an act of the publisher, named in full or by one word of its name."""
    names = {bare_name(publisher), *bare_name(publisher).split()} if publisher else set()
    called = "|".join(
        re.escape(name) for name in sorted(names, key=lambda n: (-len(n), n)) if name[:1].isupper()
    )
    return bool(called) and re.search(rf"\b(?:{called}) (?!{_EFFECT}\b){_ACT}", text) is not None


def _inner(text: str) -> str:
    """The text as words inside quotation marks."""
    if text[:1] == "“" and text.find("”") == len(text) - 1:
        return text[1:-1]
    return text.replace("“", "‘").replace("”", "’")


def plain(text: str) -> str:
    """One line, without an unmatched quotation mark."""
    text = " ".join(text.split())
    if text.count("“") != text.count("”"):  # the quotation continues in the next sentence
        text = text.strip("“”")
    return text
