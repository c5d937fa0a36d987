"""The functions that a page process runs for an evaluation: texts judged by both engines from given answers.

Only `judgement_messages` and the checks are those of a story for a single sentence: the gate would refuse it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article
from api.analysis.text.document import Text
from api.analysis.text.sentences import sentence_bounds
from api.evaluation.sentence_output import SentenceOutput, check_worthy, loaded, points, text_outputs
from api.pages.articles import article_from_text
from api.pages.model_tasks import judge
from api.proposals.ground_prose import LIMITS, ground_prose
from api.proposals.grounded import Drops, GroundedJudgement, GroundedProse, GroundedReview, RefusedAnswer
from api.proposals.numbered_text import numbered_parts
from api.proposals.prompts import judgement_messages, judgement_prompt, prose_prompt
from api.proposals.proposal import Proposal
from api.proposals.read_proposal import read_judgement
from api.proposals.requests import BothAssessments, Call, ModelRequest
from api.rendering.flat import flat
from schemas.assessments import NotScorable
from schemas.enums import Band
from schemas.taxonomy import Taxonomy


class JudgedText(Struct, kw_only=True, frozen=True):
    """A text judged by both engines, in flat form.

    `refusal` says why nothing of the model's judgement is used: then both forms are equal, as they would be
    published. `prose_refused`: all of the prose fell. `sentences` of the prose survived, without plain words for
    terms. `kept` and `rejected` count the findings of the rules in the model's review. Drops are None without an
    answer of the call.
    """

    rules: dict[str, Any]
    llm: dict[str, Any]
    refusal: str | None
    prose_refused: bool
    judgement: Drops | None
    prose: Drops | None
    review: Drops | None
    sentences: int
    kept: int
    rejected: int
    same_type: bool | None
    score_distance: int | None
    findings: float | None


class SentenceJudgement(Struct, kw_only=True, frozen=True):
    """What a judge makes of one sentence as a text, in scales of its own.

    `points` of the score; `loaded`, the share of its characters in loaded terms; `check_worthy`, 1 of the model
    for any claim. `steers`: its band is above the plain one; None by rules, which give a sentence no band.
    """

    points: float
    loaded: float
    check_worthy: float
    steers: bool | None


class JudgedSentence(Struct, kw_only=True, frozen=True):
    """A sentence judged by both engines; the model's judgement is nothing found if `refusal` says why."""

    rules: SentenceJudgement
    llm: SentenceJudgement
    refusal: str | None
    drops: Drops


def judge_text(article: Article, taxonomy: Taxonomy, proposal: bytes) -> JudgedText:
    """The article judged by a `Proposal` as JSON. Raises msgspec.MsgspecError for other bytes."""
    engine, given = judge(), msgspec.json.decode(proposal, type=Proposal)
    both = engine.judge_both(article, taxonomy, (), proposal)
    admitted = engine.admitted(article, taxonomy)
    first: GroundedJudgement | RefusedAnswer | None = None
    second: GroundedProse | RefusedAnswer | None = None
    third: GroundedReview | RefusedAnswer | None = None
    if not isinstance(admitted, NotScorable):
        document = admitted.document
        first = read_judgement(document, taxonomy, given.judgements)
        if isinstance(first, GroundedJudgement):
            if given.prose is not None:
                second = ground_prose(document, first, _utf8(given.prose), prose_prompt().text)
            if given.review is not None:
                third = engine.read_review(article, document, taxonomy, _utf8(given.review))
    agreement = both.published_rules
    kept = [one.kept for one in agreement.reviewed] if agreement else []
    return JudgedText(
        rules=flat(both.rules, taxonomy),
        llm=_flat(both, taxonomy),
        refusal=both.refusal.value if both.refusal else None,
        prose_refused=isinstance(second, RefusedAnswer),
        judgement=first.drops if first else None,
        prose=second.drops if second else None,
        review=third.drops if third else None,
        sentences=_sentences(second) if isinstance(second, GroundedProse) else 0,
        kept=kept.count(True),
        rejected=kept.count(False),
        same_type=agreement.type if agreement else None,
        score_distance=agreement.score_distance if agreement else None,
        findings=agreement.findings if agreement else None,
    )


def sentence_request(sentence: str, taxonomy: Taxonomy, secret: bytes) -> ModelRequest:
    """The first call on a text that is one sentence, without title and source."""
    document = _document(sentence)
    messages = judgement_messages(judgement_prompt(taxonomy), document, numbered_parts(document, secret)[0])
    return ModelRequest.of(Call.JUDGEMENT, 0, messages)


def judge_sentence(sentence: str, taxonomy: Taxonomy, answer: str) -> JudgedSentence:
    """The sentence judged by rules, and by the answer to its request."""
    document = _document(sentence)
    found = read_judgement(document, taxonomy, [answer])
    nothing = SentenceJudgement(points=0, loaded=0, check_worthy=0, steers=False)
    return JudgedSentence(
        rules=_by_rules(text_outputs(sentence, taxonomy)),
        llm=nothing if isinstance(found, RefusedAnswer) else _by_model(found, document),
        refusal=found.reason.value if isinstance(found, RefusedAnswer) else None,
        drops=found.drops,
    )


def _utf8(answer: str) -> bytes:
    return answer.encode(errors="replace")


def _flat(both: BothAssessments, taxonomy: Taxonomy) -> dict[str, Any]:
    """The model's assessment; that of the rules if it would not be published."""
    return flat(both.rules if both.refusal else both.llm, taxonomy)


def _sentences(prose: GroundedProse) -> int:
    """The sentences that readers would see."""
    summary = len(sentence_bounds(prose.summary or "", 0)[0])
    lists = len(prose.tldr) + len(prose.questions) + 2 * len(prose.spin_vs_substance)
    return sum(getattr(prose, name) is not None for name in LIMITS) + summary + lists


def _document(sentence: str) -> Text:
    return judge().read(article_from_text(None, sentence, None, None))


def _by_model(found: GroundedJudgement, document: Text) -> SentenceJudgement:
    marked = {place for t in found.loaded_terms for s in t.spans for place in range(s.start, s.end)}
    return SentenceJudgement(
        points=float(found.score),
        loaded=len(marked) / max(1, len(document.text)),
        check_worthy=float(bool(found.claims)),
        steers=found.band is not Band.PLAIN,
    )


def _by_rules(outputs: Sequence[SentenceOutput]) -> SentenceJudgement:
    return SentenceJudgement(
        points=points(outputs), loaded=loaded(outputs), check_worthy=check_worthy(outputs), steers=None
    )
