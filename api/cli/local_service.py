"""The whole service on one machine, for `serve` and `demo`."""

import asyncio
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from api.cli.admin_key import FILE_NAME, show_first_key, stored_admin_key, stored_webhook_key
from api.cli.app_login import app_url
from api.cli.children import Children
from api.cli.commands import Failure
from api.cli.ports import claimed_port
from api.clock import Clock
from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from api.settings import FILE_SUFFIX, Settings, environment, variable

_START_TIMEOUT_S = 60.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class LocalService:
    """The running service: its settings, children and embedded servers."""

    settings: Settings
    children: Children
    embedded: EmbeddedServers | None

    def failure(self) -> str | None:
        """A message if a part has exited; None while all run."""
        if self.embedded is not None and not self.embedded.running():
            return "the embedded servers ended"
        return self.children.ended()


@contextmanager
def local_service(
    settings: Settings,
    *,
    echo: Callable[[str], None],
    meanwhile: Callable[[Settings], None] = lambda settings: None,
    changes: Mapping[str, str] = {},
    for_demo: bool = False,
) -> Iterator[LocalService]:
    """Start the service, wait until it is ready, and stop it at the end.

    `changes` override environment variables; `meanwhile` runs while API and worker start. A demo uses any free
    port if the default is in use, and always has a key. Raises EmbeddedError, MigrationFailed, Failure.
    """
    # there is no load balancer that must notice the shutdown
    environ = {variable("leave_notice_s"): "0"} | environment() | dict(changes)
    with ExitStack() as stack:
        embedded = None
        if settings.database_url is None:
            echo("Starting PostgreSQL and Valkey ...")
            embedded = stack.enter_context(EmbeddedServers(settings.data_dir))
            environ[variable("owner_database_url")] = embedded.database_url
            environ[variable("database_url")] = app_url(embedded.database_url, settings.data_dir)
            if settings.redis_url is None:
                environ[variable("redis_url")] = embedded.redis_url
        # external servers may already have an administrator; if not, show_first_key creates a key below
        if settings.bootstrap_admin_key is None and (embedded is not None or for_demo):
            environ[variable("bootstrap_admin_key")] = stored_admin_key(settings.data_dir)
            echo(f"The administrator's key is in {settings.data_dir / FILE_NAME}.")
        if settings.webhook_keys is None and embedded is not None:
            environ[variable("webhook_keys")] = stored_webhook_key(settings.data_dir)
        if settings.exports_folder is None and embedded is not None:
            environ[variable("exports_folder")] = str(settings.data_dir.absolute() / "exports")
        any_port = for_demo and not environ.get(variable("port"))
        port = stack.enter_context(claimed_port(settings.host, settings.port, or_another=any_port))
        environ[variable("port")] = str(port)
        final = Settings.from_environment(environ)
        asyncio.run(_prepare(final, echo))
        echo("Starting the API and the worker ...")
        # API and worker do not need the owner's rights
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
    """Announce, then wait for SIGINT, SIGTERM or SIGHUP. Raises Failure if a part exits."""
    stopping = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        stopping.set()
        for number in _STOP_SIGNALS:  # a second signal stops at once
            signal.signal(number, signal.default_int_handler)

    for number in _STOP_SIGNALS:
        signal.signal(number, stop)
    announce()
    while not stopping.wait(0.5):
        if failure := service.failure():
            raise Failure(failure)


async def _prepare(settings: Settings, echo: Callable[[str], None]) -> None:
    await prepare_database(settings.owner_database(), settings.app_database())
    await show_first_key(settings, echo)


def _wait_until_ready(service: LocalService) -> None:
    # no proxy for this machine
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
                raise Failure(f"the API is not ready after {_START_TIMEOUT_S:.0f} s: {error}") from error
        time.sleep(0.05)
