"""What is suggested, beside what the text shows for it.

Each pair sets a sentence in which the primary type's weightiest findings stand against the sentence of the
text that comes nearest to grounds for it: shown or attributed, with a figure or a source, on the same words.
Where there is none, the substance side says what is absent.
"""

from api.analysis.checklists import ITEMS
from api.analysis.claims import CentralClaim
from api.analysis.content_words import content_words
from api.analysis.document import Document, Sentence
from api.analysis.sentence_features import Features
from api.analysis.spans import spans
from schemas.assessments import Claim, Finding, SpinSide, SpinVsSubstance
from schemas.enums import SpinType

MOST_PAIRS = 3
LONGEST = 500  # characters of a sentence that is shown
SHARED_WORDS = 2  # content words in common that make a sentence speak of the same thing


def spin_vs_substance(
    document: Document,
    primary: SpinType,
    findings: list[Finding],
    claims: tuple[CentralClaim, ...],
    finished: list[Claim],
    features: list[Features],
) -> list[SpinVsSubstance]:
    """At most three pairs, those of the most points first; [] for a text without a type."""
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
        if (row["has_number"] or row["attributed"] or row["study"])
        and not row["question"]
        and not row["boilerplate"]
        and n not in points
    ]
    pairs: list[SpinVsSubstance] = []
    used: set[int] = set()
    for at in sorted(points, key=lambda n: (-points[n], n)):
        sentence = document.sentences[at]
        if len(sentence.text) > LONGEST:
            continue
        substance = _substance(document, sentence, [n for n in grounds if n not in used], claims, finished)
        if substance is None:
            continue
        if substance[1] is not None:
            used.add(substance[1])
        pairs.append(SpinVsSubstance(spin=_side(document, sentence), substance=substance[0]))
        if len(pairs) == MOST_PAIRS:
            break
    return pairs


def _side(document: Document, sentence: Sentence) -> SpinSide:
    return SpinSide(
        text=" ".join(sentence.text.split()),
        absent=None,
        spans=spans(document.text, sentence.start, sentence.end),
    )


def _substance(
    document: Document,
    sentence: Sentence,
    grounds: list[int],
    claims: tuple[CentralClaim, ...],
    finished: list[Claim],
) -> tuple[SpinSide, int | None] | None:
    own = frozenset(content_words(document, sentence))
    best: tuple[int, int] | None = None
    for number in grounds:
        other = document.sentences[number]
        shared = len(own & frozenset(content_words(document, other)))
        if shared >= SHARED_WORDS and len(other.text) <= LONGEST and (best is None or shared > best[0]):
            best = (shared, number)
    if best is not None:
        return _side(document, document.sentences[best[1]]), best[1]
    lacking = [claim for claim in finished if claim.missing_evidence]
    nearest = min(
        lacking,
        key=lambda c: (abs(claims[c.number - 1].sentence.start - sentence.start), c.number),
        default=None,
    )
    if nearest is None:
        return None
    lacks = ITEMS[nearest.missing_evidence[0].item].lacks
    return SpinSide(text=None, absent=f"{lacks[:1].upper()}{lacks[1:]}.", spans=[]), None
