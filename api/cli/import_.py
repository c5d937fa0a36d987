"""`unspun import`: imports an export of another service."""

from pathlib import Path

import click

from api.cli.transaction import with_runtime
from api.operations.exports.import_public import import_public


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_(folder: Path) -> None:
    """Import the export in FOLDER, which contains its manifest.

    The database must be migrated and contain no public data, or be a copy of the same origin; a copy imports
    only the differences if they follow its last import. All files are verified against the manifest first. Run
    the command again to resume an interrupted import.
    """

    def report(name: str, result: int) -> None:
        click.echo(f"{name}: {result}", err=True)

    result = with_runtime(lambda runtime: import_public(runtime, folder, report))
    if result.complete:
        click.echo(f"{result.manifest.id} has already been imported.")
        return
    scope = "everything" if result.since is None else f"what is new since {result.since}"
    click.echo(f"{result.manifest.id} of {result.manifest.origin}: {scope}, {result.stories} stories.")
