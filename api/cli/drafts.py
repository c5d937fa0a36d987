"""`unspun drafts`: erases drafts."""

import click

from api.cli.transaction import COMMAND_LINE, act, json_option
from api.operations.analyses.erase_draft import erase_draft
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from schemas.analyses import Analysis
from schemas.wire import encode_json


@click.group()
def drafts() -> None:
    """Erase drafts."""


@drafts.command()
@click.argument("analysis", metavar="ID")
@json_option
def erase(analysis: str, as_json: bool) -> None:
    """Erase a draft by the id of its analysis (ana_...), with its text, verdict and derived data."""

    async def operation(connection: Connection, runtime: Runtime) -> Analysis:
        return await erase_draft(connection, runtime, analysis, seen_by=None, origin=COMMAND_LINE)

    erased = act(operation)
    click.echo(encode_json(erased) if as_json else f"{erased.id} has been erased")
