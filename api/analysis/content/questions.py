"""Finds the questions that a story answers.

Such a question is asked by the text and answered by the next sentence, or asks for the speaker of an attributed
claim.
"""

import re
from itertools import pairwise

from api.analysis.content.claims import CentralClaim
from api.analysis.content.grounding import Grounding
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document
from api.analysis.text.spans import spans
from schemas.assessments import AnsweredQuestion
from schemas.enums import ClaimSupport

MAX_ANSWERED = 4
MAX_ANSWER = 400  # characters
MIN_QUESTION_WORDS = 4
MIN_STORY_WORDS = 2
_BY_PRONOUN = re.compile(
    r"\b(?:they|he|she|it) (?:\w+ )?(?:says?|said|told|added|wrote|writes|explained|argued|claimed|noted)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\W*(?:so|but|and)?,? ?(?:what|who|whom|whose|why|how|when|where|which)\b", re.IGNORECASE)


def questions_answered(
    document: Document, claims: tuple[CentralClaim, ...], phrases: KeyPhrases, grounding: Grounding
) -> list[AnsweredQuestion]:
    """At most four: the text's own questions first, then the speakers of claims."""
    found = [*_own_questions(document), *_who_says(document, claims, phrases)]
    return [q for q in found if not grounding.ungrounded(q.question)][:MAX_ANSWERED]


def _own_questions(document: Document) -> list[AnsweredQuestion]:
    """Questions in the document's voice whose words the next sentence repeats."""
    found: list[AnsweredQuestion] = []
    for sentence, answer in pairwise(document.body_sentences()):
        if (
            sentence.text.endswith("?")
            and _ASKS.match(sentence.text)
            and sentence.voice == DOCUMENT_VOICE == answer.voice
            and len(sentence.text.split()) >= MIN_QUESTION_WORDS
            and answer.text.endswith(".")
            and answer.text[:1].isupper()
            and len(answer.text) <= MAX_ANSWER
            and not is_boilerplate(answer.text)
            and not is_boilerplate(sentence.text)
            and len(asked := frozenset(document.content_words(sentence))) >= MIN_STORY_WORDS
            and asked & frozenset(document.content_words(answer))
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
        relayed, claim = phrases.relayed(central.claim.number), central.claim
        if (
            claim.support is ClaimSupport.ATTRIBUTED
            and relayed
            and claim.voice != UNNAMED_VOICE
            and not _BY_PRONOUN.search(central.sentence.text)  # the pronoun is often resolved wrongly
        ):
            found.append(
                AnsweredQuestion(
                    question=f"Who says “{relayed[0]}”?",
                    answer=claim.voice,
                    spans=spans(document.text, central.sentence.start, central.sentence.end),
                )
            )
    return found[:3]
