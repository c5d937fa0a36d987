"""Downloads of exports, and when exports are written."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.jobs.export_when_due import export_when_due
from api.operations.exports.export_files import list_exports, remove_since
from api.operations.exports.export_public import export_public
from api.operations.exports.import_public import import_public
from tests.conftest import Servers
from tests.kit.clients.api_client import BASE_URL, Api
from tests.kit.clients.exporting import second_api
from tests.kit.texts.factories import HOST
from tests.kit.texts.problems import check_problem

RETRACTION: Final = {"reason": "error", "statement": "A test page."}


async def test_an_export_of_a_half_filled_database_goes_and_the_next_has_all(
    servers: Servers, template: str, tmp_path: Path
) -> None:
    async with second_api(servers, template, "filling", UNSPUN_EXPORTS_FOLDER=str(tmp_path)) as api:
        kept = await export_when_due(api.runtime)
        assert kept is not None
        began = api.runtime.clock.now()
        assert (await export_public(api.runtime, tmp_path)) is not None
        await api.publish_story()
        remove_since(tmp_path, began)
        assert [export.id for export in list_exports(tmp_path)] == [kept.id]
        remove_since(tmp_path, kept.created_at)
        whole = await export_when_due(api.runtime)
        assert whole is not None
        assert whole.counts["stories"] == 1


class TestServedExports:
    async def test_are_missing_without_a_folder(self, quiet_api: Api) -> None:
        assert (await quiet_api.client.get("/v1/exports")).json()["data"] == []
        check_problem(await quiet_api.client.get(f"/v1/exports/exp_{'0' * 26}"), 404, "not-found")

    async def test_can_be_followed_from_the_list_into_another_service(
        self, servers: Servers, template: str, tmp_path: Path
    ) -> None:
        folder = {"UNSPUN_EXPORTS_FOLDER": str(tmp_path / "exports"), "UNSPUN_EXPORTS_KEPT": "2"}
        async with second_api(servers, template, "serving", **folder) as api:
            published_at = datetime(2026, 2, 3, 23, tzinfo=UTC)
            await api.publish_story(published_at=published_at)
            await api.publish_story(
                url="http://press.quillon.example/later",
                title="Later",
                published_at=datetime(2026, 3, 1, tzinfo=UTC),
            )
            first = await export_when_due(api.runtime)
            assert first is not None
            assert await export_when_due(api.runtime) is None, "it is not due"
            listed = (await api.client.get("/v1/exports")).json()
            assert [export["id"] for export in listed["data"]] == [first.id]
            here, target = f"/v1/exports/{first.id}", tmp_path / "downloaded"
            target.mkdir()
            manifest = await api.client.get(here)
            assert manifest.json() == listed["data"][0]
            (target / "manifest.json").write_bytes(manifest.content)
            graph = (await api.client.get(f"{here}.jsonld")).json()["@graph"]
            (data_set,) = [node for node in graph if node["@type"] == "Dataset"]
            assert first.oldest_at == published_at
            assert data_set["temporalCoverage"] == "2026-02-03/2026-03-01"
            downloads = {
                node["contentUrl"]: node["sha256"] for node in graph if node["@type"] == "DataDownload"
            }
            assert [place["@id"] for place in data_set["distribution"]] == list(downloads)
            for file in manifest.json()["files"]:
                assert downloads[f"{BASE_URL}{here}/{file['name']}"] == file["sha256"]
            assert f'<{BASE_URL}{here}.jsonld>; rel="alternate"' in manifest.headers["link"]
            for file in manifest.json()["files"]:
                answer = await api.client.get(f"{here}/{file['name']}")
                assert answer.headers["content-type"] == "application/gzip"
                assert answer.headers["etag"] == f'"{file["sha256"]}"'
                (target / file["name"]).write_bytes(answer.content)
                again = await api.client.get(
                    f"{here}/{file['name']}", headers={"If-None-Match": answer.headers["etag"]}
                )
                assert (again.status_code, again.content) == (304, b"")
                head = await api.client.head(f"{here}/{file['name']}")
                assert (head.headers["content-length"], head.content) == (str(file["bytes"]), b"")
            async with second_api(servers, template, "copy") as copy:
                assert (await import_public(copy.runtime, target)).stories == 2
            for name in ("manifest.json", "stories-0002.ndjson.gz", "..%2F..%2Fx"):
                assert (await api.client.get(f"{here}/{name}")).status_code == 404

            # a second one by hand makes no third; the oldest is deleted
            await api.publish_story(url=f"http://{HOST}/2", title="Two")
            second = await export_public(api.runtime, tmp_path / "exports")
            assert second is not None
            page = (await api.client.get("/v1/exports?limit=1")).json()
            assert (page["data"][0]["id"], page["has_more"]) == (second.id, True)
            rest = (await api.client.get(f"/v1/exports?limit=1&cursor={page['next_cursor']}")).json()
            assert ([export["id"] for export in rest["data"]], rest["has_more"]) == ([first.id], False)

    async def test_show_no_story_that_was_retracted_since(
        self, servers: Servers, template: str, tmp_path: Path
    ) -> None:
        async with second_api(servers, template, "serving", UNSPUN_EXPORTS_FOLDER=str(tmp_path)) as api:
            story = await api.publish_story()
            first = await export_when_due(api.runtime)
            assert first is not None
            here = f"/v1/exports/{first.id}"
            assert (await api.client.get(here)).status_code == 200
            assert (await api.holder.post(f"/v1/stories/{story}/retract", json=RETRACTION)).is_success
            for path in (here, f"{here}/stories-0001.ndjson.gz"):
                check_problem(await api.client.get(path), 410, "gone")
            assert (await api.client.get("/v1/exports")).json()["data"] == []
            second = await export_when_due(api.runtime)
            assert second is not None
            assert (second.counts["stories"], second.counts["deletions"]) == (0, 1)
            assert second.delta is not None
            assert os.listdir(tmp_path) == [second.id]
            check_problem(await api.client.get(here), 404, "not-found")
