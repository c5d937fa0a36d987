"""Downloads of exports, and when exports are written."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from api.jobs.export_when_due import export_when_due
from api.operations.exports.export_files import list_exports, remove_since
from api.operations.exports.export_public import export_public
from api.operations.exports.import_public import import_public
from tests.conftest import Servers
from tests.kit.clients.api_client import BASE_URL, Api
from tests.kit.clients.exporting import second_api
from tests.kit.servers.fakes import ShiftedClock
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


async def check_ranges(api: Api, path: str, whole: bytes) -> None:
    """Parts of a file, as clients resume downloads (RFC 9110 section 14)."""
    size = len(whole)
    first = await api.client.get(path)
    assert first.headers["accept-ranges"] == "bytes"
    for given, part in (
        ("bytes=0-9", slice(0, 10)),
        ("bytes=10-", slice(10, None)),
        ("bytes=-7", slice(-7, None)),
        (f"bytes=0-{size * 2}", slice(None)),
        (f"bytes=-{size * 2}", slice(None)),
        (f"bytes={size - 1}-", slice(-1, None)),
    ):
        answer = await api.client.get(path, headers={"Range": given})
        assert (answer.status_code, answer.content) == (206, whole[part]), given
        start, stop, _ = part.indices(size)
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
        assert answer.headers["content-length"] == str(stop - start)
        assert answer.headers["etag"] == first.headers["etag"]
    for given in (
        "bytes=9-1",
        "bytes=-",
        "bytes=a-b",
        "lines=0-1",
        "bytes=0-1,4-5",
        "",
        "bytes=0-" + "9" * 40,
    ):
        answer = await api.client.get(path, headers={"Range": given})
        assert (answer.status_code, answer.content) == (200, whole), given
    for given in (f"bytes={size}-", "bytes=-0"):
        answer = await api.client.get(path, headers={"Range": given})
        check_problem(answer, 416, "range-not-satisfiable")
        assert answer.headers["content-range"] == f"bytes */{size}"
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for version, status in (
        (tag, 206), (date, 206), (f"W/{tag}", 200), ('"other"', 200), ("x", 200),
        ("Mon, 02 Mar 2020 09:00:00 GMT", 200),
    ):  # fmt: skip
        answer = await api.client.get(path, headers={"Range": "bytes=0-9", "If-Range": version})
        assert answer.status_code == status, version
    fresh = await api.client.get(path, headers={"Range": "bytes=0-9", "If-None-Match": tag})
    assert fresh.status_code == 304
    assert (await api.client.head(path, headers={"Range": "bytes=0-9"})).headers["content-length"] == str(
        size
    )


class TestServedExports:
    async def test_are_missing_without_a_folder(self, quiet_api: Api) -> None:
        check_problem(await quiet_api.client.get("/v1/exports/latest"), 404, "not-found")
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
                assert file["url"] == f"{BASE_URL}{here}/{file['name']}"
                head = await api.client.head(f"{here}/{file['name']}")
                assert (head.headers["content-length"], head.content) == (str(file["bytes"]), b"")
            (largest, *_) = sorted(manifest.json()["files"], key=lambda file: -file["bytes"])
            await check_ranges(api, f"{here}/{largest['name']}", (target / largest["name"]).read_bytes())
            assert (await api.client.get("/v1/exports/latest")).content == manifest.content
            latest = await api.client.get(
                f"/v1/exports/latest/{largest['name']}", headers={"Range": "bytes=-5"}
            )
            assert latest.content == (target / largest["name"]).read_bytes()[-5:]
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

    async def test_are_not_written_by_a_clock_that_is_ahead(
        self, servers: Servers, template: str, tmp_path: Path
    ) -> None:
        """It would delete an older one too early, and no other worker would write one for a month."""
        folder = {"UNSPUN_EXPORTS_FOLDER": str(tmp_path), "UNSPUN_EXPORTS_KEPT": "1"}
        async with second_api(servers, template, "serving", **folder) as api:
            first = await export_when_due(api.runtime)
            assert first is not None
            ahead = replace(api.runtime, clock=ShiftedClock(timedelta(days=31)))
            assert await export_when_due(ahead) is None
            assert os.listdir(tmp_path) == [first.id]

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
