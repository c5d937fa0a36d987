"""A job that reads a page on the service's own account: one that feeds announce, or one to be looked at again."""

from typing import Final

from api.clock import Clock
from api.errors import Unavailable
from api.storage.analyses import analysis_jobs
from api.storage.database.pool import Connection
from schemas.enums import InputKind

_ATTEMPTS: Final = (
    5  # a job can end between "one is open" and "it is this one"; five times in a row it does not
)


async def open_page_job(connection: Connection, clock: Clock, url: str, key: str) -> str:
    """The id of the one open job of the page, in the caller's transaction; the caller queues it.

    A new one is no account's. Raises Unavailable.
    """
    for _ in range(_ATTEMPTS):
        job_id = clock.new_id("job")
        made = await analysis_jobs.insert_job(
            connection,
            job_id=job_id,
            kind=InputKind.URL,
            account_id=None,
            url=url,
            url_key=key,
            draft=None,
            at=clock.now(),
        )
        open_id = job_id if made else await analysis_jobs.find_open_job(connection, key)
        if open_id is not None:
            return open_id
    raise Unavailable("The job of this page keeps changing.", retry_after=1)
