"""The command `unspun`. Each module contains one command, or code that several commands share."""

import click

from api.cli.commands import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="unspun", prog_name="unspun")
def main() -> None:
    """Analyse the framing of news stories: a URL in, a versioned verdict with evidence out.

    Configure with UNSPUN_ variables; `unspun settings` lists them. Exit codes: 0 success, 1 failure, 2 invalid
    command line or setting.
    """
