"""`unspun serve`, `unspun api`, `unspun worker`: run the whole service or one of its parts."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from api import logs
from api.cli.commands import read_settings
from api.cli.http_server import serve_http
from api.cli.local_service import local_service, serve_until_asked
from api.cli.parent import leave_with_parent
from api.cli.ports import check_port
from api.cli.supervisor import supervise
from api.engines import engine_of
from api.processes.confinement import hide_memory
from api.processes.fork_server import fork_server
from api.pulse import AtWork, Pulse
from api.settings import SettingsError, environment, variable

_parent_option = click.option(
    "--parent", type=int, hidden=True, help="Stop when the process with this id ends."
)


@click.command()
def serve() -> None:
    """Run API and worker, with embedded PostgreSQL and Valkey if none are configured.

    For a single machine; otherwise run any number of `unspun api` and `unspun worker`. The administrator's key
    is stored in the data folder unless UNSPUN_BOOTSTRAP_ADMIN_KEY is set.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = read_settings()
    with local_service(settings, echo=_echo) as service:
        serve_until_asked(service, lambda: _echo(f"Serving at {service.settings.base_url}, Ctrl-C to stop."))


@click.command()
@_parent_option
def api(parent: int | None) -> None:
    """Run the HTTP API on UNSPUN_HOST and UNSPUN_PORT. Any number may run behind a load balancer."""
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
    """Run jobs from the queue. Any number may run; on SIGTERM, running jobs are completed."""
    _forget_admin_key()
    hide_memory()
    settings = read_settings()
    settings.database()
    if parent is not None:
        leave_with_parent(parent)
    logs.configure(settings.log_level, settings.log_format)
    sys.exit(supervise(_run_worker, name="worker", limit_s=settings.loop_timeout_s))


def _forget_admin_key() -> None:
    """Restart without the key if it is set: a worker does not need it, and /proc shows a process's initial
    environment for as long as it runs.
    """
    name = variable("bootstrap_admin_key")
    environ = environment()
    without = {key: value for key, value in environ.items() if key not in (name, f"{name}_FILE")}
    if without != environ:
        os.execve(sys.executable, [sys.executable, "-m", "api.cli", *sys.argv[1:]], without)  # noqa: S606


def _run_worker(pulse: Pulse, lost: Sequence[AtWork]) -> None:
    """The child process of the worker's supervisor."""
    settings = read_settings()
    logs.configure(settings.log_level, settings.log_format)
    with suppress(OSError):  # reported when a process is first needed
        # loading takes seconds and runs in parallel
        fork_server(engine_of(settings.engine_profile).preload).start()
    from api import worker as jobs  # the supervisor must not load the queue's libraries

    try:
        asyncio.run(jobs.run(settings, pulse=pulse, lost=lost))
    except SettingsError as error:
        sys.exit(f"Error: {error}")


def _echo(line: str) -> None:
    click.echo(line, err=True)
