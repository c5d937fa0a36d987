"""Discovery by machines: robots.txt, api-catalog, Link headers."""

import re

import pytest
import yaml
from httplink import parse_link_header

from api.rendering.forms import OBJECT_FORMS, Form
from tests.kit.clients.api_client import BASE_URL, Api, Start
from tests.kit.clients.public_reads import OF_THE_SERVICE

SERVICE = {"service-desc", "service-doc", "api-catalog", "license"}


class TestRobots:
    async def test_disallows_all_if_reading_needs_a_key(self, start_api: Start) -> None:
        async with start_api(UNSPUN_PUBLIC_READS="false") as api:
            answer = await api.client.get("/robots.txt")
            assert "Disallow: /\n" in answer.text
            assert "content-signal" not in answer.headers

    async def test_follows_the_settings_like_each_response(self, start_api: Start) -> None:
        variables = {"UNSPUN_AI_TRAINING": "false", "UNSPUN_CRAWLERS": "SomeBot=disallow, GPTBot=allow"}
        async with start_api(**variables, UNSPUN_CONTENT_USAGE="true") as api:
            answer = await api.client.get("/robots.txt")
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
            assert "User-agent: SomeBot\nDisallow: /\n" in answer.text
            story = await api.publish_story()
            for path in ("/robots.txt", f"/v1/stories/{story}", "/v1/stories", "/v1/taxonomy.md", "/"):
                said = (await api.client.get(path)).headers
                assert said["content-signal"] == "search=yes, ai-input=yes, ai-train=no", path
                assert said["content-usage"] == "search=y, train-ai=n", path


class TestTheCatalog:
    async def test_links_to_contract_docs_and_status(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/.well-known/api-catalog")
        kind, _, profile = answer.headers["content-type"].partition("; ")
        assert kind == "application/linkset+json"
        assert profile == 'profile="https://www.rfc-editor.org/info/rfc9727"'
        api, tools = answer.json()["linkset"]
        assert tools["anchor"] == f"{BASE_URL}/mcp"
        assert (await quiet_api.client.get(api["anchor"])).status_code == 200
        for relation in ("service-desc", "service-doc", "status"):
            for target in api[relation] + tools.get(relation, []):
                found = await quiet_api.client.get(target["href"])
                assert found.status_code == 200, target
                assert found.headers["content-type"].startswith(target["type"])
        head = await quiet_api.client.head("/.well-known/api-catalog")
        assert parse_link_header(head.headers["link"])["api-catalog"].target == str(answer.url)

    async def test_has_the_contract_in_yaml_too(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/openapi.yaml")
        assert answer.headers["content-type"] == "application/yaml"
        assert (
            yaml.load(answer.text, yaml.CSafeLoader) == (await quiet_api.client.get("/openapi.json")).json()
        )
        assert "&id" not in answer.text


async def test_the_bare_address_leads_to_everything_that_has_an_address_without_an_id(quiet_api: Api) -> None:
    links = set((await quiet_api.client.get("/")).json()["links"].values())
    linked = {link.removeprefix(BASE_URL).partition("?")[0] for link in links}
    paths = (await quiet_api.client.get("/openapi.json")).json()["paths"]
    left = {path for path, methods in paths.items() if "get" in methods and "{" not in path} - linked
    by_others = {
        "/ns/context.jsonld",
        "/v1/events/stream",
        "/livez",
        "/readyz",
    }  # documents, the list, the operator
    assert {path for path in left if not path.startswith("/.well-known/")} == {"/"} | by_others


async def test_the_bare_address_has_the_same_links_in_markdown(quiet_api: Api) -> None:
    index = (await quiet_api.client.get("/")).json()
    asked = {"Accept": "text/markdown"}
    for _ in range(2):
        answer = await quiet_api.client.get("/", headers=asked)
        assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert answer.headers["cache-control"] == OF_THE_SERVICE["/"]
        assert int(answer.headers["x-markdown-tokens"]) == -(-len(answer.text) // 4)
        assert f"# {index['name']} {index['version']}" in answer.text
        begin, resources = (
            re.findall(r"\]\(([^)]+)\)", part) for part in answer.text.split("## All resources")
        )
        assert resources == list(index["links"].values())
        for target in begin:
            assert (await quiet_api.client.get(target)).status_code == 200, target
        assert {f"{BASE_URL}/guide.md", f"{BASE_URL}/llms.txt", f"{BASE_URL}/v1/stories"} < set(begin)
        assert (await quiet_api.client.get("/.md")).status_code == 404, "it has no suffix"
        held = asked | {"If-None-Match": answer.headers["etag"]}
        assert (await quiet_api.client.get("/", headers=held)).status_code == 304


async def test_the_bare_address_links_its_other_forms(quiet_api: Api) -> None:
    for kind in ("application/json", "text/markdown", "text/html"):
        answer = await quiet_api.client.get("/", headers={"Accept": kind})
        assert answer.headers["content-type"].startswith(kind)
        for other in ("application/json", "text/markdown", "text/html"):
            assert f'<{BASE_URL}/>; rel="alternate"; type="{other}"' in answer.headers["link"]


class TestLinks:
    async def test_of_every_object_include_its_descriptions(self, api: Api) -> None:
        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        contract = (await api.client.get("/openapi.json")).json()["components"]["schemas"]
        for kind, name in (
            ("stories", story["id"]),
            ("verdicts", story["verdict"]["id"]),
            ("claims", story["verdict"]["claims"][0]["id"]),
            ("sources", story["source"]["id"]),
            ("taxonomy", "hype"),
            ("taxonomy", "hype/moonshot_framing"),
        ):
            for form in OBJECT_FORMS:
                found = parse_link_header((await api.client.get(f"/v1/{kind}/{name}.{form}")).headers["link"])
                relations = {rel for one in found.links for rel in one.rel}
                assert relations >= SERVICE | {"canonical", "alternate", "describedby", "type"}
                assert found["type"].target.startswith("https://schema.org/")
                here = f"{BASE_URL}/v1/{kind}/{name}"
                page = f"{here}.html" if form is Form.HTML else here
                assert (found["cite-as"].target, found["canonical"].target) == (here, page)
                assert (await api.client.get(found["author"].target)).status_code == 200
                schema = await api.client.get(found["describedby"].target)
                assert schema.json()["$id"] == found["describedby"].target
                assert schema.json()["title"] in contract

    async def test_of_lists_and_the_root_include_service_and_feeds(self, api: Api) -> None:
        for path, accept in (("/", "*/*"), ("/", "text/html"), ("/v1/stories", "*/*"), ("/v1/claims", "*/*")):
            found = parse_link_header(
                (await api.client.get(path, headers={"Accept": accept})).headers["link"]
            )
            assert {rel for one in found.links for rel in one.rel} >= SERVICE


class TestAPage:
    async def test_has_one_address_in_its_head_its_headers_the_sitemap_the_feed_and_links(
        self, api: Api
    ) -> None:
        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        here = f"{BASE_URL}/v1/stories/{story['id']}.html"
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        for name in (story["id"], story["slug"], f"{story['id']}.html", f"{story['slug']}.html"):
            answer = await api.client.get(f"/v1/stories/{name}", headers=browser)
            assert parse_link_header(answer.headers["link"])["canonical"].target == here
            assert _canonical(answer.text) == here
        month = f"/sitemaps/{story['created_at'][:7]}.xml"
        source = f"/v1/sources/{story['source']['id']}.html"
        for path in (month, "/news-sitemap.xml", "/feed.atom", "/feed.rss", "/feed.json", "/", source):
            text = (await api.client.get(path, headers=browser)).text
            addresses = set(re.findall(rf"{BASE_URL}/v1/stories/[^\s\"<?#]+\.html", text))
            assert addresses == {here}, path

    @pytest.mark.parametrize("path", sorted(path for path in OF_THE_SERVICE if path.endswith(".html")))
    async def test_of_the_service_names_itself_too(self, quiet_api: Api, path: str) -> None:
        answer = await quiet_api.client.get(path)
        assert _canonical(answer.text) == BASE_URL + path
        assert parse_link_header(answer.headers["link"])["canonical"].target == BASE_URL + path

    async def test_that_is_the_front_has_the_bare_address(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/", headers={"Accept": "text/html"})
        assert _canonical(answer.text) == f"{BASE_URL}/"


def _canonical(page: str) -> str:
    (found,) = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    return str(found)
