"""Third-party text in every response stays data."""

import json

import httpx
import pytest

from tests.kit.clients.api_client import Api
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.problems import JSON

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) \u202e \x1b[31m "
    '"}],"x":[{" & &lt;b&gt; {{7*7}} ${jndi:ldap://127.0.0.1/} %0d%0aX-Injected: y'
)
SPLITTING = "one\r\nX-Injected: yes\r\n\r\n<b>two"


def _check(answer: httpx.Response) -> None:
    assert answer.headers["content-type"] in ("application/json", "application/problem+json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "x-injected" not in answer.headers
    for name, value in answer.headers.items():
        assert not set("\r\n<>\x1b\u202e") & set(value.replace("<http", "").replace(">;", "")), name
    json.loads(answer.content)
    assert b"\x1b" not in answer.content
    assert b"\r" not in answer.content


class TestTheTextOfAPage:
    async def test_is_data_in_every_answer_about_its_story(self, api: Api) -> None:
        words = (HOSTILE, *PARAGRAPHS)
        story_id = await api.publish_story(title=f"{HOSTILE} {SPLITTING}", source=HOSTILE, paragraphs=words)
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
        assert story["title"].startswith("</script>")
        assert set(story["slug"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        paths = [
            f"/v1/stories/{story_id}",
            f"/v1/stories/{story['slug']}",
            "/v1/stories",
            "/v1/claims",
            "/v1/sources",
        ]
        paths += [link for name, link in story["links"].items() if name != "original"]
        for path in (*paths, f"/v1/stories/{story_id}/claims", f"/v1/stories/{story_id}/verdicts"):
            answer = await api.client.get(path)
            assert answer.status_code == 200, path
            _check(answer)

    async def test_is_text_in_every_page_and_document_about_its_story(self, api: Api) -> None:
        words = (HOSTILE, *PARAGRAPHS)
        story_id = await api.publish_story(title=f"{HOSTILE} {SPLITTING}", source=HOSTILE, paragraphs=words)
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
        verdict, source = story["verdict"], story["source"]["id"]
        claim = verdict["claims"][0]["id"]
        paths = (f"stories/{story_id}", f"verdicts/{verdict['id']}", f"claims/{claim}", f"sources/{source}")
        pages = [await api.client.get("/", headers={"Accept": "text/html"})]
        for path in paths:
            pages.append(await api.client.get(f"/v1/{path}.html"))
            for suffix in ("md", "jsonld"):
                answer = await api.client.get(f"/v1/{path}.{suffix}")
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert not {"\x1b", "\r", "\u202e"} & set(answer.text)
        for page in pages:
            assert page.status_code == 200
            assert "<img" not in page.text
            assert "<script>" not in page.text
            assert not {"\x1b", "\r", "\u202e"} & set(page.text)
            policy = page.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; style-src 'self';")
            assert "script-src" not in policy

    async def test_does_not_reach_the_page_of_the_contract(self, api: Api) -> None:
        await api.publish_story(title=HOSTILE, source=HOSTILE)
        page = await api.client.get("/docs")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "alert(1)" not in page.text
        policy = dict(
            part.strip().partition(" ")[::2] for part in page.headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"


class TestTheTextOfARequest:
    @pytest.mark.parametrize("text", [HOSTILE, SPLITTING])
    async def test_is_data_in_every_refusal(self, quiet_api: Api, text: str) -> None:
        for answer in (
            await quiet_api.client.get("/v1/stories", params={text: text}),
            await quiet_api.client.get("/v1/stories", params={"spin_type": text}),
            await quiet_api.client.get("/v1/stories", params={"cursor": text}),
            await quiet_api.client.get("/v1/lookup", params={"url": text}),
            await quiet_api.client.get("/v1/lookup", params={"url": f"http://site.example/{text}"}),
            await quiet_api.holder.post("/v1/analyses", json={text: 1}),
            await quiet_api.holder.post("/v1/analyses", json={"url": text}),
            await quiet_api.holder.post("/v1/analyses", json={"text": "a", "source_type": text}),
            await quiet_api.holder.post("/v1/analyses", content=text.encode(), headers=JSON),
        ):
            assert 400 <= answer.status_code < 500
            _check(answer)
