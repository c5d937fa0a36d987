"""Questions that a story raises, each from a claim or an omission, and those that its own text answers.

A raised question asks for a checklist item that a claim lacks, in the claim's own words. An answered one is
either asked by the text and followed by its answer, or asked of an attributed claim: who says so.
"""

from itertools import pairwise

from spacy.lang.en.stop_words import STOP_WORDS

from api.analysis.boilerplate import is_boilerplate
from api.analysis.checklists import ITEMS
from api.analysis.claims import CentralClaim
from api.analysis.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document
from api.analysis.grounding import Grounding
from api.analysis.key_phrases import KeyPhrases
from api.analysis.spans import spans
from schemas.assessments import AnsweredQuestion, Claim, KeyStat, Question
from schemas.enums import ClaimSupport

MOST_RAISED = 5
MOST_ANSWERED = 4
LONGEST_ANSWER = 400  # characters; a longer sentence is no answer
LONGEST_ABOUT = 12  # words
MIN_QUESTION_WORDS = 4
_SMALL = STOP_WORDS | {"increased", "decreased", "grew", "rose", "fell", "compared", "totaled", "totalled"}


def questions_raised(
    claims: list[Claim], phrases: KeyPhrases, actor: str | None, grounding: Grounding
) -> list[Question]:
    """At most five, no item asked twice: the first item of each claim before the second of any."""
    found: list[Question] = []
    asked: set[str] = set()
    for depth in range(max((len(c.missing_evidence) for c in claims), default=0)):
        for claim in claims:
            phrase = phrases.of_claim(claim.number)
            if phrase is None or depth >= len(claim.missing_evidence):
                continue
            item = claim.missing_evidence[depth].item
            template = ITEMS[item].question
            if item in asked or ("{actor}" in template and actor is None):
                continue
            text = template.replace("{claim}", f"“{phrase}”").replace("{actor}", actor or "")
            if not grounding.ungrounded(text):
                asked.add(item)
                found.append(Question(question=text, claim=claim.number, item=item, spans=claim.spans))
    return found[:MOST_RAISED]


def questions_answered(
    document: Document,
    claims: tuple[CentralClaim, ...],
    phrases: KeyPhrases,
    stats: list[KeyStat],
    grounding: Grounding,
) -> list[AnsweredQuestion]:
    """At most four: the text's own questions first, then who says a claim, then what a figure measures."""
    found = [*_own(document), *_who_says(document, claims, phrases), *_how_much(document, stats)]
    return [q for q in found if not grounding.ungrounded(q.question)][:MOST_ANSWERED]


def _own(document: Document) -> list[AnsweredQuestion]:
    """Questions in the document's voice with a declarative sentence right behind them."""
    found: list[AnsweredQuestion] = []
    body = list(document.body_sentences())
    for sentence, answer in pairwise(body):
        if (
            sentence.text.endswith("?")
            and sentence.voice == DOCUMENT_VOICE == answer.voice
            and len(sentence.text.split()) >= MIN_QUESTION_WORDS
            and answer.text.endswith(".")
            and answer.text[:1].isupper()
            and len(answer.text) <= LONGEST_ANSWER
            and not is_boilerplate(answer.text)
            and not is_boilerplate(sentence.text)
        ):
            found.append(
                AnsweredQuestion(
                    question=" ".join(sentence.text.split()),
                    answer=" ".join(answer.text.split()),
                    spans=spans(document.text, answer.start, answer.end),
                )
            )
    return found[:2]


def _who_says(
    document: Document, claims: tuple[CentralClaim, ...], phrases: KeyPhrases
) -> list[AnsweredQuestion]:
    found = []
    for central in claims:
        phrase, claim = phrases.of_claim(central.claim.number), central.claim
        if (
            claim.support is ClaimSupport.ATTRIBUTED
            and phrase
            and claim.voice not in (DOCUMENT_VOICE, UNNAMED_VOICE)
        ):
            found.append(
                AnsweredQuestion(
                    question=f"Who says “{phrase}”?",
                    answer=claim.voice,
                    spans=spans(document.text, central.sentence.start, central.sentence.end),
                )
            )
    return found[:1]


def _how_much(document: Document, stats: list[KeyStat]) -> list[AnsweredQuestion]:
    found = []
    for stat in stats:
        number, measure = stat.spans
        sentence = document.sentence_at(number.start)
        rest = [
            part.strip(" ,;:")
            for part in (document.text[measure.start : number.start], document.text[number.end : measure.end])
        ]
        about = _trimmed(max(rest, key=len))
        if (
            2 <= len(about.split()) <= LONGEST_ABOUT
            and len(sentence.text) <= LONGEST_ANSWER
            and not set('“”()"\n') & set(about)
        ):
            found.append(
                AnsweredQuestion(
                    question=f"What figure does the text give for “{about}”?",
                    answer=stat.value,
                    spans=[number, measure],
                )
            )
    return found[:2]


def _trimmed(words: str) -> str:
    """Without small words at either end ("net income was", "of the shares")."""
    parts = words.split()
    while parts and parts[-1].lower() in _SMALL:
        parts.pop()
    while parts and parts[0].lower() in _SMALL:
        parts.pop(0)
    start = words.find(parts[0]) if parts else 0
    return words[start : words.rfind(parts[-1]) + len(parts[-1])] if parts else ""
