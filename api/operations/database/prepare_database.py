"""Bring a database to the state that this version of the code expects."""

from api.queue import schema
from api.storage.database.grants import set_rights
from api.storage.database.migrate import migrate


async def prepare_database(owner_url: str, app_url: str | None = None) -> None:
    """Apply our migrations and the queue's, then say who may do what, `app_url`'s user included.

    Safe to run twice, and by two at once. Raises MigrationFailed.
    """
    await migrate(owner_url)
    await schema.install(owner_url)
    await set_rights(owner_url, app_url)
