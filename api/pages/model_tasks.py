"""The functions that a page process runs for the second judge: requests to a language model, and the judgement.

Dependencies are imported inside the functions, as in `reader.py`. A process that runs them needs the preload of
`LLM` in `api/engines.py`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.pages.reader import engine
from api.proposals.requests import BothAssessments, ModelRequest, ProseStep
from schemas.taxonomy import Taxonomy

if TYPE_CHECKING:
    from api.proposals.engine import LanguageModelEngine

_LOAD: Final = "api.proposals.engine:LanguageModelEngine"


def judgement_requests(article: Article, taxonomy: Taxonomy, secret: bytes) -> list[ModelRequest]:
    """The first call, a request for each part of the text in order; [] if the text cannot be scored.

    `secret` is the installation's, and marks the lines. Raises ValueError if it is empty.
    """
    return _judge().judgement_requests(article, taxonomy, secret)


def prose_request(article: Article, taxonomy: Taxonomy, secret: bytes, judgements: list[str]) -> ProseStep:
    """The second call, from the answers to the first one in the order of their requests."""
    return _judge().prose_request(article, taxonomy, secret, judgements)


def judge_both(
    article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling], proposal: bytes
) -> BothAssessments:
    """The assessments of both engines and their agreement; `proposal` is a `Proposal` as JSON."""
    return _judge().judge_both(article, taxonomy, rulings, proposal)


def _judge() -> "LanguageModelEngine":
    from api.proposals.engine import LanguageModelEngine

    loaded = engine(_LOAD)
    assert isinstance(loaded, LanguageModelEngine), "the class that `_LOAD` names"
    return loaded
