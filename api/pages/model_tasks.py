"""The functions that a page process runs for the second judge: requests to a language model, and the judgement.

Dependencies are imported inside the functions, as in `reader.py`. A process that runs them needs the preload of
`LLM` in `api/engines.py`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.pages.reader import Reading, engine
from api.proposals.languages.codes import ProseLanguage
from api.proposals.requests import BothAssessments, ModelRequest, ProseStep
from schemas.taxonomy import Taxonomy

if TYPE_CHECKING:
    from api.proposals.engine import LanguageModelEngine

_LOAD: Final = "api.proposals.engine:LanguageModelEngine"


def judgement_requests(
    article: Article, taxonomy: Taxonomy, secret: bytes, prose_language: ProseLanguage = ProseLanguage.STORY
) -> list[ModelRequest]:
    """The first call, a request for each part of the text in order; [] if the text cannot be scored.

    `secret` is the installation's, and marks the lines. Raises ValueError if it is empty.
    """
    return judge().judgement_requests(article, taxonomy, secret, prose_language)


def prose_request(
    article: Article,
    taxonomy: Taxonomy,
    secret: bytes,
    judgements: list[str],
    prose_language: ProseLanguage = ProseLanguage.STORY,
) -> ProseStep:
    """The second call, from the answers to the first one in the order of their requests."""
    return judge().prose_request(article, taxonomy, secret, judgements, prose_language)


def review_request(article: Article, taxonomy: Taxonomy, secret: bytes) -> ModelRequest | None:
    """The third call, about the findings of the rules; None if there are none to ask about."""
    return judge().review_request(article, taxonomy, secret)


def judge_both(
    article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling], proposal: bytes
) -> BothAssessments:
    """The assessments of both engines and their agreement; `proposal` is a `Proposal` as JSON."""
    return judge().judge_both(article, taxonomy, rulings, proposal)


class BothReadings(Struct, kw_only=True, frozen=True):
    """`reading` is by rules; `both` holds its assessment and the other one."""

    reading: Reading
    both: BothAssessments


def read_by_both(
    article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling], proposal: bytes
) -> BothReadings:
    """`judge_both`, with what identifies near-copies."""
    from api.pages.near_duplicates import bands, signature

    both, body = (
        judge_both(article, taxonomy, rulings, proposal),
        signature(article.text[article.body_start :]),
    )
    reading = Reading(article=article, assessment=both.rules, signature=body, bands=bands(body))
    return BothReadings(reading=reading, both=both)


def judge() -> "LanguageModelEngine":
    """This process's engine; the first call loads its weights."""
    from api.proposals.engine import LanguageModelEngine

    loaded = engine(_LOAD)
    assert isinstance(loaded, LanguageModelEngine), "the class that `_LOAD` names"
    return loaded
