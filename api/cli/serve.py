"""`unspun serve`, `unspun api`, `unspun worker`: the service as one command, and its two parts."""

import asyncio
import multiprocessing
import os
import signal
from functools import partial
from typing import Any

import click

from api import logs
from api.cli.commands import read_settings
from api.cli.one_machine import local_service, serve_until_asked
from api.cli.parent import leave_with_parent
from api.cli.ports import check_port
from api.settings import Settings

_DRAIN_S = 25  # conventions R4
_parent_option = click.option("--parent", type=int, hidden=True, help="End with the process of this number.")


@click.command()
def serve() -> None:
    """Run API and worker, and PostgreSQL and Valkey too where none are configured.

    For one machine; elsewhere run `unspun api` and `unspun worker` in any number. The administrator's key is
    kept in the data folder unless UNSPUN_BOOTSTRAP_ADMIN_KEY is set.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = read_settings()
    with local_service(settings, say=_say) as service:
        serve_until_asked(service, lambda: _say(f"Serving at {service.settings.base_url}, until Ctrl-C."))


@click.command()
@_parent_option
def api(parent: int | None) -> None:
    """Answer HTTP on UNSPUN_HOST and UNSPUN_PORT. Any number may run behind a balancer."""
    settings = read_settings()
    settings.database()
    if parent is not None:
        leave_with_parent(parent)
    check_port(settings.host, settings.port)
    logs.configure(settings.log_level, settings.log_format)
    serve_http(settings)


@click.command()
@_parent_option
def worker(parent: int | None) -> None:
    """Run analyses from the queue. Any number may run; SIGTERM lets what runs finish."""
    settings = read_settings()
    settings.database()
    from api import worker as jobs  # loads the language model, which a wrong setting need not wait for

    if parent is not None:
        leave_with_parent(parent)
    logs.configure(settings.log_level, settings.log_format)
    asyncio.run(jobs.run(settings))


def _say(line: str) -> None:
    click.echo(line, err=True)


def serve_http(settings: Settings) -> None:
    """Run the HTTP server until SIGTERM or SIGINT; requests in flight get 25 s to end."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    leaving = multiprocessing.RawValue("b", 0)  # one byte that the server's processes share

    class Leaving(Server):  # type: ignore[misc, valid-type]  # granian chooses its class when it is imported
        """Tells the processes to end what waits, such as event streams, before it waits for them."""

        def signal_handler_interrupt(self, *arguments: Any, **more: Any) -> None:
            leaving.value = 1
            super().signal_handler_interrupt(*arguments, **more)

    server = Leaving(
        "api.app:from_environment",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_DRAIN_S,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=logs.server_logging(),
    )
    server.serve(target_loader=partial(load_app, os.getpid(), settings, leaving), wrap_loader=False)


def load_app(parent: int, settings: Settings, leaving: Any) -> Any:
    """In each of the server's processes: the application. They outlive a killed parent unless they look."""
    from api.app import create_app

    leave_with_parent(parent)
    logs.configure(settings.log_level, settings.log_format)
    return create_app(settings, leaving=lambda: bool(leaving.value))
