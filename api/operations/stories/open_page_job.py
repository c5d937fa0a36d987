"""Opens the analysis job of a page: at most one is open at a time, and all who want the page share it."""

from typing import Final

from api.clock import Clock
from api.errors import Unavailable
from api.storage.analyses import analysis_jobs
from api.storage.database.pool import Connection
from schemas.enums import InputKind

_ATTEMPTS: Final = (
    5  # the open job can end between the insert and the look-up, but hardly five times in a row
)


async def open_page_job(connection: Connection, clock: Clock, url: str, key: str) -> tuple[str, bool]:
    """The id of the page's open job, and whether it is new; the caller queues it in the same transaction.

    Raises Unavailable.
    """
    for _ in range(_ATTEMPTS):
        job_id = clock.new_id("job")
        is_new = await analysis_jobs.insert_job(
            connection,
            job_id=job_id,
            kind=InputKind.URL,
            account_id=None,
            url=url,
            url_key=key,
            draft=None,
            at=clock.now(),
        )
        open_id = job_id if is_new else await analysis_jobs.find_open_job(connection, key)
        if open_id is not None:
            return open_id, is_new
    raise Unavailable("The job of this URL keeps changing; try again.", retry_after=1)
