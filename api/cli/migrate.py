"""`unspun migrate`: bring a database to the current schema."""

import asyncio

import click

from api.cli.commands import read_settings
from api.operations.prepare_database import prepare_database


@click.command()
def migrate() -> None:
    """Create or upgrade the tables. Safe to run twice, and by two at once."""
    asyncio.run(prepare_database(read_settings().database()))
    click.echo("The database is up to date.")
