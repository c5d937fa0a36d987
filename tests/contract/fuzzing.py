"""Runs schemathesis against a service: valid requests of the document, and invalid ones."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.conftest import Servers
from tests.contract.known import make_known
from tests.kit.clients.api_client import BASE_URL, KEY, WEBHOOK_KEY, running_api
from tests.kit.servers.api_process import api_process

ROOT: Final = Path(__file__).parents[2]
CONFIGURATION: Final = Path(__file__).with_name("schemathesis.toml")
# No quota may refuse a request, and no stream or wait may delay the run.
SETTINGS: Final = {
    "UNSPUN_KEY_QUOTAS": "none",
    "UNSPUN_ADDRESS_QUOTAS": "none",
    "UNSPUN_BAD_KEY_QUOTAS": "none",
    "UNSPUN_MAX_OPEN_ANALYSES": "100000",
    "UNSPUN_MAX_URLS_PER_HOST": "100000",
    "UNSPUN_MAX_OPEN_APPEALS": "10000",
    "UNSPUN_MAX_ENDPOINTS": "100000",
    "UNSPUN_STREAM_MAX_S": "0.1",
    "UNSPUN_WEBHOOK_KEYS": WEBHOOK_KEY,
    "UNSPUN_SECURITY_CONTACT": "mailto:security@unspun.example",
    "UNSPUN_BASE_URL": BASE_URL,
}


@dataclass
class Run:
    """`server_log` is the service's output, empty on success."""

    code: int
    output: str
    server_log: str


async def fuzz(
    servers: Servers,
    database: str,
    folder: Path,
    redis_url: str,
    options: Sequence[str],
    *,
    seeds: bool = False,
) -> Run:
    """Fill the database, start a service, and run schemathesis with these options."""
    variables = SETTINGS | {
        "UNSPUN_DATABASE_URL": servers.as_app(database),
        "UNSPUN_REDIS_URL": redis_url,
        "UNSPUN_EXPORTS_FOLDER": str(folder / "exports"),
    }
    async with running_api(**variables) as api:
        known = await make_known(api, seeds=seeds)
    log = folder / "api.log"
    async with api_process(log=log, **variables) as process:
        command = [
            str(Path(sys.executable).with_name("st")), "--no-color", "--config-file", str(CONFIGURATION), "run",
            f"{process.url}/openapi.json", "--url", process.url, "-H", f"Authorization: Bearer {KEY}",
            "--checks", "all", "--generation-deterministic", "--continue-on-failure", *options,
        ]  # fmt: skip
        more = {
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.contract.hooks",
            "UNSPUN_TEST_KNOWN": json.dumps(known),
        }
        done = await asyncio.to_thread(
            subprocess.run,
            command,
            env=os.environ | more,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        await process.stop()
    return Run(done.returncode, done.stdout + done.stderr, log.read_text())
