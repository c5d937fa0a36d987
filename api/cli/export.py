"""`unspun export`: exports all public data."""

from pathlib import Path

import click

from api.cli.commands import Failure
from api.cli.transaction import json_option, with_runtime
from api.operations.exports.export_public import export_public
from schemas.wire import encode_json


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
def export(folder: Path, as_json: bool) -> None:
    """Write an export to a new folder in FOLDER.

    It contains stories, verdicts, claims, sources, entities, appeals, events and retractions as JSON Lines,
    without the stories' texts, and a manifest with the SHA-256 of every file. If FOLDER contains an earlier
    export, the differences from the latest one are added.
    """
    manifest = with_runtime(lambda runtime: export_public(runtime, folder))
    if manifest is None:
        raise Failure("Another export is in progress.")
    if as_json:
        click.echo(encode_json(manifest))
        return
    click.echo(f"{folder / manifest.id}: " + ", ".join(f"{n} {name}" for name, n in manifest.counts.items()))
    if manifest.delta is not None:
        lines = sum(file.lines for file in manifest.delta.files)
        click.echo(f"since {manifest.delta.since}: {lines} new or changed lines")
