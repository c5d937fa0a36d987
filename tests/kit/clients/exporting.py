"""Two services over two databases, and manipulated export files."""

import gzip
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.conftest import Servers
from tests.kit.clients.api_client import Api, running_api


@asynccontextmanager
async def second_api(servers: Servers, template: str, name: str, **variables: str) -> AsyncIterator[Api]:
    """The application over another migrated database without rows."""
    async with (
        servers.temporary(template, name) as copy,
        running_api(
            owner_url=servers.database(copy), UNSPUN_DATABASE_URL=servers.as_app(copy), **variables
        ) as api,
    ):
        yield api


def lines_of(folder: Path, name: str, prefix: str = "") -> list[dict[str, Any]]:
    """The decoded lines of one type."""
    found = []
    for path in sorted(folder.glob(f"{prefix}{name}-*.ndjson.gz")):
        found += [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    return found


def rewritten(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    change(manifest)
    path.write_text(json.dumps(manifest))


def forged(folder: Path, name: str, lines: list[bytes]) -> None:
    """Replace a file's lines and update the manifest."""
    body = gzip.compress(b"".join(line + b"\n" for line in lines))
    (folder / name).write_bytes(body)

    def fit(manifest: dict[str, Any]) -> None:
        for file in manifest["files"]:
            if file["name"] == name:
                file |= {"lines": len(lines), "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}

    rewritten(folder, fit)
