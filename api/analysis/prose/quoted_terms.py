"""Selects the words that explanations quote: loaded phrases of the primary type, with their voice.

Those that a careful reader is most likely to mark come first; phrases of two content words and of the tactic
count more, as do those whose form shows how they steer: praise, size, a picture, haste. Of overlapping phrases
the longest is quoted. Excluded are words without framing in context: parts of a name, the topic of the text (a
report on wildfires says "wildfire" often), words that mean nothing alone, calls to use the page, and negated
words ("without bruising").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from api.analysis.framing.form_words import PRAISE
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.phrases import ended, whole_phrase
from api.analysis.framing.term_tactics import TROUBLE
from api.analysis.framing.word_forms import FORMLESS, forms, tells
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.parsing.clauses import CONTENT
from api.analysis.parsing.relayed import relayed_voice
from api.analysis.parsing.speaker_names import named_speaker
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import same_party
from api.analysis.text.passages import NEGATIONS
from api.analysis.text.shown_words import whole_words
from api.analysis.text.stop_words import STOP_WORDS
from schemas.assessments import EntityMention, Finding, LoadedTerm, Spin
from schemas.enums import SpinType

MAX_TERMS = 4
LONGEST = 60  # characters of a term
NEGATED_WITHIN = 3  # words that a negation affects
TOPIC = 4  # uses of a single noun that make it the topic
_PHRASE = 0.25  # more for two words of content: one word alone proves little
_OF_TACTIC = 0.4  # more for words that prove the tactic
_STEERS = 0.4  # more for words of a sentence that steers by the type
_FORMED = 0.3  # more for words whose form shows how they steer
# More for the text's own words, less for those of a speaker whom it does not name.
_VOICES = {DOCUMENT_VOICE: 0.05, UNNAMED_VOICE: -0.15}
_LIKELY = 0.5  # least chance of words without such a form beside others
_SURE = 0.8  # least chance of a word alone beside phrases
_REASSURING = (SpinType.HYPE, SpinType.HALO)
_PRAISING = frozenset(_REASSURING)
_SOFT, _HARSH = (
    frozenset({"mild", "small", "spared", "hard_choice"}),
    frozenset({"total", "danger", "degree"}),
)
_PAGE = re.compile(r"\b(?:issue|newsletters?|subscri\w{1,8}|sign up|webinar|podcast|click|download|inbox)\b")
_GOES_ON = frozenset({",", "and", "or"})
_MANY = 3  # words of content beside a figure
_MARKS = frozenset('“”„«»"‘\n')
_FEELINGS = frozenset({"alarm", "excitement"})  # these rules find a mood, not a claim
_NOT_ONLY = frozenset({"only", "just", "merely", "simply", "doubt"})
_THIN = words(
    "believe believes thank thanks age number numbers case cases thing things way lot everyone everywhere anyone"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words of the text at [start, end), and the voice that says them.

    `of_tactic`: a written rule of the text's tactic found them too. `form` shows how they steer, if any.
    """

    words: str
    voice: str
    start: int
    end: int
    of_tactic: bool = False
    form: str | None = None


def in_words_of(terms: Sequence[Term], own: str | None) -> str:
    """Whose the terms of one voice are; "" if the text's or those of `own`, for which it speaks."""
    voice = terms[0].voice if terms else DOCUMENT_VOICE
    if voice == DOCUMENT_VOICE or (own is not None and same_party(voice, own)):
        return ""
    return f"in the words of {named_speaker(voice)}"


def quoted_terms(
    document: EncodedDocument,
    spin: Spin,
    findings: list[Finding],
    terms: list[LoadedTerm],
    entities: list[EntityMention],
) -> list[Term]:
    """At most four, none inside another; [] for a text without a type.

    A text that softens without soft words reassures by praise, which is quoted then.
    """
    if spin.primary is SpinType.NONE:
        return []
    found = _of_type(document, spin, findings, terms, entities)
    if not found and spin.primary is SpinType.CUSHION:
        praising = (msgspec.structs.replace(spin, primary=kind, tactic=None) for kind in _REASSURING)
        found = next(filter(None, (_of_type(document, s, findings, terms, entities) for s in praising)), [])
    return found


def _of_type(
    document: EncodedDocument,
    spin: Spin,
    findings: list[Finding],
    terms: list[LoadedTerm],
    entities: list[EntityMention],
) -> list[Term]:
    """The terms of the primary type of `spin`."""
    marks = document.encoded.marks[:, COLUMN[spin.primary.value]]
    names = [(s.start, s.end) for e in entities for s in e.spans]
    written = [
        (f.spans[0].start, f.spans[-1].end, f.tactic)
        for f in findings
        if f.type is spin.primary and f.points > 0 and not set(f.all_rules) <= LEARNED_CODES | _FEELINGS
    ]
    places = loaded_places(spin.primary, findings, terms)
    found: list[tuple[float, Term]] = []
    unlikely: set[int] = set()
    for (start, end), voice in sorted(places.items()):
        low, high = _phrase(document, start, end)
        content = _content_count(document, document.text[low:high], low, high) if low < high else 0
        if spin.primary in _PRAISING and TROUBLE.search(document.text, low, high):
            continue
        if (
            not content
            or _is_of_page(document, low)
            or any(a < high and low < b for a, b in names)
            or is_negated(document, low)
        ):
            continue
        if voice == DOCUMENT_VOICE:
            voice = relayed_voice(document, low, high)
        # vague constructions prove their tactic only as a whole: a doer is missing in "a rise was observed"
        beside = {
            tactic
            for a, b, tactic in written
            if a < high and low < b and (spin.primary is not SpinType.FOG or (low <= a and b <= high))
        }
        of_tactic = spin.tactic is not None and spin.tactic in beside
        steers = min(max(float(marks[document.sentence_at(low).index]), 0.0), 1.0)
        of_words = [one.name for one in forms(document, spin.primary, low, high) if one.name not in FORMLESS]
        if not of_tactic and _leads_away(document, spin.primary, low, high, next(iter(of_words), None)):
            continue
        form = next((name for name in of_words if tells(name, spin.primary)), None)
        chance = (
            document.chance(low, high)
            + _PHRASE * (content > 1)
            + _OF_TACTIC * of_tactic
            + _STEERS * steers
            + _FORMED * (form is not None)
            + _VOICES.get(voice, 0.0)
        )
        if form is None and not of_tactic and document.chance(low, high) < _LIKELY:
            unlikely.add(low)
        found.append((chance, Term(document.text[low:high], voice, low, high, of_tactic, form)))
    longest = sorted(found, key=lambda f: (f[1].start - f[1].end, f[1].start))
    apart: list[tuple[float, Term]] = []
    for chance, term in longest:
        over = next((i for i, (_, o) in enumerate(apart) if term.start < o.end and o.start < term.end), None)
        if over is None:
            apart.append((chance, term))
    chosen: list[Term] = []
    for _, term in sorted(apart, key=lambda f: (-round(f[0], 6), f[1].start)):
        low_words = term.words.casefold()
        if not any(low_words in c.words.casefold() or c.words.casefold() in low_words for c in chosen):
            chosen.append(term)
    likely = [t for t in chosen if t.start not in unlikely]
    chosen = likely if len(likely) > 1 else chosen
    telling = [t for t in chosen if " " in t.words or document.chance(t.start, t.end) >= _SURE]
    return (telling or chosen)[:MAX_TERMS]


def _leads_away(document: Document, kind: SpinType, start: int, end: int, form: str | None) -> bool:
    """Whether words of a text that softens rather stress what is bad ("completely unacceptable").

    Or whether words of one that blames others are an admission in mild words ("fell short"), or praise stands in
    one that presses ("great time").
    """
    if kind is SpinType.STAMPEDE:
        return form is None and any(PRAISE.within(document.folded[start:end]))
    if kind is not SpinType.CUSHION:
        return kind is SpinType.SHIELD and form == "mild"
    return form in _HARSH or (form not in _SOFT and TROUBLE.search(document.text, start, end) is not None)


def loaded_places(
    kind: SpinType, findings: list[Finding], terms: list[LoadedTerm]
) -> dict[tuple[int, int], str]:
    """The places of the loaded words of this type, each with its voice."""
    places = {(s.start, s.end): t.voice for t in terms if t.type is kind for s in t.spans}
    return places | {
        (f.spans[0].start, f.spans[0].end): f.voice
        for f in findings
        if f.type is kind and len(f.spans) == 1 and f.points > 0
    }


def _phrase(document: Document, start: int, end: int) -> tuple[int, int]:
    """The whole phrase at this place; of a list that goes on, only its first member."""
    low, end = whole_words(document.text, start, end)
    start, end = whole_phrase(document, low, end)
    tokens = document.all_tokens
    if any(t.lower_ in NEGATIONS for t in tokens[document.token_at(low) : document.token_at(start)]):
        start = low
    first, last = document.token_at(start), document.token_at(max(end - 1, start))
    comma = next((i for i in range(first + 1, last) if tokens[i].text == ","), None)
    if comma is not None and last + 1 < len(tokens) and tokens[last + 1].lower_ in _GOES_ON:
        last = comma - 1
    last = ended(tokens, first, last)
    return start, tokens[last].idx + len(tokens[last].text)


def _is_of_page(document: Document, start: int) -> bool:
    """Whether the sentence asks the reader to do something with the page: "Don't miss our special issue"."""
    sentence = document.sentence_at(start)
    if _PAGE.search(document.folded, sentence.start, sentence.end) is None:
        return False
    first = [t for t in document.tokens(sentence) if t.is_alpha or "'" in t.text or "’" in t.text][:3]
    asks = first[2:] if len(first) > 2 and first[0].lower_ == "do" else first[:1]
    return any(t.tag_ == "VB" for t in asks)


def is_negated(document: Document, start: int) -> bool:
    """Whether a word shortly before `start` negates what follows."""
    at, first = document.token_at(start), document.sentence_at(start).first
    for number in range(at - 1, max(at - 1 - NEGATED_WITHIN, first - 1), -1):
        token = document.doc[number]
        if token.is_punct and token.text not in "-‑'’":
            return False
        if token.lower_ in NEGATIONS:
            return document.doc[number + 1].lower_ not in _NOT_ONLY
    return False


def _content_count(document: Document, text: str, start: int, end: int) -> int:
    """The number of words with meaning of their own; 0 for words that are the topic of the text."""
    if not text or len(text) > LONGEST or not _MARKS.isdisjoint(text):
        return 0
    tokens = document.doc[document.token_at(start) : document.token_at(end - 1) + 1]
    kinds = CONTENT | {"ADV"} if len(tokens) > 1 else CONTENT
    content = sum(t.pos_ in kinds and t.lower_ not in STOP_WORDS | _THIN for t in tokens)
    if content < _MANY and any(t.like_num or t.pos_ == "NUM" for t in tokens):
        return 0
    if all(t.pos_ == "PROPN" for t in tokens) and start >= document.article.body_start:
        return 0  # a name that is no known entity
    if tokens[0].pos_ == "ADJ" and len(tokens) > 1 and tokens[1].lemma_ == "be":
        return 0  # of two clauses: "powerful is the number of uses"
    single = len(tokens) == 1 and tokens[0].pos_ in ("NOUN", "PROPN")
    return 0 if single and document.folded.count(document.folded[start:end]) >= TOPIC else content
