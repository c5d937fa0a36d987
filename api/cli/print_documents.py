"""`unspun openapi`, `unspun settings`: documents that the code itself holds."""

import json

import click

from api.settings import describe


@click.command()
def settings() -> None:
    """Print every setting with its meaning and default: the text of deploy/settings.env."""
    click.echo(describe(), nl=False)


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the API as JSON. Needs no servers."""
    from api.app import openapi_document  # the application, which `unspun settings` needs nothing of

    click.echo(json.dumps(openapi_document(), indent=2, ensure_ascii=False))
