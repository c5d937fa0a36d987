"""What the commands of an operator have in common: they act straight on the database, in one transaction."""

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
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, as the API has it.")


def act(
    does: Callable[[Connection, Runtime], Awaitable[T]],
    then: Callable[[Runtime, T], Awaitable[None]] | None = None,
) -> T:
    """What `does` comes to in a transaction of its own; `then` follows its commit, for what caches hold."""

    async def inner(runtime: Runtime) -> T:
        async with runtime.pool.transaction() as connection:
            value = await does(connection, runtime)
        if then is not None:
            await then(runtime, value)
        return value

    return with_runtime(inner)


def with_runtime(does: Callable[[Runtime], Awaitable[T]]) -> T:
    """What `does` comes to with a runtime of its own."""
    settings = read_settings()
    settings.database()

    async def inner() -> T:
        # inside the event loop, to which the connections belong
        runtime = open_runtime(
            settings, load_taxonomy(), Clock(), statement_timeout_ms=settings.worker_statement_timeout_ms
        )
        try:
            return await does(runtime)
        finally:
            await runtime.cache.close()
            await runtime.pool.close()

    return asyncio.run(inner())


def checked(kind: type[S], **values: Any) -> S:
    """With the bounds of the contract, which a constructor does not look at."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise click.UsageError(str(error)) from error
