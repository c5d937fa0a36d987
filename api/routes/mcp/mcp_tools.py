"""The MCP tools. Each calls the same operation as an API route, with the same limits and permissions.

To add one: its structs in `schemas/tools.py`, a function here, an entry in `TOOLS`.
"""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from api.errors import ApiError, InvalidRequest, NotFound
from api.fetching.policy import FetchPolicy
from api.operations.analyses.accept_analysis import accept_analysis, check_submission
from api.operations.analyses.await_analysis import await_analysis
from api.operations.analyses.read_analysis import FINISHED
from api.operations.stories.lookups import look_up_urls
from api.operations.stories.read_document import read_story
from api.operations.stories.read_explanation import read_explanation
from api.operations.stories.story_lists import known_source, list_or_search
from api.operations.stories.truncate_markdown import digest_story
from api.rendering.tools import NOTICE, story_row_of, tool_story, verdict_reading
from api.routes.http.admission.authentication import check_caller
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.limits import Limits
from api.routes.http.admission.long_poll_limits import LongPollLimits, WaitingKind
from api.routes.http.request.cursors import Cursors
from api.routes.http.request.taxonomy_filters import wrong_vertical
from api.runtime.backpressure import Backlog
from api.runtime.quotas import ANALYSIS, READ
from api.runtime.runtime import Runtime
from api.storage.stories.story_lists import StoryFilter, row_of
from schemas.analyses import Analysis, AnalysisSubmission
from schemas.enums import StorySort
from schemas.ids import StoryId, is_id
from schemas.keys import Scope
from schemas.problems import FieldError
from schemas.stories import Story
from schemas.tools import (
    FoundStories,
    PageSubmission,
    StoryReading,
    StorySearch,
    StoryWish,
    SubmissionReading,
    TaxonomyReading,
    TaxonomyWish,
    ToolStory,
    UrlReading,
    UrlWish,
    VerdictReading,
    VerdictWish,
)

_CURSORS: Final = "mcp:search_stories"  # cursors of the API's lists are not valid here
# the id or slug in a URL of a story or verdict, with or without a suffix
_LAST_PART: Final = re.compile(r"(?:.*/)?([^/?#]+?)(?:\.(?:json|jsonld|md|html))?(?:[?#].*)?")
_KEYS: Final[dict[StorySort, Any]] = {
    StorySort.PUBLISHED_AT: tuple[datetime, StoryId],
    StorySort.RELEVANCE: tuple[float, StoryId],
}


@dataclass(frozen=True, kw_only=True)
class ToolContext:
    """Services used by the tools; one per process."""

    runtime: Runtime
    limits: Limits
    cursors: Cursors
    backlog: Backlog
    fetch_policy: FetchPolicy
    long_poll_limits: LongPollLimits


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A tool. `call` takes the context, the ASGI scope and the arguments. `writes`: requires a key."""

    name: str
    title: str
    arguments_type: type[Struct]
    result_type: type[Struct]
    call: Callable[[ToolContext, Any, Any], Awaitable[Struct]]
    writes: bool = False

    @property
    def description(self) -> str:
        """The docstring of `call`, which the calling model reads."""
        return inspect.cleandoc(self.call.__doc__ or "")


async def search_stories(context: ToolContext, scope: Any, arguments: StorySearch) -> FoundStories:
    """Search scored stories by words and filters, newest first or best match first.

    Each result has its spin type, score, and the version and URL of its verdict. Titles and snippets are
    third-party text.
    """
    runtime = context.runtime
    if arguments.vertical is not None and (detail := wrong_vertical(arguments.vertical)):
        error = FieldError(pointer="#/vertical", parameter=None, code="not_allowed", detail=detail)
        raise InvalidRequest(f"#/vertical: {detail}", errors=[error])
    sort = StorySort.RELEVANCE if arguments.q is not None else StorySort.PUBLISHED_AT
    given = msgspec.to_builtins(arguments)
    filters = {
        name: value for name, value in given.items() if name not in ("limit", "cursor") and value is not None
    }
    after = None
    if arguments.cursor is not None:
        after = context.cursors.open(arguments.cursor, _CURSORS, filters, _KEYS[sort])
    async with runtime.pool.connection() as connection:
        where = StoryFilter(
            **{name: getattr(arguments, name) for name in filters if name != "source"},
            source=await known_source(connection, arguments.source),
        )
        found = await list_or_search(connection, where, sort, after=after, limit=arguments.limit + 1)
    more = len(found) > arguments.limit
    return FoundStories(
        notice=NOTICE,
        license=runtime.site.license,
        stories=[tool_story(row_of(item), runtime.site) for item in found[: arguments.limit]],
        next_cursor=context.cursors.seal(_CURSORS, filters, found[arguments.limit - 1].key) if more else None,
    )


async def get_story(context: ToolContext, scope: Any, arguments: StoryWish) -> StoryReading:
    """Read a story's verdict as Markdown within a token budget, most important parts first.

    It contains the claims with their support, the findings with quotes, what the story leaves out, and how an AI
    would repeat it.
    """
    runtime = context.runtime
    story_id, digest = await digest_story(runtime, _id_in(arguments.story), arguments.budget)
    return StoryReading(
        notice=NOTICE,
        license=runtime.site.license,
        story=await _story(runtime, story_id),
        cite_url=f"{runtime.site.at('stories', story_id)}/cite",
        document=digest.body.decode(),
    )


async def lookup_url(context: ToolContext, scope: Any, arguments: UrlWish) -> UrlReading:
    """Look up whether a page is known, and its verdict, by URL. Nothing is fetched or queued."""
    (found,) = await look_up_urls(context.runtime, [arguments.url])
    site = context.runtime.site
    return UrlReading(
        notice=NOTICE,
        license=site.license,
        url=found.url,
        state=found.state,
        alias=found.alias,
        story=tool_story(found.story, site) if found.story else None,
        problem=found.problem,
    )


async def get_taxonomy(context: ToolContext, scope: Any, arguments: TaxonomyWish) -> TaxonomyReading:
    """Get the definitions of the spin types, their tactics and the score bands."""
    site = context.runtime.site
    taxonomy = site.taxonomy
    types = [entry for entry in taxonomy.types if arguments.type in (None, entry.type)]
    return TaxonomyReading(
        version=taxonomy.version,
        url=f"{site.base_url}/v1/taxonomy",
        license=site.license,
        types=types,
        bands=taxonomy.bands,
    )


async def explain_verdict(context: ToolContext, scope: Any, arguments: VerdictWish) -> VerdictReading:
    """Explain a score in a few parts that add up to it, then step by step, with the quotes that earn points."""
    runtime, name = context.runtime, _id_in(arguments.verdict)
    if not is_id("vrd", name):
        _, document = await read_story(runtime, name)
        verdict_id = msgspec.json.decode(document.body, type=Story).verdict.id
        assert verdict_id is not None, "a published verdict has an id"
        name = verdict_id
    explanation, _ = await read_explanation(runtime, name)
    return verdict_reading(explanation, runtime.site)


async def submit_analysis(context: ToolContext, scope: Any, arguments: PageSubmission) -> SubmissionReading:
    """Submit a page for analysis, and wait up to `wait_s` seconds. Needs a key with analyses:write.

    A page analysed recently is not fetched again. If the analysis is not finished, call again with the same URL.
    It costs 10 units of the key's quota.
    """
    holder = check_caller(scope, Scope.WRITE_ANALYSES)
    runtime, caller = context.runtime, caller_of(scope)
    submission = AnalysisSubmission(url=arguments.url, max_age=arguments.max_age)
    check_submission(context.fetch_policy, submission)
    await context.limits.take_more(caller, ANALYSIS)
    try:
        async with runtime.pool.transaction() as connection:
            await context.backlog.check(connection)
            analysis = await accept_analysis(
                connection, runtime, submission, holder, charged=caller.charged, counted=caller.counted
            )
    except ApiError:
        caller.price = READ  # a call without effect costs a read
        raise
    if (
        analysis.status not in FINISHED
        and arguments.wait_s
        and context.long_poll_limits.has_place(caller, WaitingKind.POLL)
    ):
        with context.long_poll_limits.place(caller, WaitingKind.POLL) as place:
            analysis = await await_analysis(
                runtime, analysis.id, holder.account_id, arguments.wait_s, may_wait=lambda: not place.revoked
            )
        place.check()
    return await _submission(runtime, analysis)


async def _submission(runtime: Runtime, analysis: Analysis) -> SubmissionReading:
    story_id = analysis.result.story_id if analysis.result else None
    return SubmissionReading(
        notice=NOTICE,
        license=runtime.site.license,
        analysis_id=analysis.id,
        analysis_url=analysis.links.self,
        status=analysis.status,
        story=await _story(runtime, story_id) if story_id else None,
        problem=analysis.error,
    )


async def _story(runtime: Runtime, story_id: str) -> ToolStory:
    _, document = await read_story(runtime, story_id)
    return tool_story(story_row_of(msgspec.json.decode(document.body, type=Story)), runtime.site)


def _id_in(given: str) -> str:
    """The id or slug in a name or URL. Raises NotFound."""
    found = _LAST_PART.fullmatch(given.strip())
    if found is None:
        raise NotFound("Give an id, a slug or a URL.")
    return found[1]


# In the listed order, which never changes.
TOOLS: Final = (
    Tool(
        name="search_stories",
        title="Search stories",
        arguments_type=StorySearch,
        result_type=FoundStories,
        call=search_stories,
    ),
    Tool(
        name="get_story",
        title="Read a story's verdict",
        arguments_type=StoryWish,
        result_type=StoryReading,
        call=get_story,
    ),
    Tool(
        name="lookup_url",
        title="Look up a page",
        arguments_type=UrlWish,
        result_type=UrlReading,
        call=lookup_url,
    ),
    Tool(
        name="get_taxonomy",
        title="Read the taxonomy",
        arguments_type=TaxonomyWish,
        result_type=TaxonomyReading,
        call=get_taxonomy,
    ),
    Tool(
        name="explain_verdict",
        title="Explain a score",
        arguments_type=VerdictWish,
        result_type=VerdictReading,
        call=explain_verdict,
    ),
    Tool(
        name="submit_analysis",
        title="Submit a page",
        arguments_type=PageSubmission,
        result_type=SubmissionReading,
        call=submit_analysis,
        writes=True,
    ),
)
