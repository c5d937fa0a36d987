"""Pairs each suggestion with the text's evidence for it.

Each pair sets a sentence with the primary type's weightiest findings against the body sentence that best
grounds it: one with a figure, a named source or a limit, on the same matter. Names, times and verbs of saying
do not count as matter, as half of a text shares them. If there is none, and the sentence is a claim that lacks
something, the substance side names that.
"""

import re
from collections import Counter

from api.analysis.content.checklists import ITEMS
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.summary import is_bare_quotation
from api.analysis.models.sentence_features import Features
from api.analysis.parsing.speaker_names import can_speak, is_somebody
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.document import Document, Sentence
from api.analysis.text.lexicon import words
from api.analysis.text.spans import spans
from schemas.assessments import Claim, Finding, SpinSide, SpinVsSubstance
from schemas.enums import SpinType

MAX_PAIRS = 3
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
    document: Document,
    primary: SpinType,
    findings: list[Finding],
    claims: list[Claim],
    phrases: KeyPhrases,
    features: list[Features],
) -> list[SpinVsSubstance]:
    """At most three pairs, those with most points first; [] for a text without a type."""
    if primary is SpinType.NONE:
        return []
    places = {s.start: n for n, s in enumerate(document.sentences)}
    points: dict[int, int] = {}
    for finding in findings:
        if finding.type is primary and finding.points > 0:
            at = places.get(document.sentence_at(finding.spans[0].start).start)
            if at is not None:
                points[at] = points.get(at, 0) + finding.points
    grounds = [
        n
        for n, row in enumerate(features)
        if n not in points
        and not row["question"]
        and not row["boilerplate"]
        and _has_grounds(document.sentences[n], document.article.title)
    ]
    rare = _rare_words(document)
    pairs: list[SpinVsSubstance] = []
    used: set[int] = set()
    for at in sorted(points, key=lambda n: (-points[n], n)):
        sentence = document.sentences[at]
        if len(sentence.text) > LONGEST or is_bare_quotation(sentence):
            continue
        unused = [n for n in grounds if n not in used]
        substance = _substance(document, sentence, unused, rare) or _absence(sentence, claims, phrases)
        if substance is None:
            continue
        if substance[1] is not None:
            used.add(substance[1])
        pairs.append(SpinVsSubstance(spin=_side(document, sentence), substance=substance[0]))
        if len(pairs) == MAX_PAIRS:
            break
    return pairs


def _side(document: Document, sentence: Sentence) -> SpinSide:
    return SpinSide(
        text=" ".join(sentence.text.split()),
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
) -> tuple[SpinSide, int | None] | None:
    """The sentence with grounds that shares most rare words with this one."""
    own = rare[sentence.index]
    best: tuple[int, int] | None = None
    for number in grounds:
        other = document.sentences[number]
        shared = len(own & rare[number])
        if shared >= SHARED_WORDS and len(other.text) <= LONGEST and (best is None or shared > best[0]):
            best = (shared, number)
    return None if best is None else (_side(document, document.sentences[best[1]]), best[1])


def _absence(
    sentence: Sentence, claims: list[Claim], phrases: KeyPhrases
) -> tuple[SpinSide, int | None] | None:
    """The evidence that the text lacks for this very sentence, if it is a claim."""
    claim = next((c for c in claims if c.spans[0].start == sentence.start), None)
    phrase = phrases.of_claim(claim.number) if claim else None
    if claim is None or not claim.missing_evidence or phrase is None:
        return None
    lacks = ITEMS[claim.missing_evidence[0].item].lacks
    absent = f"{lacks[:1].upper()}{lacks[1:]} for “{phrase}”."
    return SpinSide(text=None, absent=absent, spans=[]), None
