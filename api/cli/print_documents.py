"""`unspun openapi`, `unspun settings`: print generated documents."""

import json

import click

from api.settings import describe


@click.command()
def settings() -> None:
    """Print all settings with descriptions and defaults, as in deploy/settings.env."""
    click.echo(describe(), nl=False)


@click.command()
def openapi() -> None:
    """Print the OpenAPI document as JSON. Needs no server."""
    from api.app import openapi_document  # slow to import, and not needed for `unspun settings`

    click.echo(json.dumps(openapi_document(), indent=2, ensure_ascii=False))
