"""Checks whether the pages of feed entries were read, and retries temporary failures."""

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

# The result of a try is checked after 10 minutes, then 2 and 12 hours; each failure is retried.
RETRIES: Final = (timedelta(hours=2), timedelta(hours=12), timedelta(minutes=10))
OPEN_FOR: Final = timedelta(minutes=10)
BATCH: Final = 200

# Temporary errors. A missing page is one: feeds are often published before their pages.
_TEMPORARY: Final[tuple[type[ApiError], ...]] = (
    FetchFailed, FetchTimeout, InternalError, SiteRefused, TargetRefused, Unavailable,
)  # fmt: skip
_SLUGS: Final = frozenset(error.slug for error in _TEMPORARY)


async def settle_entries(runtime: Runtime) -> int:
    """The number of entries that were checked. Several workers may run it at once."""
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        looked_at = await claim_looks(connection, now, limit=BATCH, open_for=OPEN_FOR)
        job_ids = []
        for entry in looked_at:
            if not _is_temporary(entry):
                continue
            job_id, _ = await open_page_job(connection, runtime.clock, entry.url, url_key(entry.url))
            look_at = now + RETRIES[entry.retries]
            await set_retried(connection, entry.digest, job_id, look_at)
            job_ids.append(job_id)
        await enqueue_analyses(connection, job_ids, priority=NOBODY_WAITS)
    return len(looked_at)


def _is_temporary(entry: LookedAt) -> bool:
    if entry.status != AnalysisStatus.FAILED or entry.retries >= len(RETRIES) or entry.error is None:
        return False
    problem: dict[str, Any] = msgspec.json.decode(entry.error)
    return str(problem.get("type", "")).rpartition("/")[2] in _SLUGS
