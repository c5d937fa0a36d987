"""Webhook endpoints: validation, access, secrets, and previews of a subscription."""

from datetime import timedelta
from importlib.metadata import version
from typing import Any

import pytest
from cryptography.fernet import Fernet

from api.runtime.fetch_policy import delivery_policy
from api.storage.webhooks.webhooks import list_secrets
from api.webhooks.encryption import KeyRing, new_ring_key
from schemas.keys import Scope
from tests.kit.clients.api_client import WEBHOOK_KEY, Api, Start, bearer
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.problems import check_invalid, check_problem

REFUSED_HEADERS = (
    "Host", "Content-Type", "content-length", "webhook-id", "Webhook-Signature", "User-Agent", "Connection",
    "Transfer-Encoding", "Cookie", "Proxy-Authorization", "X-Forwarded-For", "X-Real-IP", "X Team",
    "X-\r\nHost", "", "X-" + "a" * 63,
)  # fmt: skip
HOOK = "https://hooks.brightwater.example/unspun"


async def _make(api: Api, **more: Any) -> dict[str, Any]:
    answer = await api.holder.post("/v1/webhooks", json={"url": HOOK, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _holding(api: Api, part: bytes) -> list[str]:
    found = []
    for (table,) in await api.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        for row in await api.rows(f'SELECT * FROM "{table}"'):
            values = (value if isinstance(value, bytes) else str(value).encode() for value in row.values())
            found += [table for value in values if part in value]
    return found


async def _traces(api: Api) -> list[list[Any]]:
    """What a change of an endpoint leaves in the tables."""
    tables = (
        "SELECT * FROM webhook_endpoints",
        "SELECT * FROM deliveries",
        "SELECT * FROM audit_log ORDER BY 1",
    )
    return [await api.rows(query) for query in tables]


class TestMaking:
    @pytest.mark.parametrize(
        ("url", "status"),
        [
            ("http://hooks.brightwater.example/", 422),
            ("https://hooks.brightwater.example:8443/", 422),
            ("https://127.0.0.1/", 422),
            ("https://169.254.169.254/latest", 422),
            ("https://metadata.google.internal/", 422),
            ("https://user:pass@hooks.brightwater.example/", 422),
            ("https://hooks.brightwater.example/#part", 400),
            ("ftp://hooks.brightwater.example/", 422),
            ("https://" + "a" * 2_100, 400),
        ],
    )
    async def test_refuses_a_url_to_which_nothing_may_be_sent(
        self, quiet_api: Api, url: str, status: int
    ) -> None:
        slug = "url-not-allowed" if status == 422 else "invalid-request"
        check_problem(await quiet_api.holder.post("/v1/webhooks", json={"url": url}), status, slug)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"predicate": "spin.score >="},
            {"predicate": "spin.scor >= 3"},
            {"predicate": "spin.score >= 3", "event_types": ["analysis.failed"]},
            {"event_types": ["story.liked"]},
            {"rate_limit": 0},
            {"rate_limit": 1_001},
            {"headers": {f"X-{number}": "a" for number in range(11)}},
            *({"headers": {name: "a"}} for name in REFUSED_HEADERS),
            *({"headers": {"X-Team": value}} for value in ("", " a", "a\r\nHost: b", "é", "a" * 1_025)),
            {"headers": {"X-Team": "a", "x-team": "b"}},
        ],
    )
    async def test_refuses_what_would_never_match_or_is_unknown(
        self, quiet_api: Api, wrong: dict[str, Any]
    ) -> None:
        answer = await quiet_api.holder.post("/v1/webhooks", json={"url": HOOK, **wrong})
        (error,) = check_problem(answer, 400, "invalid-request")["errors"]
        assert error["pointer"].startswith("#/")

    async def test_is_not_there_without_a_key_ring(self, start_api: Start) -> None:
        async with start_api(UNSPUN_WEBHOOK_KEYS="") as api:
            check_problem(await api.holder.post("/v1/webhooks", json={"url": HOOK}), 503, "unavailable")

    async def test_ends_at_the_accounts_bound(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_ENDPOINTS="2") as api:
            await _make(api)
            await _make(api)
            answer = await api.holder.post("/v1/webhooks", json={"url": HOOK})
            check_problem(answer, 409, "conflict")
            other = await api.make_key(Scope.MANAGE_WEBHOOKS, account_id="acc_" + "2" * 26)
            answer = await api.client.post("/v1/webhooks", json={"url": HOOK}, headers=bearer(other))
            assert answer.status_code == 201

    async def test_takes_the_ports_of_the_setting_and_no_others(self, start_api: Start) -> None:
        async with start_api(UNSPUN_DELIVERY_PORTS="8443, 9443") as api:
            for port in (443, 8443, 9443):
                await _make(api, url=f"https://hooks.brightwater.example:{port}/")
            for url in ("https://hooks.brightwater.example:8444/", "http://hooks.brightwater.example:8443/"):
                check_problem(
                    await api.holder.post("/v1/webhooks", json={"url": url}), 422, "url-not-allowed"
                )

    async def test_leaves_it_pending_with_a_ping_on_its_way(self, api: Api) -> None:
        created = await _make(api)
        assert created["status"] == "pending"
        (delivery,) = await api.rows("SELECT endpoint_id, event_type, status FROM deliveries")
        assert tuple(delivery) == (created["id"], "webhook.ping", "pending")


class TestTheSender:
    async def test_publishes_user_agent_and_networks(self, start_api: Start) -> None:
        async with start_api(UNSPUN_DELIVERY_NETWORKS="192.0.2.16/28, 2001:db8::/48") as api:
            index = (await api.client.get("/", headers={"Accept": "application/json"})).json()
            assert index["webhooks_from"] == ["192.0.2.16/28", "2001:db8::/48"]
            name, _, about = delivery_policy(api.runtime.settings).user_agent.partition(" ")
            assert name == f"Unspun-Webhooks/{version('unspun')}"
            path = about.removeprefix("(+http://unspun.test").removesuffix(")")
            assert (await api.client.get(path)).status_code == 200

    async def test_omits_unconfigured_networks(self, quiet_api: Api) -> None:
        index = (await quiet_api.client.get("/", headers={"Accept": "application/json"})).json()
        assert index["webhooks_from"] == []


class TestChanging:
    async def test_is_refused_in_another_state_than_the_one_seen(self, api: Api) -> None:
        path = f"/v1/webhooks/{(await _make(api))['id']}"
        etag = (await api.holder.get(path)).headers["etag"]
        first = await api.holder.post(f"{path}/update", json={"description": "a"}, headers={"If-Match": etag})
        assert first.headers["etag"] != etag
        check_problem(
            await api.holder.post(f"{path}/delete", headers={"If-Match": etag}), 412, "precondition-failed"
        )

    @pytest.mark.parametrize("status", ["pending", "active"])
    @pytest.mark.parametrize("given", [(), ("url",), ("headers", "event_types", "predicate", "description")])
    async def test_to_the_present_values_is_none(self, api: Api, status: str, given: tuple[str, ...]) -> None:
        values = {
            "url": HOOK,
            "headers": {"X-Team": "desk"},
            "event_types": ["verdict.revised", "story.published"],
            "predicate": "spin.score > 50",
            "description": "desk",
        }
        path = f"/v1/webhooks/{(await _make(api, **values))['id']}"
        await api.rows("UPDATE webhook_endpoints SET status = $1", status)
        before, traces = await api.holder.get(path), await _traces(api)
        same = {name: values[name] for name in given}
        answer = await api.holder.post(f"{path}/update", json=same, headers={"If-Match": '"1"'})
        assert answer.json() == before.json()
        assert answer.headers["etag"] == before.headers["etag"]
        assert await _traces(api) == traces
        for name, other in (("headers", {"X-Team": "desk 2"}), ("description", "")):
            changed = await api.holder.post(f"{path}/update", json=same | {name: other})
            assert changed.headers["etag"] != answer.headers["etag"]
            answer = changed

    async def test_to_headers_that_no_key_decrypts_replaces_them(self, api: Api) -> None:
        path = f"/v1/webhooks/{(await _make(api, headers={'X-Team': 'desk'}))['id']}"
        lost = KeyRing(new_ring_key()).seal("{}", "whe_1")
        await api.rows("UPDATE webhook_endpoints SET headers = $1", lost)
        await api.holder.post(f"{path}/update", json={"headers": {"X-Team": "desk"}})
        assert [
            row["headers"] == lost for row in await api.rows("SELECT headers FROM webhook_endpoints")
        ] == [False]

    async def test_checks_a_predicate_only_if_it_or_its_event_types_change(self, api: Api) -> None:
        path = f"/v1/webhooks/{(await _make(api))['id']}/update"
        await api.rows("UPDATE webhook_endpoints SET predicate = 'spin.score > 90 && source.type == url'")
        assert (await api.holder.post(path, json={"description": "desk"})).status_code == 200
        for change in ({"event_types": ["story.published"]}, {"predicate": "source.type == ''"}):
            check_invalid(await api.holder.post(path, json=change), pointer="#/predicate")

    async def test_keeps_omitted_members_and_removes_the_predicate_by_null(self, api: Api) -> None:
        created = await _make(api, predicate="spin.score > 50", description="desk")
        path = f"/v1/webhooks/{created['id']}/update"
        changed = (await api.holder.post(path, json={"payload": "full"})).json()
        assert (changed["predicate"], changed["payload"]) == ("spin.score > 50", "full")
        assert (await api.holder.post(path, json={"predicate": None})).json()["predicate"] is None

    async def test_makes_an_active_one_pending_again_with_another_url(self, api: Api) -> None:
        created = await _make(api)
        await api.rows("UPDATE webhook_endpoints SET status = 'active'")
        path = f"/v1/webhooks/{created['id']}/update"
        same = (await api.holder.post(path, json={"url": HOOK})).json()
        other = (await api.holder.post(path, json={"url": f"{HOOK}/2"})).json()
        assert (same["status"], other["status"]) == ("active", "pending")

    async def test_ends_what_was_waiting_when_it_is_disabled_or_deleted(self, api: Api) -> None:
        created = await _make(api)
        disabled = (await api.holder.post(f"/v1/webhooks/{created['id']}/disable")).json()
        assert (disabled["status"], disabled["disabled_reason"]) == ("disabled", "by_owner")
        assert [row["status"] for row in await api.rows("SELECT status FROM deliveries")] == ["cancelled"]
        enabled = (await api.holder.post(f"/v1/webhooks/{created['id']}/enable")).json()
        assert (enabled["status"], enabled["disabled_reason"]) == ("pending", None)
        await api.holder.post(f"/v1/webhooks/{created['id']}/delete")
        assert await api.rows("SELECT id FROM deliveries") == []
        check_problem(await api.holder.get(f"/v1/webhooks/{created['id']}"), 404, "not-found")


class TestReading:
    async def test_is_304_until_its_owner_or_a_delivery_changes_it(self, api: Api) -> None:
        created = await api.holder.post("/v1/webhooks", json={"url": HOOK})
        path = f"/v1/webhooks/{created.json()['id']}"
        tags = [created.headers["etag"]]
        for change in (
            "status = 'active'",
            "failing_since = now()",
            "failing_since = now() + interval '1 minute'",
            "lost_through = 7",
        ):
            await api.rows(f"UPDATE webhook_endpoints SET {change}")
            read = await api.holder.get(path, headers={"If-None-Match": ", ".join(tags)})
            assert read.status_code == 200, change
            tags.append(read.headers["etag"])
        same = await api.holder.get(path, headers={"If-None-Match": f"W/{tags[-1]}"})
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["cache-control"] == "private, no-store"
        assert same.headers["etag"] == tags[-1]
        # a delivery's outcome does not stand in the way of the owner
        changed = await api.holder.post(
            f"{path}/update", json={"description": "a"}, headers={"If-Match": tags[0]}
        )
        assert changed.status_code == 200
        read = await api.holder.get(path, headers={"If-None-Match": tags[-1]})
        assert (read.status_code, read.headers["etag"]) == (200, changed.headers["etag"])

    async def test_is_404_for_others_whatever_they_name(self, api: Api) -> None:
        path = f"/v1/webhooks/{(await _make(api))['id']}"
        other = bearer(await api.make_key(Scope.MANAGE_WEBHOOKS, account_id="acc_" + "2" * 26))
        check_problem(await api.client.get(path, headers=other | {"If-None-Match": "*"}), 404, "not-found")


class TestItsHeaders:
    async def test_are_shown_by_name_and_replaced_as_a_whole(self, api: Api) -> None:
        created = await _make(api, headers={"X-Team": "desk-71b", "Authorization": "Bearer gate-71b"})
        assert created["header_names"] == ["Authorization", "X-Team"]
        path = f"/v1/webhooks/{created['id']}"
        for other in (path, "/v1/webhooks"):
            assert "71b" not in (await api.holder.get(other)).text
        same = (await api.holder.post(f"{path}/update", json={"description": "a"})).json()
        assert same["header_names"] == created["header_names"]
        changed = (await api.holder.post(f"{path}/update", json={"headers": {"X-Other": "b"}})).json()
        assert changed["header_names"] == ["X-Other"]

    async def test_are_encrypted_in_every_table(self, api: Api) -> None:
        named = {"Idempotency-Key": "abc"}
        sent = {"url": HOOK, "headers": {"X-Team": "desk-71b"}}
        assert (await api.holder.post("/v1/webhooks", json=sent, headers=named)).status_code == 201
        assert not await _holding(api, b"desk-71b")


class TestTheSecret:
    async def test_is_in_the_answer_and_behind_its_own_address_alone(self, api: Api) -> None:
        created = await _make(api)
        assert created["secret"].startswith("whsec_")
        path = f"/v1/webhooks/{created['id']}"
        assert (await api.holder.get(f"{path}/secret")).json()["secret"] == created["secret"]
        for other in (path, "/v1/webhooks"):
            assert "whsec_" not in (await api.holder.get(other)).text

    async def test_is_encrypted_in_every_table(self, api: Api) -> None:
        named = {"Idempotency-Key": "abc"}
        created = (await api.holder.post("/v1/webhooks", json={"url": HOOK}, headers=named)).json()
        rotated = await api.holder.post(f"/v1/webhooks/{created['id']}/secret/rotate", json={}, headers=named)
        for secret in (created["secret"], rotated.json()["secret"]):
            assert not await _holding(api, secret.encode()[6:])

    async def test_is_replaced_with_time_in_which_both_sign(self, api: Api) -> None:
        created = await _make(api)
        path = f"/v1/webhooks/{created['id']}/secret"
        rotated = (await api.holder.post(f"{path}/rotate", json={"overlap_s": 60})).json()
        assert rotated["signs_too"] == 1
        now, ring = api.runtime.clock.now(), KeyRing(WEBHOOK_KEY)
        async with api.runtime.pool.connection() as connection:
            during = await list_secrets(connection, [created["id"]], now)
            after = await list_secrets(connection, [created["id"]], now + timedelta(seconds=61))
        assert [ring.open(secret.sealed, created["id"]) for secret in during] == [
            rotated["secret"],
            created["secret"],
        ]
        assert [ring.open(secret.sealed, created["id"]) for secret in after] == [rotated["secret"]]

    async def test_is_not_replaced_while_ten_older_ones_sign(self, api: Api) -> None:
        path = f"/v1/webhooks/{(await _make(api))['id']}/secret/rotate"
        for _ in range(10):
            assert (await api.holder.post(path, json={})).status_code == 200
        check_problem(await api.holder.post(path, json={}), 409, "conflict")

    def test_is_opened_by_a_ring_that_has_its_key_among_others(self) -> None:
        old, new = new_ring_key(), Fernet.generate_key().decode()
        sealed = KeyRing(old).seal("whsec_x", "whe_1")
        assert KeyRing(f"{new}.{old}").open(sealed, "whe_1") == "whsec_x"
        for ring, owner in ((KeyRing(new), "whe_1"), (KeyRing(old), "whe_2")):
            with pytest.raises(ValueError, match="not in the ring"):
                ring.open(sealed, owner)


class TestAPreview:
    async def test_refuses_a_predicate_that_means_nothing(self, quiet_api: Api) -> None:
        asked = {"predicate": "source.type == 'media'", "event_types": ["story.published"]}
        for path, more in (("/v1/webhooks/preview", {}), ("/v1/webhooks", {"url": HOOK})):
            answer = await quiet_api.holder.post(path, json=asked | more)
            error = check_invalid(answer, pointer="#/predicate", code="not_a_predicate")
            assert error["detail"] == (
                "The predicate cannot be used: No event of these types has the field `source.type`. "
                "Did you mean `source_type`?"
            )

    async def test_counts_what_would_have_matched_with_examples(self, api: Api) -> None:
        for number, score in enumerate((20, 70, 90)):
            article = make_article(url=f"http://news.brightwater.example/{number}")
            await publish(api.runtime, make_edition(article, make_assessment(article, score=score)))
        asked = {"predicate": "spin.score >= 70", "event_types": ["story.published"]}
        preview = (await api.holder.post("/v1/webhooks/preview", json=asked)).json()
        assert (preview["looked_at"], preview["matched"]) == (3, 2)
        assert [event["data"]["spin"]["score"] for event in preview["examples"]] == [90, 70]

    async def test_costs_as_much_as_a_batch(self, start_api: Start) -> None:
        async with start_api(UNSPUN_KEY_QUOTAS="burst=150/3600") as api:
            assert (await api.holder.post("/v1/webhooks/preview", json={})).status_code == 200
            check_problem(await api.holder.post("/v1/webhooks/preview", json={}), 429, "quota-exceeded")

    async def test_never_counts_what_is_anothers(self, api: Api) -> None:
        await api.holder.post("/v1/analyses", json={"text": "Forty roles are impacted."})
        (analysis,) = await api.rows("SELECT account_id FROM analyses")
        await api.rows("UPDATE event_counter SET n = 1")
        await api.rows(
            """INSERT INTO events (sequence, id, type, account_id, data, created_at)
               VALUES (1, 'evt_x', 'analysis.failed', $1, '{}', now())""",
            analysis["account_id"],
        )
        other = await api.make_key(Scope.MANAGE_WEBHOOKS, account_id="acc_" + "2" * 26)
        mine = (await api.holder.post("/v1/webhooks/preview", json={})).json()
        theirs = await api.client.post("/v1/webhooks/preview", json={}, headers=bearer(other))
        assert (mine["matched"], theirs.json()["matched"]) == (1, 0)
