"""The hits of detectors that steer where they stand, by how strongly the model marks their sentence.

Hits of kinds that readers seldom mark are no evidence: where a written rule finds words and the tagger does
not, readers mark one in ten. If several types find the same words, the type with the sentence's highest mark
has them. Thresholds were chosen on 150 labelled stories: the share of places that a reader marks rises from 29
to 37 %, that of places of the right type from 65 to 81 %; the places of a tenth of the readers' terms are lost.
Of the words that the tagger alone finds the unlikely ones go, if enough others are left, one of each type: on 240
stories they are a fifth of all places, and share words with a marked term in three cases of ten, the others in
nearly five. So do those that a written rule alone finds, but for one of each rule of the text's own type: readers
mark one in five.
"""

from collections.abc import Sequence

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.text.document import UNTAGGED, Text
from schemas.enums import SpinType

Found = tuple[Detector, Hit]
# Least strength of the sentence: for the type of the whole text, and for another.
_TAGGED, _DOUBTFUL, _UNTAGGED = (0.2, 0.4), (0.5, 0.75), (1.0, 1.5)
# Chance of being marked, below which words that no written rule finds are doubtful: of the own type, of another.
_LIKELY = (0.5, 0.6)
_ENOUGH = 5  # hits of a text beside which the doubtful ones go


def steering_hits(document: Text, found: Sequence[Found]) -> list[int]:
    """The numbers of the hits that steer; all of them without a model of sentences.

    The text's own type, which is the likeliest of those found, keeps its best hit in any case.
    """
    types = {detector.type for detector, _ in found}
    own = next((kind for kind in document.likely_types if kind in types), None)
    if own is None:
        return list(range(len(found)))
    strengths = [(document.strength(d.type, hit.start) or 0.0) if d.type else 0.0 for d, hit in found]
    chances = [document.chance(hit.start, hit.end) for _, hit in found]
    kept = [n for n, (detector, _) in enumerate(found) if detector.type is None]
    rated = [
        n
        for n, (detector, _) in enumerate(found)
        if detector.type is not None and strengths[n] >= _least(detector, chances[n], own)
    ]
    for cluster in _clusters(found, rated):
        first = max(cluster, key=lambda n: (strengths[n], found[n][0].code))
        kept += [n for n in cluster if found[n][0].type is found[first][0].type]
    if all(found[n][0].type is not own for n in kept):
        kept.append(
            _best([n for n, (detector, _) in enumerate(found) if detector.type is own], found, chances)
        )
    rules = [n for n in kept if found[n][0].code not in LEARNED_CODES]
    seen = [n for n in rules if chances[n] > UNTAGGED]
    # a rule of the own type keeps one place, which shows the text's tactic
    only = {found[n][0].code: n for n in reversed(rules) if found[n][0].type is own}
    only = {code: n for code, n in only.items() if all(found[k][0].code != code for k in seen)}
    written = [found[n][1] for n in (*seen, *only.values())]
    likely = [
        n
        for n in kept
        if chances[n] >= _LIKELY[found[n][0].type is not own] or _overlaps(found[n][1], written)
    ]
    if len(likely) < _ENOUGH:
        return kept
    others = {found[n][0].type for n in kept} - {found[n][0].type for n in likely}
    return likely + [_best([n for n in kept if found[n][0].type is kind], found, chances) for kind in others]


def _best(numbers: Sequence[int], found: Sequence[Found], chances: Sequence[float]) -> int:
    """The hit that a reader most likely marks."""
    return min(numbers, key=lambda n: (-chances[n], found[n][1].start))


def _overlaps(hit: Hit, others: Sequence[Hit]) -> bool:
    return any(other.start < hit.end and hit.start < other.end for other in others)


def _least(detector: Detector, chance: float, own: SpinType) -> float:
    """The least strength of the sentence for a hit with this chance of being marked."""
    least = _UNTAGGED if chance <= UNTAGGED else _TAGGED
    if detector.code in LEARNED_CODES and chance < _LIKELY[0]:
        least = _DOUBTFUL
    return least[detector.type is not own]


def _clusters(found: Sequence[Found], numbers: Sequence[int]) -> list[list[int]]:
    """The numbers of hits that overlap, in chains."""
    clusters: list[list[int]] = []
    end = 0
    for number in sorted(numbers, key=lambda n: (found[n][1].start, found[n][1].end, found[n][0].code)):
        hit = found[number][1]
        if hit.start >= end:
            clusters.append([])
        clusters[-1].append(number)
        end = max(end, hit.end)
    return clusters
