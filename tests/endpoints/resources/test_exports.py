"""Exports and imports: the copy's responses equal the original's, and invalid files are refused."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from api.operations.exports.export_files import ExportRefused
from api.operations.exports.export_public import export_public
from api.operations.exports.import_public import import_public
from api.storage.exports.exports import snapshot
from api.storage.stories.stories import bump_row_version, set_second_opinion
from schemas.assessments import Assessment
from schemas.enums import SecondOpinionState, SourceType
from schemas.exports import Export
from schemas.keys import Scope
from schemas.verdicts import Verdict
from tests.conftest import Servers
from tests.kit.clients.api_client import Api, bearer
from tests.kit.clients.exporting import forged, lines_of, rewritten, second_api
from tests.kit.texts.factories import (
    HOST,
    by_two,
    make_article,
    make_assessment,
    make_edition,
    make_refusal,
    publish,
)
from tests.kit.texts.filled import filled
from tests.kit.texts.pages import PARAGRAPHS

RETRACTION: Final = {"reason": "error", "statement": "A test page."}
FORMS: Final = ("", ".jsonld", ".md", ".html")


@pytest.fixture
async def api(servers: Servers, template: str) -> AsyncIterator[Api]:
    """Without a cache, which would return a source's old name for a minute."""
    async with second_api(servers, template, "origin") as api:
        yield api


@pytest.fixture
async def copy(servers: Servers, template: str) -> AsyncIterator[Api]:
    async with second_api(servers, template, "copy") as api:
        yield api


async def _filled(api: Api) -> dict[str, Any]:
    """Stories of every kind; returns names of some."""
    first = await api.publish_story()
    second = make_article(paragraphs=(*PARAGRAPHS, "It 🌊 is a breakthrough 🌊, the harbour said."))
    await publish(api.runtime, make_edition(second, make_assessment(second, score=55)))
    refused = make_article(url=f"http://{HOST}/short", title="Short")
    await publish(api.runtime, make_edition(refused, make_refusal(refused)))
    release = make_article(
        url="http://ferries.example/new",
        title="New ferries",
        source="Ferries",
        source_type=SourceType.PRESS_RELEASE,
    )
    other = (await publish(api.runtime, make_edition(release, hint="http://elsewhere.example/x"))).story_id
    async with api.runtime.pool.transaction() as connection:
        await set_second_opinion(connection, other, SecondOpinionState.UNAVAILABLE)
        await bump_row_version(connection, other, api.runtime.clock.now())
    gone = await api.publish_story(url=f"http://{HOST}/gone", title="What was a mistake")
    verdict = (await api.client.get(f"/v1/stories/{first}")).json()["verdict"]
    body = {"findings": ["f1"], "statement": "Private words.", "reply": "It is a name.", "reply_by": "Ada"}
    appeal = (await api.holder.post(f"/v1/verdicts/{verdict['id']}/appeals", json=body)).json()
    decision = {"outcome": "rejected", "explanation": "It is none."}
    assert (await api.holder.post(f"/v1/appeals/{appeal['id']}/decide", json=decision)).is_success
    gone_verdict = (await api.client.get(f"/v1/stories/{gone}")).json()["verdict"]
    assert (await api.holder.post(f"/v1/stories/{gone}/retract", json=RETRACTION)).is_success
    return {
        "first": first,
        "other": other,
        "gone": gone,
        "gone_verdict": gone_verdict,
        "appeal": appeal["id"],
    }


async def _export(api: Api, folder: Path) -> tuple[Path, Export]:
    manifest = await export_public(api.runtime, folder)
    assert manifest is not None
    return folder / manifest.id, manifest


async def _import(api: Api, folder: Path) -> Any:
    done = await import_public(api.runtime, folder)
    await api.runtime.changes.refresh()  # as every process does each second
    return done


async def _paths(api: Api) -> list[str]:
    paths = [
        "/v1/stories", "/v1/stories?status=not_scorable", "/v1/stories?sort=score", "/v1/stories?sort=updated_at",
        "/v1/stories?q=turbine", "/v1/verdicts", "/v1/claims", "/v1/sources", "/v1/entities", "/v1/stats",
        "/v1/stories.ndjson", "/v1/claims.csv",
    ]  # fmt: skip
    for status in ("scored", "not_scorable"):
        for row in (await api.client.get(f"/v1/stories?status={status}")).json()["data"]:
            here = f"/v1/stories/{row['id']}"
            story = (await api.client.get(here)).json()
            paths += [f"{here}{form}" for form in FORMS]
            paths += [f"/v1/stories/{row['slug']}", f"/v1/lookup?url={row['url']}"]
            paths += [f"{here}/{part}" for part in ("verdicts", "claims", "appeals", "cite")]
            paths.append(f"{here}?as_of={story['verdict']['created_at']}")
    for row in (await api.client.get("/v1/verdicts?limit=100")).json()["data"]:
        here = f"/v1/verdicts/{row['id']}"
        paths += [f"{here}{form}" for form in FORMS] + [
            f"{here}/{p}" for p in ("explanation", "passages", "appeals")
        ]
        if row["version"] > 1:
            paths.append(f"{here}/diff")
    for kind in ("claims", "sources", "entities"):
        for row in (await api.client.get(f"/v1/{kind}?limit=100")).json()["data"]:
            paths += [f"/v1/{kind}/{row['id']}"]
            paths += [f"/v1/{kind}/{row['id']}{form}" for form in FORMS if kind != "entities"]
    paths += [f"/v1/sources/{HOST.replace('.', '-')}/profile"]
    return paths


async def _answers(api: Api, paths: list[str]) -> dict[str, tuple[int, bytes, str | None]]:
    found = {}
    for path in paths:
        answer = await api.client.get(path)
        problem = answer.status_code >= 400 and json.loads(answer.content) | {
            "instance": "",
            "request_id": "",
        }
        body = json.dumps(problem).encode() if problem else answer.content
        found[path] = (answer.status_code, body, answer.headers.get("last-modified"))
    return found


class TestAnImport:
    async def test_is_refused_where_something_is_there_already(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        await api.publish_story()
        folder, _ = await _export(api, tmp_path)
        await copy.publish_story()
        with pytest.raises(ExportRefused, match="of its own"):
            await _import(copy, folder)

    async def test_is_refused_before_anything_is_written_where_a_file_is_not_the_one(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        await api.publish_story()
        folder, _ = await _export(api, tmp_path)
        path = folder / "stories-0001.ndjson.gz"
        whole = path.read_bytes()
        for wrong in (whole[:-1], whole[:50] + b"x" + whole[51:], b""):
            path.write_bytes(wrong)
            with pytest.raises(ExportRefused, match="not the file that the manifest names"):
                await _import(copy, folder)
        path.unlink()
        with pytest.raises(ExportRefused, match="is missing"):
            await _import(copy, folder)
        for table in ("sources", "stories", "events"):
            assert await copy.rows(f"SELECT FROM {table}") == []
        path.write_bytes(whole)
        assert (await _import(copy, folder)).stories == 1

    async def test_is_refused_where_lines_are_not_those_of_the_format(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        await api.publish_story()
        folder, _ = await _export(api, tmp_path)
        name = "sources-0001.ndjson.gz"
        (line,) = gzip.decompress((folder / name).read_bytes()).splitlines()
        for lines in ([line, line], [b"{}"], [line.replace(b'"slug"', b'"snail"')], [line[:-5]]):
            forged(folder, name, lines)
            with pytest.raises(ExportRefused):
                await _import(copy, folder)
        rewritten(folder, lambda manifest: manifest.update(format="unspun-export/2"))
        with pytest.raises(ExportRefused, match="unspun-export/2"):
            await _import(copy, folder)
        rewritten(folder, lambda manifest: manifest.update(files=[{"name": "../../x"}]))
        with pytest.raises(ExportRefused, match="no manifest"):
            await _import(copy, folder)

    async def test_makes_a_service_that_answers_as_the_exported_one(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        names = await _filled(api)
        folder, manifest = await _export(api, tmp_path)
        assert manifest.counts["stories"] == 3
        assert manifest.counts["deletions"] == 1
        done = await _import(copy, folder)
        assert (done.stories, done.complete) == (3, False)

        gone = [f"/v1/stories/{names['gone']}", f"/v1/verdicts/{names['gone_verdict']['id']}"]
        gone.append(f"/v1/claims/{names['gone_verdict']['claims'][0]['id']}")
        paths = [*await _paths(api), *gone]
        assert len(paths) > 80
        here, there = await _answers(api, paths), await _answers(copy, paths)
        assert [path for path in paths if here[path] != there[path]] == []
        assert [here[path][0] for path in gone] == [410, 410, 410]
        assert {status for path, (status, _, _) in here.items() if path not in gone} == {200}

        feeds = []
        for service in (api, copy):
            key = await service.make_key(Scope.READ_STORIES, account_id="acc_" + "3" * 26)
            feeds.append(
                (await service.client.get("/v1/events?after=0&limit=100", headers=bearer(key))).json()
            )
        assert [event["type"] for event in feeds[1]["data"]] == [
            "story.published",
            "verdict.revised",
            "story.published",
            "appeal.decided",
            "story.retracted",
        ]
        assert [e for e in feeds[0]["data"] if e["data"].get("title") != "What was a mistake"] == feeds[1][
            "data"
        ]
        assert feeds[0]["next_cursor"] == feeds[1]["next_cursor"]

        # the export of the copy equals the original
        second, again = await _export(copy, tmp_path / "copy")
        for name in manifest.counts:
            assert lines_of(second, name) == lines_of(folder, name), name
        assert [file.sha256 for file in again.files] == [file.sha256 for file in manifest.files]

    async def test_brings_every_field_of_a_verdict(self, api: Api, copy: Api, tmp_path: Path) -> None:
        article = make_article()
        judged, full = make_assessment(article), filled(Assessment)
        empty = [name for name in Assessment.__struct_fields__ if getattr(judged, name) in (None, [])]
        empty.remove("not_scorable")
        assessment = msgspec.structs.replace(judged, **{name: getattr(full, name) for name in empty})
        await publish(api.runtime, by_two(make_edition(article, assessment)))
        folder, _ = await _export(api, tmp_path)
        (line,) = lines_of(folder, "verdicts")
        path = f"/v1/verdicts/{line['verdict']['id']}"
        served = (await api.client.get(path)).json()
        assert [name for name in Verdict.__struct_fields__ if served[name] in (None, [])] == ["not_scorable"]
        assert line["verdict"] == served
        await _import(copy, folder)
        assert (await copy.client.get(path)).json() == served

    async def test_goes_on_where_it_was_interrupted_and_changes_nothing_once_it_is_over(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        await _filled(api)
        folder, _ = await _export(api, tmp_path)
        imported: list[str] = []

        def interrupt(name: str, done: int) -> None:
            imported.append(name)
            if name == "stories":
                raise KeyError("the power is cut")

        with pytest.raises(KeyError):
            await import_public(copy.runtime, folder, interrupt)
        (state,) = await copy.rows("SELECT stage, position, finished_at FROM imports")
        assert (state["stage"], state["finished_at"]) == (2, None)
        whole = (folder / "manifest.json").read_bytes()
        rewritten(folder, lambda manifest: manifest.update(license="none"))
        with pytest.raises(ExportRefused, match="not the one with which"):
            await _import(copy, folder)
        (folder / "manifest.json").write_bytes(whole)
        imported.clear()
        done = await import_public(copy.runtime, folder, lambda name, _: imported.append(name))
        assert (imported, done.complete) == (["appeals", "deletions", "events"], False)
        before = await copy.rows("SELECT id, xmin::text FROM stories ORDER BY id")
        assert (await _import(copy, folder)).complete
        assert await copy.rows("SELECT id, xmin::text FROM stories ORDER BY id") == before
        paths = await _paths(api)
        assert await _answers(api, paths) == await _answers(copy, paths)

    async def test_leaves_no_way_to_judge_the_text_that_it_did_not_bring(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        story_id = await api.publish_story()
        folder, _ = await _export(api, tmp_path)
        await _import(copy, folder)
        story = (await copy.client.get(f"/v1/stories/{story_id}")).json()
        rescored = await copy.holder.post(f"/v1/stories/{story_id}/rescore")
        assert (rescored.status_code, "imported" in rescored.json()["detail"]) == (409, True)
        span = {name: story["verdict"]["findings"][0]["spans"][0][name] for name in ("start", "end", "quote")}
        path = f"/v1/verdicts/{story['verdict']['id']}/appeals"
        assert (await copy.holder.post(path, json={"spans": [span], "statement": "No."})).status_code == 409
        assert (
            await copy.holder.post(path, json={"findings": ["f1"], "statement": "No."})
        ).status_code == 201
        # its page is read here too, with the same text: then the text exists
        published = await publish(copy.runtime, make_edition(make_article()))
        assert (published.story_id, published.verdict_id) == (story_id, story["verdict"]["id"])
        assert (await copy.holder.post(f"/v1/stories/{story_id}/rescore")).is_success
        assert (await copy.client.get(f"/v1/stories/{story_id}")).json()["verdict"] == story["verdict"]


class TestADelta:
    async def test_holds_what_is_new_and_brings_a_copy_to_it(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        names = await _filled(api)
        folder, first = await _export(api, tmp_path)
        assert first.delta is None
        await _import(copy, folder)
        assert (await copy.client.get(f"/v1/stories/{names['other']}")).status_code == 200

        article = make_article(paragraphs=PARAGRAPHS[:5])
        await publish(api.runtime, make_edition(article, make_assessment(article, score=70)))
        await api.publish_story(url=f"http://{HOST}/later", title="Later")
        assert (await api.holder.post(f"/v1/stories/{names['other']}/retract", json=RETRACTION)).is_success
        correction = await api.holder.post(
            f"/v1/sources/{HOST.replace('.', '-')}/correct", json={"name": "Brightwater Daily"}
        )
        assert correction.is_success
        later, second = await _export(api, tmp_path)
        assert second.delta is not None
        assert second.delta.since == first.id
        changed = lines_of(later, "stories", "delta-")
        assert [line["title"] for line in changed] == ["Brightwater opens its tidal turbine", "Later"]
        assert [line["key"] for line in lines_of(later, "deletions", "delta-")] == [names["other"]]

        done = await _import(copy, later)
        assert (done.since, done.stories) == (first.id, 2)
        paths = [*await _paths(api), f"/v1/stories/{names['other']}", f"/v1/stories/{names['gone']}"]
        here, there = await _answers(api, paths), await _answers(copy, paths)
        assert [path for path in paths if here[path] != there[path]] == []

        third, _ = await _export(api, tmp_path)
        assert lines_of(third, "stories", "delta-") == []

    async def test_of_a_later_time_is_not_enough_and_then_all_is_read(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        await api.publish_story()
        await _import(copy, (await _export(api, tmp_path))[0])
        await api.publish_story(url=f"http://{HOST}/2", title="Two")
        missed, _ = await _export(api, tmp_path)
        await api.publish_story(url=f"http://{HOST}/3", title="Three")
        newest, _ = await _export(api, tmp_path)
        done = await _import(copy, newest)
        assert (done.since, done.stories) == (None, 3)
        with pytest.raises(ExportRefused, match="older"):
            await _import(copy, missed)

    async def test_is_refused_by_a_copy_that_went_its_own_way(
        self, api: Api, copy: Api, tmp_path: Path
    ) -> None:
        await api.publish_story()
        await _import(copy, (await _export(api, tmp_path))[0])
        await copy.publish_story(url=f"http://{HOST}/own", title="Its own")
        await api.publish_story(url=f"http://{HOST}/2", title="Two")
        with pytest.raises(ExportRefused, match="written its own events"):
            await _import(copy, (await _export(api, tmp_path))[0])


class TestAnExport:
    async def test_holds_no_text_and_nothing_private(self, api: Api, tmp_path: Path) -> None:
        await _filled(api)
        await api.holder.post("/v1/analyses", json={"text": "Draft of a desk.", "title": "A secret draft"})
        folder, manifest = await _export(api, tmp_path)
        whole = (
            b"".join(gzip.decompress(path.read_bytes()) for path in folder.glob("*.gz"))
            + (folder / "manifest.json").read_bytes()
        )
        assert len(whole) > 10_000
        for hidden in (
            make_article().text,
            PARAGRAPHS[0],
            "Private words",
            "secret draft",
            "acc_",
            "What was a mistake",
        ):
            assert json.dumps(hidden)[1:-1].encode() not in whole
        assert manifest.license == api.runtime.site.license
        assert [engine.name for engine in manifest.engines] == ["rules"]
        assert manifest.last_sequence > 0

    async def test_shows_one_moment_and_is_the_only_one_then(self, api: Api, tmp_path: Path) -> None:
        await api.publish_story()
        async with snapshot(api.runtime.pool) as held:
            assert held is not None
            assert await export_public(api.runtime, tmp_path) is None
            await api.publish_story(url=f"http://{HOST}/2", title="Two")
            assert await held.fetchval("SELECT count(*) FROM stories") == 1
        assert (await _export(api, tmp_path))[1].counts["stories"] == 2
