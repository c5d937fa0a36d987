"""The command `unspun`. Each file holds one command, or what several of them share."""

import click

from api.cli.commands import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="unspun", prog_name="unspun")
def main() -> None:
    """A URL goes in; a grounded, versioned verdict on the framing of its story comes out.

    Settings come from UNSPUN_ variables: `unspun settings` lists them all. Exit codes: 0 done, 1 failed,
    2 the command line or a setting is wrong.
    """
