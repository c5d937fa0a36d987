"""The contract documents exactly the headers that are sent."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import httpx

from api.app import openapi_document
from schemas.keys import Scope
from tests.kit.clients.api_client import Api, bearer
from tests.kit.clients.public_reads import SETTINGS, public_reads
from tests.kit.clients.responses import responses_of

DOCUMENT: Final = openapi_document()
# HTTP's own, and those that all responses have for security and CORS.
GENERAL: Final = re.compile(
    "content-(type|length|encoding|security-policy)|date|server|x-content-type-options|referrer-policy"
    "|cross-origin-resource-policy|access-control-.*|x-accel-buffering"
)
# Sent in some cases only: non-empty lists, pages with a successor, replayed requests.
# The same in all problems, which are four responses of five: documenting them in each would add nothing.
OF_PROBLEMS: Final = {"cache-control", "ratelimit", "ratelimit-policy", "vary"}
REPEATED: Final = {"Prefer": "respond-async", "Idempotency-Key": "a"}
OF_PAGES: Final = {"etag", "last-modified", "x-markdown-tokens"}  # of a list, not of a stream
AT_TIMES: Final = {"last-modified", "idempotency-replayed", "preference-applied", "retry-after", "link"}


def responses() -> Iterator[tuple[str, str, str, set[str]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            for status, response in responses_of(DOCUMENT, operation).items():
                yield path, method, status, {name.lower() for name in response["headers"]}


def documented(answer: httpx.Response) -> tuple[str, set[str]]:
    """The operation and its documentation of such a response."""
    path, method = answer.request.url.path, answer.request.method.lower()
    for asked in (path, re.sub(r"\.(json|jsonld|md|html|csv|ndjson)$", "", path)):
        for template, known, status, named in responses():
            fits = re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), asked)
            if fits and (known, status) == (method, str(answer.status_code)):
                return f"{method} {template} {status}", named
    raise AssertionError(f"{method} {path} {answer.status_code} is not documented")


def sent(answer: httpx.Response) -> set[str]:
    return {name for name in answer.headers if not GENERAL.fullmatch(name)}


class TestHeaders:
    def test_are_described_once_and_named_in_every_response(self) -> None:
        components = DOCUMENT["components"]["headers"]
        for methods in DOCUMENT["paths"].values():
            for operation in methods.values():
                for status, response in responses_of(DOCUMENT, operation).items():
                    for name, header in response["headers"].items():
                        assert header == {"$ref": f"#/components/headers/{name}"}
                    assert "X-Request-Id" in response["headers"]
                    assert ("WWW-Authenticate" in response["headers"]) is (status in ("401", "403"))
        assert all(header["description"] for header in components.values())

    async def test_of_public_reads_are_these_and_no_others(self, full_api: Api) -> None:
        api = full_api
        met: dict[str, set[str]] = defaultdict(set)
        known: dict[str, set[str]] = {}

        def note(answer: httpx.Response) -> None:
            name, headers = documented(answer)
            met[name] |= sent(answer)
            known[name] = headers

        unlisted = ("/assets/", "/docs/assets/", f"/{SETTINGS['UNSPUN_INDEXNOW_KEY']}.txt")
        for path in await public_reads(api):
            if path.startswith(unlisted):
                continue
            for accept in ("*/*", "text/markdown, */*;q=0.1"):
                answer = await api.client.get(path, headers={"Accept": accept})
                note(answer)
                note(
                    await api.client.get(
                        path, headers={"If-None-Match": answer.headers["etag"], "Accept": accept}
                    )
                )
        assert len(met) > 80
        assert met == known

    async def test_of_other_answers_are_among_these(self, api: Api) -> None:
        async def key(*scopes: Scope) -> dict[str, str]:
            return bearer(await api.make_key(*scopes))

        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        verdict = f"/v1/verdicts/{story['verdict']['id']}"
        url = {"url": "https://news.brightwater.example/other"}
        calls: list[tuple[str, str, dict[str, Any]]] = [
            ("GET", "/livez", {}),
            ("GET", "/readyz", {}),
            ("GET", "/v1/stories.csv", {}),
            ("GET", "/v1/stories?limit=0", {}),
            ("GET", "/v1/stories/sty_none", {}),
            ("GET", "/v1/stories", {"headers": {"Accept": "image/png"}}),
            ("GET", "/v1/usage", {}),
            ("GET", "/v1/usage", {"headers": bearer("unspun_live_none")}),
            ("GET", "/v1/keys", {"headers": await key(Scope.READ_STORIES)}),
            ("GET", "/v1/keys", {}),
            ("GET", "/v1/webhooks", {}),
            ("GET", "/v1/appeals", {}),
            ("GET", "/v1/feeds", {}),
            ("GET", "/v1/events", {}),
            ("GET", "/v1/events", {"headers": {"Accept": "application/x-ndjson"}}),
            ("POST", "/v1/lookups", {"json": {"urls": [url["url"]]}}),
            ("POST", "/v1/lookups", {"json": {"urls": []}}),
            ("POST", "/v1/analyses", {"json": url, "headers": REPEATED}),
            ("POST", "/v1/analyses", {"json": url, "headers": REPEATED}),
            ("POST", "/v1/analyses/batch", {"json": {"items": [url]}}),
            ("POST", f"{verdict}/reproduce", {}),
            ("POST", f"/v1/stories/{story['id']}/rescore", {}),
            ("POST", "/v1/keys", {"json": {"name": "k", "scopes": ["stories:read"]}}),
            ("POST", "/v1/webhooks", {"json": {"url": "https://hooks.brightwater.example/x"}}),
        ]
        met: set[str] = set()
        created = {}
        for method, path, more in calls:
            answer = await api.holder.request(method, path, **more)
            name, headers = documented(answer)
            untold = sent(answer) - headers
            assert untold <= (OF_PROBLEMS if answer.status_code >= 400 else set()), (name, untold)
            if answer.status_code < 400:
                left = AT_TIMES | OF_PAGES if path.endswith(".csv") else AT_TIMES
                assert headers - sent(answer) <= left, (name, headers - sent(answer))
                created[path] = answer
            met |= sent(answer)
        for path in ("/v1/keys", "/v1/analyses", "/v1/webhooks"):
            there = await api.holder.get(created[path].headers["location"])
            name, headers = documented(there)
            assert sent(there) <= headers, name
            assert headers - sent(there) <= AT_TIMES, name
            if "etag" in there.headers:
                named = {"If-None-Match": there.headers["etag"]}
                same = await api.holder.get(there.request.url.path, headers=named)
                name, headers = documented(same)
                assert (same.status_code, sent(same)) == (304, headers), name
        assert met >= {
            "www-authenticate",
            "preference-applied",
            "idempotency-replayed",
            "retry-after",
            "location",
        }
