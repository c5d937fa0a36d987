"""Admission while PostgreSQL or Valkey is down or unresponsive."""

import asyncio
import time

import asyncpg

from api.operations.keys.key_format import new_key
from tests.kit.clients.api_client import Api, Start
from tests.kit.polling import until, until_status
from tests.kit.servers.proxy import through_proxy
from tests.kit.texts.problems import check_problem, check_retry


class TestWithoutPostgreSQL:
    async def test_serves_what_valkey_holds_and_503_for_the_rest(
        self, start_api: Start, database_url: str
    ) -> None:
        async with through_proxy(database_url) as proxy, start_api(UNSPUN_DATABASE_URL=proxy.url) as api:
            story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
            held = [
                f"/v1/stories/{story['id']}",
                f"/v1/stories/{story['slug']}",
                f"/v1/verdicts/{story['verdict']['id']}",
            ]
            for path in held:
                assert (await api.client.get(path)).status_code == 200
            assert (await api.holder.get("/v1/analyses/ana_x")).status_code == 404
            await proxy.stop()
            for path in [*held, "/livez", "/v1/taxonomy", "/problems", "/openapi.json", "/docs", "/"]:
                assert (await api.client.get(path)).status_code == 200, path
            began = time.monotonic()
            away = [
                "/v1/stories",
                "/v1/claims",
                "/v1/stories/other-slug",
                f"/v1/lookup?url={story['url']}",
                "/readyz",
            ]
            for path in away:
                check_retry(await api.client.get(path), 503, "unavailable")
            for call in (
                api.holder.post("/v1/analyses", json={"url": story["url"]}),
                api.holder.get("/v1/analyses/ana_x"),
                api.client.get("/v1/analyses/ana_x", headers={"Authorization": f"Bearer {new_key()}"}),
            ):
                check_problem(await call, 503, "unavailable")
            assert time.monotonic() - began < 5 * (len(away) + 3)
            await proxy.start()
            await until_status(200, api.client, "/readyz")
            assert (await api.client.get("/v1/stories")).json()["data"][0]["id"] == story["id"]

    async def test_is_well_once_the_server_is_there_that_was_away_at_the_start(
        self, start_api: Start, database_url: str
    ) -> None:
        async with through_proxy(database_url) as proxy:
            await proxy.stop()
            async with start_api(UNSPUN_DATABASE_URL=proxy.url) as api:
                assert (await api.client.get("/readyz")).status_code == 503
                await proxy.start()
                await until_status(200, api.client, "/readyz")
                assert (await api.client.get("/v1/stories")).status_code == 200

    async def test_answers_all_in_time_when_the_server_is_silent(self, start_api: Start) -> None:
        open_ended: list[asyncio.StreamWriter] = []
        silent = await asyncio.start_server(lambda _, writer: open_ended.append(writer), "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        async with start_api(UNSPUN_DATABASE_URL=f"postgresql://127.0.0.1:{port}/x?sslmode=disable") as api:
            began = time.monotonic()
            answers = await asyncio.gather(*(api.client.get("/v1/stories") for _ in range(20)))
            assert time.monotonic() - began < 5
            assert {answer.status_code for answer in answers} == {503}
        silent.close()
        for writer in open_ended:
            writer.close()

    async def test_reads_with_a_key_wait_for_its_look_up_once_a_second_at_most(
        self, start_api: Start
    ) -> None:
        open_ended: list[asyncio.StreamWriter] = []
        silent = await asyncio.start_server(lambda _, writer: open_ended.append(writer), "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        async with start_api(UNSPUN_DATABASE_URL=f"postgresql://127.0.0.1:{port}/x?sslmode=disable") as api:
            began = time.monotonic()
            assert (await api.holder.get("/v1/taxonomy")).status_code == 200
            assert time.monotonic() - began > 2  # after a look-up
            began = time.monotonic()
            for _ in range(3):
                assert (await api.holder.get("/v1/taxonomy")).status_code == 200
            check_problem(await api.holder.get("/v1/keys"), 503, "unavailable")
            assert time.monotonic() - began < 0.9
        silent.close()
        for writer in open_ended:
            writer.close()

    async def test_is_not_ready_before_the_migration(self, start_api: Start, empty_database_url: str) -> None:
        async with start_api(UNSPUN_DATABASE_URL=empty_database_url) as api:
            assert "migrate" in check_problem(await api.client.get("/readyz"), 503, "unavailable")["detail"]


class TestWithoutValkey:
    async def test_serves_everything_and_reports_a_degraded_state(
        self, start_api: Start, redis_url: str
    ) -> None:
        async with through_proxy(redis_url) as proxy, start_api(UNSPUN_REDIS_URL=proxy.url) as api:
            assert (await api.client.get("/readyz")).json() == {"status": "ready", "degraded": []}
            story_id = await api.publish_story()
            await proxy.stop()
            story = await api.client.get(f"/v1/stories/{story_id}")
            assert story.status_code == 200
            assert (await api.client.get(f"/v1/stories/{story.json()['slug']}")).content == story.content
            assert (await api.client.get("/readyz")).json() == {"status": "ready", "degraded": ["redis"]}
            await proxy.start()

            async def undegraded() -> bool:
                return not (await api.client.get("/readyz")).json()["degraded"]

            await until(undegraded)

    async def test_is_complete_without_one_configured(self, start_api: Start) -> None:
        async with start_api(UNSPUN_REDIS_URL="") as api:
            story_id = await api.publish_story()
            assert (await api.client.get(f"/v1/stories/{story_id}")).status_code == 200
            assert (await api.client.get("/readyz")).json()["degraded"] == []


class TestADatabaseWithoutRoom:
    async def test_refuses_what_is_written_and_serves_what_is_read(self, api: Api) -> None:
        """A trigger raises PostgreSQL's SQLSTATE 53100."""
        story_id = await api.publish_story()
        assert (await api.client.get("/readyz")).json()["degraded"] == []
        owner = await asyncpg.connect(api.owner_url)
        await owner.execute(
            """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
               CREATE TRIGGER full_disk BEFORE INSERT ON analyses EXECUTE FUNCTION full_disk();"""
        )
        await owner.close()
        answer = await api.holder.post("/v1/analyses", json={"text": "Forty roles are impacted."})
        check_retry(answer, 503, "unavailable")
        await api.forget_copies()
        assert (await api.client.get(f"/v1/stories/{story_id}")).status_code == 200
        ready = await api.client.get("/readyz")
        assert (ready.status_code, ready.json()["degraded"]) == (200, ["writes"])
