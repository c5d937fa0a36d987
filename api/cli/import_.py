"""`unspun import`: an export of another service, into this one."""

from pathlib import Path

import click

from api.cli.transaction import with_runtime
from api.operations.exports.import_public import import_public


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_(folder: Path) -> None:
    """Read the export in FOLDER, the folder of its manifest.

    Into a database that was migrated and holds nothing public yet, or into a copy of the same origin, which reads
    the differences alone where they follow on its last import. Every file is checked against the manifest before
    anything is written. An import that was interrupted goes on where it was when it is started again.
    """

    def report(name: str, done: int) -> None:
        click.echo(f"{name}: {done}", err=True)

    done = with_runtime(lambda runtime: import_public(runtime, folder, report))
    if done.complete:
        click.echo(f"{done.manifest.id} has been imported before.")
        return
    what = "everything" if done.since is None else f"what is new since {done.since}"
    click.echo(f"{done.manifest.id} of {done.manifest.origin}: {what}, {done.stories} stories.")
