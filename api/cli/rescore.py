"""`unspun rescore`: scores the stored texts of many stories again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import click

from api.cli.transaction import COMMAND_LINE, with_runtime
from api.operations.analyses.rescore_stories import rescore_with_answers, rescore_without_happening

PAUSE_S: Final = 1.0


@click.command()
@click.option(
    "--missing",
    type=click.Choice(["happening"]),
    help="Stories whose verdicts come from an engine without this field.",
)
@click.option(
    "--engine",
    type=click.Choice(["llm"]),
    help="Stories about which a language model's answers are stored: by these, and without a call.",
)
def rescore(missing: str | None, engine: str | None) -> None:
    """Queue new analyses of the stored texts of many stories.

    At most 200 wait for a worker at a time. The command can be interrupted and repeated. Imported stories without
    text are skipped.
    """
    if (missing is None) == (engine is None):
        raise click.UsageError("give either --missing or --engine")
    chosen = rescore_with_answers if engine else rescore_without_happening
    click.echo(f"queued: {with_runtime(lambda runtime: queued(chosen(runtime, origin=COMMAND_LINE)))}")


async def queued(steps: AsyncIterator[int]) -> int:
    """The number of jobs of all steps, with a pause after each without one."""
    total = 0
    async for step in steps:
        total += step
        if not step:
            await asyncio.sleep(PAUSE_S)
    return total
