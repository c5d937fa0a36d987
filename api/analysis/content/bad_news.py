"""Bad news that a text tells late or in soft words: what ends, how many go, what is taken as consent.

Limits: English phrases.
"""

import re
from collections.abc import Sequence

from api.analysis.content.summary import DEPENDENT, is_fit
from api.analysis.framing.lexicons import BAD_NEWS
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.parsing.blame import takes_blame
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from schemas.assessments import Happening
from schemas.enums import HappeningKind, SpinType

MAX_BAD = 2
ADMISSIONS = 2  # sentences that take the blame, in a text about something else
MAX_WORDS = 28  # of the words of blame
SOFTLY, FIGURE = 2.0, 1.5  # weights of bad news in soft words, and of a figure; a word of bad news has 1
SOFTENS = frozenset({SpinType.CUSHION, SpinType.SHIELD, SpinType.FOG})
# Bad news in soft words: posts under review, what is paused or ends, what is taken as consent.
BAD_NEWS_TOLD = re.compile(
    r"\b(?:posts|roles|positions|jobs|colleagues|employees|workers|team members)\b[^.;]{0,60}?"
    r"\b(?:review|affected|impacted|eliminat\w{1,5}|leav(?:e|ing)|go|"
    r"redundan\w{1,4}|at risk|let go|phased out)\b|"
    r"\b(?:job (?:cuts|losses)|lay(?:ing)? ?off|laid off|layoffs?|redundanc(?:y|ies)|severance|"
    r"(?:will|to) (?:pause|end|close|cease|discontinue|deprecate|withdraw|retire|stop)|"
    r"(?:wind|winding|shut|shutting|closing|scaled?|scaling|stepp?ing) (?:down|back)|phas(?:e|ed|ing) out|"
    r"no longer|end of life|net loss|resignation|bankruptcy|breach(?:ed)?|stolen|outage|recall(?:ed|s)?|"
    r"taken as acceptance|without notice|opt(?:ed)? out|after the due date|deduct\w{0,5}|embargo|fined?)\b",
    re.IGNORECASE,
)


def bad_news_sentences(document: Document, kind: SpinType, news: Sequence[Sentence]) -> list[Sentence]:
    """At most two sentences that tell most of the bad news, those of soft words and with a figure first.

    [] if the text neither softens, excuses nor blurs, or if the news sentence tells bad news itself.
    """
    if kind not in SOFTENS or any(BAD_NEWS_TOLD.search(s.text) for s in news):
        return []
    told_by: dict[int, float] = {}
    for sentence in document.body_sentences():
        if (softly := len(BAD_NEWS_TOLD.findall(sentence.text))) > 0:
            told_by[sentence.index] = SOFTLY * softly
    if kind is not SpinType.FOG:
        for sentence, _ in BAD_NEWS.by_sentence(document):
            told_by[sentence.index] = told_by.get(sentence.index, 0) + 1
        if not any(value >= SOFTLY for value in told_by.values()) and any(s.index in told_by for s in news):
            return []
    fit = [
        s
        for s in map(document.sentences.__getitem__, told_by)
        if s.role != "title" and is_fit(s) and DEPENDENT.match(s.text) is None
    ]
    best = sorted(fit, key=lambda s: (-told_by[s.index] - FIGURE * bool(s.numbers), s.index))
    return [s for s in best if s not in news][:MAX_BAD]


def words_of_blame(document: EncodedDocument, happening: Happening | None) -> str | None:
    """The sentence that most plainly takes the blame, without its closing mark.

    None if a single one does in a text about something else, as then it is no admission.
    """
    places = document.once(takes_blame)
    admits = happening is not None and happening.kind is HappeningKind.APOLOGY_OR_CORRECTION
    if len(places) < (1 if admits else ADMISSIONS):
        return None
    marks = document.encoded.marks[:, COLUMN["owned"]]
    fit = [
        s
        for s in map(document.sentences.__getitem__, places)
        if s.voice == DOCUMENT_VOICE
        and s.role != "title"
        and len(s.text.split()) <= MAX_WORDS
        and '"' not in s.text
    ]
    best = max(fit, key=lambda s: (round(float(marks[s.index]), 4), -s.index), default=None)
    return None if best is None or "“" in best.text else " ".join(best.text.split()).rstrip(" .!")
