"""Verdicts of older engines in the database: read, compared, exported, imported, and judged again."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace

from api.operations.analyses.rescore_stories import BATCH, rescore_without_happening
from api.operations.exports.export_public import export_public
from api.operations.exports.import_public import import_public
from api.storage.log.audit_log import Actor, Origin
from api.storage.stories.verdicts import list_without_happening
from schemas.assessments import Happening
from schemas.enums import HappeningKind
from schemas.wire import encode_json
from tests.conftest import Servers
from tests.kit.clients.api_client import Api
from tests.kit.clients.exporting import forged, second_api
from tests.kit.texts.factories import ENGINE, make_article, make_assessment, make_edition, publish
from tests.kit.texts.stored_verdicts import STORED_VERDICTS, StoredVerdict, publish_stored

FORMS: Final = ("", ".jsonld", ".md", ".html")
NAMES: Final = list(STORED_VERDICTS)
RECALL: Final = Happening(kind=HappeningKind.RECALL, subject="Ottoway Marine", spans=[])
OPERATOR: Final = Origin(actor=Actor.COMMAND_LINE)


@pytest.fixture
async def api(servers: Servers, template: str) -> AsyncIterator[Api]:
    """Without a cache, which may hold documents of the verdict as it was published."""
    async with second_api(servers, template, "older") as api:
        yield api


@pytest.fixture
async def copy(servers: Servers, template: str) -> AsyncIterator[Api]:
    async with second_api(servers, template, "copy") as api:
        yield api


async def _judged_again(api: Api, stored: StoredVerdict, happening: Happening | None) -> str:
    """The id of the next version, of an engine that looks for happenings."""
    assessment = replace(stored.read(), engine=ENGINE, happening=happening)
    return (await publish(api.runtime, make_edition(stored.article, assessment), cached=False)).verdict_id


async def _missing(api: Api) -> list[str]:
    async with api.runtime.pool.connection() as connection:
        return await list_without_happening(connection, after="", limit=100)


def _without(value: Any, *names: str) -> Any:
    """JSON without members of these names, at any depth."""
    if isinstance(value, list):
        return [_without(part, *names) for part in value]
    if not isinstance(value, dict):
        return value
    return {key: _without(part, *names) for key, part in value.items() if key not in names}


class TestAnOlderVerdict:
    @pytest.mark.parametrize("name", NAMES)
    async def test_is_served_in_every_form(self, api: Api, name: str) -> None:
        published = await publish_stored(api.runtime, api.owner_url, STORED_VERDICTS[name])
        verdict = (await api.client.get(f"/v1/verdicts/{published.verdict_id}")).json()
        assert verdict["happening"] is None
        assert verdict["engine"]["version"] == STORED_VERDICTS[name].engine
        assert {omission["looked_for"] for omission in verdict["left_out"] or ()} <= {None}
        for kind, key in (("stories", published.story_id), ("verdicts", published.verdict_id)):
            for form in FORMS:
                answer = await api.client.get(f"/v1/{kind}/{key}{form}")
                assert answer.status_code == 200, (kind, form)
        (row,) = (await api.client.get("/v1/stories")).json()["data"]
        assert row["happening"] is None

    @pytest.mark.parametrize("name", NAMES)
    async def test_is_found_by_what_happened_only_when_it_is_judged_again(self, api: Api, name: str) -> None:
        stored = STORED_VERDICTS[name]
        published = await publish_stored(api.runtime, api.owner_url, stored)
        paths = [f"/v1/{noun}?happening=recall" for noun in ("stories", "verdicts", "claims")]
        for path in paths:
            assert (await api.client.get(path)).json()["data"] == []
        assert await _missing(api) == [published.story_id]
        newer = await _judged_again(api, stored, RECALL)
        assert newer != published.verdict_id
        for path in paths:
            assert (await api.client.get(path)).json()["data"] != []
        assert await _missing(api) == []
        diff = (await api.client.get(f"/v1/verdicts/{newer}/diff")).json()
        changed = {change["field"]: (change["before"], change["after"]) for change in diff["fields"]}
        assert changed["happening.kind"] == (None, "recall")

    async def test_is_not_missing_where_a_newer_engine_finds_no_happening(self, api: Api) -> None:
        for name in NAMES[-2:]:
            await publish_stored(api.runtime, api.owner_url, STORED_VERDICTS[name])
            await _judged_again(api, STORED_VERDICTS[name], None)
        assert await _missing(api) == []

    async def test_is_exported_and_imported(self, api: Api, copy: Api, tmp_path: Path) -> None:
        ids = [await publish_stored(api.runtime, api.owner_url, STORED_VERDICTS[name]) for name in NAMES]
        article = make_article(url="http://ferries.example/recall", title="Ferries are recalled")
        recall = make_edition(article, make_assessment(article, happening=HappeningKind.RECALL))
        await publish(api.runtime, recall, cached=False)
        manifest = await export_public(api.runtime, tmp_path)
        assert manifest is not None
        await import_public(copy.runtime, tmp_path / manifest.id)
        paths = [f"/v1/stories/{one.story_id}{form}" for one in ids for form in FORMS]
        paths += [f"/v1/verdicts/{one.verdict_id}{form}" for one in ids for form in FORMS]
        paths += [f"/v1/{noun}?happening=recall" for noun in ("stories", "verdicts", "claims")]
        paths += ["/v1/stories", "/v1/claims", "/v1/stats?by=happening"]
        for path in paths:
            here, there = await api.client.get(path), await copy.client.get(path)
            assert (here.status_code, there.content) == (200, here.content), path

    async def test_of_an_older_export_is_imported(self, api: Api, copy: Api, tmp_path: Path) -> None:
        published = await publish_stored(api.runtime, api.owner_url, STORED_VERDICTS["0.10.0 sincere"])
        manifest = await export_public(api.runtime, tmp_path)
        assert manifest is not None
        folder = tmp_path / manifest.id
        for name in ("stories-0001.ndjson.gz", "verdicts-0001.ndjson.gz", "events-0001.ndjson.gz"):
            lines = [json.loads(line) for line in gzip.decompress((folder / name).read_bytes()).splitlines()]
            older = [encode_json(_without(line, "happening")) for line in lines]
            assert older != [encode_json(line) for line in lines], name
            forged(folder, name, older)
        await import_public(copy.runtime, folder)
        there = (await copy.client.get(f"/v1/stories/{published.story_id}")).json()
        assert there["verdict"]["happening"] is None
        assert there == (await api.client.get(f"/v1/stories/{published.story_id}")).json()
        assert await _missing(copy) == [], "its text is not stored there"


class TestRescoringWhatIsMissing:
    async def test_queues_each_story_once_and_leaves_the_others(self, api: Api) -> None:
        older = [
            (await publish_stored(api.runtime, api.owner_url, STORED_VERDICTS[name])).story_id
            for name in NAMES[:2]
        ]
        await api.publish_story()
        for queued in ([2], []):
            assert [step async for step in rescore_without_happening(api.runtime, origin=OPERATOR)] == queued
            rows = await api.rows("SELECT kind, status, story_id FROM analysis_jobs ORDER BY story_id")
            assert [tuple(row) for row in rows] == [("stored", "queued", story_id) for story_id in older]
        rows = await api.rows(
            "SELECT action, object_id FROM audit_log WHERE actor = 'command_line' ORDER BY 2"
        )
        assert [tuple(row) for row in rows] == [("story.rescored", story_id) for story_id in older]

    async def test_waits_while_a_batch_waits(self, api: Api) -> None:
        await publish_stored(api.runtime, api.owner_url, STORED_VERDICTS["0.8.0 sincere"])
        other = await api.publish_story()
        await api.rows(
            "INSERT INTO analysis_jobs (id, kind, story_id, status, created_at) "
            "SELECT 'job_' || n, 'stored', $2, 'queued', now() FROM generate_series(1, $1) n",
            BATCH,
            other,
        )
        steps = rescore_without_happening(api.runtime, origin=OPERATOR)
        assert [await anext(steps), await anext(steps)] == [0, 0]
        await api.rows("UPDATE analysis_jobs SET status = 'failed', finished_at = now() WHERE id = 'job_1'")
        assert await anext(steps) == 1
