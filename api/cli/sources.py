"""`unspun sources`: manages publishers and their feeds."""

from typing import Any, Final

import click

from api.cli import feeds
from api.cli.transaction import COMMAND_LINE, act, checked, json_option
from api.operations.stories.correct_source import correct_source
from api.runtime.broadcast_invalidation import announce
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from schemas.enums import ModelPermission, SourceType
from schemas.sources import Source, SourceCorrection
from schemas.wire import encode_json

_DEFAULT: Final = "default"


@click.group()
def sources() -> None:
    """Manage publishers and their feeds."""


for command in (feeds.add, feeds.list_, feeds.remove, feeds.poll):
    sources.add_command(command)


@sources.command()
@click.argument("source", metavar="ID|SLUG")
@click.option("--name", help="Name of the publisher.")
@click.option(
    "--type", "kind", type=click.Choice([kind.value for kind in SourceType]), help="Type of the publisher."
)
@click.option(
    "--domain", "domains", multiple=True, help="Domain of the publisher; repeat it to list all domains."
)
@click.option(
    "--model-use",
    type=click.Choice([*(permission.value for permission in ModelPermission), _DEFAULT]),
    help="Language models that may read its texts; default: as the setting llm_default_policy says.",
)
@click.option("--ownership", help="One sentence on its ownership; empty: unknown.")
@json_option
def correct(
    source: str,
    name: str | None,
    kind: str | None,
    domains: tuple[str, ...],
    ownership: str | None,
    model_use: str | None,
    as_json: bool,
) -> None:
    """Correct a source; omitted fields are unchanged. Seeds and pages do not overwrite it afterwards."""
    given = {
        "name": name,
        "type": kind,
        "domains": list(domains) or None,
        "ownership": ownership,
        "model_use": model_use,
    }
    values: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    if not values:
        raise click.UsageError("Give at least one option.")
    values |= {"ownership": None} if ownership == "" else {}
    values |= {"model_use": None} if model_use == _DEFAULT else {}
    correction = checked(SourceCorrection, **values)

    async def operation(connection: Connection, runtime: Runtime) -> Source:
        return await correct_source(connection, runtime.clock, source, correction, origin=COMMAND_LINE)

    async def after_commit(runtime: Runtime, _: Source) -> None:
        await announce(runtime)

    corrected = act(operation, after_commit)
    if as_json:
        click.echo(encode_json(corrected))
        return
    click.echo(f"{corrected.id}  {corrected.name}  {corrected.type}  {' '.join(corrected.domains)}")
    if corrected.ownership:
        click.echo(corrected.ownership)
    if corrected.model_use:
        click.echo(f"language models: {corrected.model_use}")
