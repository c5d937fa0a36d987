"""The words that explanations quote: the weightiest loaded terms of the primary type, and whose they are.

Left out are words that carry no framing where they stand: parts of a name, a noun that the text simply is about
(a report on wildfires says "wildfire" often), and words that mean nothing without the next one.
"""

from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from api.analysis.clauses import CONTENT
from api.analysis.document import DOCUMENT_VOICE, Document
from api.analysis.lexicon import words
from api.analysis.relayed import relayed_voice
from schemas.assessments import EntityMention, Finding, LoadedTerm, Spin
from schemas.enums import SpinType

MOST_TERMS = 4
LONGEST = 60  # characters; a longer passage is a sentence, not a term
TOPIC = 4  # times that a text uses a single noun before that is its topic rather than its colour
_LOOSE = words("a an the our your its of to for in is are and with by that")
_MARKS = frozenset('“”„«»"‘\n')
_THIN = words(
    "believe believes age number numbers case cases thing things way lot everyone everywhere anyone"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words of the text at [start, end), and the voice that says them."""

    words: str
    voice: str
    start: int
    end: int


def telling_terms(
    document: Document,
    spin: Spin,
    findings: list[Finding],
    terms: list[LoadedTerm],
    entities: list[EntityMention],
) -> list[Term]:
    """At most four, most points first, none inside another; [] for a text whose framing has no type.

    Where the type has too few loaded terms, the words of its findings stand in.
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
    names = [(s.start, s.end) for e in entities for s in e.spans]
    chosen: list[Term] = []
    for _, start, end, voice in sorted(candidates):
        text = _trimmed(document.text[start:end])
        end = start + len(text)
        if any(low < end and start < high for low, high in names) or not _tells(document, text, start, end):
            continue
        low = text.casefold()
        if any(low in known.words.casefold() or known.words.casefold() in low for known in chosen):
            continue
        if voice == DOCUMENT_VOICE:
            voice = relayed_voice(document, start, end)
        chosen.append(Term(text, voice, start, end))
        if len(chosen) == MOST_TERMS:
            break
    return chosen


def _tells(document: Document, text: str, start: int, end: int) -> bool:
    """Whether the words say something by themselves, and are not simply the matter of the text."""
    if not text or len(text) > LONGEST or not _MARKS.isdisjoint(text):
        return False
    tokens = document.doc[document.token_at(start) : document.token_at(end - 1) + 1]
    content = [t for t in tokens if t.pos_ in CONTENT | {"ADV"} and t.lower_ not in STOP_WORDS | _THIN]
    if not content:
        return False
    single = len(tokens) == 1 and tokens[0].pos_ in ("NOUN", "PROPN")
    return not (single and document.folded.count(document.folded[start:end]) >= TOPIC)


def _trimmed(text: str) -> str:
    """Without the articles and prepositions that a pattern may have taken along at its end."""
    while (last := text.rpartition(" "))[0] and last[2].lower() in _LOOSE:
        text = last[0].rstrip()
    return text
