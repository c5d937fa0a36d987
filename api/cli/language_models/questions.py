"""What is asked about stories, records and sample stories, each worked out in the pool of page processes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.analysis.text.article import Article
from api.cli.article import Record, article_of_record
from api.cli.commands import Failure
from api.engines import LLM
from api.errors import TextNotHeld
from api.evaluation.human_labels import SETS
from api.evaluation.judged_texts import sentence_request
from api.jobs.analyze_stored import load_stored_text
from api.operations.analyses.import_answers import GivenAnswer, story_progress
from api.operations.analyses.second_opinions import WITHHELD
from api.operations.exports.seed import SAMPLES_SECRET, SampleStory, sample_article
from api.operations.language_models.open_requests import Progress, progress
from api.operations.language_models.permissions import why_story_withheld
from api.processes.pool import Processes
from api.proposals.requests import ModelRequest
from api.runtime.runtime import Runtime
from schemas.taxonomy import Taxonomy

# The functions that the processes run are in modules of these names, beside the engine's.
PRELOAD: Final = (
    "api.processes.parsers:texts",
    f"api.jobs.preload:load_only:{LLM.load}",
    "api.jobs.preload:open_prompts",
    "api.pages.model_tasks",
    "api.cli.article",
    "api.evaluation.judged_texts",
)
T = TypeVar("T")

# The answer to a request, None without one.
Given: TypeAlias = Callable[[ModelRequest], Awaitable[GivenAnswer | None]]


class Question(Struct, kw_only=True, frozen=True):
    """The requests about a text, with the answers so far; `skipped` says why there are none.

    `sample` is the name of a sample story.
    """

    sample: str | None = None
    story_id: str | None = None
    progress: Progress | None = None
    skipped: str | None = None


class Line(Struct, frozen=True):
    """A line of a file; the number counts from 1."""

    number: int
    content: bytes

    def read(self, kind: type[T]) -> T:
        """The JSON in the line. Raises Failure."""
        try:
            return msgspec.json.decode(self.content, type=kind)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise Failure(f"line {self.number}: {error}") from error


async def question_of_story(runtime: Runtime, pool: Processes, story_id: str, model: str) -> Question:
    """What may be asked about a story's stored text, with the model's stored answers."""
    async with runtime.pool.connection() as connection:
        withheld = await why_story_withheld(connection, runtime.settings, story_id)
    if withheld is not None:
        return Question(skipped=WITHHELD[withheld])
    try:
        text = await load_stored_text(runtime, story_id)
    except TextNotHeld as error:
        return Question(skipped=error.detail)
    found = await story_progress(runtime, pool.run, text.article, model)
    return Question(story_id=story_id, progress=found.progress)


async def question_of_record(
    pool: Processes, line: Line, taxonomy: Taxonomy, given: Given, *, reviews_rules: bool
) -> Question:
    """What is asked about a record. Raises Failure for a line that is no record."""
    article = await record_article(pool, line)
    return await question_of_article(pool, article, taxonomy, given, reviews_rules=reviews_rules)


async def question_of_article(
    pool: Processes, article: Article, taxonomy: Taxonomy, given: Given, *, reviews_rules: bool
) -> Question:
    """What is asked about an article outside the database; `reviews_rules` as in `progress`."""

    async def answer_of(request: ModelRequest) -> str | None:
        found = await given(request)
        return None if found is None else found.content

    found = await progress(
        pool.run, article, taxonomy, SAMPLES_SECRET, answer_of, reviews_rules=reviews_rules
    )
    return Question(progress=found)


async def question_of_sentence(pool: Processes, text: str, taxonomy: Taxonomy, given: Given) -> Question:
    """What is asked about a sentence of a public set."""
    request: ModelRequest = await pool.run(sentence_request, text, taxonomy, SAMPLES_SECRET)
    found = await given(request)
    return Question(
        progress=Progress(asked=[(request, None if found is None else found.content)], refusal=None)
    )


async def record_article(pool: Processes, line: Line) -> Article:
    """The article of a record. Raises Failure for a line that is no record."""
    return await pool.run(article_of_record, line.read(Record))


async def question_of_sample(
    pool: Processes, sample: SampleStory, taxonomy: Taxonomy, given: Given, *, reviews_rules: bool
) -> Question:
    """What is asked about a sample story."""
    article = sample_article(sample)
    found = await question_of_article(pool, article, taxonomy, given, reviews_rules=reviews_rules)
    return replace(found, sample=sample.name)


def sentences(public: Path) -> list[str]:
    """The chosen sentences of all sets in a folder. Raises OSError if a set is missing."""
    return [row.text for chosen in SETS for row in chosen.chosen(public)]


def lines_of(path: Path) -> list[Line]:
    """The lines of a file, without empty ones."""
    lines = enumerate(path.read_bytes().splitlines(), 1)
    return [Line(number, content) for number, content in lines if content.strip()]


async def in_order(work: Iterable[Coroutine[Any, Any, T]], ahead: int) -> AsyncIterator[T]:
    """The results in order, while at most `ahead` more are worked on. A failure cancels them."""
    waiting: deque[asyncio.Task[T]] = deque()
    try:
        for one in work:
            waiting.append(asyncio.create_task(one))
            if len(waiting) > ahead:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
