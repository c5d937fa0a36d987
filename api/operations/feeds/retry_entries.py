"""Sees whether the pages that feeds announced could be read; after a bad moment of a site it tries them again."""

from datetime import timedelta
from typing import Any, Final

import msgspec

from api.errors import (
    ApiError,
    FetchFailed,
    FetchTimeout,
    InternalError,
    SiteRefused,
    TargetRefused,
    Unavailable,
)
from api.operations.stories.open_page_job import open_page_job
from api.queue.enqueue import NOBODY_WAITS, enqueue_analyses
from api.runtime.runtime import Runtime
from api.storage.feeds.feed_entries import LookedAt, claim_looks, set_retried
from api.web.urls import url_key
from schemas.enums import AnalysisStatus

# Between a try and the look at it, after which another follows: 10 minutes, then 2 and 12 hours.
RETRIES: Final = (timedelta(hours=2), timedelta(hours=12), timedelta(minutes=10))
OPEN_FOR: Final = timedelta(minutes=10)
BATCH: Final = 200

# What may be better later. A page that is not there yet is one of them: feeds are often quicker than their site.
_PASSING: Final[tuple[type[ApiError], ...]] = (
    FetchFailed, FetchTimeout, InternalError, SiteRefused, TargetRefused, Unavailable,
)  # fmt: skip
_SLUGS: Final = frozenset(error.slug for error in _PASSING)


async def settle_entries(runtime: Runtime) -> int:
    """How many were looked at; may run in many workers at once."""
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        looked_at = await claim_looks(connection, now, limit=BATCH, open_for=OPEN_FOR)
        job_ids = []
        for entry in looked_at:
            if not _may_pass(entry):
                continue
            job_id, _ = await open_page_job(connection, runtime.clock, entry.url, url_key(entry.url))
            look_at = now + RETRIES[entry.retries]
            await set_retried(connection, entry.digest, job_id, look_at)
            job_ids.append(job_id)
        await enqueue_analyses(connection, job_ids, priority=NOBODY_WAITS)
    return len(looked_at)


def _may_pass(entry: LookedAt) -> bool:
    if entry.status != AnalysisStatus.FAILED or entry.retries >= len(RETRIES) or entry.error is None:
        return False
    problem: dict[str, Any] = msgspec.json.decode(entry.error)
    return str(problem.get("type", "")).rpartition("/")[2] in _SLUGS
