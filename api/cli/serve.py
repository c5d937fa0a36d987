"""`unspun serve`, `unspun api`, `unspun worker`: the service as one command, and its two parts."""

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
from api.settings import environment, variable

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
    _forget_admin_key()
    hide_memory()
    settings = read_settings()
    settings.database()
    if parent is not None:
        leave_with_parent(parent)
    logs.configure(settings.log_level, settings.log_format)
    sys.exit(supervise(_work, name="worker", limit_s=settings.loop_timeout_s))


def _forget_admin_key() -> None:
    """Begin again without it where it was given: a worker needs none, and its first environment can be read for
    as long as it lives.
    """
    name = variable("bootstrap_admin_key")
    environ = environment()
    without = {key: value for key, value in environ.items() if key not in (name, f"{name}_FILE")}
    if without != environ:
        os.execve(sys.executable, [sys.executable, "-m", "api.cli", *sys.argv[1:]], without)  # noqa: S606


def _work(pulse: Pulse, lost: Sequence[AtWork]) -> None:
    """In the process that the worker's supervisor starts."""
    settings = read_settings()
    logs.configure(settings.log_level, settings.log_format)
    with suppress(OSError):  # told of where a process is first needed
        # it loads for seconds, beside what comes now
        fork_server(engine_of(settings.engine_profile).preload).start()
    from api import worker as jobs  # loads the queue and its libraries, which the supervisor does without

    asyncio.run(jobs.run(settings, pulse=pulse, lost=lost))


def _say(line: str) -> None:
    click.echo(line, err=True)
