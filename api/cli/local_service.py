"""The whole service on one machine: servers, schema, key, API and worker, as `serve` and `demo` run it."""

import asyncio
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from api.cli.admin_key import FILE_NAME, kept_admin_key, kept_webhook_key, show_first_key
from api.cli.app_login import app_url
from api.cli.children import Children
from api.cli.commands import Failure
from api.cli.ports import claimed_port
from api.clock import Clock
from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from api.settings import FILE_SUFFIX, Settings, environment, variable

_START_TIMEOUT_S = 60.0
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class LocalService:
    """What runs: its final settings, its children, and the embedded servers where there are any."""

    settings: Settings
    children: Children
    embedded: EmbeddedServers | None

    def failure(self) -> str | None:
        """What ended by itself; None while all is well."""
        if self.embedded is not None and not self.embedded.running():
            return "the embedded servers ended"
        return self.children.ended()


@contextmanager
def local_service(
    settings: Settings,
    *,
    say: Callable[[str], None],
    meanwhile: Callable[[Settings], None] = lambda settings: None,
    changes: Mapping[str, str] = {},
    for_demo: bool = False,
) -> Iterator[LocalService]:
    """Start everything, wait until it answers, stop everything in the end.

    `changes` are variables on top of the environment; `meanwhile` runs while API and worker start. A demo takes
    any port where the default is in use, and has a key. Raises EmbeddedError, MigrationFailed, Failure.
    """
    # no balancer here that would have to notice the end
    environ = {variable("leave_notice_s"): "0"} | environment() | dict(changes)
    with ExitStack() as stack:
        embedded = None
        if settings.database_url is None:
            say("Starting PostgreSQL and Valkey ...")
            embedded = stack.enter_context(EmbeddedServers(settings.data_dir))
            environ[variable("owner_database_url")] = embedded.database_url
            environ[variable("database_url")] = app_url(embedded.database_url, settings.data_dir)
            if settings.redis_url is None:
                environ[variable("redis_url")] = embedded.redis_url
        # given servers may have an administrator already; where not, a key is made and shown once below
        if settings.bootstrap_admin_key is None and (embedded is not None or for_demo):
            environ[variable("bootstrap_admin_key")] = kept_admin_key(settings.data_dir)
            say(f"The administrator's key is in {settings.data_dir / FILE_NAME}.")
        if settings.webhook_keys is None and embedded is not None:
            environ[variable("webhook_keys")] = kept_webhook_key(settings.data_dir)
        if settings.exports_folder is None and embedded is not None:
            environ[variable("exports_folder")] = str(settings.data_dir.absolute() / "exports")
        any_port = for_demo and not environ.get(variable("port"))
        port = stack.enter_context(claimed_port(settings.host, settings.port, or_another=any_port))
        environ[variable("port")] = str(port)
        final = Settings.from_environment(environ)
        asyncio.run(_prepare(final, say))
        say("Starting the API and the worker ...")
        # API and worker have no use for what only the migration may do
        owner = (variable("owner_database_url"), variable("owner_database_url") + FILE_SUFFIX)
        children = stack.enter_context(
            Children({name: value for name, value in environ.items() if name not in owner})
        )
        children.start("api")
        children.start("worker")
        meanwhile(final)
        service = LocalService(final, children, embedded)
        _wait_until_ready(service)
        yield service


def serve_until_asked(service: LocalService, announce: Callable[[], None]) -> None:
    """Announce, then wait for SIGINT, SIGTERM or SIGHUP. Raises Failure when a part ends by itself."""
    asked = threading.Event()

    def ask(_number: int, _frame: object) -> None:
        asked.set()
        for number in _ENDING:  # a second one does not wait for what is still running
            signal.signal(number, signal.default_int_handler)

    for number in _ENDING:
        signal.signal(number, ask)
    announce()
    while not asked.wait(0.5):
        if failure := service.failure():
            raise Failure(failure)


async def _prepare(settings: Settings, say: Callable[[str], None]) -> None:
    await prepare_database(settings.owner_database(), settings.app_database())
    await show_first_key(settings, say)


def _wait_until_ready(service: LocalService) -> None:
    # without a proxy: the address is this machine's
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    host = service.settings.host
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    deadline = Clock().monotonic() + _START_TIMEOUT_S
    while True:
        try:
            with opener.open(f"http://{local}:{service.settings.port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if failure := service.failure():
                raise Failure(failure) from error
            if Clock().monotonic() > deadline:
                raise Failure(f"the API does not answer after {_START_TIMEOUT_S:.0f} s: {error}") from error
        time.sleep(0.05)
