"""Looks up stories by URL, in any spelling, also by the URL of an archived or translated copy."""

import asyncio
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from api.errors import ApiError, Gone, placed
from api.operations.stories.read_document import read_story
from api.operations.stories.resolve_story import gone, retraction_error
from api.rendering.documents import RenderedDocument
from api.runtime.problem_details import stored_problem, to_problem
from api.runtime.runtime import Runtime
from api.storage.stories.aliases import find_story
from api.storage.stories.lookups import KnownStory, LastJob, find_last_jobs, find_stories
from api.web.urls import normalize, variants
from schemas.enums import AliasKind, AnalysisStatus, LookupState, StoryStatus
from schemas.lookups import FoundUrl
from schemas.problems import Problem

# Archives, AMP caches and translators, whose URLs contain the whole original URL. Only look-ups resolve them:
# an archived page may be older than the current one.
_MIRRORED: Final = re.compile(
    r"https?://(?:web\.archive\.org/web/[0-9]{4,14}(?:[a-z]{2}_)?"
    r"|archive\.(?:ph|today|is|li|vn|md|fo)/(?:o/\w+|[0-9.-]{8,20}|newest|oldest)"
    r"|(?:www\.)?google\.[a-z.]{2,6}/amp(?:/s)?"
    r"|[a-z0-9-]+\.cdn\.ampproject\.org/[cv](?:/s)?)/(.+)",
    re.DOTALL,
)
_TRANSLATOR: Final = ".translate.goog"
# Variants of a URL key that `variants` does not know. They are not there, because it is part of the engine
# digest.
_TOUCH_HOST: Final = re.compile(r"touch\.(?=[^./]+\.[^/])")
_AMP_FILE: Final = re.compile(r"^([^?]*[^?/])\.amp\.html?(?=/?(?:\?|$))")


def lookup_keys(url: str) -> list[str]:
    """URL keys, likeliest first. Raises InvalidRequest and UrlNotAllowed."""
    keys = _keys(url)
    mirrored = _mirrored(url)
    return list(dict.fromkeys([*keys, *_keys(mirrored)])) if mirrored is not None else keys


def _keys(url: str) -> list[str]:
    keys = variants(url)
    own = keys[0]
    bare = _AMP_FILE.sub(r"\1", own, 1) if ".amp." in own else own
    bare = _TOUCH_HOST.sub("", bare, 1) if bare.startswith("touch.") else bare
    return keys if bare == own else [*keys, *variants(f"https://{bare}")]


def _mirrored(url: str) -> str | None:
    """The original URL behind an archive, AMP cache or translator; returns None for other URLs."""
    match = _MIRRORED.fullmatch(url.strip(" "))
    if match is not None:
        inner = match[1]
        return inner if inner.startswith(("http://", "https://")) else f"http://{inner}"
    if _TRANSLATOR not in url:
        return None
    parts = urlsplit(url.strip(" "))
    host = (parts.hostname or "").removesuffix(_TRANSLATOR)
    if not (parts.hostname or "").endswith(_TRANSLATOR):
        return None
    # the host is encoded: a dot as a hyphen, a hyphen as two
    host = host.replace("--", "\n").replace("-", ".").replace("\n", "-")
    query = "&".join(p for p in parts.query.split("&") if p and not p.startswith("_x_tr_"))
    return f"https://{host}{parts.path}{'?' if query else ''}{query}"


class FoundPage(Struct, kw_only=True, frozen=True):
    """What is known of a URL; `story` is the whole story as JSON."""

    normalized_url: str
    state: LookupState
    alias: AliasKind | None = None
    story: RenderedDocument | None = None
    problem: Problem | None = None


async def look_up_url(runtime: Runtime, url: str) -> FoundPage:
    """Look one page up; tracking parameters, mobile hosts and archives are ignored.

    Raises InvalidRequest, UrlNotAllowed, Unavailable.
    """
    with placed(parameter="url"):
        normalized, keys = normalize(url), lookup_keys(url)
    async with runtime.pool.connection() as connection:
        found = await find_story(connection, keys)
        if found is None:
            state, problem = _state_of((await find_last_jobs(connection, [keys])).get(0))
            return FoundPage(normalized_url=normalized, state=state, problem=problem)
        story_id, alias, status = found
        error = await gone(connection, story_id) if status is StoryStatus.RETRACTED else None
    if error is None:
        try:
            _, document = await read_story(runtime, story_id)
        except Gone as retracted:  # since then
            error = retracted
    if error is not None:
        problem = to_problem(error, base_url=runtime.base_url)
        return FoundPage(normalized_url=normalized, state=LookupState.RETRACTED, alias=alias, problem=problem)
    return FoundPage(normalized_url=normalized, state=_OF_STATUS[status], alias=alias, story=document)


_OF_STATUS = {
    StoryStatus.SCORED: LookupState.KNOWN,
    StoryStatus.NOT_SCORABLE: LookupState.NOT_SCORABLE,
    StoryStatus.RETRACTED: LookupState.RETRACTED,
}
_OPEN = (AnalysisStatus.QUEUED, AnalysisStatus.RUNNING)


async def look_up_urls(runtime: Runtime, urls: Sequence[str]) -> list[FoundUrl]:
    """One entry for each URL, in order, by at most two queries. An invalid URL gets a problem.

    Raises Unavailable.
    """
    # 150 µs a URL, so not in the event loop
    read = await asyncio.to_thread(lambda: [_read(url, runtime.base_url) for url in urls])
    async with runtime.pool.connection() as connection:
        stories = await find_stories(connection, [keys for keys, _ in read])
        left = [[] if number in stories else keys for number, (keys, _) in enumerate(read)]
        jobs = await find_last_jobs(connection, left) if any(left) else {}
    return [
        _found(url, normal, stories.get(number), jobs.get(number), runtime.base_url)
        for number, (url, (_, normal)) in enumerate(zip(urls, read, strict=True))
    ]


def _read(url: str, base_url: str) -> tuple[list[str], str | Problem]:
    """The keys and normal form of a URL, or a problem."""
    try:
        return lookup_keys(url), normalize(url)
    except ApiError as refused:
        return [], to_problem(refused, base_url=base_url)


def _state_of(job: LastJob | None) -> tuple[LookupState, Problem | None]:
    """The state of a page that has no story, by the last job that read it."""
    if job is not None and job.status in _OPEN:
        return LookupState.QUEUED, None
    if job is not None and job.status is AnalysisStatus.FAILED:
        problem = None if job.error is None else stored_problem(job.error)
        return LookupState.FAILED, problem
    return LookupState.UNKNOWN, None


def _found(
    url: str, normal: str | Problem, known: KnownStory | None, job: LastJob | None, base_url: str
) -> FoundUrl:
    problem: Problem | None = None
    if isinstance(normal, Problem):
        state, problem = LookupState.REFUSED, normal
    elif known is None:
        state, problem = _state_of(job)
    else:
        state = _OF_STATUS[known.status]
        if state is LookupState.RETRACTED:
            problem = to_problem(retraction_error(known.tombstone), base_url=base_url)
    return FoundUrl(
        url=url,
        normalized_url=normal if isinstance(normal, str) else None,
        state=state,
        alias=known.alias if known else None,
        story=known.story if known else None,
        problem=problem,
    )
