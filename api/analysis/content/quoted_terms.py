"""Selects the words that explanations quote: the weightiest loaded terms of the primary type, with their voice.

Excluded are words without framing in context: parts of a name, the topic of the text (a report on wildfires
says "wildfire" often), words that mean nothing alone, and negated words ("without bruising").
"""

from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.parsing.clauses import CONTENT
from api.analysis.parsing.relayed import relayed_voice
from api.analysis.text.document import DOCUMENT_VOICE, Document
from api.analysis.text.lexicon import words
from api.analysis.text.passages import NEGATIONS
from api.analysis.text.shown_words import whole_words
from schemas.assessments import EntityMention, Finding, LoadedTerm, Spin
from schemas.enums import SpinType

MAX_TERMS = 4
LONGEST = 60  # characters of a term
NEGATED_WITHIN = 3  # words that a negation affects
TOPIC = 4  # uses of a single noun that make it the topic
_LOOSE = words("a an the our your its of to for in is are and with by that")
_MARKS = frozenset('“”„«»"‘\n')
_FEELINGS = frozenset({"alarm", "excitement"})  # these rules find a mood, not a claim
_NOT_ONLY = frozenset({"only", "just", "merely", "simply", "doubt"})
_THIN = words(
    "believe believes age number numbers case cases thing things way lot everyone everywhere anyone"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words of the text at [start, end), and the voice that says them.

    `written`: a written rule of the type found them too, as a claim. `content` is the number of their content
    words.
    """

    words: str
    voice: str
    start: int
    end: int
    written: bool = False
    content: int = 1


def quoted_terms(
    document: Document,
    spin: Spin,
    findings: list[Finding],
    terms: list[LoadedTerm],
    entities: list[EntityMention],
) -> list[Term]:
    """At most four, most points first, none inside another; [] for a text without a type.

    Words of the type's findings supplement its loaded terms.
    """
    if spin.primary is SpinType.NONE:
        return []
    points = {(f.spans[0].start, f.spans[-1].end): f.points for f in findings}
    candidates = [
        (-sum(points.get((s.start, s.end), 0) for s in t.spans), t.spans[0].start, t.spans[0].end, t.voice)
        for t in terms
        if t.type is spin.primary
    ]
    candidates += [
        (1 - f.points, f.spans[0].start, f.spans[0].end, f.voice)
        for f in findings
        if f.type is spin.primary and len(f.spans) == 1 and f.points > 0
    ]
    rule_places = [
        (f.spans[0].start, f.spans[-1].end)
        for f in findings
        if f.type is spin.primary and f.points > 0 and f.rule not in LEARNED_CODES | _FEELINGS
    ]
    names = [(s.start, s.end) for e in entities for s in e.spans]
    chosen: list[Term] = []
    for _, start, end, voice in sorted(candidates):
        start, end = whole_words(document.text, start, end)
        text = _trimmed(document.text[start:end])
        end = start + len(text)
        if any(low < end and start < high for low, high in names) or is_negated(document, start):
            continue
        if not (content := _content_count(document, text, start, end)):
            continue
        low = text.casefold()
        if any(low in other.words.casefold() or other.words.casefold() in low for other in chosen):
            continue
        if voice == DOCUMENT_VOICE:
            voice = relayed_voice(document, start, end)
        written = any(first < end and start < last for first, last in rule_places)
        chosen.append(Term(text, voice, start, end, written, content))
        if len(chosen) == MAX_TERMS:
            break
    return chosen


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
    content = sum(t.pos_ in CONTENT | {"ADV"} and t.lower_ not in STOP_WORDS | _THIN for t in tokens)
    single = len(tokens) == 1 and tokens[0].pos_ in ("NOUN", "PROPN")
    return 0 if single and document.folded.count(document.folded[start:end]) >= TOPIC else content


def _trimmed(text: str) -> str:
    """Without articles and prepositions at the end."""
    while (last := text.rpartition(" "))[0] and last[2].lower() in _LOOSE:
        text = last[0].rstrip()
    return text
