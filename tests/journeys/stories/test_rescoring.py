"""`unspun rescore --missing happening` with engine and worker."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kit.polling import until
from tests.kit.servers.runtimes import running_runtime
from tests.kit.servers.service import Service
from tests.kit.texts.stored_verdicts import STORED_VERDICTS, publish_stored

COMMAND = [sys.executable, "-m", "api.cli", "rescore", "--missing", "happening"]


async def _rescore(service: Service) -> str:
    done = await asyncio.to_thread(
        subprocess.run,
        COMMAND,
        env=os.environ | service.environment,
        capture_output=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


class TestRescoring:
    async def test_judges_verdicts_of_older_engines_again(
        self, service: Callable[..., Any], owner_url: str
    ) -> None:
        async with service(hosts=[]) as running:
            async with running_runtime(**running.environment) as runtime:
                ids = [
                    (await publish_stored(runtime, owner_url, STORED_VERDICTS[name])).story_id
                    for name in ("0.8.0 sincere", "0.8.0 satire")
                ]
            assert await _rescore(running) == "queued: 2\n"

            async def judged() -> bool:
                return all([(await running.story(one))["verdict"]["version"] == 2 for one in ids])

            await until(judged, 120)
            for one in ids:
                assert (await running.story(one))["verdict"]["reason"] == "engine_upgraded"
            assert await _rescore(running) == "queued: 0\n"
