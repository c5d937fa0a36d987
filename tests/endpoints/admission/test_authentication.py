"""Authentication: sources of keys, their caching, and the first key."""

import dataclasses
import re
import zlib

import pytest

from api.operations.keys.authenticate import KEPT_S, Authenticator
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT, ensure_admin_key
from api.operations.keys.key_format import new_key
from schemas.ids import is_id
from schemas.keys import Scope
from tests.kit.clients.api_client import KEY, Api, Start, bearer
from tests.kit.databases import connected
from tests.kit.servers.fakes import StillClock
from tests.kit.texts.problems import check_problem

NOWHERE = "/v1/analyses/ana_" + "0" * 26


class TestAKey:
    @pytest.mark.parametrize(
        "value",
        [
            "",
            "Bearer",
            "Bearer ",
            f"Basic {KEY}",
            KEY,
            f"Bearer {KEY} {KEY}",
            f"Bearer {KEY[:-1]}",
            "Bearer " + "x" * 5_000,
            "Bearer caf\u00e9",
        ],
    )
    async def test_is_refused_when_it_is_none_of_ours(self, quiet_api: Api, value: str) -> None:
        for path in (NOWHERE, "/v1/stories", "/v1/taxonomy", "/", "/no/such/path"):
            answer = await quiet_api.client.get(path, headers={"Authorization": value.encode("latin-1")})
            check_problem(answer, 401, "unauthorized")
            well_formed = re.fullmatch("Bearer [!-~]+", value) is not None
            challenge = 'Bearer realm="api"' + (', error="invalid_token"' if well_formed else "")
            assert answer.headers["www-authenticate"] == challenge

    async def test_is_refused_also_where_the_answer_lies_in_memory(self, api: Api) -> None:
        path = f"/v1/stories/{await api.publish_story()}"
        assert (await api.client.get(path)).status_code == 200
        key = await api.make_key(Scope.READ_STORIES)
        assert (await api.client.get(path, headers=bearer(key))).status_code == 200
        for sent in (new_key(), f"{key.secret}x"):
            check_problem(await api.client.get(path, headers=bearer(sent)), 401, "unauthorized")

    async def test_is_not_asked_of_probes_and_preflights(self, quiet_api: Api) -> None:
        headers = bearer(new_key())
        for path in ("/livez", "/readyz"):
            assert (await quiet_api.client.get(path, headers=headers)).status_code == 200
        asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
        assert (await quiet_api.client.options("/v1/stories", headers=headers | asked)).status_code == 204

    @pytest.mark.parametrize(
        "query",
        [
            f"?access_token={KEY}",
            f"?api_key={KEY}",
            "?apikey=x",
            f"?limit=1&q={KEY}",
            f"?url=http://a.example/?k={KEY}",
        ],
    )
    async def test_is_refused_in_the_address(self, quiet_api: Api, query: str) -> None:
        for client in (quiet_api.client, quiet_api.holder):
            answer = await client.get(f"/v1/lookup{query}")
            check_problem(answer, 400, "invalid-request")
            assert KEY not in answer.text

    async def test_is_taken_in_any_spelling_of_the_scheme(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get(NOWHERE, headers={"Authorization": f"bearer  {KEY}"})
        assert answer.status_code == 404

    async def test_is_forgotten_soon_after_it_was_revoked(self, api: Api) -> None:
        assert (await api.holder.get(NOWHERE)).status_code == 404
        clock = StillClock()
        authenticator = Authenticator(dataclasses.replace(api.runtime, clock=clock))
        await authenticator.authenticate(KEY, "analyses:write")
        async with api.runtime.pool.connection() as connection:
            await connection.execute("UPDATE api_keys SET revoked_at = now()")
        await authenticator.authenticate(KEY, "analyses:write")
        clock.advance(KEPT_S + 0.1)
        with pytest.raises(Exception, match="revoked"):
            await authenticator.authenticate(KEY, "analyses:write")

    async def test_is_needed_for_reading_where_reads_are_not_public(self, start_api: Start) -> None:
        async with start_api(UNSPUN_PUBLIC_READS="false") as api:
            story_id = await api.publish_story()
            for path in ("/v1/stories", f"/v1/stories/{story_id}", "/v1/taxonomy", "/v1/claims"):
                check_problem(await api.client.get(path), 401, "unauthorized")
                answer = await api.holder.get(path)
                assert answer.status_code == 200
                assert answer.headers["cache-control"] == "private, no-store"
            for path in ("/livez", "/readyz", "/openapi.json", "/problems"):
                assert (await api.client.get(path)).status_code == 200


class TestAKeyInTheClear:
    async def test_is_refused_without_a_redirect(self, start_api: Start) -> None:
        async with start_api(
            UNSPUN_BASE_URL="https://unspun.example", UNSPUN_TRUSTED_PROXIES="127.0.0.0/8"
        ) as api:
            plain, over_tls = {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "https"}
            for path in ("/v1/usage", "/v1/stories"):
                refused = await api.holder.get(path, headers=plain)
                assert (refused.status_code, refused.json()["title"]) == (403, "HTTPS required")
                assert "location" not in refused.headers
                assert (await api.holder.get(path, headers=over_tls)).status_code == 200
            assert (await api.client.get("/v1/stories", headers=plain)).status_code == 200

    async def test_is_taken_where_the_service_has_no_tls(self, start_api: Start) -> None:
        async with start_api(UNSPUN_TRUSTED_PROXIES="127.0.0.0/8") as api:
            answer = await api.holder.get("/v1/usage", headers={"X-Forwarded-Proto": "http"})
            assert answer.status_code == 200


class TestTheFirstKey:
    def test_has_the_form_that_scanners_know(self) -> None:
        key = new_key()
        found = re.fullmatch(r"unspun_live_([0-9a-z]{8})_([0-9A-Za-z]{30})([0-9A-Za-z]{6})", key)
        assert found is not None
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        checksum = 0
        for digit in found[3]:
            checksum = checksum * 62 + digits.index(digit)
        assert checksum == zlib.crc32(found[2].encode())
        assert new_key() != key

    async def test_is_created_once_and_stored_as_a_digest(self, database_url: str) -> None:
        async with connected(database_url) as connection:
            clock = StillClock()
            async with connection.transaction():
                key = await ensure_admin_key(connection, clock, None)
            assert key is not None
            async with connection.transaction():
                assert await ensure_admin_key(connection, clock, None) is None
            row = await connection.fetchrow(
                "SELECT account_id, last_four, scopes, api_keys::text AS shown FROM api_keys"
            )
            assert (row["account_id"], row["last_four"]) == (DEFAULT_ACCOUNT, key[-4:])
            assert "admin" in row["scopes"]
            assert key not in row["shown"]
            assert is_id("acc", DEFAULT_ACCOUNT)

    async def test_is_the_configured_one_where_there_is_one(self, database_url: str) -> None:
        async with connected(database_url) as connection:
            for _ in range(2):
                async with connection.transaction():
                    assert await ensure_admin_key(connection, StillClock(), KEY) is None
            assert await connection.fetchval("SELECT count(*) FROM api_keys") == 1
