"""An API process of its own, as an operator runs it, that a test may stop or kill."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from api.embedded.process import free_port
from tests.kit.polling import until
from tests.kit.servers.pooler import direct_setting

KEY = "unspun_live_testtest_" + "a" * 36


def start_command(
    command: str, variables: dict[str, str], log: Path | None = None
) -> "subprocess.Popen[bytes]":
    """`unspun COMMAND` with these settings and no others, in a group of its own."""
    return start_module("api.cli", [command], variables, log)


def start_module(
    module: str, arguments: list[str], variables: dict[str, str], log: Path | None = None
) -> "subprocess.Popen[bytes]":
    """`python -m MODULE` likewise."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNSPUN_")}
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=kept | variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    finally:
        if output:
            output.close()


class ApiProcess:
    """`unspun api` on a port of its own; the port stays from start to start."""

    def __init__(self, database_url: str, *, log: Path | None = None, **variables: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._variables = {
            "UNSPUN_DATABASE_URL": database_url,
            "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
            "UNSPUN_PORT": str(self.port),
            "UNSPUN_LOG_LEVEL": "error",
            **direct_setting(database_url),
            **variables,
        }
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start and wait until it is ready."""
        self.process = start_command("api", self._variables, self._log)
        async with httpx.AsyncClient(base_url=self.url, timeout=30, trust_env=False) as client:

            async def ready() -> bool:
                try:
                    return (await client.get("/readyz")).status_code == 200
                except httpx.TransportError:
                    return False

            await until(ready, 60)

    def terminate(self) -> None:
        assert self.process is not None
        self.process.terminate()

    def kill(self) -> None:
        """End it and all that it started, without a word."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@asynccontextmanager
async def running_process(
    database_url: str, *, log: Path | None = None, **variables: str
) -> AsyncIterator[ApiProcess]:
    """A started API process, killed at the end where it still runs."""
    api = ApiProcess(database_url, log=log, **variables)
    try:
        await api.start()
        yield api
    finally:
        api.kill()
