"""A caller's trace (W3C Trace Context) reaches the worker's log lines, and no further."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kit.servers.web_server import Site
from tests.kit.texts.pages import article_page

pytestmark = pytest.mark.slow

HOST = "news.brightwater.example"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


class TestATracedSubmission:
    async def test_is_in_the_workers_log_and_not_sent_to_the_site(
        self, service: Callable[..., Any], site: Site, tmp_path: Path
    ) -> None:
        url = site.put(HOST, "/a", article_page(title="Brightwater opens its turbine", host=HOST))
        log = tmp_path / "log"
        async with service(hosts=[HOST], with_worker=False, UNSPUN_LOG_LEVEL="info") as running:
            with log.open("wb") as stream:
                worker = running.start_worker(stream)
            try:
                for address in (url, f"http://{HOST}/missing"):
                    body, headers = {"url": address}, {"traceparent": TRACEPARENT}
                    answer = await running.client.post("/v1/analyses", json=body, headers=headers)
                    await running.finished(answer.json()["id"])
                await running.analyze(f"http://{HOST}/missing/too")
            finally:
                worker.terminate()
                worker.wait(30)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        ended = [(line["event"], line.get("trace_id")) for line in lines if "analysis_" in line["event"]]
        assert ended == [("analysis_succeeded", TRACE), ("analysis_failed", TRACE), ("analysis_failed", None)]
        spans = {line["span_id"] for line in lines if "span_id" in line}
        assert len(spans) == 2, "each job is a step of its own"
        assert "00f067aa0ba902b7" not in spans
        asked = [headers for requests in site.asked.values() for headers in requests]
        assert asked
        assert TRACE not in str(asked)
