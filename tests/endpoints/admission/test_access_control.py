"""Access control: every route and scope, without key, with a wrong one, another account's, the right one."""

# Long because every route has its row in one table, beside the tests that use it.

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

import httpx
import pytest
from litestar.routes import HTTPRoute

from api.app import create_app
from api.operations.exports.export_public import export_public
from api.operations.keys.key_format import new_key
from api.rendering.html.environment import stylesheet_path
from api.routes.http.admission.authentication import ANY_SCOPE
from api.routes.http.admission.operation import operation_of
from api.settings import Settings
from schemas.keys import NewKey, Scope
from tests.conftest import Servers
from tests.kit.clients.api_client import Api, bearer, running_api
from tests.kit.tables import each
from tests.kit.texts.factories import by_two, installed, make_article, make_assessment, make_edition, publish
from tests.kit.texts.pages import PARAGRAPHS

OPEN: Final = "open"  # needs no key under any setting
READS: Final = "reads"  # needs no key if reads are public, otherwise the scope stories:read
# tests send hundreds of wrong keys; a stream's response is checked once it has ended
EASY: Final = {
    "UNSPUN_BAD_KEY_QUOTAS": "none",
    "UNSPUN_STREAM_MAX_S": "0.1",
    "UNSPUN_MAX_ENDPOINTS": "1000",
}
OWNER, OTHER = "acc_" + "1" * 26, "acc_" + "2" * 26


@dataclass(frozen=True)
class Row:
    """`needs` is a scope, ANY_SCOPE, OPEN or READS; `body` the body of a POST.

    `owned`: the object belongs to an account; `governed`: an administrator has access to those of all accounts.
    `itself`: without the scope admin, only for the calling key. `changes`: the call ends something, so each
    gets its own objects. `gone`: always 410.
    """

    needs: str
    body: Any = None
    owned: bool = False
    governed: bool = False
    itself: bool = False
    changes: bool = False
    gone: bool = False


APPEAL: Final = {"findings": ["f1"], "statement": "It is a name."}
RECENT: Final = {"since": datetime.now(UTC).isoformat()}
FEED: Final = {"url": "http://news.brightwater.example/feed.xml"}
ENDPOINT: Final = {"url": "https://hooks.brightwater.example/"}
_NUMBERS: Final = count(1)
CONTACT: Final = "mailto:security@unspun.example"

# One row for each route and method: a new route fails without one.
TABLE: Final = {
    ("GET", "/"): Row(OPEN),
    ("GET", "/assets/{file}"): Row(OPEN),
    ("GET", "/.well-known/api-catalog"): Row(OPEN),
    ("GET", "/.well-known/security.txt"): Row(OPEN),
    ("GET", "/docs"): Row(OPEN),
    ("GET", "/docs/assets/{name}"): Row(OPEN),
    ("GET", "/feed.atom"): Row(READS),
    ("GET", "/feed.json"): Row(READS),
    ("GET", "/feed.jsonld"): Row(READS),
    ("GET", "/feed.rss"): Row(READS),
    ("GET", "/guide"): Row(OPEN),
    ("GET", "/guide/{page}"): Row(OPEN),
    ("GET", "/v1/methodology"): Row(OPEN),
    ("GET", "/livez"): Row(OPEN),
    ("GET", "/llms-full.txt"): Row(OPEN),
    ("GET", "/llms.txt"): Row(OPEN),
    ("POST", "/mcp"): Row(OPEN, body={"jsonrpc": "2.0", "id": 1, "method": "ping"}),
    ("GET", "/news-sitemap.xml"): Row(READS),
    ("GET", "/ns"): Row(OPEN),
    ("GET", "/ns/context.jsonld"): Row(OPEN),
    ("GET", "/openapi.json"): Row(OPEN),
    ("GET", "/openapi"): Row(OPEN),
    ("GET", "/openapi.yaml"): Row(OPEN),
    ("GET", "/robots.txt"): Row(OPEN),
    ("GET", "/problems"): Row(OPEN),
    ("GET", "/problems/{slug}"): Row(OPEN),
    ("GET", "/readyz"): Row(OPEN),
    ("GET", "/sitemap.xml"): Row(READS),
    ("GET", "/sitemaps/{sitemap}"): Row(READS),
    ("POST", "/v1/analyses"): Row(Scope.WRITE_ANALYSES, body={"text": "Forty roles are impacted."}),
    ("GET", "/v1/analyses/{analysis}"): Row(Scope.WRITE_ANALYSES, owned=True),
    ("POST", "/v1/analyses/batch"): Row(
        Scope.WRITE_ANALYSES, body={"urls": ["http://news.brightwater.example/other"]}
    ),
    ("POST", "/v1/analyses/{analysis}/cancel"): Row(Scope.WRITE_ANALYSES, owned=True, changes=True),
    ("POST", "/v1/analyses/{analysis}/erase"): Row(
        Scope.WRITE_ANALYSES, owned=True, governed=True, changes=True
    ),
    ("GET", "/v1/appeals"): Row(Scope.WRITE_APPEALS),
    ("GET", "/v1/appeals/{appeal}"): Row(READS),
    ("POST", "/v1/appeals/{appeal}/decide"): Row(
        Scope.ADMIN, body={"outcome": "rejected", "explanation": "No."}, changes=True
    ),
    ("GET", "/v1/claims"): Row(READS),
    ("GET", "/v1/claims/{claim}"): Row(READS),
    ("GET", "/v1/entities"): Row(READS),
    ("GET", "/v1/entities/{entity}"): Row(READS),
    ("GET", "/v1/event-types"): Row(READS),
    ("GET", "/v1/events"): Row(Scope.READ_STORIES),
    ("GET", "/v1/events/stream"): Row(Scope.READ_STORIES),
    ("GET", "/schemas"): Row(OPEN),
    ("GET", "/schemas/{schema}"): Row(OPEN),
    ("GET", "/v1/exports"): Row(READS),
    ("GET", "/v1/exports/{export}"): Row(READS),
    ("GET", "/v1/exports/{export}/{part}"): Row(READS),
    ("GET", "/v1/feeds"): Row(Scope.ADMIN),
    ("GET", "/v1/feeds/{feed}"): Row(Scope.ADMIN),
    ("POST", "/v1/feeds/{feed}/delete"): Row(Scope.ADMIN, changes=True),
    ("POST", "/v1/feeds/{feed}/poll"): Row(Scope.ADMIN, changes=True),
    ("GET", "/v1/keys"): Row(ANY_SCOPE),
    ("POST", "/v1/keys"): Row(Scope.ADMIN, body={"name": "n", "scopes": ["stories:read"]}),
    ("GET", "/v1/keys/{key}"): Row(ANY_SCOPE, owned=True, governed=True),
    ("POST", "/v1/keys/{key}/revoke"): Row(ANY_SCOPE, owned=True, governed=True, itself=True),
    ("POST", "/v1/keys/{key}/rotate"): Row(ANY_SCOPE, body={}, owned=True, governed=True, itself=True),
    ("GET", "/v1/lookup"): Row(READS),
    ("POST", "/v1/lookups"): Row(READS, body={"urls": ["http://news.brightwater.example/turbine"]}),
    ("POST", "/v1/webhooks"): Row(Scope.MANAGE_WEBHOOKS, body=ENDPOINT),
    ("GET", "/.well-known/ai-catalog.json"): Row(OPEN, gone=True),
    ("GET", "/.well-known/mcp/server-card.json"): Row(OPEN, gone=True),
    ("GET", "/mcp/server-card"): Row(OPEN, gone=True),
    ("GET", "/websub/{token}"): Row(OPEN, gone=True),
    ("POST", "/websub/{token}"): Row(OPEN, gone=True),
    ("GET", "/v1/webhooks"): Row(Scope.MANAGE_WEBHOOKS),
    ("POST", "/v1/webhooks/preview"): Row(Scope.MANAGE_WEBHOOKS, body={}),
    ("GET", "/v1/webhooks/{webhook}"): Row(Scope.MANAGE_WEBHOOKS, owned=True),
    ("POST", "/v1/webhooks/{webhook}/update"): Row(Scope.MANAGE_WEBHOOKS, body={}, owned=True),
    ("POST", "/v1/webhooks/{webhook}/enable"): Row(Scope.MANAGE_WEBHOOKS, owned=True),
    ("POST", "/v1/webhooks/{webhook}/disable"): Row(Scope.MANAGE_WEBHOOKS, owned=True, changes=True),
    ("POST", "/v1/webhooks/{webhook}/delete"): Row(Scope.MANAGE_WEBHOOKS, owned=True, changes=True),
    ("GET", "/v1/webhooks/{webhook}/attempts"): Row(Scope.MANAGE_WEBHOOKS, owned=True),
    ("GET", "/v1/webhooks/{webhook}/deliveries"): Row(Scope.MANAGE_WEBHOOKS, owned=True),
    ("POST", "/v1/webhooks/{webhook}/deliveries/{delivery}/resend"): Row(Scope.MANAGE_WEBHOOKS, owned=True),
    ("POST", "/v1/webhooks/{webhook}/recover"): Row(Scope.MANAGE_WEBHOOKS, body=RECENT, owned=True),
    ("POST", "/v1/webhooks/{webhook}/test"): Row(Scope.MANAGE_WEBHOOKS, body={}, owned=True),
    ("GET", "/v1/webhooks/{webhook}/secret"): Row(Scope.MANAGE_WEBHOOKS, owned=True),
    ("POST", "/v1/webhooks/{webhook}/secret/rotate"): Row(
        Scope.MANAGE_WEBHOOKS, body={"overlap_s": 0}, owned=True
    ),
    ("GET", "/v1/sources"): Row(READS),
    ("GET", "/v1/sources/{source}"): Row(READS),
    ("POST", "/v1/sources/{source}/correct"): Row(Scope.ADMIN, body={"ownership": "Brightwater Holding"}),
    ("POST", "/v1/sources/{source}/feeds"): Row(Scope.ADMIN, body=FEED),
    ("GET", "/v1/sources/{source}/profile"): Row(READS),
    ("GET", "/v1/stats"): Row(READS),
    ("GET", "/v1/stories"): Row(READS),
    ("GET", "/v1/stories/{story}"): Row(READS),
    ("GET", "/v1/stories/{story}/cite"): Row(READS),
    ("GET", "/v1/stories/{story}/appeals"): Row(READS),
    ("GET", "/v1/stories/{story}/claims"): Row(READS),
    ("POST", "/v1/stories/{story}/rescore"): Row(Scope.ADMIN),
    ("POST", "/v1/stories/{story}/retract"): Row(
        Scope.ADMIN, body={"reason": "error", "statement": "A test page."}, changes=True
    ),
    ("GET", "/v1/stories/{story}/verdicts"): Row(READS),
    ("POST", "/v1/stories/{story}/second-opinion"): Row(Scope.SECOND_OPINIONS),
    ("GET", "/v1/taxonomy"): Row(READS),
    ("GET", "/v1/taxonomy/{code}"): Row(READS),
    ("GET", "/v1/taxonomy/{code}/{tactic}"): Row(READS),
    ("GET", "/v1/usage"): Row(ANY_SCOPE),
    ("POST", "/v1/verdicts/{verdict}/reproduce"): Row(Scope.WRITE_ANALYSES),
    ("POST", "/v1/verdicts/{verdict}/explanation"): Row(Scope.WRITE_ANALYSES),
    ("GET", "/v1/verdicts"): Row(READS),
    ("GET", "/v1/verdicts/{verdict}"): Row(READS),
    ("GET", "/v1/verdicts/{verdict}/appeals"): Row(READS),
    ("GET", "/v1/verdicts/{verdict}/diff"): Row(READS),
    ("GET", "/v1/verdicts/{verdict}/explanation"): Row(READS),
    ("GET", "/v1/verdicts/{verdict}/passages"): Row(READS),
    ("GET", "/v1/verdicts/{verdict}/plain"): Row(READS),
    ("GET", "/v1/verdicts/{verdict}/second-opinion"): Row(READS),
    ("POST", "/v1/verdicts/{verdict}/appeals"): Row(Scope.WRITE_APPEALS, body=APPEAL),
}
HANDLERS: Final = {
    (method, route.path_format): handler
    for route in create_app(Settings()).routes
    if isinstance(route, HTTPRoute)
    for handler in route.route_handlers
    for method in handler.http_methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
}
CALLS: Final = list(TABLE)
OWNED: Final = [call for call in CALLS if TABLE[call].owned]


async def _publish_story(api: Api, **fields: Any) -> str:
    """A story whose verdict can be judged again, and has a second opinion."""
    article = make_article(**fields)
    edition = by_two(make_edition(article, installed(make_assessment(article))))
    return (await publish(api.runtime, edition)).story_id


@dataclass
class World:
    """Two services over one database, one with public reads; `known` fills the paths with existing ids."""

    services: dict[bool, Api]
    keys: dict[tuple[str, Scope], NewKey]
    known: dict[str, str]
    url: str

    async def call(
        self,
        method: str,
        path: str,
        *,
        public: bool,
        headers: dict[str, str],
        key: str = "",
        refused: bool = False,
    ) -> httpx.Response:
        """The response. A `refused` call changes nothing, so it needs no objects of its own."""
        known = self.known | ({"key": key} if key else {})
        if TABLE[method, path].changes and not refused:
            known |= await self.made()
        if "{export}" in path and not (
            refused and "export" in known
        ):  # the previous one may contain a story that another call has retracted
            known |= await self.exported()
        filled = re.sub(r"{(\w+)}", lambda found: known[found[1]], path)
        parameters = {"url": self.url} if path == "/v1/lookup" else None
        body = TABLE[method, path].body
        return await self.services[public].client.request(
            method, filled, params=parameters, json=body, headers=headers
        )

    async def made(self) -> dict[str, str]:
        """A story, an appeal, an endpoint and a draft for one call."""
        api = self.services[True]
        url = f"http://news.brightwater.example/{next(_NUMBERS)}"
        story = (await api.client.get(f"/v1/stories/{await _publish_story(api, url=url)}")).json()
        writing = bearer(self.keys[OWNER, Scope.WRITE_ANALYSES])
        draft = await api.client.post("/v1/analyses", json={"text": "The owner's draft."}, headers=writing)
        # in new accounts, since an account may have few open ones
        key = await api.make_key(Scope.WRITE_APPEALS, account_id=api.runtime.clock.new_id("acc"))
        path = f"/v1/verdicts/{story['verdict']['id']}/appeals"
        appeal = await api.client.post(path, json=APPEAL, headers=bearer(key))
        managing = bearer(self.keys[OWNER, Scope.MANAGE_WEBHOOKS])
        webhook = await api.client.post("/v1/webhooks", json=ENDPOINT, headers=managing)
        feed = await api.client.post(
            f"/v1/sources/{story['source']['id']}/feeds",
            json={"url": f"{url}/feed.xml"},
            headers=bearer(self.keys[OWNER, Scope.ADMIN]),
        )
        return {
            "feed": feed.json()["id"],
            "webhook": webhook.json()["id"],
            "delivery": await self._activated(webhook.json()["id"]),
            "story": story["id"],
            "verdict": story["verdict"]["id"],
            "analysis": draft.json()["id"],
            "appeal": appeal.json()["id"],
        }

    async def exported(self) -> dict[str, str]:
        runtime = self.services[True].runtime
        assert runtime.settings.exports_folder is not None
        export = await export_public(runtime, runtime.settings.exports_folder)
        assert export is not None
        return {"export": export.id, "part": export.files[0].name}

    async def _activated(self, endpoint_id: str) -> str:
        """As if the endpoint had answered its ping with this delivery id."""
        api = self.services[True]
        await api.rows("UPDATE webhook_endpoints SET status = 'active' WHERE id = $1", endpoint_id)
        (row,) = await api.rows("SELECT id FROM deliveries WHERE endpoint_id = $1", endpoint_id)
        return row["id"]


@pytest.fixture(scope="module")
async def world(
    servers: Servers, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    async with servers.temporary(template, "access") as name:
        variables = EASY | {
            "UNSPUN_DATABASE_URL": servers.as_app(name),
            "UNSPUN_SECURITY_CONTACT": CONTACT,
            "UNSPUN_EXPORTS_FOLDER": str(tmp_path_factory.mktemp("exports")),
        }
        async with (
            running_api(**variables) as api,
            running_api(**variables, UNSPUN_PUBLIC_READS="false") as private,
        ):
            keys = {
                (account, scope): await api.make_key(scope, account_id=account)
                for account in (OWNER, OTHER)
                for scope in Scope
            }
            posted = await api.client.post(
                "/v1/analyses",
                json={"text": "The owner's draft."},
                headers=bearer(keys[OWNER, Scope.WRITE_ANALYSES]),
            )
            await _publish_story(api)
            story_id = await _publish_story(api, paragraphs=PARAGRAPHS[:5])  # a second version of it
            story = (await api.client.get(f"/v1/stories/{story_id}")).json()
            known = {
                "name": "start.js",
                "token": "a-secret-of-the-hub",
                "file": stylesheet_path().rpartition("/")[2],
                "sitemap": "pages.xml",
                "page": "lookup",
                "slug": "gone",
                "schema": "story.json",
                "code": "hype",
                "tactic": "moonshot_framing",
                "analysis": posted.json()["id"],
                "key": keys[OWNER, Scope.READ_STORIES].id,
                "story": story["id"],
                "verdict": story["verdict"]["id"],
                "claim": story["verdict"]["claims"][0]["id"],
                "source": story["source"]["id"],
                "entity": story["verdict"]["entities"][0]["id"],
            }
            world = World({True: api, False: private}, keys, known, story["url"])
            made = await world.made()
            known |= {name: made[name] for name in ("appeal", "feed", "webhook", "delivery")}
            known |= await world.exported()
            yield world


def needed(row: Row, *, public: bool) -> str | None:
    """The required scope, None if the call needs no key."""
    if row.needs == READS:
        return None if public else Scope.READ_STORIES
    return None if row.needs == OPEN else row.needs


class TestTheTable:
    def test_has_a_row_for_every_route(self) -> None:
        assert set(TABLE) == set(HANDLERS)

    @each(("method", "path"), CALLS)
    def test_matches_the_operations(self, method: str, path: str) -> None:
        operation = operation_of(HANDLERS[method, path])
        declared = operation.scope if operation else None
        row = TABLE[method, path]
        assert declared == (None if row.needs in (OPEN, READS) else row.needs)


@pytest.mark.parametrize("public", [True, False], ids=["public reads", "private reads"])
class TestEveryCall:
    @each(("method", "path"), CALLS)
    async def test_is_refused_without_a_valid_key(
        self, world: World, method: str, path: str, public: bool
    ) -> None:
        scope = needed(TABLE[method, path], public=public)
        api = world.services[True]
        right = Scope.ADMIN
        soon = api.runtime.clock.now() + timedelta(seconds=30)
        expired = await api.make_key(right, account_id=OWNER, expires_at=soon)
        revoked = await api.make_key(right, account_id=OWNER)
        async with api.runtime.pool.connection() as connection:
            past = "UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1"
            await connection.execute(past, expired.id)
            await connection.execute("UPDATE api_keys SET revoked_at = now() WHERE id = $1", revoked.id)
        for headers in (
            {},
            bearer("not-of-our-form"),
            bearer(new_key()),
            bearer(expired),
            bearer(revoked),
            {"Authorization": f"Basic {world.keys[OWNER, right].secret}"},
        ):
            answer = await world.call(method, path, public=public, headers=headers, refused=scope is not None)
            if path in ("/livez", "/readyz"):
                assert answer.status_code == 200
            elif scope is None and not headers:
                assert answer.status_code == (410 if TABLE[method, path].gone else 200)
            else:
                assert answer.status_code == 401, headers
                sent_a_key = headers.get("Authorization", "").startswith("Bearer")
                assert answer.headers["www-authenticate"] == (
                    'Bearer realm="api", error="invalid_token"' if sent_a_key else 'Bearer realm="api"'
                )
                assert not any(value in answer.text for value in world.known.values())

    @pytest.mark.parametrize("scope", [*Scope])
    @each(("method", "path"), CALLS)
    async def test_is_answered_to_the_scopes_that_it_needs_alone(
        self, world: World, method: str, path: str, public: bool, scope: Scope
    ) -> None:
        row = TABLE[method, path]
        wanted = needed(row, public=public)
        key = world.keys[OWNER, scope]
        target = ""
        if row.itself:  # the call changes the key, so each has its own
            key = await world.services[True].make_key(scope, account_id=OWNER)
            target = key.id
        allowed = wanted is None or wanted == ANY_SCOPE or scope in (wanted, Scope.ADMIN)
        answer = await world.call(
            method, path, public=public, headers=bearer(key), key=target, refused=not allowed
        )
        if row.gone:
            assert answer.status_code == 410
        elif allowed:
            assert answer.is_success, answer.text
        else:
            assert answer.status_code == 403
            assert f'scope="{wanted}"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("public", [True, False], ids=["public reads", "private reads"])
class TestAnObjectOfAnAccount:
    @pytest.mark.parametrize("scope", [*Scope])
    @each(("method", "path"), OWNED)
    async def test_is_unknown_to_another(
        self, world: World, method: str, path: str, public: bool, scope: Scope
    ) -> None:
        row = TABLE[method, path]
        wanted = needed(row, public=public)
        target = (await world.services[True].make_key(Scope.READ_STORIES, account_id=OWNER)).id
        headers = bearer(world.keys[OTHER, scope])
        answer = await world.call(method, path, public=public, headers=headers, key=target)
        if scope is Scope.ADMIN and row.governed:
            assert answer.is_success, "an administrator has the objects of all accounts"
        elif wanted not in (ANY_SCOPE, scope) and scope is not Scope.ADMIN:
            assert answer.status_code == 403
        else:
            nowhere = re.sub(r"{(\w+)}", lambda found: f"{found[1][:3]}_{'0' * 26}", path)
            unknown = await world.services[public].client.request(
                method, nowhere, json=row.body, headers=headers
            )
            assert answer.status_code == unknown.status_code == 404
            assert answer.json()["detail"] == unknown.json()["detail"]


class TestLists:
    async def test_hold_the_own_accounts_objects_alone(self, world: World) -> None:
        for account in (OWNER, OTHER):
            headers = bearer(world.keys[account, Scope.WRITE_ANALYSES])
            listed = (await world.services[True].client.get("/v1/keys?limit=100", headers=headers)).json()
            assert {key["account_id"] for key in listed["data"]} == {account}
