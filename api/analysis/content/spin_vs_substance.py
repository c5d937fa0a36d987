"""Pairs what the text suggests with what it shows.

The sentences that steer most by the primary type, by the sentence encoder, are set against the body sentence that
best grounds them: one with a figure, a named source or a limit, on the same matter, that does not steer itself.
Names, times and verbs of saying do not count as matter, as half of a text shares them. If there is none for the
strongest sentence, its other side names what the text does not say of the news.
"""

import re
from collections import Counter
from collections.abc import Sequence

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.ai_summaries import plain
from api.analysis.content.summary import is_bare_quotation
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import Features
from api.analysis.parsing.speaker_names import can_speak, is_somebody
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.document import Document, Sentence
from api.analysis.text.lexicon import words
from api.analysis.text.spans import spans
from schemas.assessments import Finding, SpinSide, SpinVsSubstance
from schemas.enums import SpinType

MAX_PAIRS = 2
LONGEST = 500  # characters of a quoted sentence
SHARED_WORDS = 2  # least content words shared by sentences on one matter
COMMON = 0.2  # of the sentences; a word in more of them connects none
_MATTER = frozenset({"NOUN", "VERB", "ADJ"})
_NO_MATTER = REPORT_VERBS | words(
    "second minute hour day week month quarter year decade century time today tomorrow yesterday "
    "announce have make do get take go come give use see need want new good great more most other many company "
    "people"
)
_LIMITS = re.compile(
    r"\b(?:only|limits?|limited|limitations?|except|unless|cannot|not yet|fail(?:s|ed|ure)?|lack(?:s|ed)?)\b"
    r"|\b(?:can|do|does)(?: not|n['’]t)\b",
    re.IGNORECASE,
)
# Captions and their buttons, which extraction does not remove.
_CAPTION = re.compile(
    r"\b(?:credit|photo|image|illustration)s?\s*:|\bshare on\b|\bflipboard\b", re.IGNORECASE
)


def spin_vs_substance(
    document: EncodedDocument,
    primary: SpinType,
    findings: list[Finding],
    absent: Sequence[AbsentItem],
    features: list[Features],
) -> list[SpinVsSubstance]:
    """At most two pairs, the strongest first; [] for a text without a type."""
    if primary is SpinType.NONE:
        return []
    steering = {
        document.sentence_at(f.spans[0].start).index: document.sentence_at(f.spans[0].start)
        for f in findings
        if f.type is primary and f.points > 0
    }
    steers = {n: document.encoded.mark_odds(n, primary) for n in steering}
    grounds = [
        n
        for n, row in enumerate(features)
        if n not in steers
        and not row["question"]
        and not row["boilerplate"]
        and document.encoded.mark_odds(n, primary) < 0
        and _has_grounds(document.sentences[n], document.article.title)
    ]
    rare = _rare_words(document)
    pairs: list[SpinVsSubstance] = []
    whole = [s for s in steering.values() if s.role != "title" and document.is_finite(s)]
    fit = [s.index for s in whole if len(s.text) <= LONGEST and not is_bare_quotation(s)]
    for rank, at in enumerate(sorted(fit, key=lambda n: (-round(steers[n], 6), n))):
        shown = _substance(document, steering[at], grounds, rare)
        if shown is not None:
            grounds.remove(shown)
            other = _side(document, document.sentences[shown])
            pairs.append(SpinVsSubstance(spin=_side(document, steering[at]), substance=other))
        elif not rank and absent:
            lacks = SpinSide(text=None, absent=f"The text says nothing of {absent[0].lacks}.", spans=[])
            pairs.append(SpinVsSubstance(spin=_side(document, steering[at]), substance=lacks))
        if len(pairs) == MAX_PAIRS:
            break
    return pairs


def _side(document: Document, sentence: Sentence) -> SpinSide:
    return SpinSide(
        text=plain(sentence.text),
        absent=None,
        spans=spans(document.text, sentence.start, sentence.end),
    )


def _has_grounds(sentence: Sentence, title: str) -> bool:
    """Whether the sentence, if no title or caption, gives a figure, a named source, or a limit."""
    text = sentence.text
    if sentence.role == "title" or _CAPTION.search(text) or text.rstrip(" .") in title:
        return False
    if is_bare_quotation(sentence):
        return False
    source = sentence.attributed_to or sentence.voice
    named = is_somebody(source) and can_speak(source)
    return bool(sentence.numbers) or named or _LIMITS.search(text) is not None


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
    document: Document, sentence: Sentence, grounds: list[int], rare: list[frozenset[str]]
) -> int | None:
    """The number of the sentence with grounds that shares most rare words with this one."""
    own = rare[sentence.index]
    shared = {n: len(own & rare[n]) for n in grounds if len(document.sentences[n].text) <= LONGEST}
    best = min(shared, key=lambda n: (-shared[n], not document.sentences[n].numbers, n), default=None)
    return best if best is not None and shared[best] >= SHARED_WORDS else None
