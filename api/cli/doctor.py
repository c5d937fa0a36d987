"""`unspun doctor`: what is configured, what answers, and what to do where something does not."""

import asyncio
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import click

from api.cli.commands import Failure, read_settings
from api.cli.doctor_database import check_database
from api.embedded import packages_missing
from api.processes.confinement import missing as not_confined_by
from api.settings import Settings, environment, unknown_variables
from api.settings.production import proxy_warning

_PACKAGES = ("litestar", "granian", "asyncpg", "redis", "pgqueuer", "spacy", "trafilatura")
_TIMEOUT_S = 5.0


@click.command()
@click.option("--apis", default=1, show_default=True, help="How many `unspun api` run on this database.")
@click.option("--workers", default=1, show_default=True, help="How many `unspun worker` run on it.")
def doctor(apis: int, workers: int) -> None:
    """Check settings, connections and versions. Exit code 1 when something must be mended."""
    settings = read_settings()
    wrong = 0
    for good, line in _checks(settings, apis, workers):
        click.echo(f"{ {True: 'ok', None: '--', False: 'XX'}[good] }  {line}")
        wrong += good is False
    if wrong:
        raise Failure(f"{wrong} to mend")


def _checks(settings: Settings, apis: int, workers: int) -> Iterator[tuple[bool | None, str]]:
    """(fine, to know, or wrong; what)."""
    unspun = _version("unspun")
    yield True, f"Unspun {unspun} on Python {platform.python_version()}, {platform.platform()}"
    yield True, "packages: " + ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    if lacking := not_confined_by():
        yield (
            None,
            f"pages are read in processes that are not fully confined: no {' and no '.join(lacking)} here",
        )
    else:
        yield True, "pages are read in processes confined by landlock and seccomp"
    yield _check_detectors()
    for line in unknown_variables(environment()):
        yield None, line
    if settings.database_url is None:
        missing = packages_missing()
        hint = (
            f"install {' and '.join(missing)} (unspun[embedded])"
            if missing
            else "`unspun serve` brings its own"
        )
        yield (False if missing else None), f"UNSPUN_DATABASE_URL is not set: {hint}"
    else:
        yield from asyncio.run(check_database(settings, apis, workers))
    if settings.redis_url is None:
        yield None, "UNSPUN_REDIS_URL is not set: no shared cache, reads are slower"
    else:
        yield asyncio.run(_check_redis(settings.redis_url.reveal()))
    if warning := proxy_warning(settings):
        yield None, warning
    if settings.allow_loopback_fetch or settings.fetch_host_map:
        yield None, "pages of this machine can be fetched: for demo and tests only"
    if not settings.user_agent_contact:
        yield None, "UNSPUN_USER_AGENT_CONTACT is not set: sites cannot reach you about fetches"


def _check_detectors() -> tuple[bool | None, str]:
    from api.analysis.framing.evidence import ALL_DETECTORS
    from api.analysis.framing.unfitted import unfitted
    from api.analysis.models.weights import weights

    if waiting := unfitted(weights()):
        return None, f"detectors without weights, which find nothing yet (make weights): {', '.join(waiting)}"
    return True, f"detectors: {len(ALL_DETECTORS)}, none without weights"


async def _check_redis(url: str) -> tuple[bool, str]:
    import redis.asyncio

    try:
        client = redis.asyncio.from_url(url, socket_connect_timeout=_TIMEOUT_S, socket_timeout=_TIMEOUT_S)
        async with client:
            facts = await client.info("server")
    except (redis.RedisError, OSError, ValueError) as error:
        return False, f"Valkey or Redis does not answer: {type(error).__name__}: {error}"
    name = facts.get("server_name", "redis")
    return True, f"{name} {facts.get('valkey_version') or facts.get('redis_version')}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
