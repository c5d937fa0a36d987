"""`unspun doctor`: checks settings and connections, and prints fixes."""

import asyncio
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import click

from api.cli.commands import Failure, read_settings
from api.cli.doctor.database import check_database
from api.embedded import packages_missing
from api.processes.confinement import missing as unavailable_sandboxes
from api.settings import Settings, environment, unknown_variables
from api.settings.production import proxy_warning

_PACKAGES = ("litestar", "granian", "asyncpg", "redis", "pgqueuer", "spacy", "trafilatura")
_TIMEOUT_S = 5.0


@click.command()
@click.option("--apis", default=1, show_default=True, help="Number of `unspun api` on this database.")
@click.option("--workers", default=1, show_default=True, help="Number of `unspun worker` on it.")
def doctor(apis: int, workers: int) -> None:
    """Check settings, connections and versions. Exit code 1 if there is an error."""
    settings = read_settings()
    errors = 0
    for ok, line in _findings(settings, apis, workers):
        click.echo(f"{ {True: 'ok', None: '--', False: 'XX'}[ok] }  {line}")
        errors += ok is False
    if errors:
        raise Failure(f"{errors} errors to fix")


def _findings(settings: Settings, apis: int, workers: int) -> Iterator[tuple[bool | None, str]]:
    """(ok, and None for a note; message)."""
    unspun = _version("unspun")
    yield True, f"Unspun {unspun} on Python {platform.python_version()}, {platform.platform()}"
    yield True, "packages: " + ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    if unavailable := unavailable_sandboxes():
        yield (
            None,
            f"sandboxing of page parsing is incomplete: {' and '.join(unavailable)} not available",
        )
    else:
        yield True, "page parsing is sandboxed with landlock and seccomp"
    yield _check_detectors()
    for line in unknown_variables(environment()):
        yield None, line
    if settings.database_url is None:
        missing = packages_missing()
        hint = (
            f"install {' and '.join(missing)} (unspun[embedded])"
            if missing
            else "`unspun serve` starts its own"
        )
        yield (False if missing else None), f"UNSPUN_DATABASE_URL is not set: {hint}"
    else:
        yield from asyncio.run(check_database(settings, apis, workers))
    if settings.redis_url is None:
        yield None, "UNSPUN_REDIS_URL is not set: reads are slower without a shared cache"
    else:
        yield asyncio.run(_check_redis(settings.redis_url.reveal()))
    if settings.llm_url:
        from api.cli.doctor.language_model import check_model

        yield from asyncio.run(check_model(settings))
    else:
        yield None, "UNSPUN_LLM_URL is not set: no language model gives a second judgement"
    if warning := proxy_warning(settings):
        yield None, warning
    if settings.allow_loopback_fetch or settings.fetch_host_map:
        yield None, "pages of this machine can be fetched: only for demo and tests"
    if not settings.user_agent_contact:
        yield None, "UNSPUN_USER_AGENT_CONTACT is not set: site owners cannot contact you"


def _check_detectors() -> tuple[bool | None, str]:
    from api.analysis.framing.evidence import ALL_DETECTORS
    from api.analysis.framing.unfitted import unfitted
    from api.analysis.models.weights import weights

    if waiting := unfitted(weights()):
        return None, f"detectors without weights, which are inactive (make weights): {', '.join(waiting)}"
    return True, f"detectors: {len(ALL_DETECTORS)}, all with weights"


async def _check_redis(url: str) -> tuple[bool, str]:
    import redis.asyncio

    try:
        client = redis.asyncio.from_url(url, socket_connect_timeout=_TIMEOUT_S, socket_timeout=_TIMEOUT_S)
        async with client:
            facts = await client.info("server")
    except (redis.RedisError, OSError, ValueError) as error:
        return False, f"Valkey or Redis is unreachable: {type(error).__name__}: {error}"
    name = facts.get("server_name", "redis")
    return True, f"{name} {facts.get('valkey_version') or facts.get('redis_version')}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
