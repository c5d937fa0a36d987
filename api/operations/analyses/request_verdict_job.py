"""Accepts a request to judge a verdict's text again: an analysis of the one job of its kind that does it.

`reproduction` compares the result with the verdict; `explanation` judges the text without some of its sentences;
`second_opinion` asks a language model.
"""

import asyncio

from api.engines import engine_named
from api.equal_digests import same_engine
from api.errors import EngineNotInstalled, NotFound, TextNotHeld, Unavailable
from api.operations.analyses.check_caps import check_charges, check_open_analyses
from api.operations.analyses.read_analysis import read_analysis
from api.operations.analyses.second_opinions import NO_TEXT, check_askable
from api.operations.stories.resolve_story import NO_VERDICT, gone
from api.queue.enqueue import (
    ANALYZE_STORY,
    SECOND_OPINION,
    enqueue_analyses,
    hasten_analysis,
    priority_of,
)
from api.runtime.runtime import Runtime
from api.storage.analyses import analyses, analysis_jobs
from api.storage.analyses.analyses import Payment
from api.storage.database.pool import Connection
from api.storage.keys.keys import KeyHolder
from api.storage.stories.inputs import get_article
from api.storage.stories.read_again import is_read_again
from api.storage.stories.retractions import get_tombstone
from api.storage.stories.verdicts import VerdictRecord, get_verdict
from schemas.analyses import Analysis
from schemas.enums import AnalysisStatus, InputKind
from schemas.ids import is_id

NO_ENGINE = "This service no longer has the engine and taxonomy that made the verdict."
_ATTEMPTS = 5  # as in `open_page_job`


async def request_verdict_job(
    connection: Connection,
    runtime: Runtime,
    verdict_id: str,
    holder: KeyHolder,
    kind: InputKind,
    *,
    charged: int,
    counted: bool,
) -> Analysis:
    """The account's analysis, in the caller's transaction; an open job of the kind is shared.

    A verdict that was read again already, or has a second opinion, is answered at once; the second opinion then
    costs nothing. `charged` and `counted` as in `accept_analysis`.
    Raises NotFound, Gone if the story is retracted, QuotaExceeded; for an explanation TextNotHeld,
    EngineNotInstalled; for a second opinion what `check_askable` raises.
    """
    if not counted:
        await check_charges(connection, runtime, holder, charged)
    waiting = await check_open_analyses(connection, runtime, holder.account_id)
    verdict = await get_verdict(connection, verdict_id) if is_id("vrd", verdict_id) else None
    if verdict is None:
        raise NotFound(NO_VERDICT)
    if await get_tombstone(connection, verdict.story_id) is not None:
        raise await gone(connection, verdict.story_id)
    answered = False
    if kind is InputKind.EXPLANATION:
        answered = await is_read_again(connection, verdict.id, verdict.engine_digest)
        if not answered:
            await _check_readable(connection, runtime, verdict)
    elif kind is InputKind.SECOND_OPINION:
        answered = verdict.second is not None
        if answered:
            charged = 0
        else:
            await check_askable(connection, runtime, verdict)
    analysis_id = await analyses.attach(
        connection,
        analysis_id=runtime.clock.new_id("ana"),
        account_id=holder.account_id,
        job_id=await _open_job(connection, runtime, kind, verdict, priority_of(waiting), answered=answered),
        submitted_url=None,
        payment=Payment(key_id=holder.key_id, charged=charged),
        at=runtime.clock.now(),
    )
    return await read_analysis(connection, analysis_id, holder.account_id, runtime.base_url)


async def _check_readable(connection: Connection, runtime: Runtime, verdict: VerdictRecord) -> None:
    """Raises TextNotHeld and EngineNotInstalled. The worker, which may be of another release, checks again."""
    if await get_article(connection, verdict.story_id, verdict.input_digest) is None:
        raise TextNotHeld(NO_TEXT)
    engine = engine_named(verdict.engine_name)
    # the first digest in a process hashes the weights
    digest = "" if engine is None else await asyncio.to_thread(engine.digest)
    if not same_engine(digest, verdict.engine_digest) or verdict.taxonomy_version != runtime.taxonomy.version:
        raise EngineNotInstalled(NO_ENGINE)


async def _open_job(
    connection: Connection,
    runtime: Runtime,
    kind: InputKind,
    verdict: VerdictRecord,
    priority: int,
    *,
    answered: bool,
) -> str:
    """The id of a new job, queued or `answered`, or of the open one."""
    for _ in range(_ATTEMPTS):
        job_id, now = runtime.clock.new_id("job"), runtime.clock.now()
        if await analysis_jobs.insert_verdict_job(
            connection, job_id=job_id, kind=kind, story_id=verdict.story_id, verdict_id=verdict.id, at=now
        ):
            if answered:
                await analysis_jobs.finish_job(connection, job_id, AnalysisStatus.SUCCEEDED, at=now)
            else:
                entrypoint = SECOND_OPINION if kind is InputKind.SECOND_OPINION else ANALYZE_STORY
                await enqueue_analyses(connection, [job_id], priority=priority, entrypoint=entrypoint)
            return job_id
        open_id = await analysis_jobs.find_open_verdict_job(connection, kind, verdict.id)
        if open_id is not None:
            await hasten_analysis(connection, open_id, priority)
            return open_id
    raise Unavailable("The analysis of this verdict keeps changing; try again.", retry_after=1)
