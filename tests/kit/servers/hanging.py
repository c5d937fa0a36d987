"""Programs whose event loop hangs in a regular expression, as once on a hostile page.

`python -m tests.kit.servers.hanging work FILE` runs supervised work that hangs once; `api` is `unspun api` with
a route that hangs.
"""

import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litestar import get

from api import logs
from api.cli import http_server
from api.cli.supervisor import supervise
from api.pulse import AtWork, Pulse
from api.settings import Settings, environment

# exponential, and holds the interpreter's lock
FOR_EVER = re.compile(r"(?:<!--.*?-->)*x")
COMMENTS = "<!---->" * 60


@get("/v1/hanging/{name:str}")
async def hang(name: str) -> None:
    FOR_EVER.match(COMMENTS + name)


def load(parent: int, settings: Settings, leaving: Any, pulse: Pulse) -> Any:
    """The application of `unspun api` with one more route."""
    gateway = http_server.load_app(parent, settings, leaving, pulse)
    gateway._app.__self__.register(hang)
    return gateway


def work(pulse: Pulse, lost: Sequence[AtWork]) -> None:
    """Hangs with a running job; when restarted, writes the lost jobs to the file and waits to be stopped."""
    asyncio.run(_work(pulse, lost))


async def _work(pulse: Pulse, lost: Sequence[AtWork]) -> None:
    async with pulse.beating():
        with pulse.holding("job", "job_poison", 4, 1):
            if not lost:
                FOR_EVER.match(COMMENTS)
        _note(lost)
        await asyncio.Event().wait()


def _note(lost: Sequence[AtWork]) -> None:
    Path(sys.argv[2]).write_text(repr(list(lost)))


if __name__ == "__main__":
    logs.configure("info", "json")
    if sys.argv[1] == "api":
        http_server.serve_http(Settings.from_environment(environment()), load)
    else:
        sys.exit(supervise(work, name="worker", limit_s=2))
