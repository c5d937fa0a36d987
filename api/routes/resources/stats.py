"""Statistics: counts and mean scores of stories; source profiles."""

from typing import Annotated, Any, Final, get_type_hints

import msgspec
from litestar.params import FromPath
from msgspec import UNSET, Meta

from api.errors import NotFound
from api.operations.stories.story_lists import known_source
from api.rendering.source_profiles import build_profile
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.query import SHAPING, read_query
from api.routes.http.request.taxonomy_filters import check_codes
from api.routes.http.request.types import HttpRequest
from api.routes.http.request.validation_errors import refuse_parameter
from api.routes.http.response.answers import Answer, body_answer, runtime_of
from api.routes.resources.stories import StoryQuery
from api.storage.stories import stats
from api.storage.stories.sources import get_source
from api.storage.stories.story_lists import StoryFilter
from schemas.stats import Dimension, SourceProfile, Stats
from schemas.wire import encode_json

STATISTIC: Final = b"public, max-age=60"  # counts the whole table, which changes little in a minute
MAX_GROUPS: Final = 1_000
MAX_DIMENSIONS: Final = 2

By = Annotated[
    str,
    Meta(
        max_length=100,
        description=f"One or two of {', '.join(Dimension)}, by a comma: `spin_type,month`.",
    ),
]
_FILTERS = {
    name: kind
    for name, kind in get_type_hints(StoryQuery, include_extras=True).items()
    if name not in SHAPING | {"status", "sort"}
}
# The filters of the story list, without paging parameters.
StatsQuery: Any = msgspec.defstruct(
    "StatsQuery",
    [("by", By, "spin_type"), *((name, kind, UNSET) for name, kind in _FILTERS.items())],
    kw_only=True,
    frozen=True,
    forbid_unknown_fields=True,
)


@read("/stats", Operation(id="getStats", tag="stories", answer=Stats, query=StatsQuery))
async def get_stats(request: HttpRequest) -> Answer:
    """Count scored stories and average their scores, grouped by one or two dimensions.

    Use it for facets (`by=vertical`) or time series (`by=month`, `by=spin_type,week`). Stories that cannot be
    scored are excluded. So are stories in languages in which scores are not calibrated (`model.calibrated`),
    unless you ask for a language (`lang=de`) or group by it (`by=lang`).
    """
    query, runtime = read_query(request, StatsQuery), runtime_of(request)
    by = _dimensions(query.by)
    check_codes(query, runtime.taxonomy)
    filters = {name: value for name in _FILTERS if (value := getattr(query, name)) is not UNSET}
    async with runtime.pool.connection() as connection:
        where = StoryFilter(**filters | {"source": await known_source(connection, filters.get("source"))})
        stories, mean_score, changed_at = await stats.measure_whole(connection, where, by)
        groups = await stats.list_groups(connection, where, by, MAX_GROUPS + 1)
    answer = Stats(
        by=by,
        stories=stories,
        mean_score=mean_score,
        groups=groups[:MAX_GROUPS],
        truncated=len(groups) > MAX_GROUPS,
    )
    return body_answer(
        request,
        encode_json(answer),
        STATISTIC,
        last_modified=changed_at,
        dated=False,
        more=described_headers(request),
    )


@read(
    "/sources/{source:str}/profile",
    Operation(id="getSourceProfile", tag="sources", answer=SourceProfile, errors=(NotFound,)),
)
async def get_source_profile(request: HttpRequest, source: FromPath[str]) -> Answer:
    """Get the profile of a source: how it frames its scored stories.

    Every figure has its number of stories and a 90 % interval; with fewer than eight scored stories the figures
    are withheld. Stories in languages in which scores are not calibrated (`model.calibrated`) do not count.
    """
    read_query(request, NoParameters)
    async with runtime_of(request).pool.connection() as connection:
        found = await get_source(connection, source)
        if found is None:
            raise NotFound("There is no such source.")
        rows = await stats.list_profile(connection, found.id)
        not_scorable, changed_at = await stats.measure_unjudged(connection, found.id)
    profile = build_profile(found.id, rows, not_scorable)
    return body_answer(
        request,
        encode_json(profile),
        STATISTIC,
        last_modified=changed_at,
        dated=False,
        more=described_headers(request),
    )


def _dimensions(by: str) -> list[Dimension]:
    names = by.split(",")
    if len(names) > MAX_DIMENSIONS or len(set(names)) < len(names):
        raise refuse_parameter("by", "too_long", "Give one or two different dimensions.")
    try:
        return [Dimension(name) for name in names]
    except ValueError:
        detail = f"Stories are counted by {', '.join(Dimension)}."
        raise refuse_parameter("by", "not_allowed", detail) from None


ROUTES = [get_stats, get_source_profile]
