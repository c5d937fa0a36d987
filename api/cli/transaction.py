"""Helpers for operator commands, which work on the database directly, in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import click
import msgspec
from msgspec import Struct

from api.cli.commands import read_settings
from api.clock import Clock
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import Runtime, open_runtime
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Actor, Origin

T = TypeVar("T")
S = TypeVar("S", bound=Struct)

COMMAND_LINE: Final = Origin(actor=Actor.COMMAND_LINE)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON in the API's format.")


def act(
    operation: Callable[[Connection, Runtime], Awaitable[T]],
    after_commit: Callable[[Runtime, T], Awaitable[None]] | None = None,
) -> T:
    """Run `operation` in its own transaction and return its result; `after_commit` then updates caches."""

    async def inner(runtime: Runtime) -> T:
        async with runtime.pool.transaction() as connection:
            value = await operation(connection, runtime)
        if after_commit is not None:
            await after_commit(runtime, value)
        return value

    return with_runtime(inner)


def with_runtime(operation: Callable[[Runtime], Awaitable[T]]) -> T:
    """Run `operation` with its own runtime and return its result."""
    settings = read_settings()
    settings.database()

    async def inner() -> T:
        # the connections belong to this event loop
        runtime = open_runtime(
            settings, load_taxonomy(), Clock(), statement_timeout_ms=settings.worker_statement_timeout_ms
        )
        try:
            return await operation(runtime)
        finally:
            await runtime.cache.close()
            await runtime.pool.close()

    return asyncio.run(inner())


def checked(kind: type[S], **values: Any) -> S:
    """Build a struct with validation, which its constructor does not do."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise click.UsageError(str(error)) from error
