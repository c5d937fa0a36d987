"""`unspun keys`: the keys of a service, straight in its database, for who operates it."""

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
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, as the API has it.")


@click.group()
def keys() -> None:
    """Make, list, replace and revoke API keys."""


@keys.command()
@click.option("--name", required=True, help="What the key is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    default=[Scope.READ_STORIES.value, Scope.WRITE_ANALYSES.value],
    show_default=True,
    help="What it may do; may be given several times.",
)
@click.option("--account", help="The account that it is for, acc_...; the administrator's unless given.")
@click.option("--new-account", help="Make an account of this name for it.")
@click.option("--days", type=click.IntRange(1, 36_500), help="After how many days it ends; else never.")
@click.option(
    "--network",
    "networks",
    multiple=True,
    help="From where alone it may be used, as 192.0.2.0/24; may be given several times.",
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
    """Make a key. Its secret is printed this once and stored nowhere."""
    clock = Clock()
    creation = _checked(
        name=name,
        scopes=list(scopes),
        account_id=account,
        account_name=new_account,
        expires_at=None if days is None else clock.now() + timedelta(days=days),
        networks=list(networks),
    )

    async def act(connection: Connection) -> NewKey:
        await insert_account(connection, DEFAULT_ACCOUNT, "default", clock.now())
        return await create_key(connection, clock, creation, account_id=DEFAULT_ACCOUNT, origin=_ORIGIN)

    _print(_run(act), as_json)


@keys.command(name="list")
@click.option("--account", help="Only those of this account.")
@_json_option
def list_(account: str | None, as_json: bool) -> None:
    """List all keys, newest first; revoked and expired ones too. With --json one a line."""
    below: str | None = None
    while True:
        found = _run(_listing(account, below))
        for key in found:
            click.echo(encode_json(key) if as_json else _line(key))
        if len(found) < _PAGE:
            return
        below = found[-1].id


@keys.command()
@click.argument("key_id")
@click.option(
    "--overlap",
    type=click.IntRange(0, MAX_OVERLAP_S),
    default=24 * 3600,
    show_default=True,
    help="For how many seconds the old key works on.",
)
@_json_option
def rotate(key_id: str, overlap: int, as_json: bool) -> None:
    """Replace a key by a new one with the same rights."""
    rotation = KeyRotation(overlap_s=overlap)

    async def act(connection: Connection) -> NewKey:
        return await rotate_key(connection, Clock(), _key_id(key_id), rotation, seen_by=None, origin=_ORIGIN)

    _print(_run(act), as_json)


@keys.command()
@click.argument("key_id")
@_json_option
def revoke(key_id: str, as_json: bool) -> None:
    """Revoke a key: within five seconds it is refused everywhere."""

    async def act(connection: Connection) -> Key:
        stored = await revoke_key(connection, Clock(), _key_id(key_id), seen_by=None, origin=_ORIGIN)
        return stored.key

    _print(_run(act), as_json)


def _run(act: Callable[[Connection], Awaitable[T]]) -> T:
    """`act` in a transaction of its own."""

    async def inner() -> T:
        connection = await asyncpg.connect(database_url, timeout=10)
        try:
            async with connection.transaction():
                return await act(connection)
        finally:
            await connection.close()

    database_url = read_settings().database()
    return asyncio.run(inner())


def _listing(account: str | None, below: str | None) -> Callable[[Connection], Awaitable[list[Key]]]:
    async def act(connection: Connection) -> list[Key]:
        return [*await list_keys(connection, seen_by=None, account_id=account, below_id=below, limit=_PAGE)]

    return act


def _checked(**values: Any) -> KeyCreation:
    """With the bounds of the contract, which a constructor does not look at."""
    try:
        return msgspec.convert(values, KeyCreation)
    except msgspec.ValidationError as error:
        raise click.UsageError(str(error)) from error


def _key_id(text: str) -> str:
    if not is_id("key", text):
        # a secret in its place is not repeated: it would stand in the terminal's log
        raise Failure("The id of a key begins with key_ and is found with `unspun keys list`.")
    return text


def _print(key: Key, as_json: bool) -> None:
    if as_json:
        click.echo(encode_json(key))
        return
    for name, value in _shown(key):
        click.echo(f"{name:<10}{value}")


def _shown(key: Key) -> list[tuple[str, str]]:
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
        lines.append(("secret", f"{key.secret}  (shown this once)"))
    return lines


def _line(key: Key) -> str:
    shown = key.prefix or f"...{key.last_four}"
    return f"{key.id}  {shown}  {key.account_id}  {' '.join(key.scopes)}  {_state(key)}  {key.name}"


def _state(key: Key) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is None:
        return "valid"
    return f"{'ended' if key.expires_at <= Clock().now() else 'until'} {key.expires_at:%Y-%m-%d %H:%M}Z"
