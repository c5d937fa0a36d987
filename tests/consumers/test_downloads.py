"""The files of the newest export, whose downloads are resumed by httpx and by curl."""

import asyncio
import hashlib
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.operations.exports.export_public import export_public
from tests.consumers.conftest import Running

pytestmark = pytest.mark.slow


@pytest.fixture
async def file(running: Running) -> dict[str, Any]:
    """A file of the newest export, found by its manifest."""
    await running.api.publish_story(url="http://news.brightwater.example/exported", title="Exported")
    running.exports.mkdir(exist_ok=True)
    written = await export_public(running.api.runtime, running.exports)
    manifest = (await running.process.client.get("/v1/exports/latest")).raise_for_status().json()
    assert written is not None
    assert manifest["id"] == written.id
    return next(file for file in manifest["files"] if file["name"].startswith("stories"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class TestADownload:
    async def test_is_resumed_by_httpx(self, file: dict[str, Any]) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            async with client.stream("GET", file["url"]) as cut:
                begin = (await anext(cut.aiter_raw()))[: file["bytes"] // 2]
            headers = {"Range": f"bytes={len(begin)}-", "If-Range": cut.headers["etag"]}
            rest = await client.get(file["url"], headers=headers)
        assert rest.status_code == 206
        assert _digest(begin + rest.content) == file["sha256"]

    @pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
    async def test_is_resumed_by_curl(self, file: dict[str, Any], tmp_path: Path) -> None:
        whole, part = tmp_path / "whole", tmp_path / "part"

        async def curl(path: Path) -> int:
            process = await asyncio.create_subprocess_exec(
                "curl", "-sS", "-f", "-C", "-", "-o", path, "-w", "%{size_download}", file["url"],
                stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            printed, _ = await process.communicate()
            assert process.returncode == 0
            return int(printed)

        assert await curl(whole) == file["bytes"]
        part.write_bytes(whole.read_bytes()[:100])
        assert await curl(part) == file["bytes"] - 100
        assert _digest(part.read_bytes()) == _digest(whole.read_bytes()) == file["sha256"]
