"""Keys over HTTP: created, shown once, rotated without a gap, revoked."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from api.operations.keys.authenticate import KEPT_S, Authenticator
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.operations.keys.key_format import key_digest, new_key
from api.storage.keys.keys import get_key
from api.storage.log.audit_log import object_sha256
from schemas.keys import Scope
from tests.kit.audit_lines import list_audit
from tests.kit.clients.api_client import BASE_URL, KEY, Api, bearer, running_api
from tests.kit.databases import connected
from tests.kit.polling import until, until_equal
from tests.kit.texts.problems import check_invalid, check_problem

OTHER = "acc_" + "2" * 26
READER = {"name": "reader", "scopes": ["stories:read"]}
NOWHERE = "/v1/analyses/ana_" + "0" * 26


async def _make(api: Api, **body: Any) -> dict[str, Any]:
    answer = await api.holder.post("/v1/keys", json=READER | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _status(api: Api, secret: str) -> int:
    """200 if the key is accepted."""
    return (await api.client.get("/v1/keys", headers=bearer(secret))).status_code


class TestMaking:
    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"scopes": []}, "#/scopes", "too_short"),
            ({"scopes": ["stories:write"]}, "#/scopes/0", "not_allowed"),
            ({"name": ""}, "#/name", "too_short"),
            ({"name": "a\x00b"}, "#/name", "malformed"),
            ({"account_id": "acc_1"}, "#/account_id", "malformed"),
            ({"account_id": "acc_" + "9" * 26}, "#/account_id", "unknown"),
            ({"account_id": DEFAULT_ACCOUNT, "account_name": "x"}, "#/account_name", "one_of"),
            ({"expires_at": "2020-01-01T00:00:00Z"}, "#/expires_at", "too_small"),
            ({"expires_at": "2099-01-01T00:00:00"}, "#/expires_at", "malformed"),
            ({"secret": "mine"}, "#/secret", "unknown"),
            ({"revoked_at": None}, "#/revoked_at", "unknown"),
        ],
    )
    async def test_refuses_what_is_wrong_and_stores_nothing(
        self, quiet_api: Api, change: dict[str, Any], pointer: str, code: str
    ) -> None:
        await quiet_api.holder.get("/v1/keys")
        before = await quiet_api.rows("SELECT count(*) FROM api_keys")
        check_invalid(
            await quiet_api.holder.post("/v1/keys", json=READER | change), pointer=pointer, code=code
        )
        assert await quiet_api.rows("SELECT count(*) FROM api_keys") == before

    async def test_shows_the_secret_once(self, api: Api) -> None:
        answer = await api.holder.post("/v1/keys", json=READER)
        created = answer.json()
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["location"] == f"{BASE_URL}/v1/keys/{created['id']}"
        assert created["secret"].startswith(created["prefix"])
        assert created["secret"].endswith(created["last_four"])
        assert await _status(api, created["secret"]) == 200
        shown = await api.holder.get(f"/v1/keys/{created['id']}")
        assert shown.headers["cache-control"] == "private, no-store"
        assert shown.json() == {
            name: value for name, value in created.items() if name not in ("secret", "last_used_at")
        } | {"last_used_at": shown.json()["last_used_at"]}

    async def test_leaves_no_secret_in_any_table(self, api: Api, database_url: str) -> None:
        headers = {"Idempotency-Key": "one"}
        created = (await api.holder.post("/v1/keys", json=READER, headers=headers)).json()
        turned = await api.holder.post(f"/v1/keys/{created['id']}/rotate", json={}, headers=headers)
        secrets = [created["secret"], turned.json()["secret"], KEY]
        tables = await api.rows("SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'queue')")
        assert len(tables) > 15
        async with connected(database_url) as connection:
            for (table,) in tables:
                schema = "queue" if table.startswith("pgqueuer") else "public"
                for (row,) in await connection.fetch(f"SELECT t::text FROM {schema}.{table} t"):
                    for secret in secrets:
                        assert secret not in row, table
                        assert secret.encode().hex() not in row, table

    async def test_makes_an_account_where_one_is_named(self, api: Api) -> None:
        first = await _make(api, account_name="Newsroom")
        assert first["account_id"] != DEFAULT_ACCOUNT
        assert (await _make(api, account_id=first["account_id"]))["account_id"] == first["account_id"]
        (name,) = await api.rows("SELECT name FROM accounts WHERE id = $1", first["account_id"])
        assert name["name"] == "Newsroom"
        assert (await _make(api))["account_id"] == DEFAULT_ACCOUNT


class TestListing:
    async def test_goes_through_all_keys_page_by_page(self, api: Api) -> None:
        created = [(await _make(api, name=f"key {number}"))["id"] for number in range(5)]
        seen: list[str] = []
        answer = await api.holder.get("/v1/keys?limit=2")
        while True:
            page = answer.json()
            assert answer.headers["cache-control"] == "private, no-store"
            assert "secret" not in answer.text
            seen += [key["id"] for key in page["data"]]
            if not page["has_more"]:
                break
            answer = await api.holder.get(f"/v1/keys?limit=2&cursor={page['next_cursor']}")
        assert seen[:5] == created[::-1]
        assert len(seen) == 6  # and the administrator's own

    async def test_shows_an_account_its_own_keys_whatever_it_asks_for(self, api: Api) -> None:
        await api.make_key(Scope.READ_STORIES)
        own = await api.make_key(Scope.READ_STORIES, account_id=OTHER)
        for query in ("", f"?account_id={OTHER}"):
            listed = (await api.client.get(f"/v1/keys{query}", headers=bearer(own))).json()
            assert [key["id"] for key in listed["data"]] == [own.id]
        foreign = await api.client.get(f"/v1/keys?account_id={DEFAULT_ACCOUNT}", headers=bearer(own))
        assert foreign.json()["data"] == []
        by_admin = (await api.holder.get(f"/v1/keys?account_id={OTHER}")).json()
        assert [key["id"] for key in by_admin["data"]] == [own.id]

    async def test_is_for_no_foreign_page(self, quiet_api: Api) -> None:
        for method in ("GET", "OPTIONS"):
            answer = await quiet_api.holder.request(
                method, "/v1/keys", headers={"Origin": "https://a.example"}
            )
            assert answer.is_success
            assert not any(name.startswith("access-control") for name in answer.headers)


class TestRotating:
    async def test_lets_both_keys_in_until_the_overlap_is_over(self, api: Api) -> None:
        old = await _make(api, expires_at="2099-01-01T00:00:00Z", scopes=["stories:read", "analyses:write"])
        new = (await api.holder.post(f"/v1/keys/{old['id']}/rotate", json={"overlap_s": 600})).json()
        assert new["secret"] != old["secret"]
        unchanged = ("account_id", "name", "scopes", "expires_at")
        assert [new[name] for name in unchanged] == [old[name] for name in unchanged]
        assert new["replaces"] == old["id"]
        assert await _status(api, old["secret"]) == await _status(api, new["secret"]) == 200
        ends = datetime.fromisoformat((await api.holder.get(f"/v1/keys/{old['id']}")).json()["expires_at"])
        left = ends - api.runtime.clock.now()
        assert timedelta(seconds=590) < left <= timedelta(seconds=600)

    async def test_ends_the_old_key_at_once_where_no_overlap_is_wanted(self, api: Api) -> None:
        old = await _make(api)
        new = (await api.holder.post(f"/v1/keys/{old['id']}/rotate", json={"overlap_s": 0})).json()
        assert await _status(api, old["secret"]) == 401
        assert await _status(api, new["secret"]) == 200

    async def test_never_lets_a_key_live_longer_than_it_would_have(self, api: Api) -> None:
        old = await _make(api, expires_at=(api.runtime.clock.now() + timedelta(seconds=60)).isoformat())
        await api.holder.post(f"/v1/keys/{old['id']}/rotate", json={"overlap_s": 600})
        assert (await api.holder.get(f"/v1/keys/{old['id']}")).json()["expires_at"] == old["expires_at"]

    async def test_is_refused_while_the_successor_is_valid(self, api: Api) -> None:
        old = await _make(api)
        path = f"/v1/keys/{old['id']}/rotate"
        answers = await asyncio.gather(*(api.holder.post(path, json={}) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
        (new,) = (answer.json() for answer in answers if answer.status_code == 201)
        await api.holder.post(f"/v1/keys/{new['id']}/revoke")
        assert (await api.holder.post(path, json={})).status_code == 201

    async def test_is_for_the_key_itself_or_an_administrator(self, api: Api) -> None:
        weak = await api.make_key(Scope.READ_STORIES, account_id=OTHER)
        strong = await api.make_key(Scope.WRITE_ANALYSES, account_id=OTHER)
        for action in ("rotate", "revoke"):
            body = {} if action == "rotate" else None
            refused = await api.client.post(f"/v1/keys/{strong.id}/{action}", json=body, headers=bearer(weak))
            check_problem(refused, 403, "forbidden")
        later = {"expires_at": "2099-01-01T00:00:00Z"}
        itself = f"/v1/keys/{weak.id}/rotate"
        check_problem(await api.client.post(itself, json=later, headers=bearer(weak)), 403, "forbidden")
        new = await api.client.post(itself, json={}, headers=bearer(weak))
        assert new.json()["scopes"] == ["stories:read"]
        assert (await api.holder.post(f"/v1/keys/{strong.id}/rotate", json=later)).status_code == 201


class TestRevoking:
    async def test_takes_no_body(self, quiet_api: Api) -> None:
        answer = await quiet_api.holder.post("/v1/keys/key_x/revoke", json={"why": "lost"})
        check_problem(answer, 400, "invalid-request")

    async def test_is_permanent_and_idempotent(self, api: Api) -> None:
        created = await _make(api)
        path = f"/v1/keys/{created['id']}/revoke"
        first, second = await api.holder.post(path), await api.holder.post(path)
        assert first.json() == second.json()
        assert first.json()["revoked_at"]
        assert await _status(api, created["secret"]) == 401
        check_problem(await api.holder.post(f"/v1/keys/{created['id']}/rotate", json={}), 409, "conflict")
        assert len(await _audit(api, created["id"])) == 2

    async def test_reaches_every_process_within_five_seconds(self, api: Api, database_url: str) -> None:
        async with running_api(UNSPUN_DATABASE_URL=database_url) as elsewhere:
            created = await _make(api)
            assert await _status(elsewhere, created["secret"]) == 200
            await api.holder.post(f"/v1/keys/{created['id']}/revoke")

            async def refused() -> bool:
                return await _status(elsewhere, created["secret"]) == 401

            await until(refused, KEPT_S + 0.5)


class TestIfMatch:
    async def test_refuses_another_state(self, api: Api) -> None:
        created = await _make(api)
        path = f"/v1/keys/{created['id']}"
        for tag in ('"2"', 'W/"1"', '"x"', "1", '"' + "9" * 40 + '"'):
            for action, body in (("rotate", {}), ("revoke", None)):
                answer = await api.holder.post(f"{path}/{action}", json=body, headers={"If-Match": tag})
                check_problem(answer, 412, "precondition-failed")
        assert await _status(api, created["secret"]) == 200

    async def test_refuses_the_states_in_if_none_match(self, api: Api) -> None:
        created = await _make(api)
        path = f"/v1/keys/{created['id']}/revoke"
        for tag in ("*", '"1"', 'W/"1"', '"x", "1"'):
            check_problem(
                await api.holder.post(path, headers={"If-None-Match": tag}), 412, "precondition-failed"
            )
        both = {"If-Match": '"1"', "If-None-Match": '"2"'}
        assert (await api.holder.post(path, headers=both)).status_code == 200

    async def test_takes_the_state_that_was_read(self, api: Api) -> None:
        created = await _make(api)
        path = f"/v1/keys/{created['id']}"
        await _status(api, created["secret"])  # use alone is no change
        read = await api.holder.get(path)
        assert read.json()["last_used_at"] is not None
        tag = read.headers["etag"]
        turned = await api.holder.post(f"{path}/rotate", json={}, headers={"If-Match": f'"0", {tag}'})
        assert turned.status_code == 201
        check_problem(
            await api.holder.post(f"{path}/revoke", headers={"If-Match": tag}), 412, "precondition-failed"
        )
        revoked = await api.holder.post(f"{path}/revoke", headers={"If-Match": "*"})
        assert revoked.headers["etag"] == (await api.holder.get(path)).headers["etag"]


class TestIfNoneMatch:
    async def test_is_304_until_the_key_changes(self, api: Api) -> None:
        created = await _make(api)
        path = f"/v1/keys/{created['id']}"
        tag = (await api.holder.get(path)).headers["etag"]
        await _status(api, created["secret"])  # use alone is no change
        for named in (tag, f'"x", W/{tag}', "*"):
            same = await api.holder.get(path, headers={"If-None-Match": named})
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
            assert same.headers["cache-control"] == "private, no-store"
        await api.holder.post(f"{path}/revoke")
        for named in (tag, '"x"'):
            read = await api.holder.get(path, headers={"If-None-Match": named})
            assert read.status_code == 200
            assert read.json()["revoked_at"] is not None


class TestAuthenticating:
    async def test_asks_no_database_about_what_cannot_be_a_key(self) -> None:
        async with running_api(UNSPUN_DATABASE_URL="postgresql://127.0.0.1:1/unspun") as api:
            key = new_key()
            for wrong in (key[:-1] + ("0" if key[-1] != "0" else "1"), "unspun_live_x", "x" * 57):
                check_problem(await api.client.get(NOWHERE, headers=bearer(wrong)), 401, "unauthorized")
            check_problem(await api.client.get(NOWHERE, headers=bearer(key)), 503, "unavailable")

    async def test_ends_with_the_expiry_though_the_holder_is_remembered(self, api: Api) -> None:
        created = await api.make_key(
            Scope.READ_STORIES, expires_at=api.runtime.clock.now() + timedelta(seconds=1)
        )
        assert await _status(api, created.secret or "") == 200
        await until_equal(
            401, lambda: _status(api, created.secret or ""), 2
        )  # sooner than principals expire from the cache

    async def test_notes_the_use_about_once_a_minute(self, api: Api) -> None:
        created = await api.make_key(Scope.READ_STORIES)
        digest = key_digest(created.secret or "")
        changes = []
        for ago in (30, 90):
            await api.rows(
                "UPDATE api_keys SET last_used_at = now() - make_interval(secs => $2) WHERE secret_sha256 = $1",
                digest,
                ago,
            )
            (before,) = await api.rows("SELECT last_used_at FROM api_keys WHERE secret_sha256 = $1", digest)
            await Authenticator(api.runtime).authenticate(created.secret, None)
            (after,) = await api.rows("SELECT last_used_at FROM api_keys WHERE secret_sha256 = $1", digest)
            changes.append(before != after)
        assert changes == [False, True]


async def _audit(api: Api, object_id: str) -> list[Any]:
    async with api.runtime.pool.connection() as connection:
        return await list_audit(connection, object_id)


class TestTheAuditLog:
    async def test_has_a_line_for_each_change_with_actor_and_address(self, api: Api) -> None:
        headers = {"X-Request-Id": "r-17"}
        created = (await api.holder.post("/v1/keys", json=READER, headers=headers)).json()
        await api.holder.post(f"/v1/keys/{created['id']}/rotate", json={}, headers=headers)
        await api.holder.post(f"/v1/keys/{created['id']}/revoke", headers=headers)
        lines = await _audit(api, created["id"])
        assert [line.action for line in lines] == ["key.created", "key.rotated", "key.revoked"]
        (admin,) = await api.rows("SELECT id FROM api_keys WHERE name = 'bootstrap'")
        for line in lines:
            assert (line.actor, line.account_id, line.key_id) == ("key", DEFAULT_ACCOUNT, admin["id"])
            assert (line.address, line.request_id) == ("127.0.0.1", "r-17")
        assert lines[0].before_sha256 is None
        for earlier, later in pairwise(lines):
            assert earlier.after_sha256 == later.before_sha256
        async with api.runtime.pool.connection() as connection:
            stored = await get_key(connection, created["id"], None)
        assert stored is not None
        assert lines[-1].after_sha256 == object_sha256(stored.audited)

    async def test_has_no_line_for_refused_changes(self, api: Api) -> None:
        created = await _make(api)
        await api.holder.post(f"/v1/keys/{created['id']}/revoke", headers={"If-Match": '"7"'})
        assert len(await _audit(api, created["id"])) == 1


async def test_answers_of_the_resource_are_never_kept_by_caches(api: Api) -> None:
    created = await _make(api)
    path = f"/v1/keys/{created['id']}"
    answers: list[httpx.Response] = [
        await api.holder.get("/v1/keys"),
        await api.holder.get(path),
        await api.holder.post(f"{path}/rotate", json={}),
        await api.holder.post(f"{path}/revoke"),
    ]
    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}
