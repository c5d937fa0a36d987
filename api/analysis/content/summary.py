"""An extractive summary: whole sentences of the text, unchanged.

LexRank ranks the sentences, with a bonus for the lead, as news puts the core first. Redundant ones are skipped
(maximal marginal relevance, Carbonell and Goldstein, 1998). Bylines and the "About X" box at the end are
excluded. Limits: a sentence that depends on the one before ("It also ...") is avoided, not repaired.
"""

import re
from dataclasses import dataclass

from api.analysis.content.lexrank import lexrank
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Sentence, Text

SUMMARY_SENTENCES = 4
TLDR_SENTENCES = 3
MAX_RANKED = 300  # sentences, from the start of the text; LexRank is quadratic
MIN_WORDS, MAX_WORDS = 6, 45  # of a sentence in the summary
TLDR_WORDS = 32  # of a point of the tldr
SAME = 0.5  # greatest share of common content words of distinct sentences
LEAD_BONUS = 0.25  # of the mean score
# A sentence that needs the one before it to be understood.
DEPENDENT = re.compile(
    r"\W*(?:it|this|that|these|those|they|he|she|his|her|its|their|but|and|so|such|also|however|moreover|"
    r"furthermore|meanwhile|in addition|instead|then|there|both|neither|others?|another|for example|"
    r"as a result|in short)\b|.{0,60}\b(?:the same|these|those)(?: \w+)?\.$"
    # "Mayor Roe said them four times": the plural is in another sentence
    r"|(?:[^\s,;]+ ){1,4}(?:said|says|told|did|does|made|called|calls|used|put|wrote|repeated|sold|gave|kept) "
    r"(?:them|so|this)\b",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"^[ \t*#]*About (?:us|the [A-Z][^\n.!?]{1,60}|[A-Z0-9][^\n.!?]{0,60})[ \t*:]*$", re.MULTILINE
)
_BOX_FROM = 0.5  # of the text: a box about the publisher closes it
_BYLINE = re.compile(
    r"By [A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3} ?, (?:an? |the )?(?:[\w-]+ ){0,3}"
    r"(?:reporter|writer|editor|correspondent|journalist|columnist|contributor|author)\b"
)
_CLOSED = re.compile(r"[.!]['\"”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Summary:
    """`summary` in the order of the text, `tldr` the best first; None and [] if no sentence is suitable."""

    summary: str | None
    tldr: list[str]


def summarize(document: Text) -> Summary:
    """Summary and tldr of one document."""
    ranked = _ranked(document)
    chosen = _diverse(document, ranked, SUMMARY_SENTENCES, MAX_WORDS)
    points = _diverse(document, _independent_first(DEPENDENT, ranked), TLDR_SENTENCES, TLDR_WORDS)
    in_order = sorted(chosen, key=lambda s: s.start)
    return Summary(
        summary=" ".join(flat_line(s.text) for s in in_order) or None,
        tldr=[flat_line(s.text) for s in points],
    )


def _ranked(document: Text) -> list[Sentence]:
    """Suitable sentences, the best first."""
    end = _box_start(document)
    suitable = [s for s in document.body_sentences() if s.start < end and is_fit(s)][:MAX_RANKED]
    scores = lexrank([document.content_words(s) for s in suitable])
    bonus = LEAD_BONUS / max(1, len(suitable))
    penalty = 1.0 / max(1, len(suitable))
    value = {
        s.start: score + bonus * (s.role == "lead") - penalty * (DEPENDENT.match(s.text) is not None)
        for s, score in zip(suitable, scores, strict=True)
    }
    return sorted(suitable, key=lambda s: (-round(value[s.start], 8), s.start))


def _box_start(document: Text) -> int:
    """The start of a box about the publisher, else the end of the text."""
    text = document.text
    box = _BOX.search(text, round(_BOX_FROM * len(text)))
    return box.start() if box else len(text)


def _independent_first(dependent: re.Pattern[str], ranked: list[Sentence]) -> list[Sentence]:
    """The sentences, dependent ones last, as a point of the tldr must stand alone."""
    return sorted(ranked, key=lambda s: dependent.match(s.text) is not None)


def stands_alone(sentence: Sentence) -> bool:
    """Whether a sentence can be a point of the tldr: short, whole and independent."""
    short = len(sentence.text.split()) <= TLDR_WORDS
    return short and is_fit(sentence) and DEPENDENT.match(sentence.text) is None


def is_byline(text: str) -> bool:
    """Whether the sentence names the story's author."""
    return _BYLINE.match(text) is not None


def is_fit(sentence: Sentence) -> bool:
    """Whether a summary can show the sentence."""
    return (
        MIN_WORDS <= len(sentence.text.split()) <= MAX_WORDS
        and _CLOSED.search(sentence.text) is not None
        and not is_boilerplate(sentence.text)
        and not is_byline(sentence.text)
        and sentence.text.count("“") == sentence.text.count("”")
        and sentence.text.count('"') % 2 == 0
        and not is_bare_quotation(sentence)
    )


def is_bare_quotation(sentence: Sentence) -> bool:
    """Whether the sentence quotes somebody whom it does not name."""
    return sentence.voice != DOCUMENT_VOICE and (
        sentence.voice == UNNAMED_VOICE or sentence.voice.split()[-1] not in sentence.text
    )


def _diverse(document: Text, ranked: list[Sentence], wanted: int, most_words: int) -> list[Sentence]:
    chosen: list[Sentence] = []
    chosen_words: list[frozenset[str]] = []
    for sentence in ranked:
        if len(chosen) == wanted:
            break
        if len(sentence.text.split()) > most_words:
            continue
        content = frozenset(document.content_words(sentence))
        if all(
            len(content & other) <= SAME * max(1, min(len(content), len(other))) for other in chosen_words
        ):
            chosen.append(sentence)
            chosen_words.append(content)
    return chosen


def flat_line(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())
