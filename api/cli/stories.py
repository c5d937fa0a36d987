"""`unspun stories`: retracts and rescores stories."""

import click

from api.cli.transaction import COMMAND_LINE, act, checked, json_option
from api.operations.analyses.rescore_story import rescore_story
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.operations.stories.retract_story import Retracted, purge, retract_story
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.keys.accounts import insert_account
from schemas.analyses import Analysis
from schemas.enums import RetractionReason
from schemas.retractions import StoryRetraction
from schemas.wire import encode_json


@click.group()
def stories() -> None:
    """Retract and rescore stories."""


@stories.command()
@click.argument("story", metavar="ID|SLUG")
@click.option("--reason", required=True, type=click.Choice([reason.value for reason in RetractionReason]))
@click.option("--statement", required=True, help="Public statement, shown instead of the story.")
@json_option
def retract(story: str, reason: str, statement: str, as_json: bool) -> None:
    """Retract a story; final. Within five seconds, all its pages return 410."""
    retraction = checked(StoryRetraction, reason=reason, statement=statement)

    async def operation(connection: Connection, runtime: Runtime) -> Retracted:
        return await retract_story(connection, runtime, story, retraction, origin=COMMAND_LINE)

    tombstone = act(operation, purge).tombstone
    if as_json:
        click.echo(encode_json(tombstone))
        return
    click.echo(f"{tombstone.story_id} was retracted at {tombstone.retracted_at:%Y-%m-%d %H:%M}Z")
    click.echo(f"{tombstone.reason}: {tombstone.statement}")


@stories.command()
@click.argument("story", metavar="ID|SLUG")
@json_option
def rescore(story: str, as_json: bool) -> None:
    """Queue a new analysis of a story's stored text."""

    async def operation(connection: Connection, runtime: Runtime) -> Analysis:
        await insert_account(connection, DEFAULT_ACCOUNT, "default", runtime.clock.now())
        return await rescore_story(
            connection, runtime, story, account_id=DEFAULT_ACCOUNT, origin=COMMAND_LINE
        )

    analysis = act(operation)
    click.echo(encode_json(analysis) if as_json else f"queued: {analysis.links.self}")
