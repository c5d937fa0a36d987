"""`unspun rescore`: scores stories again whose verdicts lack a field."""

import asyncio
from typing import Final

import click

from api.cli.transaction import COMMAND_LINE, with_runtime
from api.operations.analyses.rescore_missing import rescore_without_happening
from api.runtime.runtime import Runtime

PAUSE_S: Final = 1.0


@click.command()
@click.option(
    "--missing",
    required=True,
    type=click.Choice(["happening"]),
    expose_value=False,
    help="The field that they lack.",
)
def rescore() -> None:
    """Queue new analyses of the stored texts of all stories whose verdicts come from an engine without a field.

    At most 200 wait for a worker at a time. The command can be interrupted and repeated. Imported stories without
    text are skipped.
    """

    async def operation(runtime: Runtime) -> int:
        total = 0
        async for queued in rescore_without_happening(runtime, origin=COMMAND_LINE):
            total += queued
            if not queued:
                await asyncio.sleep(PAUSE_S)
        return total

    click.echo(f"queued: {with_runtime(operation)}")
