"""An engine whose proposal may be late, fail, differ, or never arrive.

It judges as the fast engine does, and keeps the proposed keywords that the text contains.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from api.analysis.engines.fast.engine import FastEngine
from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.engines import FULL, EngineSpec
from api.processes.pool import PARSERS
from schemas.assessments import Assessment, EngineRef
from schemas.taxonomy import Taxonomy

NAME = "slow"
DIGEST = "5" * 64
Step = Callable[[], Awaitable[bytes]]


class SlowEngine(FastEngine):
    """The pure half."""

    def __init__(self) -> None:
        super().__init__()
        self._ref = EngineRef(name=NAME, version="1", digest=DIGEST)

    def assess(
        self,
        article: Article,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling] = (),
        proposal: bytes | None = None,
    ) -> Assessment:
        """Ignores proposed keywords that the text lacks, whatever the bytes."""
        assessment = super().assess(article, taxonomy, rulings)
        words = (proposal or b"").decode(errors="replace").split()
        return msgspec.structs.replace(assessment, keywords=[word for word in words if word in article.text])


@dataclass
class Model:
    """The waiting half. Each of `steps` answers one call; `asked` counts calls by article."""

    steps: deque[Step] = field(default_factory=deque)
    asked: Counter[str] = field(default_factory=Counter)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def propose(self, article: Article, taxonomy: Taxonomy) -> bytes:
        """The next step's result. Raises its exception."""
        self.asked[article.digest] += 1
        self.waiting.set()
        return await self.steps.popleft()()

    def spec(self) -> EngineSpec:
        """An entry that replaces the engine of the default profile."""
        return replace(
            FULL,
            name=NAME,
            load="tests.kit.engines.slow_engine:SlowEngine",
            preload=(PARSERS, "api.jobs.reproduction_task", "tests.kit.engines.preload_slow"),
            digest=lambda: DIGEST,
            method="asks_somebody",
            repeatable=False,
            propose=self.propose,
            prompt="1",
        )


def says(words: str) -> Step:
    """A step that returns at once."""

    async def answer() -> bytes:
        return words.encode()

    return answer


def fails(error: Exception) -> Step:
    async def fail() -> bytes:
        raise error

    return fail


def waits(event: asyncio.Event, words: str) -> Step:
    """A step that returns once the event is set."""

    async def wait() -> bytes:
        await event.wait()
        return words.encode()

    return wait
