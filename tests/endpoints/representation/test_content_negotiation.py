"""Every format of a URL, by suffix and by Accept, each with its own validators and links."""

import html
import json
import re
from typing import Any

import httpx
import pytest
import yaml

from api.rendering.forms import OBJECT_FORMS, Form
from api.routes.http.request.negotiation import best_form
from tests.kit.clients.api_client import BASE_URL, Api
from tests.kit.tables import each
from tests.kit.texts.factories import make_article, make_edition, make_refusal, publish
from tests.kit.texts.problems import check_problem

PLAIN = {"Accept-Encoding": "identity"}
JSON, JSONLD, MARKDOWN = Form.JSON, Form.JSONLD, Form.MARKDOWN
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def addresses(api: Api) -> dict[str, str]:
    """One object of each kind, without a suffix."""
    story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
    verdict = story["verdict"]
    return {
        "story": f"/v1/stories/{story['id']}",
        "verdict": f"/v1/verdicts/{verdict['id']}",
        "claim": f"/v1/claims/{verdict['claims'][0]['id']}",
        "source": f"/v1/sources/{story['source']['id']}",
        "taxonomy": "/v1/taxonomy",
        "type": "/v1/taxonomy/hype",
        "tactic": "/v1/taxonomy/hype/moonshot_framing",
    }


def links(answer: httpx.Response) -> dict[tuple[str, str | None], str]:
    """The targets of Link by relation and type (RFC 8288)."""
    found = {}
    for target, parameters in re.findall(r"<([^>]*)>((?:\s*;\s*\w+=\"[^\"]*\")*)", answer.headers["link"]):
        values = dict(re.findall(r"(\w+)=\"([^\"]*)\"", parameters))
        found[values["rel"], values.get("type")] = target
    return found


class TestAForm:
    @pytest.mark.parametrize(
        ("accept", "form"),
        [
            (None, JSON),
            ("", JSON),
            ("*/*", JSON),
            ("application/*", JSON),
            ("application/json", JSON),
            ("APPLICATION/LD+JSON", JSONLD),
            ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', JSONLD),
            ("text/markdown", MARKDOWN),
            ("text/*", MARKDOWN),
            ("text/markdown, */*;q=0.1", MARKDOWN),
            ("application/json;q=0.5, text/markdown;q=0.9", MARKDOWN),
            ("application/json;q=0.9, text/markdown;q=0.9", JSON),
            ("*/*, application/json;q=0", JSONLD),
            ("application/*;q=0.2, text/markdown;q=0.1", JSON),
            ("application/json;q=0, */*;q=0.1, application/ld+json;q=0.05", MARKDOWN),
            ("text/markdown;q=0", None),
            ("image/png", None),
            ("*/*;q=0", None),
            ("application/json;q=high", None),
            ("application/json;q=nan", None),
            ("application/json;q=2", None),
            (",,;;", None),
        ],
    )
    def test_is_the_one_of_the_greatest_weight(self, accept: str | None, form: Form | None) -> None:
        assert best_form(accept, (JSON, JSONLD, MARKDOWN)) is form

    async def test_that_is_not_there_is_refused_with_those_that_are(self, api: Api) -> None:
        for path in (await addresses(api)).values():
            answer = await api.client.get(path, headers={"Accept": "image/png"})
            problem = check_problem(answer, 406, "not-acceptable")
            assert problem["available"] == [form.media_type for form in OBJECT_FORMS]
            assert answer.headers["vary"] == "Accept, Accept-Encoding"
            check_problem(await api.client.get(f"{path}.csv"), 404, "not-found")
            check_problem(await api.client.get(f"{path}.exe"), 404, "not-found")

    async def test_belongs_to_objects_alone(self, api: Api) -> None:
        story = (await addresses(api))["story"]
        for path in (
            "/v1/keys.json",
            "/livez.json",
            f"{story}/explanation.md",
            "/v1/lookup.json",
            "/docs.html",
        ):
            assert (await api.client.get(path)).status_code == 404, path

    async def test_is_the_same_by_suffix_and_by_accept(self, api: Api) -> None:
        for path in (await addresses(api)).values():
            tags = set()
            for form in OBJECT_FORMS:
                named = await api.client.get(f"{path}.{form}", headers=PLAIN | {"Accept": "image/png"})
                asked = await api.client.get(path, headers=PLAIN | {"Accept": form.media_type})
                assert named.status_code == asked.status_code == 200, (path, form)
                assert named.content == asked.content
                for name in ("etag", "content-type", "content-location", "link", "vary", "cache-control"):
                    assert named.headers[name] == asked.headers[name], (path, form, name)
                assert named.headers["content-type"].partition(";")[0] == form.media_type
                assert named.headers["content-location"] == f"{BASE_URL}{path}.{form}"
                assert named.headers["vary"] == "Accept, Accept-Encoding"
                tags.add(named.headers["etag"])
            assert len(tags) == len(OBJECT_FORMS), path

    async def test_links_all_the_others(self, api: Api) -> None:
        for path in (await addresses(api)).values():
            for form in OBJECT_FORMS:
                found = links(await api.client.get(f"{path}.{form}"))
                others = {(("alternate", other.media_type)) for other in OBJECT_FORMS if other is not form}
                assert {entry for entry in found if entry[0] == "alternate"} == others
                page = ".html" if form is Form.HTML else ""
                assert found["canonical", None] == f"{BASE_URL}{path}{page}"
                assert found["license", None].startswith("https://")
                assert ("describedby", "application/schema+json") in found
                for (relation, kind), target in found.items():
                    if relation in ("alternate", "canonical", "service-desc"):
                        answer = await api.client.get(target)
                        assert answer.status_code == 200, target
                        assert kind is None or answer.headers["content-type"].startswith(kind)

    async def test_is_answered_304_and_to_head_like_any_other(self, api: Api) -> None:
        for path in (await addresses(api)).values():
            for form in OBJECT_FORMS:
                whole = await api.client.get(f"{path}.{form}")
                head = await api.client.head(f"{path}.{form}")
                assert head.content == b""
                names = set(whole.headers) - {"x-request-id", "date", "ratelimit"}
                assert {name: head.headers[name] for name in names} == {
                    name: whole.headers[name] for name in names
                }
                same = await api.client.get(
                    path, headers={"Accept": form.media_type, "If-None-Match": whole.headers["etag"]}
                )
                assert (same.status_code, same.content) == (304, b"")
                assert same.headers["vary"] == whole.headers["vary"]
                assert same.headers["content-location"] == whole.headers["content-location"]
                other = await api.client.get(path, headers={"If-None-Match": whole.headers["etag"]})
                assert other.status_code == (304 if form is JSON else 200)


class TestAStory:
    async def test_states_the_same_facts_in_every_form(self, api: Api) -> None:
        path = (await addresses(api))["story"]
        story = (await api.client.get(f"{path}.json")).json()
        graph = {node["@type"]: node for node in (await api.client.get(f"{path}.jsonld")).json()["@graph"]}
        markdown = (await api.client.get(f"{path}.md")).text
        front: dict[str, Any] = yaml.safe_load(markdown.split("---\n")[1])
        spin = story["verdict"]["spin"]
        assert graph["Review"]["reviewRating"]["ratingValue"] == front["score"] == spin["score"]
        assert graph["Review"]["unspun:primaryType"] == front["spin_type"] == spin["primary"]
        assert graph["NewsArticle"]["datePublished"] == front["published_at"] == story["published_at"]
        assert graph["AnalysisNewsArticle"]["dateModified"] == front["updated_at"] == story["updated_at"]
        assert front["version"] == story["verdict"]["version"]
        assert markdown.count("- Claim ") == len(story["verdict"]["claims"])

    async def test_that_was_not_judged_has_all_forms_too(self, api: Api) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article, make_refusal(article)))).story_id
        for form in OBJECT_FORMS:
            answer = await api.client.get(f"/v1/stories/{story_id}.{form}")
            assert answer.status_code == 200
            assert "not_scorable" in answer.text or "Not scorable" in answer.text

    async def test_is_rendered_in_every_form_when_it_is_published(self, api: Api) -> None:
        story_id = await api.publish_story()
        rows = await api.rows("SELECT form, body FROM documents WHERE object_id = $1", story_id)
        assert {row["form"] for row in rows} == {form.value for form in OBJECT_FORMS}
        for row in rows:
            answer = await api.client.get(f"/v1/stories/{story_id}.{row['form']}", headers=PLAIN)
            assert answer.content == row["body"]

    async def test_is_rendered_again_if_its_bytes_are_stale(self, api: Api) -> None:
        story_id = await api.publish_story()
        await api.rows("UPDATE documents SET renderer = 'old', body = 'old' WHERE object_id = $1", story_id)
        await api.forget_copies()
        for form in OBJECT_FORMS:
            assert (await api.client.get(f"/v1/stories/{story_id}.{form}")).content != b"old"
        rows = await api.rows("SELECT renderer FROM documents WHERE object_id = $1", story_id)
        assert {row["renderer"] for row in rows} == {api.runtime.renderer}

    async def test_changes_in_every_form_at_once(self, api: Api) -> None:
        story_id = (await publish(api.runtime, make_edition(make_article()))).story_id
        before = [(await api.client.get(f"/v1/stories/{story_id}.{form}")).text for form in OBJECT_FORMS]
        await publish(api.runtime, make_edition(make_article(title="Brightwater closes its turbine")))
        after = [(await api.client.get(f"/v1/stories/{story_id}.{form}")).text for form in OBJECT_FORMS]
        for old, new in zip(before, after, strict=True):
            assert "closes its turbine" not in old
            assert "closes its turbine" in new


class TestThePagesForPeople:
    async def test_are_what_a_browser_gets(self, api: Api) -> None:
        for path in [*(await addresses(api)).values(), "/", "/ns"]:
            page = await api.client.get(path, headers={"Accept": BROWSER})
            assert page.headers["content-type"] == "text/html; charset=utf-8", path
            assert page.text.startswith("<!doctype html>")
            assert page.headers["vary"] == "Accept, Accept-Encoding"
            sheet = re.search(r'<link rel="stylesheet" href="([^"]+)">', page.text)
            assert sheet
            assert (await api.client.get(sheet[1])).headers["content-type"] == "text/css; charset=utf-8"
            for target in re.findall(rf'href="({BASE_URL}[^"]*)"', page.text):
                assert (await api.client.get(target)).status_code == 200, target

    async def test_list_the_latest_of_all_and_of_a_source(self, api: Api) -> None:
        path = (await addresses(api))["source"]
        await publish(
            api.runtime, make_edition(make_article(url="http://other.example/2", title="Something else"))
        )
        front = (await api.client.get("/", headers={"Accept": "text/html"})).text
        assert front.index("Something else") != front.index("Brightwater opens its tidal turbine")
        source = (await api.client.get(f"{path}.html")).text
        assert "Brightwater opens its tidal turbine" in source
        assert "Something else" not in source

    async def test_show_no_story_without_the_right_to_read(self, start_api: Any) -> None:
        async with start_api(UNSPUN_PUBLIC_READS="false") as api:
            await api.publish_story()
            front = await api.client.get("/", headers={"Accept": "text/html"})
            assert front.status_code == 200
            assert "turbine" not in front.text
            assert front.headers["cache-control"] == "private, no-store"


class TestWhereNothingIs:
    PATHS = (
        "/nowhere<b>",
        "/v2/stories",
        "/v1/stories/none/none/none",
        "/v1/stories/sty_none",
        "/v1/stories/none.html",
        "/v1/verdicts/none",
        "/v1/claims/none",
        "/v1/sources/none",
        "/v1/taxonomy/none",
        "/problems/none",
    )

    @each("path", [*PATHS, "/guide/none"])
    async def test_a_browser_gets_a_page(self, quiet_api: Api, path: str) -> None:
        asked = {"Accept": BROWSER}
        page = await quiet_api.client.get(path, headers=asked)
        assert page.status_code == 404
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["vary"] == "Accept, Accept-Encoding"
        assert page.headers["cache-control"] == "public, max-age=30"
        front = await quiet_api.client.get("/", headers=asked)
        assert page.headers["content-security-policy"] == front.headers["content-security-policy"]
        assert "<title>Not found · Unspun</title>" in page.text
        problem = check_problem(await quiet_api.client.get(path), 404, "not-found")
        assert problem["detail"] in html.unescape(page.text)
        assert "none" not in page.text.replace("'none'", ""), "of the path"
        assert "nowhere" not in page.text
        assert "<script" not in page.text
        assert "canonical" not in page.text
        for target in re.findall(rf'href="({BASE_URL}[^"]*)"', page.text):
            assert (await quiet_api.client.get(target)).status_code == 200, target
        head = await quiet_api.client.head(path, headers=asked)
        assert (head.status_code, head.content) == (404, b"")
        assert head.headers["content-length"] == page.headers["content-length"]

    @each("path", PATHS)
    async def test_everyone_else_gets_a_problem(self, quiet_api: Api, path: str) -> None:
        for accept in (
            "*/*",
            "",
            "application/json",
            "text/markdown",
            "text/html;q=0.5, application/problem+json",
            "image/*, */*;q=0.8",
        ):
            answer = await quiet_api.client.get(path, headers={"Accept": accept})
            check_problem(answer, 404, "not-found")
            assert answer.headers["vary"] == "Accept, Accept-Encoding"

    async def test_of_what_has_no_page_everyone_gets_a_problem(self, quiet_api: Api) -> None:
        asked = {"Accept": BROWSER}
        for path in ("/v1/entities/none", "/v1/stories/none/cite", "/schemas/none.json"):
            answer = await quiet_api.client.get(path, headers=asked)
            check_problem(answer, 404, "not-found")
            assert answer.headers["vary"] == "Accept-Encoding"
        check_problem(await quiet_api.client.post("/nowhere", headers=asked), 404, "not-found")

    async def test_anymore_a_browser_gets_a_page(self, api: Api) -> None:
        path = f"/v1/stories/{await api.publish_story()}"
        statement = "It is about <b>another</b> person."
        body = {"reason": "error", "statement": statement}
        assert (await api.holder.post(f"{path}/retract", json=body)).status_code == 200
        for address in (path, f"{path}.html"):
            page = await api.client.get(address, headers={"Accept": BROWSER})
            assert (page.status_code, page.headers["content-type"]) == (410, "text/html; charset=utf-8")
            assert statement in html.unescape(page.text)
            assert "<b>" not in page.text
            problem = check_problem(await api.client.get(address), 410, "gone")
            assert problem["tombstone"]["statement"] == statement


class TestABudget:
    async def test_is_refused_where_it_cannot_hold(self, api: Api) -> None:
        path = (await addresses(api))["story"]
        for query in ("budget=299", "budget=1e3", "budget=-1", "budget=many", "budget=1000001"):
            problem = check_problem(await api.client.get(f"{path}.md?{query}"), 400, "invalid-request")
            assert problem["errors"][0]["parameter"] == "budget"
        check_problem(await api.client.get(f"{path}.json?budget=400"), 400, "invalid-request")
        check_problem(await api.client.get(f"{path}?budget=400"), 400, "invalid-request")
        for other in (await addresses(api)).values():
            check_problem(await api.client.get(f"{other}.html?budget=400"), 400, "invalid-request")
            check_problem(await api.client.get(f"{other}.md?budget=299"), 400, "invalid-request")

    async def test_bounds_the_markdown_of_every_object(self, api: Api) -> None:
        for path in (await addresses(api)).values():
            whole = await api.client.get(f"{path}.md")
            assert int(whole.headers["x-markdown-tokens"]) == -(-len(whole.text) // 4)
            for budget in (300, 400):
                cut = await api.client.get(f"{path}?budget={budget}", headers={"Accept": "text/markdown"})
                assert int(cut.headers["x-markdown-tokens"]) == -(-len(cut.text) // 4) <= budget
                longer = int(whole.headers["x-markdown-tokens"]) > budget
                assert (cut.headers["etag"] != whole.headers["etag"]) is longer
                assert ("Left out to fit" in cut.text) is longer
            assert (await api.client.get(f"{path}.md?budget=100000")).text == whole.text


class TestTheVocabulary:
    async def test_is_served_at_the_urls_of_its_terms(self, quiet_api: Api) -> None:
        vocabulary = (await quiet_api.client.get("/ns")).json()
        context = (await quiet_api.client.get("/ns/context.jsonld")).json()["@context"]
        assert context["unspun"] == f"{BASE_URL}/ns#"
        assert {name for name in context if name != "unspun"} <= {
            node["@id"] for node in vocabulary["@graph"]
        }
        answer = await quiet_api.client.get("/ns", headers={"Accept": "text/markdown"})
        assert answer.text == (await quiet_api.client.get("/ns.md")).text
        assert answer.headers["content-location"] == f"{BASE_URL}/ns.md"

    async def test_is_what_the_documents_name(self, api: Api) -> None:
        path = (await addresses(api))["story"]
        named = json.loads((await api.client.get(f"{path}.jsonld")).text)["@context"]
        assert named == ["https://schema.org", f"{BASE_URL}/ns/context.jsonld"]
