"""What a steering text wants to have believed, in its own words: the statements that carry its framing.

They are sentences of the text in its own voice that steer most by the primary type, by the sentence encoder, told
as another would report them: judgements, forecasts, demands, and what has loaded words. Left out are events of
the past, cautions, admissions, plain bad news, and sentences that need the one before them. A text without any
that can be told has a short one with loaded words that is quoted, with its speaker.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from api.analysis.content.bad_news import SOFTENS
from api.analysis.content.news import told
from api.analysis.content.statement_grammar import hanging, is_main_clause
from api.analysis.content.summary import DEPENDENT, is_fit, points_back
from api.analysis.content.thesis import judges, tells_past
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from api.analysis.text.lexicon import words
from schemas.assessments import Spin
from schemas.enums import SpinType, Stance

MOST: Final = 2
MAX_WORDS: Final = 28
MAX_QUOTED: Final = 22  # words of a quotation
TRIED: Final = 8  # sentences, the strongest first, that are told to find these
LEAST: Final = 0.4  # mark of the primary type
NEAR: Final = 0.6  # of the strongest, which a second must have
SAME: Final = 0.5  # greatest share of common content words of two promises, or of one and the news
_LONG, _SHORTER = 22, 0.2  # words of a statement, and how much less one is worth that has more
_HANGS: Final = 0.2  # how much less one is worth with words that only another sentence explains

BOX_FROM: Final = 0.3  # of the text, of which small print may be the second half

_GOES_ON = re.compile(r"(?:And|But|So|Or)\b")
# A box about the publisher.
_BOX = re.compile(r"^[\W_]{0,3}About (?:the )?[A-Z]", re.MULTILINE)

# The heading of a list, or a statement about another sentence: "clearly illustrate this trend".
_POINTS = re.compile(r": |\b(?:this|these|those) \w{1,20}$")
_REPORTS = REPORT_VERBS | words("highlight emphasize emphasise stress feature")


@dataclass(frozen=True, slots=True)
class Promises:
    """At most two statements, the strongest first, none of which repeats the news; else one quotation.

    `quoted` has no closing mark; `voice` says it.
    """

    told: list[str] = field(default_factory=list)
    quoted: str | None = None
    voice: str = DOCUMENT_VOICE


NO_PROMISES: Final = Promises()


def promises(
    document: EncodedDocument,
    spin: Spin,
    news: Sequence[Sentence],
    actor: str | None,
    subject: str | None,
    loaded: Iterable[tuple[int, int]],
) -> Promises:
    """The promises of one text; none without a type, or of one that softens, excuses or blurs.

    `news` are the sentences that tell the news; `actor` and `subject` are as in `told`; `loaded` are the places
    of the loaded words of the primary type.
    """
    if spin.primary is SpinType.NONE or spin.primary in SOFTENS:
        return NO_PROMISES
    box = document.once(box_start)
    words_of: defaultdict[int, list[str]] = defaultdict(list)
    for start, end in loaded:
        words_of[document.sentence_at(start).index].append(document.text[start:end].casefold())
    fit = [
        s
        for s in document.body_sentences()
        if s.start < box and is_fit(s) and s not in news and not tells_past(document, s)
    ]
    strength = {s.index: _strength(document, s, spin) for s in fit}
    strong = [s for s in fit if strength[s.index] >= LEAST]
    worth = {s.index: strength[s.index] - _HANGS * bool(hanging(document, s)) for s in strong}
    strong.sort(key=lambda s: (-round(worth[s.index], 4), s.index))
    found: list[tuple[float, str]] = []
    known = [frozenset(document.content_words(s)) for s in news]
    for sentence in [s for s in strong if _is_tellable(document, s)][:TRIED]:
        own = frozenset(document.content_words(sentence))
        one = told(document, [sentence], actor, subject)
        statement = one.statement if one.sentence.index == sentence.index else None
        if statement is None or len(statement.split()) > MAX_WORDS:
            continue
        if _POINTS.search(statement) or DEPENDENT.match(statement):
            continue
        shown = statement.casefold()
        if not (judges(document, sentence) or any(one in shown for one in words_of[sentence.index])):
            continue
        if any(len(own & other) > SAME * max(1, min(len(own), len(other))) for other in known):
            continue
        known.append(own)
        found.append((worth[sentence.index] - _SHORTER * (len(statement.split()) > _LONG), statement))
    if found:
        found.sort(key=lambda f: -f[0])
        near = [statement for value, statement in found if value >= NEAR * found[0][0]]
        return Promises(near[:MOST])
    short = (
        s
        for s in strong
        if s.index in words_of
        and len(s.text.split()) <= MAX_QUOTED
        and s.text[0].isalnum()
        and not _GOES_ON.match(s.text)
    )
    quotable = (s for s in short if s.voice != UNNAMED_VOICE and not _reports(document, s))
    whole = [s for s in quotable if "“" not in s.text and '"' not in s.text]
    return next((_quoted(document, s) for s in sorted(whole, key=points_back)), Promises())


def _quoted(document: Document, sentence: Sentence) -> Promises:
    text = " ".join(sentence.text.split()).rstrip(" .!")
    return Promises(quoted=text, voice=sentence.voice)


def box_start(document: Document) -> int:
    """The start of a box about the publisher, else the end of the text."""
    box = _BOX.search(document.text, int(BOX_FROM * len(document.text)))
    return box.start() if box else len(document.text)


def _is_tellable(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence is the text's own, reports nothing, and is understood without others."""
    return (
        document.main_voice(sentence) == DOCUMENT_VOICE
        and sentence.attributed_to is None
        and not _reports(document, sentence)
        and is_main_clause(document.tokens(sentence))
        and not points_back(sentence)
    )


def _reports(document: Document, sentence: Sentence) -> bool:
    root = next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)
    return root is not None and root.lemma_ in _REPORTS


def _strength(document: EncodedDocument, sentence: Sentence, spin: Spin) -> float:
    """How much the sentence steers by the primary type, less what it holds against it."""
    mark = {name: float(document.encoded.marks[sentence.index, at]) for name, at in COLUMN.items()}
    against = max(mark["balance"], 0.0) + max(mark["owned"], 0.0)
    if spin.stance is not Stance.CRITICAL:
        against += max(mark["critical"], 0.0)
    return mark[spin.primary.value] - against
