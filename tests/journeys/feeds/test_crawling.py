"""A crawler that starts at /robots.txt or /llms.txt finds every story in every format, with equal facts."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import extruct
import httpx
import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from api.operations.exports.seed import seed
from api.rendering.forms import OBJECT_FORMS, Form
from api.rendering.plain_text import plain
from tests.conftest import Servers
from tests.kit.clients.api_client import BASE_URL, Api, running_api
from tests.kit.clients.crawler import Crawler

pytestmark = pytest.mark.slow

Forms = dict[str, httpx.Response]


@dataclass
class World:
    """A service with the sample stories, one of them retracted, and the results of two crawls."""

    api: Api
    from_robots: Crawler
    from_llms: Crawler
    scored: set[str]
    gone: str


@pytest.fixture(scope="module")
async def world(servers: Servers, template: str) -> AsyncIterator[World]:
    async with servers.temporary(template, "crawling") as name:
        async with running_api(UNSPUN_DATABASE_URL=servers.as_app(name), UNSPUN_ADDRESS_QUOTAS="none") as api:
            await seed(api.runtime)
            rows = await api.rows("SELECT id FROM stories WHERE status = 'scored' ORDER BY id")
            gone, *kept = [row["id"] for row in rows]
            await api.holder.post(
                f"/v1/stories/{gone}/retract", json={"reason": "error", "statement": "A test."}
            )
            from_robots = Crawler(api.client, BASE_URL)
            from_llms = Crawler(api.client, BASE_URL, "/(v1/stories|llms|sitemap)")
            await from_robots.crawl("/robots.txt")
            await from_llms.crawl("/llms.txt")
            yield World(api, from_robots, from_llms, set(kept), gone)


def forms_of(crawler: Crawler, kind: str) -> dict[str, Forms]:
    """By id: the responses for each object, by media type."""
    met = crawler.of(rf"/v1/{kind}/(\w+)(?:\.\w+)?")
    return {
        name: {answer.headers["content-type"].partition(";")[0]: answer for answer in answers}
        for name, answers in met.items()
    }


def stories(world: World) -> list[tuple[dict[str, Any], Forms]]:
    met = forms_of(world.from_robots, "stories")
    return [(json.loads(met[name]["application/json"].content), met[name]) for name in sorted(world.scored)]


class TestACrawl:
    @pytest.mark.parametrize("start", ["from_robots", "from_llms"])
    async def test_reaches_every_story_in_every_form(self, world: World, start: str) -> None:
        met = forms_of(getattr(world, start), "stories")
        assert len(world.scored) > 15
        for story_id in world.scored:
            assert set(met.get(story_id, {})) == {form.media_type for form in OBJECT_FORMS}, story_id
        assert world.gone not in met

    @pytest.mark.parametrize("start", ["from_robots", "from_llms"])
    async def test_meets_no_dead_link(self, world: World, start: str) -> None:
        pages = getattr(world, start).pages
        dead = {address: answer.status_code for address, answer in pages.items() if answer.status_code != 200}
        assert dead == {}
        assert len(pages) > 300

    async def test_meets_every_claim_verdict_and_source_of_the_stories_too(self, world: World) -> None:
        claims, verdicts = forms_of(world.from_robots, "claims"), forms_of(world.from_robots, "verdicts")
        sources = forms_of(world.from_robots, "sources")
        everything = {form.media_type for form in OBJECT_FORMS}
        for story, _ in stories(world):
            assert set(verdicts[story["verdict"]["id"]]) == everything
            assert set(sources[story["source"]["id"]]) == everything
            for claim in story["verdict"]["claims"]:
                assert set(claims[claim["id"]]) == everything, claim["id"]

    async def test_is_spared_what_has_not_changed(self, world: World) -> None:
        tags: dict[str, set[str]] = {}
        for address, answer in world.from_robots.pages.items():
            if answer.headers["content-type"].startswith(("text/csv", "application/x-ndjson")):
                assert "etag" not in answer.headers, address  # known at their end only
                continue
            tag = answer.headers["etag"]
            again = await world.api.client.get(address, headers={"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b""), address
            assert again.headers["etag"] == tag
            if found := re.fullmatch(rf"{BASE_URL}(/v1/stories/\w+)\.\w+", address):
                tags.setdefault(found[1], set()).add(tag)
        assert {len(family) for family in tags.values()} == {len(OBJECT_FORMS)}


class TestEveryFormOfAStory:
    async def test_states_the_facts_of_its_json_as_json_ld(self, world: World) -> None:
        for story, forms in stories(world):
            graph = json.loads(forms[Form.JSONLD.media_type].content)["@graph"]
            by_type: dict[str, list[dict[str, Any]]] = {}
            for node in graph:
                by_type.setdefault(node["@type"], []).append(node)
            (review,), (ours,) = by_type["Review"], by_type["AnalysisNewsArticle"]
            verdict, spin = story["verdict"], story["verdict"]["spin"]
            assert review["reviewRating"]["ratingValue"] == spin["score"]
            assert review["unspun:primaryType"] == spin["primary"]
            assert review.get("unspun:secondaryType") == spin["secondary"]
            assert (review["version"], review["datePublished"]) == (verdict["version"], verdict["created_at"])
            assert (ours["datePublished"], ours["dateModified"]) == (story["created_at"], story["updated_at"])
            (original,) = (node for node in graph if node["@id"] == story["url"])
            assert original["datePublished"] == story["published_at"]
            claims = {node["position"]: node for node in by_type.get("Claim", ())}
            assert {
                number: (node.get("text"), node["unspun:claimSupport"], node["unspun:verification"])
                for number, node in claims.items()
            } == {
                claim["number"]: (
                    plain(claim["text"]) if claim["text"] else None,
                    claim["support"],
                    claim["verification"],
                )
                for claim in verdict["claims"]
            }

    async def test_states_them_as_markdown(self, world: World) -> None:
        for story, forms in stories(world):
            text = forms[Form.MARKDOWN.media_type].text
            front = yaml.safe_load(text.split("---\n")[1])
            verdict, spin = story["verdict"], story["verdict"]["spin"]
            assert (front["score"], front["spin_type"]) == (spin["score"], spin["primary"])
            assert front.get("secondary_type") == spin["secondary"]
            assert (front["version"], front["judged_at"]) == (verdict["version"], verdict["created_at"])
            for name in ("published_at", "created_at", "updated_at"):
                assert front.get(name) == story[name], name
            unescaped = re.sub(r"\\([^\w\s])", r"\1", text)
            assert len(re.findall(r"^- Claim \d+: ", text, re.MULTILINE)) == len(verdict["claims"])
            for claim in verdict["claims"]:
                assert f"- Claim {claim['number']}: {claim['support']} · " in text
                if claim["text"]:
                    assert f"> “{plain(claim['text'])}”" in unescaped

    async def test_states_them_as_a_page_with_the_same_json_ld_inside(self, world: World) -> None:
        for story, forms in stories(world):
            page = forms[Form.HTML.media_type].text
            (inside,) = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
            assert inside == json.loads(forms[Form.JSONLD.media_type].content)
            tree = LexborHTMLParser(page)
            verdict, spin = story["verdict"], story["verdict"]["spin"]
            assert tree.css_first(".score strong").text() == str(spin["score"])
            names = {entry.type.value: entry.name for entry in world.api.runtime.taxonomy.types}
            names["none"] = "No spin" if spin["band"] == "plain" else "No spin type"
            assert tree.css_first("#verdict-title").text() == names[spin["primary"]]
            if spin["secondary"]:
                assert names[spin["secondary"]] in tree.css_first(".verdict-words").text()
            assert {node.attributes["datetime"] for node in tree.css("time")} >= {
                story["published_at"],
                story["created_at"],
                story["updated_at"],
                verdict["created_at"],
            }
            shown = [node.css_first("blockquote").text() for node in tree.css(".claims > li")]
            for claim, said in zip(
                verdict["claims"], [" ".join(text.split()) for text in shown], strict=True
            ):
                if claim["text"] and all(span["quote"] for span in claim["spans"]):
                    assert plain(claim["text"]) == said.strip("“”"), claim["id"]

    async def test_is_in_the_feeds_with_the_same_facts(self, world: World) -> None:
        items: dict[str, dict[str, Any]] = {}
        for answer in world.from_robots.of(r"(/feed\.json)(?:\?.*)?").get("/feed.json", ()):
            items |= {item["_unspun"]["id"]: item for item in answer.json()["items"]}
        assert set(items) == world.scored
        for story, _ in stories(world):
            item, spin = items[story["id"]], story["verdict"]["spin"]
            facts = item["_unspun"]
            assert (facts["score"], facts["primary"], facts["secondary"], facts["band"]) == (
                spin["score"],
                spin["primary"],
                spin["secondary"],
                spin["band"],
            )
            assert facts["published_at"] == story["published_at"]
            assert (item["date_published"], item["date_modified"]) == (
                story["created_at"],
                story["updated_at"],
            )
