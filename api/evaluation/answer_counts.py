"""How much of a model's answers could be used: refused answers, dropped parts by reason, sentences a text."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from api.evaluation.judged_texts import JudgedText
from api.proposals.grounded import Drops


class DropCounts(Struct, kw_only=True, frozen=True):
    """Parts of the answers to one call. `dropped` by reason, most frequent first."""

    passed: int
    repaired: int
    dropped: dict[str, int]

    @property
    def share(self) -> float:
        """The dropped share; 0 without any part."""
        fallen = sum(self.dropped.values())
        return fallen / (fallen + self.passed) if fallen else 0.0


class AnswerCounts(Struct, kw_only=True, frozen=True):
    """The answers on some texts.

    `refused`: texts by the reason why nothing of the judgement is used. `sentences` are those of the prose that
    survived, for each text with an answer to the second call. `kept` and `rejected` count the rules' findings in
    the reviews. The agreement with the rules is over the texts that
    both judge: the share with the same type, the mean distance of the scores in points, the mean share of marked
    sentences that both mark.
    """

    texts: int
    refused: dict[str, int]
    prose_refused: int
    judgement: DropCounts
    prose: DropCounts
    review: DropCounts
    sentences: list[int]
    kept: int
    rejected: int
    same_type: float | None
    score_distance: float | None
    findings: float | None


def answer_counts(judged: Sequence[JudgedText]) -> AnswerCounts:
    """The counts over these texts; a refused judgement agrees with nobody."""
    used = [one for one in judged if one.refusal is None]
    return AnswerCounts(
        texts=len(judged),
        refused=dict(Counter(one.refusal for one in judged if one.refusal is not None).most_common()),
        prose_refused=sum(one.prose_refused for one in judged),
        judgement=drop_counts(one.judgement for one in judged if one.judgement is not None),
        prose=drop_counts(one.prose for one in judged if one.prose is not None),
        review=drop_counts(one.review for one in judged if one.review is not None),
        sentences=[one.sentences for one in judged if one.prose is not None],
        kept=sum(one.kept for one in judged),
        rejected=sum(one.rejected for one in judged),
        same_type=_mean([one.same_type for one in used if one.same_type is not None]),
        score_distance=_mean([one.score_distance for one in used if one.score_distance is not None]),
        findings=_mean([one.findings for one in used if one.findings is not None]),
    )


def drop_counts(drops: Iterable[Drops]) -> DropCounts:
    """The sum over several answers."""
    found = list(drops)
    reasons: Counter[str] = Counter()
    for one in found:
        reasons.update(one.dropped)
    return DropCounts(
        passed=sum(one.passed for one in found),
        repaired=sum(one.repaired for one in found),
        dropped=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
