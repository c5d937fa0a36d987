"""The command group, its commands, and the conversion of errors to a message and an exit code."""

import builtins
import sys
from importlib import import_module
from keyword import iskeyword
from typing import Any, Final

import click

from api.errors import ApiError
from api.settings import Settings, SettingsError, environment

# Name: (module, help). A module is imported only when its command runs: API processes do not load the libraries
# of `analyze`, and `unspun --help` loads none.
COMMANDS: Final = {
    "demo": ("demo", "Start the service, analyse a sample page and print the verdict."),
    "serve": ("serve", "Run API and worker, with embedded servers if none are configured."),
    "api": ("serve", "Run the HTTP API."),
    "worker": ("serve", "Run jobs from the queue."),
    "analyze": ("analyze", "Analyse pages or texts without a server."),
    "explain": ("explain", "Show how a score is computed, and how it would change."),
    "migrate": ("migrate", "Create or upgrade the database schema."),
    "seed": ("seed", "Load sources and sample stories."),
    "keys": ("keys", "Create, list, rotate and revoke API keys."),
    "stories": ("stories", "Retract and rescore stories."),
    "rescore": ("rescore", "Score many stories again, without a new fetch."),
    "llm": ("language_models.llm", "Export requests to a language model, and import its answers."),
    "eval": ("language_models.evaluation", "Measure a language model's answers on labelled texts."),
    "appeals": ("appeals", "List and decide appeals against verdicts."),
    "sources": ("sources", "Manage publishers and their feeds."),
    "drafts": ("drafts", "Erase drafts."),
    "webhooks": ("webhooks", "Test webhooks locally; re-encrypt their secrets."),
    "export": ("export", "Export all public data to files."),
    "import": ("import_", "Import an export into an empty database or a copy."),
    "openapi": ("print_documents", "Print the OpenAPI document."),
    "settings": ("print_documents", "Print all settings with descriptions and defaults."),
    "doctor": ("doctor.command", "Check settings, connections and versions."),
}

BROKEN_PIPE_CODE: Final = 141  # 128 + SIGPIPE, the shell's exit code if `| head` closes the pipe


class Failure(click.ClickException):
    """The command failed: exit code 1."""


class WrongSetting(click.ClickException):
    exit_code = 2


class Commands(click.Group):
    """The group of all commands; converts errors of lower layers."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"api.cli.{COMMANDS[cmd_name][0]}")
        # the function of a Python keyword or built-in function has a trailing underscore
        is_taken = iskeyword(cmd_name) or hasattr(builtins, cmd_name)
        command: click.Command = getattr(module, f"{cmd_name}_" if is_taken else cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise WrongSetting(str(error)) from error
        except ApiError as error:
            raise Failure(f"{error.title}: {error.detail}") from error
        except BrokenPipeError:
            sys.stderr.close()  # else the interpreter reports the broken pipe again at exit
            sys.exit(BROKEN_PIPE_CODE)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if isinstance(error, _explained_errors()):
                raise Failure(str(error)) from error
            if isinstance(error, (OSError, *_database_errors())):
                raise Failure(f"{type(error).__name__}: {error}") from error
            raise


def _explained_errors() -> tuple[type[Exception], ...]:
    """Errors whose message is complete. Imported only after an error: commands such as `analyze` need none."""
    from api.embedded import EmbeddedError
    from api.operations.exports.export_files import ExportRefused
    from api.storage.database.migrate import MigrationFailed

    return EmbeddedError, MigrationFailed, ExportRefused


def _database_errors() -> tuple[type[Exception], ...]:
    import asyncpg

    return asyncpg.PostgresError, asyncpg.InterfaceError


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError."""
    return Settings.from_environment(environment())
