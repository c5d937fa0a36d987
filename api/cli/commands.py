"""The group of commands: which there are, and from what went wrong to a line and an exit code."""

import sys
from importlib import import_module
from keyword import iskeyword
from typing import Any, Final

import asyncpg
import click

from api.embedded import EmbeddedError
from api.errors import ApiError
from api.operations.exports.export_files import ExportRefused
from api.settings import Settings, SettingsError, environment
from api.storage.database.migrate import MigrationFailed

# Name: (module, what it does). The module is imported when its command runs: the API's processes need none of
# what `analyze` loads, and `unspun --help` none of it all.
COMMANDS: Final = {
    "demo": ("demo", "Start everything, judge a sample page, print its card, serve."),
    "serve": ("serve", "Run API and worker, with servers of their own where none are set."),
    "api": ("serve", "Answer HTTP."),
    "worker": ("serve", "Run analyses from the queue."),
    "analyze": ("analyze", "Judge a page or text, or many, without any server."),
    "explain": ("explain", "Say how a score comes about, and what would change it."),
    "migrate": ("migrate", "Create or upgrade the tables."),
    "seed": ("seed", "Load sources and sample stories."),
    "keys": ("keys", "Make, list, replace and revoke API keys."),
    "stories": ("stories", "Retract stories, and have them judged again."),
    "appeals": ("appeals", "List appeals against verdicts, and decide them."),
    "sources": ("sources", "Publishers: find their feeds, and correct what is said of them."),
    "drafts": ("drafts", "Erase drafts."),
    "webhooks": ("webhooks", "See on this machine what webhook endpoints are sent."),
    "export": ("export", "Write everything public into files, and what is new since the last time."),
    "import": ("import_", "Read an export of another service into an empty database, or into a copy of it."),
    "openapi": ("print_documents", "Print the OpenAPI document."),
    "settings": ("print_documents", "Print every setting with its meaning and default."),
    "doctor": ("doctor", "Check settings, connections and versions."),
}

BROKEN_PIPE_CODE: Final = 141  # 128 + SIGPIPE, what a shell reports when `| head` closes the pipe


class Failure(click.ClickException):
    """The command cannot do what it was asked: exit code 1."""


class WrongSetting(click.ClickException):
    exit_code = 2


class Commands(click.Group):
    """The group of all commands, which may raise what the layers below raise."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"api.cli.{COMMANDS[cmd_name][0]}")
        # a name that Python keeps for itself has an underscore behind it
        command: click.Command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise WrongSetting(str(error)) from error
        except (EmbeddedError, MigrationFailed, ExportRefused) as error:
            raise Failure(str(error)) from error
        except ApiError as error:
            raise Failure(f"{error.title}: {error.detail}") from error
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if isinstance(error, BrokenPipeError):
                sys.stderr.close()  # else the interpreter complains of the pipe once more at its end
                sys.exit(BROKEN_PIPE_CODE)
            raise Failure(f"{type(error).__name__}: {error}") from error


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError."""
    return Settings.from_environment(environment())
