"""The installed engines. The setting `engine_profile` chooses one; a verdict names its own.

An engine works in two steps. `propose` may wait, call another machine and fail: it runs outside the confined
process and any transaction, and its answer is stored. `assess` (`analysis/engines/engine.py`) is pure, runs in
a confined process, and uses only the parts of the proposal that the text supports. The shipped engines propose
nothing themselves.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, TypeAlias

from api.analysis.engines.engine_digest import engine_digest
from api.analysis.text.article import Article
from api.processes.pool import PARSERS
from api.proposals.languages.codes import LANGUAGES
from api.proposals.proposals_digest import proposals_digest
from schemas.assessments import ModelUse
from schemas.taxonomy import Taxonomy

# Raises ProposalDelayed; any other error ends the analysis.
Propose: TypeAlias = Callable[[Article, Taxonomy], Awaitable[bytes]]


class ProposalDelayed(Exception):
    """No proposal is available yet; the job retries after `delay`."""

    def __init__(self, delay: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.delay = delay


@dataclass(frozen=True, kw_only=True)
class EngineSpec:
    """`profile` is the setting's value, `name` the name in verdicts, `method` the method shown to readers.

    `load` is the class, as "module:name", created in the process that judges. A fork server imports the modules
    in `preload` first. `digest` is that of the engine's reference. `repeatable`: equal articles give equal
    assessments without a stored proposal. `prompt` identifies the prompt of its proposals: a new prompt needs
    new proposals.
    """

    profile: str
    name: str
    load: str
    preload: tuple[str, ...]
    digest: Callable[[], str]
    method: str
    languages: frozenset[str] = frozenset({"en"})
    repeatable: bool = True
    propose: Propose | None = None
    prompt: str = ""

    async def proposal(self, article: Article, taxonomy: Taxonomy) -> bytes | None:
        """The engine's proposal for an article; None if it makes none for its language.

        Raises what `propose` raises.
        """
        if self.propose is None or article.language not in self.languages:
            return None
        return await self.propose(article, taxonomy)


_RULES: Final = "api.analysis.engines.rules:RulesEngine"
_FAST: Final = "api.analysis.engines.fast.engine:FastEngine"
FULL: Final = EngineSpec(
    profile="full",
    name="rules",
    load=_RULES,
    preload=(
        PARSERS,
        "api.jobs.reproduction_task",
        f"api.jobs.preload:warm:{_RULES}",
        "api.jobs.preload:open_prompts",
    ),
    digest=engine_digest,
    method="rules_and_weights",
)
FAST: Final = EngineSpec(
    profile="fast",
    name="rules-fast",
    load=_FAST,
    preload=(PARSERS, "api.jobs.reproduction_task", f"api.jobs.preload:warm:{_FAST}"),
    digest=partial(engine_digest, fast=True),
    method="rules_and_weights",
)
_MODEL: Final = "api.proposals.engine:LanguageModelEngine"
# Judges by stored answers (`api/jobs/second_opinion.py` asks for them); no setting makes it the first judge.
LLM: Final = EngineSpec(
    profile="llm",
    name="llm",
    load=_MODEL,
    preload=FULL.preload,
    languages=frozenset({"en", *LANGUAGES}),
    digest=lambda: proposals_digest(engine_digest()),
    method="language_model_and_rules",
    repeatable=False,
)
ENGINES: Final[tuple[EngineSpec, ...]] = (FULL, FAST, LLM)


def engine_of(profile: str, engines: Sequence[EngineSpec] = ENGINES) -> EngineSpec:
    """The engine of a profile. Raises KeyError for an unknown profile."""
    return {engine.profile: engine for engine in engines}[profile]


def engine_named(name: str, engines: Sequence[EngineSpec] = ENGINES) -> EngineSpec | None:
    """The engine with this name in verdicts; None if it is not installed."""
    return next((engine for engine in engines if engine.name == name), None)


def method_of(name: str, model: ModelUse | None = None) -> str:
    """The method of an engine as shown to readers; the engine's name if it is not installed.

    In a language that the rules cannot read, the `model` has judged alone.
    """
    if model is not None and not model.calibrated:
        return "language_model"
    engine = engine_named(name)
    return engine.method if engine else name
