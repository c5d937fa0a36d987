"""Brings a database to the schema of this version."""

from api.queue import schema
from api.storage.database.grants import set_rights
from api.storage.database.migrate import migrate


async def prepare_database(owner_url: str, app_url: str | None = None) -> None:
    """Apply our migrations and the queue's, then grant rights, also to `app_url`'s user.

    Idempotent, also when run concurrently. Raises MigrationFailed.
    """
    await migrate(owner_url)
    await schema.install(owner_url)
    await set_rights(owner_url, app_url)
