"""`unspun migrate`: bring a database to the current schema."""

import asyncio

import click

from api.cli.admin_key import show_first_key
from api.cli.commands import read_settings
from api.operations.database.prepare_database import prepare_database
from api.settings import Settings


@click.command()
def migrate() -> None:
    """Create or upgrade the tables. Safe to run twice, and by two at once.

    With UNSPUN_OWNER_DATABASE_URL set it also lets the user of UNSPUN_DATABASE_URL in, with the rights to read
    and write rows and no more. The first time it makes the administrator's key and prints it, unless
    UNSPUN_BOOTSTRAP_ADMIN_KEY is set.
    """
    settings = read_settings()
    asyncio.run(_migrate(settings))
    click.echo("The database is up to date.")


async def _migrate(settings: Settings) -> None:
    await prepare_database(settings.owner_database(), settings.app_database())
    await show_first_key(settings, click.echo)
