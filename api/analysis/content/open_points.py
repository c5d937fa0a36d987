"""What a framed text leaves open in words of its own: assertions without proof, and questions without an answer.

`open_points.json` says by type which assertions want what ("independent assessments": by whom), each with its
reason. A point is not open if the sentence has words of `unless`, which is checked with its capitals. A question
is left open if somebody in the text asks it, and neither the speaker nor the next sentences answer it.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.promises import box_start
from api.analysis.content.unsourced import has_source_near, is_of_terms
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.data_files import data_file
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from schemas.assessments import Happening, Spin
from schemas.enums import HappeningKind, SpinType, Stance

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_OF_SORT: Final = 2
MAX_WORDS: Final = 12  # of a phrase that is quoted
MAX_SENTENCE_WORDS: Final = 28  # of a sentence that is quoted
LONG_PART: Final = 3  # letters of a part of a name
_ENDS = re.compile(r"[.!:;,]\W*$")  # no question, no heading
_ODD = re.compile(r"[\"“”()\[\]{}<>|\n\t]|\s\s")
_NAME = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)+")  # "Responsible Mining"
_TWO_PHRASES = re.compile(r"\w (?:these|those) ")  # "how sophisticated these attacks are"
_BEFORE_NOUN = frozenset({"amod", "advmod", "compound", "nmod", "poss", "case", "nummod", "det", "npadvmod"})
_OBJECTS = ("pobj", "dobj", "attr", "pcomp")
_WHERE_OTHERS_SPEAK_FOR_IT = frozenset({Stance.PROMOTIONAL, Stance.DEFENSIVE})
_ASKS = re.compile(r"\b(?:ask(?:s|ed|ing)?|want(?:s|ed)? to know|demand(?:s|ed)? to know)\b", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:critics|opponents|unions?|residents|parents|students|members|staff|employees|workers|campaigners|patients|"
    r"advocates|shareholders|supporters|fans|tenants|neighbou?rs|we) (?:\w+ ){0,3}?"
    r"(?:ask(?:s|ed|ing)?|want(?:s|ed)? to know|wonder(?:s|ed|ing)?) "
    r"(?P<what>(?:who|whom|why|how|what|when|where|whether|which) [^.!?;:“”\"]{8,140})",
    re.IGNORECASE,
)
# A name right before words that describe its bearer: "Corvell Bank, a leading lender".
_DESCRIBED = re.compile(r"\b([A-Z][\w&.’'-]{0,30}(?: [A-Z&][\w&.’'-]{0,30}){0,5}),? (?:is |as )?$")
_YES_OR_NO = re.compile(
    r"\W*(?:do|does|did|is|are|was|were|will|can|could|has|have|should|would)\b", re.IGNORECASE
)
_ANSWER = re.compile(
    r"\W*(?:(?:yes|no|not)\b|it (?:does|did|will|can|has)\b|it (?:is|was)(?= not|[.,;])|they (?:do|did|will)\b)",
    re.IGNORECASE,
)
_FIGURE_ASKED = re.compile(r"\W*(?:how (?:many|much|long|often)|when)\b", re.IGNORECASE)
_SENTENCE_IN_QUOTE = re.compile(r"(?:^|[.!?] )(?P<last>[^.!?]{20,160}\?)\W*$")


class _Point(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """Words that leave something open, quoted with their object (`extend`), or only that (`object`),
    or their sentence (`whole`).

    The quoted words match `only`, the sentence does not match `unless`. The story's omissions tell the point of
    news of the kinds in `told_of` alone ([] for any), where the sentence before the words matches `after`. A
    point `of_figures` is not open if a source stands near.
    """

    reason: str
    words: str
    lacks: str
    question: str
    looked_for: str
    unless: str | None = None
    unless_named: str | None = None  # with capitals
    answered: str | None = None  # with capitals, anywhere in the text
    only: str | None = None
    told_of: list[HappeningKind] = []
    after: str | None = None
    extend: bool = False
    object: bool = False
    whole: bool = False
    of_figures: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{self.words})")

    @cached_property
    def exceptions(self) -> list[re.Pattern[str]]:
        found = [re.compile(self.unless, re.IGNORECASE)] if self.unless else []
        return [*found, re.compile(self.unless_named)] if self.unless_named else found

    @cached_property
    def answer(self) -> re.Pattern[str] | None:
        return re.compile(self.answered) if self.answered else None

    @cached_property
    def before(self) -> re.Pattern[str] | None:
        return re.compile(self.after) if self.after else None

    @cached_property
    def condition(self) -> re.Pattern[str] | None:
        return re.compile(self.only, re.IGNORECASE) if self.only else None


class _OfClaim(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a claim leaves open; `lacks` and `brief` follow "does not" and the verb."""

    reason: str
    verb: str
    lacks: str
    brief: str
    question: str
    looked_for: str


class _Table(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    points: dict[str, _Point]
    of_claims: list[str]
    types: dict[SpinType, list[str]]
    claims: dict[str, _OfClaim]


_TABLE = data_file("content/open_points.json", _Table)
POINTS = _TABLE.points
BY_TYPE = _TABLE.types
OF_CLAIMS = _TABLE.of_claims  # asked of the central claims of any framed text
CLAIM_POINTS = _TABLE.claims


def open_points(
    document: Document, spin: Spin, happening: Happening | None = None, teller: str | None = None
) -> list[AbsentItem]:
    """What the text's assertions leave open, in the order of its type: one of each sort, then a second.

    They are about the story: not in a box about the publisher, nor about another party than those of the news.
    """
    found: dict[str, tuple[int, AbsentItem]] = {}
    kind, end = happening.kind if happening else None, box_start(document)
    named = [name for name in (happening and happening.subject, teller) if name]
    parties = " ".join(named) or document.article.title
    for code in BY_TYPE.get(spin.primary, ()):
        point, nth = POINTS[code], 0
        if point.told_of and kind is not None and kind not in point.told_of:
            continue
        for match in point.pattern.finditer(document.folded, document.article.body_start, end):
            sentence = document.sentence_at(match.start())
            if not _is_open(document, point, sentence, spin):
                continue
            if not _is_of_story(point, document.text[sentence.start : match.start()], parties):
                continue
            words = _quoted(document, point, sentence, match.start(), match.end())
            if words is None or words.lower() in found:
                continue
            found[words.lower()] = (nth, _item(code, words, sentence))
            nth += 1
            if nth == MAX_OF_SORT:
                break
    return [item for _, item in sorted(found.values(), key=lambda one: one[0])]


def _is_of_story(point: _Point, before: str, parties: str) -> bool:
    """Whether the words behind `before` in their sentence may describe what the story is about."""
    if point.before is not None and point.before.search(before) is None:
        return False
    described = _DESCRIBED.search(before)
    return not (described and parties) or any(
        part in parties for part in described[1].split() if len(part) >= LONG_PART
    )


def points_of(document: Document, sentence: Sentence, spin: Spin) -> list[AbsentItem]:
    """What a sentence of a framed text leaves open, the points of the text's own type first."""
    if spin.primary not in BY_TYPE:
        return []
    others = (code for codes in BY_TYPE.values() for code in codes)
    return [
        _item(code, words, sentence)
        for code in dict.fromkeys((*BY_TYPE[spin.primary], *OF_CLAIMS, *others))
        if (match := (point := POINTS[code]).pattern.search(document.folded, sentence.start, sentence.end))
        and _is_open(document, point, sentence, spin)
        and (words := _quoted(document, point, sentence, match.start(), match.end()))
    ]


def _item(code: str, words: str, sentence: Sentence) -> AbsentItem:
    point = POINTS[code]
    return AbsentItem(
        code=code,
        lacks=point.lacks.format(words=words),
        looked_for=point.looked_for,
        question=point.question.format(words=words),
        place=(sentence.start, sentence.end),
    )


def _is_open(document: Document, point: _Point, sentence: Sentence, spin: Spin) -> bool:
    """Whether the text itself asserts it, and the sentence does not say more."""
    if (
        sentence.role == "title"
        or not _ENDS.search(sentence.text)
        or "?" in sentence.text
        or is_boilerplate(sentence.text)
    ):
        return False
    if point.of_figures and (is_of_terms(sentence) or has_source_near(document, sentence)):
        return False
    own = sentence.voice == DOCUMENT_VOICE and sentence.attributed_to is None
    if not own and spin.stance not in _WHERE_OTHERS_SPEAK_FOR_IT:
        return False
    if point.answer is not None and point.answer.search(document.text):
        return False
    return not any(pattern.search(sentence.text) for pattern in point.exceptions)


def _quoted(document: Document, point: _Point, sentence: Sentence, start: int, end: int) -> str | None:
    """The words to quote; None if they are no whole phrase."""
    if point.whole:
        words, most = sentence.text.rstrip(".!"), MAX_SENTENCE_WORDS
    else:
        if point.extend or point.object:
            until = _end_of_phrase(document, sentence, end)
            start, end = end if point.object else start, until or start
        words, most = document.text[start:end], MAX_WORDS
    words = words.strip()
    if not words or len(words.split()) > most or _ODD.search(words):
        return None
    if not point.whole and (_TWO_PHRASES.search(words) or _NAME.fullmatch(words)):
        return None
    return words if point.condition is None or point.condition.search(words) else None


def _end_of_phrase(document: Document, sentence: Sentence, end: int) -> int | None:
    """The end of the noun that the last word before `end` precedes or governs, with its "of ..."."""
    token = document.all_tokens[document.token_at(end - 1)]
    while token.dep_ in _BEFORE_NOUN and token.head.i > token.i:
        token = token.head
    if token.pos_ in ("VERB", "AUX", "ADP") or token.dep_ == "prep" or token.lower_ == "in":
        near = [*token.children, *token.head.children]  # the parse has "because" govern what follows "of"
        governed = next((c for c in near if c.dep_ in _OBJECTS and c.i > token.i), None)
        if governed is None:
            return None
        token = governed
        if token.tag_ == "VBG":  # "committed to empowering women"
            token = next((c for c in token.children if c.dep_ == "dobj"), token)
    if token.pos_ not in ("NOUN", "PROPN") and token.tag_ != "VBG":
        return None
    last = _with_of(token)
    return last.idx + len(last.text) if last.i < sentence.last else None


def _with_of(noun: "Token") -> "Token":
    """The last word of the noun and of a short "of ..." or "for ..." right after it."""
    after = next((c for c in noun.children if c.dep_ == "prep" and c.i == noun.i + 1), None)
    if after is None or after.lower_ not in ("of", "in", "for", "to"):
        return noun
    governed = next((c for c in after.children if c.dep_ == "pobj"), None)
    return governed if governed is not None and governed.i - noun.i <= 5 else noun


def unanswered_questions(document: Document) -> list[AbsentItem]:
    """Questions that somebody in the text asks, and that the text does not answer."""
    if "?" not in document.text and " ask" not in document.folded:
        return []
    asked = [*_direct_questions(document), *_reported_questions(document)]
    return [
        AbsentItem(
            code="unanswered_question",
            lacks=f"an answer to the question raised by {asker}, “{question}”",
            looked_for="an answer in the sentences after the question",
            question=f"In the words of {asker}: “{question}”{'' if question.endswith('?') else '?'}",
            verb="give",
            place=(sentence.start, sentence.end),
        )
        for asker, question, sentence in sorted(asked, key=lambda one: one[2].start)
        if not _is_answered(document, question, sentence, asker)
    ]


def _direct_questions(document: Document) -> list[tuple[str, str, Sentence]]:
    """The asker, the question and its sentence, of quotations by a named speaker that end in a question."""
    found = []
    for quotation in document.quotations:
        words = " ".join(document.text[quotation.start : quotation.end].strip('“”" ').split())
        last = _SENTENCE_IN_QUOTE.search(words)
        around = document.text[max(0, quotation.start - 60) : quotation.start]
        around += document.text[quotation.end : quotation.end + 40]
        if last and quotation.speaker and not quotation.turn and _ASKS.search(around):
            found.append((quotation.speaker, last["last"], document.sentence_at(quotation.end - 1)))
    return found


def _reported_questions(document: Document) -> list[tuple[str, str, Sentence]]:
    """The same for questions that a named speaker reports ("students ask who will teach")."""
    found = []
    for sentence in document.body_sentences():
        if sentence.voice not in (DOCUMENT_VOICE, UNNAMED_VOICE) and (
            asked := _REPORTED.search(sentence.text)
        ):
            question = asked["what"].split(", and ")[0].rstrip(" ,")
            found.append((sentence.voice, question, sentence))
    return found


def _is_answered(document: Document, question: str, sentence: Sentence, asker: str) -> bool:
    """Whether the next sentences answer; errors favour the text."""
    following = [s for s in document.sentences[sentence.index + 1 : sentence.index + 3] if s.voice != asker]
    if _YES_OR_NO.match(question):
        return any(_ANSWER.match(s.text) for s in following)
    if _FIGURE_ASKED.match(question) and any(s.numbers for s in following):
        return True
    if question.endswith("?") and any(s.voice != DOCUMENT_VOICE for s in following):
        return True  # somebody replies
    asked = frozenset(document.content_words(sentence))
    return any(len(asked & frozenset(document.content_words(s))) > 1 for s in following)
