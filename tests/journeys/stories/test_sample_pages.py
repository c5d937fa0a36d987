"""Real web pages beside the checkout, from fetch to verdict."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.kit.servers.service import Service
from tests.kit.servers.web_server import Reply, Site

PAGES = "data/samples/html"
FOREIGN = "mirror.example"


def _spans(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        found = [value] if {"start", "end", "quote"} <= value.keys() else []
        return found + [span for part in value.values() for span in _spans(part)]
    if isinstance(value, list):
        return [span for part in value for span in _spans(part)]
    return []


def _put(site: Site, folder: Path, pages: list[dict[str, Any]]) -> list[str]:
    """Serve each page under its own host and under a foreign one. Returns the own hosts."""
    hosts = []
    for number, page in enumerate(pages):
        body = (folder / page["file"]).read_bytes()
        parts = urlsplit(page["url"])
        site.pages[parts.hostname or "", parts.path or "/"] = Reply(
            body, headers={"Content-Type": "text/html"}
        )
        site.put(FOREIGN, f"/{number}", Reply(body, headers={"Content-Type": "text/html"}))
        hosts.append(parts.hostname or "")
    return hosts


@pytest.mark.parametrize(
    "every", [pytest.param(6, id="every sixth"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
async def test_every_page_is_judged_or_refused_for_the_right_reason(
    service: Callable[..., Any], site: Site, shared: Path, every: int
) -> None:
    folder = shared / PAGES
    pages = json.loads((folder / "index.json").read_text())[::every]
    async with service(hosts=[*_put(site, folder, pages), FOREIGN]) as running:
        own = await _analyze_all(running, [page["url"].replace("https://", "http://") for page in pages])
        wrong = []
        for page, analysis in zip(pages, own, strict=True):
            assert analysis["status"] == "succeeded", (page["file"], analysis["error"])
            story = await running.story(analysis["result"]["story_id"])
            wrong += [(page["file"], fault) for fault in _faults(page, story)]
        assert wrong == []
        foreign = await _analyze_all(running, [f"http://{FOREIGN}/{n}" for n in range(len(pages))])
        for page, before, analysis in zip(pages, own, foreign, strict=True):
            assert analysis["status"] == "succeeded", (page["file"], analysis["error"])
            again = (await running.client.get("/v1/lookup", params={"url": page["url"]})).json()
            assert again["story"]["id"] == before["result"]["story_id"], page["file"]
            assert urlsplit(again["story"]["url"]).hostname != FOREIGN, page["file"]
            copy = (
                await running.client.get(
                    "/v1/lookup", params={"url": f"http://{FOREIGN}/{pages.index(page)}"}
                )
            ).json()
            if again["story"]["status"] == "scored":
                assert copy["story"]["id"] == again["story"]["id"], page["file"]
                assert copy["alias"] == "syndicated", page["file"]


async def _analyze_all(running: Service, urls: list[str]) -> list[dict[str, Any]]:
    submitted = [await running.submit(url) for url in urls]
    return await asyncio.gather(*(running.finished(analysis["id"], 480) for analysis in submitted))


def _faults(page: dict[str, Any], story: dict[str, Any]) -> list[str]:
    faults = []
    if story["status"] != page["expected"]:
        reason = story["verdict"]["not_scorable"]
        faults.append(f"is {story['status']} ({reason}), not {page['expected']}")
    elif page["expected"] == "not_scorable":
        if story["verdict"]["not_scorable"]["reason"] not in page["reasons"]:
            faults.append(f"reason {story['verdict']['not_scorable']['reason']}, not {page['reasons']}")
    else:
        if not story["verdict"]["claims"]:
            faults.append("has no claim")
        if len(_spans(story["verdict"])) < 3:
            faults.append("has fewer than three spans")
    return faults
