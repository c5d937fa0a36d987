"""How far the answers about an article have come: requests that are open, and the proposal once none is."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article
from api.pages.model_tasks import judgement_requests, prose_request, review_request
from api.proposals.grounded import Refusal
from api.proposals.languages.codes import ProseLanguage
from api.proposals.proposal import Proposal
from api.proposals.requests import Call, ModelRequest, ProseStep
from schemas.taxonomy import Taxonomy

# The answer to a request as JSON, None without one.
AnswerOf: TypeAlias = Callable[[ModelRequest], Awaitable[str | None]]
# Runs a function in a page process.
Run: TypeAlias = Callable[..., Awaitable[Any]]

# Hexadecimal digits of a request's digest in its name, which has at most 64 characters: more than Anthropic's
# batches allow (anthropic-sdk-python issue 984).
_DIGITS: Final = 20


class Progress(Struct, kw_only=True, frozen=True):
    """The requests about an article that can be made so far, in order, each with its answer, None if it is open.

    `refusal` says why no more will follow: the text cannot be scored, or it does not support the judgement.
    """

    asked: list[tuple[ModelRequest, str | None]]
    refusal: Refusal | None
    prose_language: ProseLanguage = ProseLanguage.STORY

    @property
    def open(self) -> list[ModelRequest]:
        """The requests without an answer."""
        return [request for request, answer in self.asked if answer is None]

    @property
    def is_complete(self) -> bool:
        """Whether all that is asked about the article is answered."""
        return self.refusal is None and not self.open

    @property
    def is_judged(self) -> bool:
        """Whether judgement and prose are answered; nothing waits for the review of the rules' findings."""
        return self.refusal is None and all(request.call is Call.REVIEW for request in self.open)

    def answers(self, call: Call) -> list[str]:
        """The answers to the requests of a call, in order."""
        return [answer for request, answer in self.asked if request.call is call and answer is not None]

    def proposal(self, model: str, *, recorded: bool) -> bytes | None:
        """The `Proposal` as JSON, without prose or review if that is open; None while a judgement is."""
        judgements = self.answers(Call.JUDGEMENT)
        if not judgements or any(request.call is Call.JUDGEMENT for request in self.open):
            return None
        return msgspec.json.encode(
            Proposal(
                model=model,
                recorded=recorded,
                judgements=judgements,
                prose=next(iter(self.answers(Call.PROSE)), None),
                prose_language=self.prose_language,
                review=next(iter(self.answers(Call.REVIEW)), None),
            )
        )


async def progress(
    run: Run,
    article: Article,
    taxonomy: Taxonomy,
    secret: bytes,
    answer_of: AnswerOf,
    language: ProseLanguage = ProseLanguage.STORY,
    *,
    reviews_rules: bool = False,
) -> Progress:
    """What is asked and answered about an article. Raises what `run` raises.

    `reviews_rules`: the findings of the rules are asked about beside the prose, on which they do not depend.
    """
    requests: list[ModelRequest] = await run(judgement_requests, article, taxonomy, secret, language)
    if not requests:
        return Progress(asked=[], refusal=Refusal.NOT_SCORABLE, prose_language=language)
    asked = [(request, await answer_of(request)) for request in requests]
    judgements = [answer for _, answer in asked if answer is not None]
    if len(judgements) < len(asked):
        return Progress(asked=asked, refusal=None, prose_language=language)
    step: ProseStep = await run(prose_request, article, taxonomy, secret, judgements, language)
    if step.request is None:
        return Progress(asked=asked, refusal=step.refusal, prose_language=language)
    review: ModelRequest | None = None
    if reviews_rules:
        review = await run(review_request, article, taxonomy, secret)
    asked += [(request, await answer_of(request)) for request in (step.request, review) if request]
    return Progress(asked=asked, refusal=None, prose_language=language)


def request_name(request: ModelRequest, story_id: str | None = None) -> str:
    """The name of a request in a file: at most 64 letters, digits, `_` and `-`. A story's id stands before it."""
    name = f"{request.call.value}-{request.part}-{request.digest[:_DIGITS]}"
    return name if story_id is None else f"{story_id}-{name}"


def story_in(name: str) -> str | None:
    """The story's id in the name of a request; None if there is none."""
    story_id, _, rest = name.partition("-")
    return story_id if rest.count("-") == 2 else None
