"""The sentence that a summariser would repeat as fact, and the same with source and doubt restored.

It is the news, also from the title, else the first central claim that can be repeated. The likely sentence has
its speaker if it does not name him; the faithful one names speaker and publisher, and something of weight that
the text does not say. "The text does not show it" applies only to praise of oneself in a text with little
evidence: a newspaper report, a regulator's notice or a performative statement needs no proof.
"""

import re

from api.analysis.claims.claims import CentralClaim
from api.analysis.content.news import News
from api.analysis.content.summary import DEPENDENT, is_byline
from api.analysis.parsing.speaker_names import named_speaker
from api.analysis.people.name_words import GIVEN_NAMES
from api.analysis.text.datelines import is_wire
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Sentence
from api.analysis.text.names import bare_name, within_sentence
from api.analysis.text.own_account import OWN_ACCOUNT
from schemas.assessments import Claim, SourceRole
from schemas.enums import ClaimSupport, EvidenceStrength, SourceType

OPENING = 8  # words of a statement in which its publisher is named as who acts
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
_NAME = r"(?:[A-Z][\w.&'’-]{0,30}|of|and|for|the|&|Inc\.?|Ltd\.?)"
# "Quillon Pumps, Inc. today announced": the statement has its source.
TELLS = re.compile(
    rf"(?:the )?{_NAME}(?:,? {_NAME}){{0,8}},? (?:(?:has|have|today|also|recently|on \w{{3,10}}) ){{0,2}}"
    r"(?:announce[sd]?|says|said|reports|reported|reveal(?:s|ed)|tells|told|warn(?:s|ed)|confirm(?:s|ed)|"
    r"claim(?:s|ed)|argue[sd]?|found|finds|estimate[sd]|forecasts)\b"
)
# Behind a name that is the subject.
_ACTS = (
    r"(?= (?:has|had|is|was|will|can|could|would|may|might|must|should|does|did|now|also|today|recently|"
    r"\w{2,20}ed|plans|expects|aims|intends|wants|needs|offers|provides|launches|releases|opens|closes|ends|cuts|drops|"
    r"removes|adds|takes|makes|gives|uses|believes|moves|took|made|built|saw|gave|won|sold|bought|began|grew|left|became)\b)"
)
_LEGAL_FORM = r"(?:,? (?:Inc|Ltd|LLC|Corp|plc|PLC|Co|GmbH|AG|SA)\b\.?)?"
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


def repeated_claim(claims: tuple[CentralClaim, ...]) -> CentralClaim | None:
    """The claim most likely to be retold: the first short and whole one, preferably one that stands alone."""
    short = [
        c
        for c in claims
        if len(c.text) <= LONGEST
        and c.text[:1].isalnum() | (c.text[:1] in '“"$€£')
        and (c.sentence.role == "title" or c.text.rstrip("”\"'’)")[-1:] in ".!")
        and not is_byline(c.text)
    ]
    independent = [c for c in short if not DEPENDENT.match(c.text)]
    return next(iter(independent or short), None)


def likely_summary(central: CentralClaim, news: News | None = None) -> str:
    """The statement of the news, else the claim; with the speaker if it names none."""
    if news is not None and _is_headline(central, news):
        return f"{news.quote}."
    if news is not None and news.statement is not None:
        return f"{news.statement[:1].upper()}{news.statement[1:].rstrip('.')}."
    if news is not None and _is_quoted(news):
        return f"{news.quote[:1].upper()}{news.quote[1:]}."
    text = _closed(plain(central.text))
    if central.claim.voice == DOCUMENT_VOICE or _carries_source(central.sentence, central.claim.voice):
        return text
    return f"According to {named_speaker(central.claim.voice)}: “{_inner(text)}”"


def _closed(text: str) -> str:
    """A title with a full stop, others as they are."""
    return f"{text}." if text[-1:].isalnum() else text


def _is_headline(central: CentralClaim, news: News) -> bool:
    """Whether the title alone tells the news, which then no claim tells."""
    is_title = news.sentence.role == "title" and news.sentence.index != central.sentence.index
    return (
        is_title
        and news.is_whole
        and news.is_quotable
        and not news.quote.endswith("?")
        and not news.quote.startswith("How ")
    )


def faithful_summary(
    central: CentralClaim,
    claim: Claim,
    role: SourceRole,
    strength: EvidenceStrength,
    *,
    satire: bool = False,
    news: News | None = None,
    lacks: str | None = None,
    adds: str | None = None,
) -> str:
    """The claim with its speaker and standing, whole; the bad news that the text `adds`, else what it `lacks`.

    `strength` is that of the text's evidence. For `satire` only that it is satire, as it needs no evidence.
    """
    text = _in_quotes(plain(central.text), central.text)
    more = f" The text does not {lacks}." if lacks else ""
    if adds and not (news and news.statement and adds.startswith(news.statement)):
        more = f" The text also says that {adds}."
    if satire:
        return f"In a text that reads as satire, by {within_sentence(role.publisher or 'its author')}: {text}"
    if news is not None and _is_headline(central, news):
        return f"According to {_speaker(news.voice, role)}: “{news.quote}”.{more}"
    tells_news = news is None or news.sentence.index == central.sentence.index
    only_asserted = claim.support is ClaimSupport.ASSERTED and strength in _WEAK_EVIDENCE
    if tells_news and only_asserted and _praises_itself(central, role):
        more = more or " The text does not show it."
    if news is not None and news.statement is not None:
        sentence = _reported(news, role)
    elif news is not None and _is_quoted(news):
        quote = _in_quotes(news.quote, news.sentence.text)
        sentence = f"According to {_speaker(news.voice, role)}: {quote}"
    elif _carries_source(central.sentence, central.claim.voice):
        words = _inner(_closed(plain(central.text)))
        sentence = f"{words[:1].upper()}{words[1:]}"
    else:
        sentence = f"According to {_speaker(central.claim.voice, role)}: {text}"
    return f"{sentence}{more}"


def _in_quotes(words: str, sentence: str) -> str:
    """The words of a sentence in quotation marks, with its full stop inside if it has one right behind them."""
    inner = _inner(words)
    if inner[-1:] in ".!?…":
        return f"“{inner}”"
    return f"“{inner}.”" if plain(sentence).endswith(f"{words}.") else f"“{inner}”."


def _is_quoted(news: News) -> bool:
    """Whether the news is told by a whole sentence of the text that can only be quoted."""
    in_body = news.sentence.role != "title" and news.voice == DOCUMENT_VOICE
    return in_body and news.is_whole and news.is_quotable and DEPENDENT.match(news.quote) is None


def _reported(news: News, role: SourceRole) -> str:
    """The statement of the news with its source."""
    statement = f"{(news.statement or '').rstrip('.')}."
    tells = TELLS.match(statement) is not None
    boasts = tells and _WORTH.search(statement) is not None
    has_source = news.is_told_by is not None or _carries_source(news.sentence, news.voice)
    if has_source or (tells and not boasts):
        return f"{statement[:1].upper()}{statement[1:]}"
    name = bare_name(role.publisher or "")
    if not name or news.voice != DOCUMENT_VOICE:
        return f"According to {_speaker(news.voice, role)}, {statement}"
    own = re.compile(rf"(?:\b[Tt]he )?\b{re.escape(name)}\b{_LEGAL_FORM}(?:(['’]s?)(?= )|{_ACTS})")
    found = own.search(statement)
    is_named = name in " ".join(statement.split()[:OPENING])
    if is_named and name.split()[0].casefold() in GIVEN_NAMES:
        return f"According to the author, {statement}"
    before = statement[: found.start()] if found is not None else ""
    if found is not None and len(before.split()) < OPENING and ":" not in before and not boasts:
        it = "its" if found[1] else "it"
        speaker = _speaker(DOCUMENT_VOICE, role)
        return f"{speaker[:1].upper()}{speaker[1:]} says that {own.sub(it, statement, count=1)}"
    if statement.removeprefix("the ").startswith(name):  # elsewhere it may be another's act that is told
        return f"By its own account, {statement}"
    if statement.startswith(role.publisher or name):
        return f"According to the text, {statement}"  # "Dr. Rem", who is no "it"
    return f"According to {_speaker(news.voice, role)}, {statement}"


def _carries_source(sentence: Sentence, voice: str) -> bool:
    """Whether the sentence of this voice names its own source."""
    if sentence.voice != DOCUMENT_VOICE:
        return voice != UNNAMED_VOICE and voice.split()[-1] in sentence.text
    text = plain(sentence.text)
    if voice not in (DOCUMENT_VOICE, UNNAMED_VOICE):
        return voice.split()[-1] in sentence.text
    return voice == UNNAMED_VOICE or any(p.match(text) for p in (_ACCORDING, _SAYS_THAT, _TAIL))


def _speaker(voice: str, role: SourceRole) -> str:
    return named_speaker(_publisher(role) if voice == DOCUMENT_VOICE else voice)


def _publisher(role: SourceRole) -> str:
    """The publisher, or the text if that is a wire."""
    carried = role.publisher_type is SourceType.PRESS_RELEASE and is_wire(role.publisher or "")
    return "the text" if carried or role.publisher is None or "_" in role.publisher else role.publisher


def _praises_itself(central: CentralClaim, role: SourceRole) -> bool:
    """Whether a publisher praises itself or its effects, and does not only report its acts."""
    text = plain(central.text)
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
