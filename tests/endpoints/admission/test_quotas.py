"""Quotas: who pays, how much, and the rate limit headers."""

# Long because each quota has refused and accepted requests.

import asyncio
from datetime import timedelta

import httpx
import pytest

from api.errors import AnalysisCrashed, FetchTimeout
from api.operations.analyses.claim_analysis import claim_analysis
from api.operations.analyses.finish_analysis import fail_try
from api.operations.keys.key_format import new_key
from schemas.keys import Scope
from tests.kit.clients.api_client import BASE_URL, Api, Start, bearer
from tests.kit.clients.rate_limit import left, policies
from tests.kit.polling import until, until_status
from tests.kit.servers.slow_bodies import post_slowly
from tests.kit.texts.problems import check_problem, check_retry

KEY_50 = {"UNSPUN_KEY_QUOTAS": "burst=50/3600,daily=5000/86400"}
ADDRESS_5 = {"UNSPUN_ADDRESS_QUOTAS": "burst=5/3600"}
DRAFT = {"text": "Forty roles are impacted."}


def remaining(answer: httpx.Response, policy: str = "burst") -> int:
    return left(answer)[policy]["r"]


def client_at(api: Api, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(api.app, raise_app_exceptions=False, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL)


async def fail(api: Api, analysis_id: str, error: Exception) -> None:
    (row,) = await api.rows("SELECT job_id FROM analyses WHERE id = $1", analysis_id)
    attempt = await claim_analysis(api.runtime, row["job_id"], alone=False)
    assert attempt is not None
    assert await fail_try(api.runtime, row["job_id"], attempt.number, error)  # type: ignore[arg-type]  # errors of ours


class TestManyLookUps:
    @pytest.mark.parametrize("payer", ["an address", "a key", "a key without Valkey"])
    async def test_cost_a_read_for_each_ten(self, start_api: Start, payer: str) -> None:
        variables = {"UNSPUN_KEY_QUOTAS": "burst=50/3600", "UNSPUN_ADDRESS_QUOTAS": "burst=50/3600"}
        if payer == "a key without Valkey":
            variables["UNSPUN_REDIS_URL"] = ""
        async with start_api(**variables) as api:
            client = api.client if payer == "an address" else api.holder

            async def look_up(count: int) -> httpx.Response:
                urls = [f"http://news.brightwater.example/{number}" for number in range(count)]
                return await client.post("/v1/lookups", json={"urls": urls})

            check_problem(await client.post("/v1/lookups", json={"urls": []}), 400, "invalid-request")
            for count, left_after in ((1, 48), (10, 47), (11, 45), (400, 5)):
                answer = await look_up(count)
                assert answer.status_code == 200
                if payer != "a key without Valkey":
                    assert remaining(answer) == left_after
            refused = await look_up(60)
            check_problem(refused, 429, "quota-exceeded")
            assert "costs" in refused.json()["detail"]
            assert (await look_up(40)).status_code == 200, "four of the four that are left"
            check_problem(await look_up(1), 429, "quota-exceeded")


class TestAKeysQuota:
    async def test_lets_exactly_as_many_pass_as_it_has_over_two_processes(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api, start_api(**KEY_50) as other:
            calls = (one.holder.get("/v1/taxonomy") for one in [api, other] * 100)
            answers = await asyncio.gather(*calls)
            assert sorted({answer.status_code for answer in answers}) == [200, 429]
            assert sum(answer.status_code == 200 for answer in answers) == 50

    async def test_refuses_with_the_policy_and_a_time_to_come_back(self, start_api: Start) -> None:
        async with start_api(UNSPUN_KEY_QUOTAS="burst=100/60,daily=2/86400") as api:
            for _ in range(2):
                assert (await api.holder.get("/v1/taxonomy")).status_code == 200
            answer = await api.holder.get("/v1/taxonomy")
            problem = check_problem(answer, 429, "quota-exceeded")
            assert problem["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
            assert problem["violated-policies"] == ["daily"]
            assert int(answer.headers["retry-after"]) >= left(answer)["daily"]["t"] > 0
            assert remaining(answer, "burst") == 98  # from all policies or none
            assert answer.headers["cache-control"] == "no-store"

    async def test_pays_ten_for_an_analysis_however_the_path_is_spelled(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            for number, path in enumerate(("/v1/analyses", "/v1/analyses/", "/v1//analyses"), 1):
                answer = await api.holder.post(path, json=DRAFT)
                assert answer.status_code == 202
                assert remaining(answer) == 50 - 10 * number

    async def test_pays_as_for_a_read_for_what_had_no_effect(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            named = {"Idempotency-Key": "k1"}
            assert remaining(await api.holder.post("/v1/analyses", json=DRAFT, headers=named)) == 40
            replayed = await api.holder.post("/v1/analyses", json=DRAFT, headers=named)
            assert replayed.headers["idempotency-replayed"] == "true"
            assert remaining(replayed) == 39
            assert remaining(await api.holder.post("/v1/analyses", json={"url": 1})) == 38
            assert remaining(await api.holder.get("/v1/taxonomy")) == 37

    async def test_pays_nothing_for_304(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            path = f"/v1/stories/{await api.publish_story()}"
            first = await api.holder.get(path)
            assert remaining(first) == 49
            for _ in range(3):
                again = await api.holder.get(path, headers={"If-None-Match": first.headers["etag"]})
                assert again.status_code == 304
                assert remaining(again) == 49
                assert remaining(again, "daily") == 4999
            assert remaining(await api.holder.get("/v1/taxonomy")) == 48

    async def test_pays_for_304_where_it_names_nothing_that_it_holds(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            await api.publish_story()
            again = await api.holder.get("/v1/stories?q=turbine", headers={"If-None-Match": " * "})
            assert (again.status_code, remaining(again)) == (304, 49)

    async def test_pays_ten_for_a_change_of_an_endpoint(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            created = await api.holder.post(
                "/v1/webhooks", json={"url": "https://hooks.brightwater.example/"}
            )
            assert (created.status_code, remaining(created)) == (201, 40)
            path = f"/v1/webhooks/{created.json()['id']}"
            assert remaining(await api.holder.post(f"{path}/update", json={})) == 30
            assert remaining(await api.holder.post(f"{path}/secret/rotate", json={})) == 20
            assert remaining(await api.holder.get(path)) == 19
            assert remaining(await api.holder.post(f"{path}/disable")) == 9

    async def test_pays_whichever_route_is_asked(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            for number, path in enumerate(("/v1/nowhere", "/v1/stories?limit=0", "/openapi.json"), 1):
                assert remaining(await api.holder.get(path)) == 50 - number

    async def test_is_of_one_key_alone(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            for key in [await api.make_key(Scope.READ_STORIES) for _ in range(2)]:
                assert remaining(await api.client.get("/v1/taxonomy", headers=bearer(key))) == 49

    async def test_is_unlimited_if_the_operator_sets_none(self, start_api: Start) -> None:
        async with start_api(UNSPUN_KEY_QUOTAS="none", UNSPUN_ADDRESS_QUOTAS="none") as api:
            for client in (api.client, api.holder):
                answer = await client.get("/v1/taxonomy")
                assert answer.status_code == 200
                assert not {"ratelimit", "ratelimit-policy"} & set(answer.headers)


class TestAFailedFetch:
    async def test_gives_back_what_its_analysis_cost(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            url = "http://news.brightwater.example/turbine"
            created = await api.holder.post("/v1/analyses", json={"url": url})
            assert remaining(await api.holder.post("/v1/analyses", json={"url": url})) == 30
            await fail(api, created.json()["id"], FetchTimeout("The site did not answer."))
            assert remaining(await api.holder.get("/v1/usage")) == 50
            assert remaining(await api.holder.get("/v1/usage"), "daily") == 5000

    async def test_is_not_a_page_that_takes_its_reader_down(self, start_api: Start) -> None:
        async with start_api(**KEY_50) as api:
            created = await api.holder.post("/v1/analyses", json=DRAFT)
            await fail(api, created.json()["id"], AnalysisCrashed("The analysis was given up."))
            assert remaining(await api.holder.get("/v1/usage")) == 40


class TestAnAddressesQuota:
    async def test_refuses_reads_beyond_it(self, start_api: Start) -> None:
        async with start_api(**ADDRESS_5) as api:
            answers = [await api.client.get("/v1/taxonomy") for _ in range(6)]
            assert [answer.status_code for answer in answers] == [200] * 5 + [429]
            assert [remaining(answer) for answer in answers] == [4, 3, 2, 1, 0, 0]
            assert check_problem(answers[5], 429, "quota-exceeded")["violated-policies"] == ["burst"]
            assert int(answers[5].headers["retry-after"]) >= left(answers[5])["burst"]["t"]

    async def test_pays_for_304_and_for_keys_that_are_not_valid(self, start_api: Start) -> None:
        async with start_api(**ADDRESS_5) as api:
            first = await api.client.get("/v1/taxonomy")
            again = await api.client.get("/v1/taxonomy", headers={"If-None-Match": first.headers["etag"]})
            assert (again.status_code, remaining(again)) == (304, 3)
            assert remaining(await api.client.get("/v1/taxonomy", headers=bearer("wrong"))) == 2

    async def test_is_that_of_64_bits_of_ipv6(self, start_api: Start) -> None:
        async with start_api(**ADDRESS_5) as api:
            same = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff:ffff:ffff:ffff"]
            for number, address in enumerate(same, 1):
                async with client_at(api, address) as client:
                    assert remaining(await client.get("/v1/taxonomy")) == 5 - number
            async with client_at(api, "2001:db8:1:3::1") as client:
                assert remaining(await client.get("/v1/taxonomy")) == 4

    async def test_is_the_clients_behind_a_proxy_of_ours_only(self, start_api: Start) -> None:
        async with start_api(**ADDRESS_5, UNSPUN_TRUSTED_PROXIES="10.0.0.0/8") as api:
            async with client_at(api, "10.0.0.1") as proxy, client_at(api, "203.0.113.9") as stranger:
                for number in range(3):
                    forwarded = {"X-Forwarded-For": f"198.51.100.{number}"}
                    assert remaining(await proxy.get("/v1/taxonomy", headers=forwarded)) == 4
                    assert remaining(await stranger.get("/v1/taxonomy", headers=forwarded)) == 4 - number

    async def test_does_not_hold_up_the_probes(self, start_api: Start) -> None:
        async with start_api(UNSPUN_ADDRESS_QUOTAS="burst=1/3600") as api:
            assert (await api.client.get("/v1/taxonomy")).status_code == 200
            assert (await api.client.get("/v1/taxonomy")).status_code == 429
            for path in ("/livez", "/readyz"):
                answer = await api.client.get(path)
                assert (answer.status_code, remaining(answer)) == (200, 0)


class TestTheFields:
    async def test_name_each_policy_as_the_draft_has_it(self, start_api: Start) -> None:
        async with start_api(**KEY_50, **ADDRESS_5) as api:
            keyed, keyless = await api.holder.get("/v1/taxonomy"), await api.client.get("/v1/taxonomy")
            assert policies(keyed) == {"burst": {"q": 50, "w": 3600}, "daily": {"q": 5000, "w": 86400}}
            assert left(keyed) == {"burst": {"r": 49, "t": 360}, "daily": {"r": 4999, "t": 8640}}
            assert policies(keyless) == {"burst": {"q": 5, "w": 3600}}
            assert left(keyless) == {"burst": {"r": 4, "t": 360}}

    async def test_are_in_every_response(self, api: Api) -> None:
        calls = [
            ("GET", "/"),
            ("GET", "/livez"),
            ("HEAD", "/v1/stories"),
            ("OPTIONS", "/v1/stories"),
            ("GET", "/v1/nowhere"),
            ("DELETE", "/v1/stories"),
            ("POST", "/v1/analyses"),
            ("GET", "/v1/stories?limit=0"),
            ("GET", "/v1/stories?api_key=x"),
            ("GET", "/caf%C3%A9"),
        ]
        for client, names in ((api.client, {"burst"}), (api.holder, {"burst", "daily"})):
            for method, path in calls:
                answer = await client.request(method, path)
                expected = {"burst"} if path == "/livez" else names  # does not look up keys
                assert set(policies(answer)) == set(left(answer)) == expected, path
                assert "RateLimit" in answer.headers.get("access-control-expose-headers", "RateLimit")


class TestUsage:
    async def test_is_free_of_charge(self, start_api: Start) -> None:
        async with start_api(**KEY_50, UNSPUN_MAX_OPEN_ANALYSES="7") as api:
            await api.holder.post("/v1/analyses", json=DRAFT)
            for _ in range(2):
                answer = await api.holder.get("/v1/usage")
                usage = answer.json()
                assert remaining(answer) == 40
            assert answer.headers["cache-control"] == "private, no-store"
            burst = usage["quotas"][0]
            assert (burst["policy"], burst["quota"], burst["remaining"]) == ("burst", 50, 40)
            assert 0 < burst["refill_s"] <= 360
            assert usage["costs"] == {"read": 1, "analysis": 10}
            assert usage["open_analyses"] == {"used": 1, "limit": 7}

    async def test_is_served_when_the_quota_is_exhausted(self, start_api: Start) -> None:
        async with start_api(UNSPUN_KEY_QUOTAS="burst=1/3600") as api:
            assert (await api.holder.get("/v1/taxonomy")).status_code == 200
            assert (await api.holder.get("/v1/taxonomy")).status_code == 429
            assert (await api.holder.get("/v1/usage")).json()["quotas"][0]["remaining"] == 0


class TestKeysThatAreNotValid:
    async def test_lock_their_address_out(self, start_api: Start) -> None:
        async with start_api(UNSPUN_BAD_KEY_QUOTAS="bad-keys=3/600") as api:
            key = await api.make_key(Scope.READ_STORIES)
            for wrong in ("guess-one", "guess-two", "guess-three"):
                answer = await api.client.get("/v1/keys", headers=bearer(wrong))
                check_problem(answer, 401, "unauthorized")
            for headers in (bearer("guess-four"), bearer(key)):
                for path in ("/v1/keys", "/v1/taxonomy"):
                    answer = await api.client.get(path, headers=headers)
                    problem = check_problem(answer, 429, "abnormal-usage-detected")
                    assert problem["type"].endswith("#abnormal-usage-detected")
                    assert 0 < int(answer.headers["retry-after"]) <= 240  # a key in four steps of a minute
            assert (await api.client.get("/v1/taxonomy")).status_code == 200
            async with client_at(api, "203.0.113.9") as elsewhere:
                assert (await elsewhere.get("/v1/keys", headers=bearer(key))).status_code == 200

    async def test_lock_out_no_key_that_was_valid_lately(self, start_api: Start) -> None:
        async with start_api(UNSPUN_BAD_KEY_QUOTAS="bad-keys=3/600") as api:
            used, revoked = [await api.make_key(Scope.READ_STORIES) for _ in range(2)]
            for key in (used, revoked):
                assert (await api.client.get("/v1/keys", headers=bearer(key))).status_code == 200
            for number in range(5):
                await api.client.get("/v1/keys", headers=bearer(f"guess-{number}"))
            fresh = await api.make_key(Scope.READ_STORIES)
            assert (await api.client.get("/v1/keys", headers=bearer(fresh))).status_code == 429
            assert (await api.client.get("/v1/keys", headers=bearer(used))).status_code == 200
            await api.rows("UPDATE api_keys SET revoked_at = now() WHERE id = $1", revoked.id)
            for _ in range(2):  # after its entry expires, it counts as a guess again
                await until_status(429, api.client, "/v1/keys", 30, headers=bearer(revoked))
            assert (await api.client.get("/v1/keys", headers=bearer(used))).status_code == 200

    async def test_are_counted_one_by_one_in_a_crowd(self, start_api: Start) -> None:
        async with start_api(UNSPUN_BAD_KEY_QUOTAS="bad-keys=5/600") as api:
            guesses = (api.client.get("/v1/keys", headers=bearer(new_key())) for _ in range(40))
            codes = [answer.status_code for answer in await asyncio.gather(*guesses)]
            assert (codes.count(401), codes.count(429)) == (5, 35)

    async def test_are_not_looked_up_any_more(self, start_api: Start, database_url: str) -> None:
        async with start_api(UNSPUN_BAD_KEY_QUOTAS="bad-keys=1/600") as api:
            key = await api.make_key(Scope.READ_STORIES)
            await api.client.get("/v1/keys", headers=bearer("guess"))
            await api.client.get("/v1/keys", headers=bearer(key))
            (row,) = await api.rows("SELECT last_used_at FROM api_keys WHERE id = $1", key.id)
            assert row["last_used_at"] is None


class TestReducedCapacity:
    async def test_is_refused_while_too_many_are_answered_but_not_to_probes(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_IN_FLIGHT="2") as api:
            created = (await api.holder.post("/v1/analyses", json=DRAFT)).json()["id"]
            held = [asyncio.create_task(post_slowly(api)) for _ in range(2)]
            await until_status(503, api.client, "/v1/taxonomy")
            answer = await api.holder.get(f"/v1/analyses/{created}")
            problem = check_problem(answer, 503, "temporary-reduced-capacity")
            assert problem["type"].endswith("#temporary-reduced-capacity")
            assert int(answer.headers["retry-after"]) > 0
            assert "ratelimit" not in answer.headers  # not counted
            for path in ("/livez", "/readyz"):
                assert (await api.client.get(path)).status_code == 200
            for call in held:
                call.cancel()
            await asyncio.gather(*held, return_exceptions=True)
            await asyncio.gather(*held, return_exceptions=True)
            assert (await api.holder.get(f"/v1/analyses/{created}")).status_code == 200


class TestTheBacklog:
    async def test_refuses_analyses_past_its_size_and_nothing_else(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_QUEUED_JOBS="1", **KEY_50) as api:
            named = {"Idempotency-Key": "k1"}
            assert (await api.holder.post("/v1/analyses", json=DRAFT, headers=named)).status_code == 202
            await _look_again(api)
            answer = await api.holder.post("/v1/analyses", json=DRAFT)
            check_retry(answer, 503, "temporary-reduced-capacity")
            assert remaining(answer) == 39  # refused, so it cost a read
            replayed = await api.holder.post("/v1/analyses", json=DRAFT, headers=named)
            assert replayed.headers["idempotency-replayed"] == "true"
            assert (await api.holder.get("/v1/stories")).status_code == 200

    async def test_refuses_analyses_while_the_oldest_waits_too_long(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_QUEUE_AGE_S="60") as api:
            created = (await api.holder.post("/v1/analyses", json=DRAFT)).json()["id"]
            assert (await api.holder.post("/v1/analyses", json=DRAFT)).status_code == 202
            await api.rows("UPDATE analysis_jobs SET created_at = created_at - interval '61 seconds'")
            await _look_again(api)
            check_problem(
                await api.holder.post("/v1/analyses", json=DRAFT), 503, "temporary-reduced-capacity"
            )
            assert (await api.holder.get(f"/v1/analyses/{created}")).status_code == 200


async def _look_again(api: Api) -> None:
    """Wait until the process measures the backlog again."""
    began = api.runtime.clock.monotonic()
    await until(lambda: api.runtime.clock.monotonic() > began + 1.01)


class TestTheOrderOfWork:
    """An account's first twenty unfinished analyses precede the rest of another's."""

    PAGES = tuple(f"http://news.brightwater.example/{number}" for number in range(50))
    ALONE = "http://wire.quillfeather.example/alone"

    @pytest.mark.parametrize(("url", "place"), [(ALONE, 20), (PAGES[45], 20), (PAGES[7], 7)])
    async def test_lets_no_account_with_many_pages_delay_the_first_of_another(
        self, api: Api, url: str, place: int
    ) -> None:
        other = await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26)
        batch = await api.holder.post("/v1/analyses/batch", json={"urls": self.PAGES})
        assert batch.status_code == 202, batch.text
        created = await api.client.post("/v1/analyses", json={"url": url}, headers=bearer(other))
        assert created.status_code == 202
        rows = await api.rows(
            """SELECT j.url FROM queue.pgqueuer q JOIN analysis_jobs j ON j.id = q.dedupe_key
               WHERE q.status = 'queued' ORDER BY q.priority DESC, q.id"""
        )
        assert [row["url"] for row in rows].index(url) == place


class TestTheCapsOfAnAccount:
    async def test_bound_its_unfinished_analyses(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_OPEN_ANALYSES="2") as api:
            other = await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26)
            for number in range(2):
                created = await api.holder.post("/v1/analyses", json={"text": f"{number}"})
                assert created.status_code == 202
            problem = check_problem(await api.holder.post("/v1/analyses", json=DRAFT), 429, "quota-exceeded")
            assert problem["violated-policies"] == ["open-analyses"]
            created = await api.client.post("/v1/analyses", json=DRAFT, headers=bearer(other))
            assert created.status_code == 202

    async def test_bound_the_urls_of_one_host_a_minute(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_URLS_PER_HOST="2") as api:

            async def submit(url: str) -> httpx.Response:
                return await api.holder.post("/v1/analyses", json={"url": url})

            for number in range(2):
                assert (await submit(f"http://news.brightwater.example/{number}")).status_code == 202
            answer = await submit("https://news.brightwater.example/three?utm_source=x")
            assert check_problem(answer, 429, "quota-exceeded")["violated-policies"] == ["urls-per-host"]
            assert int(answer.headers["retry-after"]) > 0
            for url in ("http://brightwater.example/", "http://news.brightwater.example.example/"):
                assert (await submit(url)).status_code == 202
            await api.rows(
                "UPDATE analyses SET created_at = $1", api.runtime.clock.now() - timedelta(seconds=61)
            )
            assert (await submit("http://news.brightwater.example/three")).status_code == 202


class TestWhileValkeyIsAway:
    @pytest.mark.parametrize("url", ["", "redis://127.0.0.1:1/0"])
    async def test_reads_are_counted_in_the_process_without_ratelimit_headers(
        self, start_api: Start, url: str
    ) -> None:
        async with start_api(UNSPUN_REDIS_URL=url, UNSPUN_KEY_QUOTAS="burst=5/3600") as api:
            answers = [await api.holder.get("/v1/taxonomy") for _ in range(6)]
            assert [answer.status_code for answer in answers] == [200] * 5 + [429]
            assert all("ratelimit" not in answer.headers for answer in answers)
            assert all(policies(answer)["burst"]["q"] == 5 for answer in answers)
            check_problem(answers[5], 429, "quota-exceeded")
            assert (await api.holder.get("/v1/usage")).json()["quotas"][0]["remaining"] is None

    async def test_analyses_are_counted_in_the_database(self, start_api: Start) -> None:
        async with start_api(UNSPUN_REDIS_URL="", UNSPUN_KEY_QUOTAS="burst=30/60") as api:
            key = await api.make_key(Scope.WRITE_ANALYSES)
            created = [await api.holder.post("/v1/analyses", json={"text": f"{n}"}) for n in range(4)]
            assert [answer.status_code for answer in created] == [202] * 3 + [429]
            assert check_problem(created[3], 429, "quota-exceeded")["violated-policies"] == ["burst"]
            assert int(created[3].headers["retry-after"]) > 0
            assert (await api.client.post("/v1/analyses", json=DRAFT, headers=bearer(key))).status_code == 202
            await fail(api, created[0].json()["id"], FetchTimeout("The site did not answer."))
            assert (await api.holder.post("/v1/analyses", json=DRAFT)).status_code == 202
