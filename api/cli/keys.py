"""`unspun keys`: manages API keys directly in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

import asyncpg
import click
import msgspec

from api.cli.commands import Failure, read_settings
from api.clock import Clock
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.operations.keys.change_key import revoke_key, rotate_key
from api.operations.keys.create_key import create_key
from api.storage.database.pool import Connection
from api.storage.keys.accounts import insert_account
from api.storage.keys.keys import list_keys
from api.storage.log.audit_log import Actor, Origin
from schemas.ids import is_id
from schemas.keys import MAX_OVERLAP_S, Key, KeyCreation, KeyRotation, NewKey, Scope
from schemas.wire import encode_json

T = TypeVar("T")

_ORIGIN: Final = Origin(actor=Actor.COMMAND_LINE)
_PAGE: Final = 1_000
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON in the API's format.")


@click.group()
def keys() -> None:
    """Create, list, rotate and revoke API keys."""


@keys.command()
@click.option("--name", required=True, help="Name of the key.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    default=[Scope.READ_STORIES.value, Scope.WRITE_ANALYSES.value],
    show_default=True,
    help="Permission of the key; repeatable.",
)
@click.option("--account", help="Account of the key (acc_...). [default: the administrator's]")
@click.option("--new-account", help="Create a new account with this name for the key.")
@click.option("--days", type=click.IntRange(1, 36_500), help="Days until it expires. [default: never]")
@click.option(
    "--network",
    "networks",
    multiple=True,
    help="Network from which it may be used, such as 192.0.2.0/24; repeatable.",
)
@_json_option
def create(
    name: str,
    scopes: tuple[str, ...],
    account: str | None,
    new_account: str | None,
    days: int | None,
    networks: tuple[str, ...],
    as_json: bool,
) -> None:
    """Create a key. The secret is printed once and is not stored."""
    clock = Clock()
    creation = _checked(
        name=name,
        scopes=list(scopes),
        account_id=account,
        account_name=new_account,
        expires_at=None if days is None else clock.now() + timedelta(days=days),
        networks=list(networks),
    )

    async def operation(connection: Connection) -> NewKey:
        await insert_account(connection, DEFAULT_ACCOUNT, "default", clock.now())
        return await create_key(connection, clock, creation, account_id=DEFAULT_ACCOUNT, origin=_ORIGIN)

    _print(_run(operation), as_json)


@keys.command(name="list")
@click.option("--account", help="Only keys of this account.")
@_json_option
def list_(account: str | None, as_json: bool) -> None:
    """List all keys, newest first, including revoked and expired ones; with --json one per line."""
    before: str | None = None
    while True:
        page = _run(_listing(account, before))
        for key in page:
            click.echo(encode_json(key) if as_json else _line(key))
        if len(page) < _PAGE:
            return
        before = page[-1].id


@keys.command()
@click.argument("key_id")
@click.option(
    "--overlap",
    type=click.IntRange(0, MAX_OVERLAP_S),
    default=24 * 3600,
    show_default=True,
    help="Seconds for which the old key stays valid.",
)
@_json_option
def rotate(key_id: str, overlap: int, as_json: bool) -> None:
    """Replace a key with a new one that has the same permissions."""
    rotation = KeyRotation(overlap_s=overlap)

    async def operation(connection: Connection) -> NewKey:
        return await rotate_key(connection, Clock(), _key_id(key_id), rotation, seen_by=None, origin=_ORIGIN)

    _print(_run(operation), as_json)


@keys.command()
@click.argument("key_id")
@_json_option
def revoke(key_id: str, as_json: bool) -> None:
    """Revoke a key. It is refused everywhere within five seconds."""

    async def operation(connection: Connection) -> Key:
        stored = await revoke_key(connection, Clock(), _key_id(key_id), seen_by=None, origin=_ORIGIN)
        return stored.key

    _print(_run(operation), as_json)


def _run(operation: Callable[[Connection], Awaitable[T]]) -> T:
    """Run `operation` in its own transaction."""

    async def inner() -> T:
        connection = await asyncpg.connect(database_url, timeout=10)
        try:
            async with connection.transaction():
                return await operation(connection)
        finally:
            await connection.close()

    database_url = read_settings().database()
    return asyncio.run(inner())


def _listing(account: str | None, below: str | None) -> Callable[[Connection], Awaitable[list[Key]]]:
    async def operation(connection: Connection) -> list[Key]:
        return [*await list_keys(connection, seen_by=None, account_id=account, below_id=below, limit=_PAGE)]

    return operation


def _checked(**values: Any) -> KeyCreation:
    """Validate the values, which the constructor does not do."""
    try:
        return msgspec.convert(values, KeyCreation)
    except msgspec.ValidationError as error:
        raise click.UsageError(str(error)) from error


def _key_id(text: str) -> str:
    if not is_id("key", text):
        # do not repeat the text: it may be a secret
        raise Failure("The id of a key starts with key_; `unspun keys list` shows it.")
    return text


def _print(key: Key, as_json: bool) -> None:
    if as_json:
        click.echo(encode_json(key))
        return
    for name, value in _rows(key):
        click.echo(f"{name:<10}{value}")


def _rows(key: Key) -> list[tuple[str, str]]:
    lines = [
        ("key", key.id),
        ("account", key.account_id),
        ("name", key.name),
        ("scopes", " ".join(key.scopes)),
        ("state", _state(key)),
    ]
    if key.networks:
        lines.append(("networks", " ".join(key.networks)))
    if isinstance(key, NewKey):
        lines.append(("secret", f"{key.secret}  (shown only once)"))
    return lines


def _line(key: Key) -> str:
    prefix = key.prefix or f"...{key.last_four}"
    return f"{key.id}  {prefix}  {key.account_id}  {' '.join(key.scopes)}  {_state(key)}  {key.name}"


def _state(key: Key) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is None:
        return "valid"
    return f"{'expired' if key.expires_at <= Clock().now() else 'expires'} {key.expires_at:%Y-%m-%d %H:%M}Z"
