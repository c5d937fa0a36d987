"""Bring a database to the state that this version of the code expects."""

from api.queue import schema
from api.storage.migrate import migrate


async def prepare_database(database_url: str) -> None:
    """Apply our migrations and the queue's; safe to run twice, and by two at once. Raises MigrationFailed."""
    await migrate(database_url)
    await schema.install(database_url)
