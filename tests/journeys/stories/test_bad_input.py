"""Invalid submissions and broken sites: each has its own problem, and nothing is half stored."""

import asyncio
import gzip
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.kit.databases import connected
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.pages import article_page

HOST = "site.marrowgate.example"
HTML = {"Content-Type": "text/html"}
JAPANESE = "港の協同組合は火曜日に最初の潮力発電機を動かした。計画より十一か月遅れた。" * 30


def _bomb() -> bytes:
    return gzip.compress(b"<p>" + b"a" * 60_000_000)


def _redirect(to: str) -> Reply:
    return Reply(status=302, headers={"Location": to})


class TestSubmittingAnAddressThatIsRefused:
    @pytest.mark.parametrize(
        ("url", "status", "slug"),
        [
            ("not a url", 400, "invalid-request"),
            ("", 400, "invalid-request"),
            ("ftp://files.marrowgate.example/a", 422, "url-not-allowed"),
            ("javascript:alert(1)", 422, "url-not-allowed"),
            ("http://ada:secret@site.marrowgate.example/", 422, "url-not-allowed"),
            ("http://10.0.0.8/", 422, "url-not-allowed"),
            ("http://169.254.169.254/latest/meta-data", 422, "url-not-allowed"),
            ("http://[::ffff:10.0.0.8]/", 422, "url-not-allowed"),
            ("http://167772168/", 422, "url-not-allowed"),
            ("http://0x0a000008/", 422, "url-not-allowed"),
            ("http://[fe80::1]/", 422, "url-not-allowed"),
            ("http://localhost/", 422, "url-not-allowed"),
            ("http://site.marrowgate.example:2375/", 422, "url-not-allowed"),
            ("http://site.marrowgate.example/" + "a" * 3_000, 400, "invalid-request"),
        ],
    )
    async def test_answers_at_once_and_stores_nothing(
        self, service: Callable[..., Any], database_url: str, url: str, status: int, slug: str
    ) -> None:
        async with service(hosts=[HOST], with_worker=False) as running:
            answer = await running.client.post("/v1/analyses", json={"url": url})
            assert answer.status_code == status, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"].endswith(f"/problems/{slug}")
            async with connected(database_url) as connection:
                assert await connection.fetchval("SELECT count(*) FROM analysis_jobs") == 0
                assert await connection.fetchval("SELECT count(*) FROM analyses") == 0


# path → the site's response, and the problem of the analysis
FAULTS: dict[str, tuple[Reply, str]] = {
    "/404": (Reply(b"gone", status=404), "site-answered-error"),
    "/500": (Reply(b"oh", status=500), "site-answered-error"),
    "/silent": (Reply(hold=True), "fetch-timeout"),
    "/huge": (Reply(b"<p>" + b"a" * 52_428_800, headers=HTML), "page-too-large"),
    "/bomb": (Reply(_bomb(), headers=HTML | {"Content-Encoding": "gzip"}), "page-too-large"),
    "/pdf": (Reply(b"%PDF-1.7 ...", headers={"Content-Type": "application/pdf"}), "not-html"),
    "/image": (Reply(b"\x89PNG\r\n", headers={"Content-Type": "image/png"}), "not-html"),
    "/untyped": (Reply(b"plain words", headers={}), "not-html"),
    "/comments": (
        Reply(b"<!---->" * 41 + b"x", headers={}),
        "not-html",
    ),  # 288 bytes once blocked a worker for days
    "/to-loopback": (_redirect("http://127.0.0.1:9/admin"), "redirect-refused"),
    "/to-file": (_redirect("file:///etc/passwd"), "redirect-refused"),
    "/to-private": (_redirect("http://192.168.1.1/"), "redirect-refused"),
}
# path → the site's response, and the reason why it cannot be scored
UNSCORABLE: dict[str, tuple[bytes, set[str]]] = {
    "/empty": (b"", {"empty"}),
    "/blank": (b"<html><body></body></html>", {"empty"}),
    "/navigation": (
        b"<html><head><title>Sections</title></head><body><ul>"
        + b"".join(b'<li><a href="/s/%d">Section number %d</a></li>' % (n, n) for n in range(90))
        + b"</ul></body></html>",
        {"not_an_article", "empty", "headline_only", "too_short"},
    ),
    "/japanese": (article_page(title="潮力発電機", paragraphs=(JAPANESE,)), {"unsupported_language"}),
    "/short": (article_page(paragraphs=("The turbine turns.", "It rained.")), {"too_short", "headline_only"}),
}
# path → pages with broken bytes that can still be scored
BROKEN: dict[str, bytes] = {
    "/invalid-utf8": article_page().replace(b"Tuesday", b"Tues\xff\xfeday"),
    "/nul": article_page().replace(b"Tuesday", b"Tues\x00day"),
}


class TestAnalyzingAPageThatIsNoGood:
    async def test_ends_with_its_own_problem_or_reason(
        self, service: Callable[..., Any], site: Site, database_url: str
    ) -> None:
        for path, (reply, _) in FAULTS.items():
            site.put(HOST, path, reply)
        for path, (body, _) in UNSCORABLE.items():
            site.put(HOST, path, body)
        for path, body in BROKEN.items():
            site.put(HOST, path, body)
        async with service(hosts=[HOST], UNSPUN_FETCH_TIMEOUT_S="6") as running:
            paths = [*FAULTS, *UNSCORABLE, *BROKEN]
            submitted = [await running.submit(f"http://{HOST}{path}") for path in paths]
            ends = dict(
                zip(paths, await asyncio.gather(*(running.finished(a["id"]) for a in submitted)), strict=True)
            )
            problems = {
                path: ends[path]["error"] and ends[path]["error"]["type"].rpartition("/")[2]
                for path in FAULTS
            }
            assert problems == {path: slug for path, (_, slug) in FAULTS.items()}
            for path, (_, reasons) in UNSCORABLE.items():
                story = await running.story(ends[path]["result"]["story_id"])
                assert story["status"] == "not_scorable", path
                assert story["verdict"]["not_scorable"]["reason"] in reasons, path
                assert story["verdict"]["spin"] is None
            for path in BROKEN:
                story = await running.story(ends[path]["result"]["story_id"])
                assert story["status"] == "scored", path
            async with connected(database_url) as connection:
                stories = await connection.fetchval("SELECT count(*) FROM stories")
            assert 1 <= stories <= len(UNSCORABLE) + len(BROKEN)

    async def test_tells_unknown_closed_and_denied_targets_apart_for_nobody(
        self, service: Callable[..., Any]
    ) -> None:
        async with Site() as gone:
            closed = f"127.0.0.1:{gone.port}"
        hosts = f"denied.marrowgate.example=10.0.0.8,closed.marrowgate.example={closed}"
        async with service(UNSPUN_FETCH_HOST_MAP=hosts) as running:
            ends = [
                await running.analyze(f"http://{name}.marrowgate.example/")
                for name in ("denied", "closed", "unknown")
            ]
        assert ends[0]["error"]["type"].rpartition("/")[2] == "target-unreachable"
        passing = ("id", "url", "links", "created_at", "started_at", "finished_at")
        reported = [{name: value for name, value in end.items() if name not in passing} for end in ends]
        assert reported[0] == reported[1] == reported[2]
        seconds = [
            (
                datetime.fromisoformat(e["finished_at"]) - datetime.fromisoformat(e["started_at"])
            ).total_seconds()
            for e in ends
        ]
        assert min(seconds) >= 1, "none is answered before the time that all take"
        assert max(seconds) < 3


class TestPostingABodyThatIsNoGood:
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b'{"url": 5}', 400),
            (b'{"uri": "http://a.example/"}', 400),
            (b'{"url": "http://a.example/", "text": "both"}', 400),
            (b"{}", 400),
            (b"[]", 400),
            (b"{", 400),
            (b'{"url": "http://a.example/\\u0000"}', 400),
            (b'{"text": "\xff\xfe"}', 400),
            (b'{"url":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
            (b'{"text": "' + b"a" * 8_000_000 + b'"}', 413),
        ],
        ids=["type", "unknown", "two", "none", "list", "cut", "nul", "utf8", "deep", "large"],
    )
    async def test_is_refused_with_a_problem(
        self, service: Callable[..., Any], body: bytes, status: int
    ) -> None:
        async with service(with_worker=False) as running:
            answer = await running.client.post(
                "/v1/analyses", content=body, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == status, answer.text[:500]
            assert answer.headers["content-type"] == "application/problem+json"
