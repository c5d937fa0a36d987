"""`unspun migrate`: upgrades the database schema."""

import asyncio

import click

from api.cli.admin_key import show_first_key
from api.cli.commands import read_settings
from api.operations.database.prepare_database import prepare_database
from api.settings import Settings


@click.command()
def migrate() -> None:
    """Create or upgrade the database schema. Idempotent; concurrent runs are safe.

    If UNSPUN_OWNER_DATABASE_URL is set, the user of UNSPUN_DATABASE_URL receives the rights to read and write
    rows. The first run creates and prints the administrator's key, unless UNSPUN_BOOTSTRAP_ADMIN_KEY is set.
    """
    settings = read_settings()
    asyncio.run(_migrate(settings))
    click.echo("The database is up to date.")


async def _migrate(settings: Settings) -> None:
    await prepare_database(settings.owner_database(), settings.app_database())
    await show_first_key(settings, click.echo)
