"""Pairs what the text suggests with what it shows.

The sentences that steer most by the primary type, by the sentence encoder, are set against the body sentence that
holds most against them: a caution, criticism, bad news, a figure, a limit or another's word, on the same matter.
Those that tell a feeling come last. The same matter is two words in common, or the same subject; names, times and
verbs of saying do not count, as half of a text shares them. Of a sentence without such another, the other side is
what it leaves open itself; of the news also what the text does not say of it. Sides that do not speak of the same
thing, or say the same, are no pair. If there is none, the strongest sentence stands against bad news in figures,
else against the fact that it has no figure.
"""

import re
from collections import Counter
from collections.abc import Sequence

from api.analysis.content.absent_item import OF_TELLER, AbsentItem
from api.analysis.content.bad_news import SOFTENS, tells_bad_news
from api.analysis.content.open_points import points_of
from api.analysis.content.promises import box_start
from api.analysis.content.summary import is_bare_quotation, lacks_speaker, points_back
from api.analysis.framing.form_words import FEELING
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import Features
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.parsing.clauses import SUBJECTS
from api.analysis.parsing.speaker_names import can_speak, is_somebody
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.prose.ai_summaries import plain
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.lexicon import words
from api.analysis.text.spans import spans
from schemas.assessments import Finding, Spin, SpinSide, SpinVsSubstance
from schemas.enums import SpinType

MAX_PAIRS = 2
MAX_ASKED = 16  # words of what the text does not say
LONGEST = 500  # characters of a quoted sentence
FEWEST_WORDS = 6  # of a sentence set against another
SHARED_WORDS = 2  # least rare words shared by sentences on one matter
SHARED_WORTH, MAX_SHARED = 0.35, 3  # worth of each shared word, and how many count
LEAST_WORTH = 0.5  # of a sentence set against another
STEERS = 0.7  # least mark of a steering sentence without a finding
STEERS_LITTLE = 0.4  # least mark of one with a finding, or that stands alone
SAME = 0.6  # greatest share of common content words of two sides
_UNBACKED = "The sentence names no figure, test or source for it."
COMMON = 0.2  # of the sentences; a word in more of them connects none
_ELSEWHERE = frozenset({"figure"})  # often answered by another sentence, as the source of a survey's figures
_BOX = re.compile(r"(?:^|[.!?])[\W_]{0,3}About (?:the )?[A-Z]")
_GOES_ON = re.compile(r"(?:And|But|So|Or)\b")
_OPENS = "\"“‘'$€£*•"
_MATTER = frozenset({"NOUN", "VERB", "ADJ"})
_NO_MATTER = REPORT_VERBS | words(
    "second minute hour day week month quarter year decade century time today tomorrow yesterday "
    "announce have make do get take go come give use see need want new good great more most other many company "
    "people high low large small result growth thing way part"
)
_LIMITS = re.compile(
    r"\b(?:only|limits?|limited|limitations?|except|unless|cannot|not yet|fail(?:s|ed|ure)?|lack(?:s|ed)?)\b"
    r"|\b(?:can|do|does)(?: not|n['’]t)\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    rf"{_LIMITS.pattern}|\b(?:but|although|though|however|while|whereas|yet|still|despite|instead|rather|risks?|"
    r"critics?|concerns?|warn\w*|doubts?|loss\w*|fell|declin\w+|costs?)\b",
    re.IGNORECASE,
)
# Captions, their buttons and disclaimers, which extraction does not remove.
_NO_STATEMENT = re.compile(
    r"\b(?:credit|photo|image|illustration)s?\s*:|\bshare on\b|\bflipboard\b|"
    r"\binformation(?:al)? purposes\b|\bforward-looking\b|\bno responsibility\b|\bopinions? (?:are|expressed)\b|"
    r"\b(?:construed as|not (?:financial|investment|legal)) advice\b|\bconstrued as\b",
    re.IGNORECASE,
)


def spin_vs_substance(
    document: EncodedDocument,
    spin: Spin,
    findings: list[Finding],
    absent: Sequence[AbsentItem],
    features: list[Features],
    news: Sequence[Sentence] = (),
) -> list[SpinVsSubstance]:
    """At most two pairs, the strongest first, one of them with something absent; [] for a text without a type.

    `news` are the sentences that tell the news, of which `absent` items without a place are missing.
    """
    primary = spin.primary
    if primary is SpinType.NONE:
        return []
    marks = document.encoded.marks[:, COLUMN[primary.value]]
    found = {document.sentence_at(f.spans[0].start).index for f in findings if f.type is primary}
    rare = _rare_words(document)
    worth = {
        s.index: value
        for s in document.body_sentences()
        if not (features[s.index]["question"] or features[s.index]["boilerplate"])
        and _is_shown(document, s)
        and (value := _worth(document, s, primary)) >= LEAST_WORTH
    }
    steering = [
        s
        for s in document.body_sentences()
        if marks[s.index] >= STEERS_LITTLE and s.index not in worth and _is_shown(document, s)
    ]
    steering.sort(key=lambda s: (_feels(document, s), -round(float(marks[s.index]), 4), s.index))
    pairs: list[SpinVsSubstance] = []
    for sentence in (s for s in steering if s.index in found or marks[s.index] >= STEERS):
        shown = _substance(document, sentence, worth, rare)
        if shown is not None:
            del worth[shown]
            other = _side(document, document.sentences[shown])
            pairs.append(SpinVsSubstance(spin=_side(document, sentence), substance=other))
        elif all(p.substance.absent is None for p in pairs):
            own = absent if sentence in news else [a for a in absent if a.place is not None]
            if (omits := _left_open(document, sentence, own, spin)) is not None:
                pairs.append(_lacking(document, sentence, f"The text does not {omits}."))
        if len(pairs) == MAX_PAIRS:
            break
    return pairs or _last_resort(document, [s for s in steering if not points_back(s)], primary)


def _last_resort(
    document: Document, steering: Sequence[Sentence], primary: SpinType
) -> list[SpinVsSubstance]:
    """The strongest sentence against bad news in figures, else one without figure and source against the want."""
    bad = (
        s
        for s in document.body_sentences()
        if s.numbers and tells_bad_news(s.text) and _is_shown(document, s)
    )
    fact = next(bad, None) if primary in SOFTENS | {SpinType.HYPE} else None
    others = (s for s in steering if not (s.numbers or tells_bad_news(s.text)))
    for sentence in others:
        if fact is not None:
            return [SpinVsSubstance(spin=_side(document, sentence), substance=_side(document, fact))]
        if document.main_voice(sentence) == DOCUMENT_VOICE:
            return [_lacking(document, sentence, _UNBACKED)]
    return []


def _feels(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence says above all how somebody feels, which nothing can bear out: "We are proud to"."""
    main = [t for t in document.tokens(sentence) if t.dep_ == "ROOT" or t.head.dep_ == "ROOT"]
    return any(next(FEELING.within(t.lower_), None) for t in main if t.pos_ in ("ADJ", "VERB", "ADV"))


def _lacking(document: Document, sentence: Sentence, absent: str) -> SpinVsSubstance:
    lacks = SpinSide(text=None, absent=absent, spans=[])
    return SpinVsSubstance(spin=_side(document, sentence), substance=lacks)


def _left_open(
    document: Document, sentence: Sentence, absent: Sequence[AbsentItem], spin: Spin
) -> str | None:
    """What the sentence leaves open, else the item without a place, to follow "does not"."""
    brief = (a.in_brief for a in absent)
    short = [a for a in brief if len(a.lacks.split()) <= MAX_ASKED]  # longer ones repeat the sentence
    own = [a.omits for a in short if a.place is not None and sentence.start <= a.place[0] < sentence.end]
    own += [
        point.omits
        for point in points_of(document, sentence, spin)
        if point.code not in _ELSEWHERE and len(point.lacks.split()) <= MAX_ASKED
    ]
    of_news = (a.omits for a in short if a.place is None and a.code not in OF_TELLER)
    return next(iter([*own, *of_news]), None)


def _is_shown(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence is whole, short enough and no caption or disclaimer."""
    text = sentence.text
    whole = document.is_finite(sentence) and text.rstrip("”\"’')* ")[-1:] in ".!" and not text[:1].islower()
    return (
        whole
        and not lacks_speaker(document, sentence)
        and len(text.split()) >= FEWEST_WORDS
        and len(text) <= LONGEST
        and (text[:1].isalnum() or text[:1] in _OPENS)
        and _NO_STATEMENT.search(text) is None
        and _BOX.search(text) is None
        and sentence.start < document.once(box_start)
        and text.rstrip(" .") not in document.article.title
        and text.count('"') % 2 == 0
        and _GOES_ON.match(text) is None
        and not is_bare_quotation(sentence)
    )


def _side(document: Document, sentence: Sentence) -> SpinSide:
    return SpinSide(
        text=plain(sentence.text),
        absent=None,
        spans=spans(document.text, sentence.start, sentence.end),
    )


def _worth(document: EncodedDocument, sentence: Sentence, primary: SpinType) -> float:
    """How much the sentence holds against the framing: by readers' marks, figures, limits, another's voice."""
    mark = {name: float(document.encoded.marks[sentence.index, at]) for name, at in COLUMN.items()}
    against = 3 * mark["balance"] + (0 if primary is SpinType.STAMPEDE else mark["critical"])
    source = sentence.attributed_to or document.main_voice(sentence)
    bad = primary in SOFTENS and tells_bad_news(sentence.text)
    named = is_somebody(source) and can_speak(source)
    if not (
        sentence.numbers
        or sentence.hedges
        or sentence.negated
        or bad
        or named
        or _TURNS.search(sentence.text)
    ):
        return 0.0  # a bare assurance
    return (
        against
        + 0.4 * bool(sentence.numbers)
        + 0.3 * named
        + 0.4 * (_LIMITS.search(sentence.text) is not None)
        + 0.8 * bad
        - 0.7 * max(mark[primary.value], 0.0)
        - 0.4 * points_back(sentence)
    )


def _rare_words(document: Document) -> list[frozenset[str]]:
    """Each sentence's words of matter, without those that much of the text shares."""
    matter = [
        frozenset(
            lemma
            for t in document.tokens(s)
            if t.pos_ in _MATTER
            and not t.is_stop
            and len(t.text) > 1
            and t.text[0].isalnum()
            and not t.ent_type_
            and (lemma := t.lemma_.lower()) not in _NO_MATTER
        )
        for s in document.sentences
    ]
    frequency = Counter(word for words in matter for word in words)
    most = max(3, int(COMMON * len(matter)))
    return [frozenset(w for w in words if frequency[w] <= most) for words in matter]


def _substance(
    document: Document, sentence: Sentence, worth: dict[int, float], rare: list[frozenset[str]]
) -> int | None:
    """The number of the sentence of most worth against this one, of those on the same matter."""
    own, subjects = rare[sentence.index], _subjects(document, sentence)
    shared = {n: len(own & rare[n]) for n in worth}
    said = frozenset(document.content_words(sentence))
    fit = [
        n
        for n in worth
        if not _says_same(said, frozenset(document.content_words(document.sentences[n])))
        and (
            shared[n] >= SHARED_WORDS or subjects & own & rare[n] & _subjects(document, document.sentences[n])
        )
    ]
    return min(
        fit, key=lambda n: (-round(worth[n] + SHARED_WORTH * min(shared[n], MAX_SHARED), 4), n), default=None
    )


def _says_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > SAME * min(len(one), len(other))


def _subjects(document: Document, sentence: Sentence) -> frozenset[str]:
    """The lemmas of the subjects of the sentence's clauses, without those of speakers."""
    return frozenset(
        t.lemma_.lower()
        for t in document.tokens(sentence)
        if t.dep_ in SUBJECTS and t.head.lemma_ not in REPORT_VERBS
    )
