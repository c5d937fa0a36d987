"""Marks sentences in which the writer tests or doubts the words of others.

Three signs in the document's own voice: loaded words in quotation marks that nobody is said to have spoken (the
“innovation”), a word of doubt about a claim ("so-called", "supposedly", "would have you believe"), and a relayed
statement that the next sentence rejects ("That is not true", "In reality"). The relayed statement is marked, not
the reply. Limits: irony and a test that only brings other facts are missed.
"""

import re

from api.analysis.text.document import DOCUMENT_VOICE, Quotation, Sentence, Text

# words of promotion, comfort, virtue and haste that writers put in quotation marks to keep them at a distance
_LOADED = (
    r"(?:ai[- ]first|revolution\w*|disrupt\w*|innovat\w*|breakthroughs?|game[- ]chang\w*|efficienc\w*|"
    r"optimi[sz]\w*|"
    r"streamlin\w*|right-?siz\w*|restructur\w*|sunset\w*|mutual\w*|synerg\w*|democrati[sz]\w*|empower\w*|"
    r"ethical\w*|"
    r"responsible|inevitab\w*|unstoppable|groundbreaking|magic\w*|miracle\w*|difficult decisions?|regret|"
    r"voluntar\w*|"
    r"(?:very )?small (?:number|percentage)|temporary|enhance\w*|existential|apocalypse|family|commitments?|"
    r"peace of mind|solutions?|genius)"
)
_MOCKED = re.compile(rf"\b{_LOADED}\b")
_SPOKEN = re.compile(
    r"\b(?:said|says?|saying|told|wrote|writes|added|states?|stated|explain\w{1,3}|noted|according|call\w{0,3}|"
    r"describ\w{1,4}|known|termed|dubbed|named|titled|entitled|terms?|words?|phrases?|defin\w{1,6}|means?|"
    r"button|label\w{0,3})\b"
)
_DOUBT = re.compile(
    r"\b(?:supposed(?! to)|supposedly|purported(?:ly)?|ostensibl[ey]|self-(?:styled|proclaimed)|have (?:you|"
    r"us) believe|"
    r"(?:wants?|would like|expects?) (?:you|us|everyone|people|the public|investors) to (?:believe|think)|"
    r"laughably|euphemis\w{1,6}|overhyped|much-hyped|over-hyped|hyped-up|wax(?:es|ed) (?:poetic|lyrical)|"
    r"snake oil|"
    r"pr spin|(?:marketing|corporate|pr)[- ]speak|doublespeak|(?:pinch|grain) of salt|"
    r"if (?:they|he|she|it|the company) (?:is|are) to be believed|whatever that means|"
    r"so the (?:story|theory|argument|pitch) goes|(?:empty|hollow) promises|(?:fear|scare|"
    r"doom)-?mong\w{2,5}|doomsayers?|"
    r"boosters would|hype (?:machine|merchants?)|moral panic|hysteria|spare me|we(?:'re| are) (?:\w+ )?told|"
    r"greenwash\w*|claim(?:s|ed) to have|(?:has|have) been touting|touts|scare quotes|"
    r"despite [\w' ]{2,30} (?:claims?|insistence|assurances?) (?:that|to the contrary)|"
    rf"so-called [\"“]?(?:\w+ ){{0,2}}{_LOADED})\b"
)
_REJECTED = re.compile(
    r"[\"“]?(?:but |yet |except )?(?:not so\b|in (?:reality|truth)\b|"
    r"(?:that|this|it|none of (?:this|that|it))(?: is|'s| was| are)(?: simply| just| plainly)? "
    r"(?:not (?:so|true|right|the case)|wrong|false|untrue|nonsense|misleading|a lie|a myth|scientifically)\b|"
    r"(?:that|it) (?:isn't|wasn't) (?:so|true|right|the case)\b|nonsense\b|never mind\b|really\?|sort of\.|"
    r"the (?:truth|reality|facts?) (?:is|are)\b)"
)
_CLAIMING = re.compile(
    r"\b(?:claim(?:s|ed|ing)?|insist(?:s|ed)|assur(?:es|ed)|promis(?:es|ed)|boast(?:s|ed)|touts?|touted|"
    r"argu(?:es|ed)|"
    r"the (?:idea|pitch|promise|hope|theory|argument) (?:is|was|goes)|in theory)\b"
)
_LONGEST = 4  # words


def keeps_distance(document: Text) -> list[int]:
    """The indices of the sentences whose words, of others, the writer tests or doubts."""
    mocked = {document.sentence_at(q.start).index for q in document.quotations if _is_mocking(document, q)}
    return [s.index for s in document.sentences if s.index in mocked or _is_doubted(document, s)]


def _is_mocking(document: Text, quotation: Quotation) -> bool:
    """Whether loaded words stand in quotation marks that nobody is said to have spoken; names do not count."""
    if quotation.statement or quotation.speaker or quotation.turn:
        return False
    words, sentence = document.text[quotation.start : quotation.end], document.sentence_at(quotation.start)
    return (
        len(words.split()) <= _LONGEST
        and sentence.voice == DOCUMENT_VOICE
        and not words.istitle()
        and _MOCKED.search(document.folded, quotation.start, quotation.end) is not None
        and _SPOKEN.search(document.folded, sentence.start, sentence.end) is None
    )


def _is_doubted(document: Text, sentence: Sentence) -> bool:
    low = document.folded[sentence.start : sentence.end]
    if sentence.voice == DOCUMENT_VOICE and _DOUBT.search(low):
        return True
    if sentence.index + 1 == len(document.sentences):
        return False
    reply = document.sentences[sentence.index + 1]
    return (
        reply.voice == DOCUMENT_VOICE
        and _REJECTED.match(document.folded, reply.start, reply.end) is not None
        and (
            sentence.voice != DOCUMENT_VOICE
            or sentence.attributed_to is not None
            or _CLAIMING.search(low) is not None
        )
    )
