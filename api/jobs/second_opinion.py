"""Asks a language model about a story's text, and judges the text by the answers and by the rules.

Three steps of a page process, with the calls between them: number the text, check the judgement and ask for
prose, judge; by setting one more, which asks about the findings of the rules. No transaction is open during a
call. An answer is stored before it is used, so a job that is tried again pays for nothing twice.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import msgspec

from api.analysis.text.article import Article
from api.engines import LLM, ProposalDelayed
from api.errors import ModelBudgetSpent, ModelFailed, TextMustStay
from api.jobs.analyze_stored import load_stored_text
from api.jobs.ask_model import Question, ask_model
from api.jobs.judge_article import held_proposal, judge_by_both
from api.jobs.run_engine import runner_of
from api.jobs.worker_context import Run, WorkerContext
from api.operations.analyses.second_opinions import WITHHELD
from api.operations.language_models.permissions import why_story_withheld
from api.operations.stories.edition import Edition
from api.pages.model_tasks import judgement_requests, prose_request, review_request
from api.proposals.languages.codes import ProseLanguage
from api.proposals.proposal import Proposal
from api.proposals.requests import ModelRequest, ProseStep
from api.runtime.language_model import mark_secret
from api.storage.analyses.analysis_jobs import JobState
from api.storage.stories.proposals import proposal_key, put_proposal

PROSE_TRIES: Final = 6  # then the rules write, and nobody has reviewed their findings
UNSUPPORTED: Final = "The text does not support the language model's answer. The verdict by rules stands."
NOTHING_TO_ASK: Final = "The text cannot be scored, so there is nothing to ask."


async def second_opinion(
    context: WorkerContext, job: JobState, number: int, run: Run
) -> tuple[Edition, bool]:
    """The edition of the stored text, judged by both, and whether the model was called.

    Of a stored proposal only a missing prose or review is asked for again.

    Raises ProposalDelayed, ModelBudgetSpent, ModelFailed, ModelNotConfigured, TextMustStay, TextNotHeld,
    ProcessCrashed and ProcessTimeout.
    """
    assert job.story_id is not None, "such a job names its story"
    text = await load_stored_text(context.runtime, job.story_id)
    proposal, called = await held_proposal(context, text.article), False
    if proposal is None or _lacks_answers(context, proposal):
        async with context.runtime.pool.connection() as connection:
            withheld = await why_story_withheld(connection, context.runtime.settings, text.story_id)
        if withheld is not None:
            raise TextMustStay(WITHHELD[withheld])
        proposal, called = await propose(context, job.id, number, text.article, run)
    reading, refusal = await judge_by_both(context, run, text.article, text.rulings, proposal)
    if refusal is not None:
        raise ModelFailed(UNSUPPORTED)
    return text.edition(reading, proposed=True), called


def _lacks_answers(context: WorkerContext, proposal: bytes) -> bool:
    held = msgspec.json.decode(proposal, type=Proposal)
    return held.prose is None or (held.review is None and context.runtime.settings.llm_reviews_rules)


async def propose(
    context: WorkerContext,
    job_id: str,
    number: int,
    article: Article,
    run: Run,
    check: Callable[[], None] = lambda: None,
) -> tuple[bytes, bool]:
    """The model's answers about an article that may be sent to it, stored, and whether it was called.

    Without prose if that fails: the rules write instead. Likewise without a review of their findings. `check` is
    called before each call, and may raise ProposalDelayed. Raises what `ask_model` raises, ProcessCrashed and
    ProcessTimeout.
    """
    runtime, run = context.runtime, runner_of(context, LLM, run)
    secret, taxonomy = mark_secret(runtime.settings), runtime.taxonomy
    language = ProseLanguage(runtime.settings.llm_prose_language)
    requests: list[ModelRequest] = await run(judgement_requests, article, taxonomy, secret, language)
    if not requests:
        raise ModelFailed(NOTHING_TO_ASK, None)

    calls: list[bool] = []

    async def ask(request: ModelRequest) -> str:
        check()
        question = Question(
            request=request,
            job_id=job_id,
            number=number,
            input_digest=article.digest,
        )
        answer, called = await ask_model(context, question)
        calls.append(called)
        return answer

    async def ask_once_more(request: ModelRequest | None) -> str | None:
        """The answer to a request that need not be answered; None if it fails for good."""
        try:
            return None if request is None else await ask(request)
        except ModelFailed:
            return None
        except ProposalDelayed:
            if number < PROSE_TRIES:
                raise
            return None

    judgements = [await ask(request) for request in requests]
    step: ProseStep = await run(prose_request, article, taxonomy, secret, judgements, language)
    if step.request is None:
        raise ModelFailed(UNSUPPORTED)
    prose = await ask_once_more(step.request)
    review: str | None = None
    if runtime.settings.llm_reviews_rules:
        with suppress(ModelBudgetSpent):  # what is paid for is published
            review = await ask_once_more(await run(review_request, article, taxonomy, secret))
    proposal = msgspec.json.encode(
        Proposal(
            model=runtime.settings.llm_model,
            recorded=False,
            judgements=judgements,
            prose=prose,
            prose_language=language,
            review=review,
        )
    )
    key = proposal_key(article.digest, LLM.name, proposal)
    async with runtime.pool.transaction() as connection:
        stored = await put_proposal(connection, key, job_id, proposal, runtime.clock.now())
    return stored, any(calls)
