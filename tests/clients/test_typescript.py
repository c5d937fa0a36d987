"""A strict compiler and a service accept the same program with the types of openapi-typescript.

`make test-clients` installs the packages from npm, generates the types and runs it.
"""

import asyncio
import json
from pathlib import Path

import pytest

from tests.clients.conftest import ADDRESS, TITLES
from tests.kit.clients.api_client import KEY
from tests.kit.servers.api_process import ApiProcess
from tests.kit.worlds.lookup_states import PAGES

pytestmark = pytest.mark.clients

PROGRAM = Path(__file__).parent / "typescript" / "made" / "compiled" / "use.mjs"


async def test_a_typed_program_reads_submits_and_meets_a_problem(service: ApiProcess) -> None:
    process = await asyncio.create_subprocess_exec(
        "node",
        PROGRAM,
        service.url,
        KEY,
        f"{ADDRESS}?utm_source=x",
        *PAGES.values(),
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    found = json.loads(printed)
    assert sorted(found["titles"]) == sorted(TITLES)
    assert found["headline"].split()[0] in ("none", "hype", "halo", "fog", "cushion", "shield", "stampede")
    assert found["alias"] == "canonical"
    assert found["batch"] == ["succeeded", "invalid-request"]
    assert found["one"] == found["many"]
    assert {state: [title, code] for state, title, code in found["many"]} == {
        "known": ["known", None],
        "queued": [None, None],
        "not_scorable": ["not_scorable", None],
        "failed": [None, "page-too-large"],
        "retracted": [None, "gone"],
        "refused": [None, "invalid-request"],
        "unknown": [None, None],
    }
    assert found["problem"] == [404, f"{service.url}/problems/not-found"]
    assert found["analysis"] == "queued"
