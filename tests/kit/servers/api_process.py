"""`unspun api` and other commands as processes that a test may stop or kill."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from api.embedded.process import free_port
from tests.kit.clients.api_client import KEY
from tests.kit.polling import until
from tests.kit.servers.pooler import direct_setting


def start_command(
    command: str, variables: Mapping[str, str], log: Path | None = None
) -> "subprocess.Popen[bytes]":
    """`unspun COMMAND` with these settings only."""
    return start_module("api.cli", [command], variables, log)


def start_module(
    module: str,
    arguments: list[str],
    variables: Mapping[str, str],
    log: Path | None = None,
    *,
    code: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """`python -m MODULE`, of the checkout `code`, with these settings only, in a process group of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNSPUN_")}
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=code,
            env=inherited | variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    finally:
        if output:
            output.close()


class ApiProcess:
    """An API process whose port stays the same over restarts.

    `client` sends no key; `process` is set by `start`. `module` is an alternative to `api.cli` and `code` another
    checkout.
    """

    process: "subprocess.Popen[bytes]"

    def __init__(
        self, *, log: Path | None = None, module: str = "api.cli", code: Path | None = None, **variables: str
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False)
        self._log, self._module, self._code = log, module, code
        self._variables = {
            "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
            "UNSPUN_PORT": str(self.port),
            "UNSPUN_LOG_LEVEL": "error",
            **direct_setting(variables["UNSPUN_DATABASE_URL"]),
            **variables,
        }

    async def start(self) -> None:
        """Start the process and wait until it is ready."""
        self.process = start_module(self._module, ["api"], self._variables, self._log, code=self._code)
        await until(self.is_ready, 60)

    async def is_ready(self) -> bool:
        assert self.process.poll() is None, f"the API process ended, see {self._log}"
        try:
            return (await self.client.get("/readyz", timeout=5)).status_code == 200
        except httpx.TransportError:
            return False

    async def stop(self) -> int:
        """Terminate the process and return its exit status."""
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait, 60)

    def kill(self) -> None:
        """Kill the process and its children."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@asynccontextmanager
async def api_process(
    *, log: Path | None = None, module: str = "api.cli", code: Path | None = None, **variables: str
) -> AsyncIterator[ApiProcess]:
    """A started API process, killed at the end."""
    api = ApiProcess(log=log, module=module, code=code, **variables)
    async with api.client:
        try:
            await api.start()
            yield api
        finally:
            api.kill()
