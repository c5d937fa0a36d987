"""Assignment of pages to stories: none can take over another's, and the original gets its own back."""

from collections.abc import Callable
from typing import Any

from tests.kit.polling import until
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.pages import PARAGRAPHS, article_page

ORIGINAL, MIRROR = "news.brightwater.example", "mirror.copyhall.example"


async def _lookup(running: Any, url: str) -> dict[str, Any]:
    answer = await running.client.get("/v1/lookup", params={"url": url})
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestACopyThatNamesTheOriginalAsItsCanonical:
    async def test_takes_nothing_over(self, service: Callable[..., Any], site: Site) -> None:
        own = site.put(ORIGINAL, "/turbine", article_page(canonical=f"https://{ORIGINAL}/turbine"))
        spun = (*PARAGRAPHS[:2], "Everything else in this piece was changed. " * 40, *PARAGRAPHS[3:])
        other = site.put(
            MIRROR, "/fake", article_page(canonical=f"https://{ORIGINAL}/turbine", paragraphs=spun)
        )
        async with service(hosts=[ORIGINAL, MIRROR]) as running:
            first = await running.analyze(own)
            assert (await running.analyze(other))["result"]["story_id"] != first["result"]["story_id"]
            found = await _lookup(running, own)
            assert found["story"]["id"] == first["result"]["story_id"]
            assert found["story"]["verdict"]["version"] == 1

    async def test_read_first_gives_the_story_to_the_original_once_that_agrees(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        page = article_page(canonical=f"https://{ORIGINAL}/turbine")
        own, copy = site.put(ORIGINAL, "/turbine", page), site.put(MIRROR, "/copy", page)
        async with service(hosts=[ORIGINAL, MIRROR]) as running:
            first = await running.analyze(copy)
            assert (await _lookup(running, copy))["story"]["url"].startswith(f"http://{MIRROR}")
            assert (await running.analyze(own))["result"]["story_id"] == first["result"]["story_id"]
            found = await _lookup(running, copy)
            assert found["alias"] == "syndicated"
            assert ORIGINAL in found["story"]["url"]
            assert found["story"]["source"]["domain"] == "brightwater.example"


class TestAPageThatDeclaresANeighboursAddress:
    async def test_on_a_host_that_strangers_share_takes_nothing_over(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        anna, bert = "anna.shared-press.example", "bert.shared-press.example"
        own = site.put(anna, "/p", article_page(canonical=f"http://{anna}/p"))
        lies = ("Everything that stood here before was a mistake, says nobody. " * 40,)
        evil = site.put(bert, "/q", article_page(canonical=f"http://{anna}/p", paragraphs=lies))
        async with service(hosts=[anna, bert]) as running:
            first = await running.analyze(own)
            await running.analyze(evil)
            found = await _lookup(running, own)
            assert found["story"]["id"] == first["result"]["story_id"]
            assert found["story"]["verdict"]["version"] == 1

    async def test_takes_no_alias_of_another_story(self, service: Callable[..., Any], site: Site) -> None:
        page = article_page()
        own = site.put(ORIGINAL, "/turbine", page)
        copy = site.put(MIRROR, "/copy", page)
        lies = ("Everything that stood here before was a mistake, says nobody. " * 40,)
        evil = site.put(MIRROR, "/evil", article_page(canonical="/copy", paragraphs=lies))
        async with service(hosts=[ORIGINAL, MIRROR]) as running:
            first = await running.analyze(own)
            await running.analyze(copy)
            other = await running.analyze(evil)
            assert (await _lookup(running, copy))["story"]["id"] == first["result"]["story_id"]
            assert (await running.story(other["result"]["story_id"]))["url"].endswith("/evil")


class TestVariantsOfOneAddress:
    async def test_find_the_story(self, service: Callable[..., Any], site: Site) -> None:
        site.put(ORIGINAL, "/old", Reply(status=301, headers={"Location": "/turbine?utm_source=x"}))
        site.put(ORIGINAL, "/turbine", article_page(canonical="/turbine"))
        async with service(hosts=[ORIGINAL]) as running:
            created = (await running.analyze(f"http://{ORIGINAL}/old"))["result"]["story_id"]
            for url in (
                f"https://{ORIGINAL}/turbine",
                f"http://{ORIGINAL}/turbine/?fbclid=9#x",
                f"http://{ORIGINAL}:80/old?utm_campaign=z",
                f"{ORIGINAL}/turbine".join(["http://", ""]),
            ):
                assert (await _lookup(running, url))["story"]["id"] == created, url

    async def test_of_an_unknown_address_find_nothing(self, service: Callable[..., Any]) -> None:
        async with service(with_worker=False) as running:
            answer = await running.client.get("/v1/lookup", params={"url": "https://nobody.example/"})
            assert answer.json()["state"] == "unknown"
            assert (await running.client.get("/v1/lookup", params={"url": "no url"})).status_code == 400


class TestAPageThatIsReadAgain:
    async def test_unchanged_makes_no_new_version(self, service: Callable[..., Any], site: Site) -> None:
        own = site.put(ORIGINAL, "/turbine", article_page())
        async with service(hosts=[ORIGINAL]) as running:
            first = await running.analyze(own)
            again = await running.analyze(own, max_age=0)
            assert again["id"] != first["id"]
            assert again["result"] == first["result"]
            assert site.hits[ORIGINAL, "/turbine"] == 2

    async def test_young_enough_is_not_fetched_at_all(self, service: Callable[..., Any], site: Site) -> None:
        own = site.put(ORIGINAL, "/turbine", article_page())
        async with service(hosts=[ORIGINAL]) as running:
            first = await running.analyze(own)
            again = await running.submit(own)
            assert again["status"] == "succeeded"
            assert again["result"] == first["result"]
            assert site.hits[ORIGINAL, "/turbine"] == 1

    async def test_with_another_text_makes_a_version_and_keeps_the_ids_of_claims(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        own = site.put(ORIGINAL, "/turbine", article_page())
        async with service(hosts=[ORIGINAL]) as running:
            before = await running.story((await running.analyze(own))["result"]["story_id"])
            site.put(
                ORIGINAL,
                "/turbine",
                article_page(paragraphs=(*PARAGRAPHS, "The figure was wrong, it now says.")),
            )
            again = await running.analyze(own, max_age=0)

            async def revised() -> bool:  # the process may cache for two seconds
                return (await running.story(again["result"]["story_id"]))["verdict"]["version"] == 2

            await until(revised)
            after = await running.story(again["result"]["story_id"])
            assert after["id"] == before["id"]
            assert after["slug"] == before["slug"]
            assert after["verdict"]["reason"] == "source_edited"
            # beyond the quote budget a claim keeps its id without words
            kept = {claim["text"]: claim["id"] for claim in after["verdict"]["claims"] if claim["text"]}
            shared = [claim for claim in before["verdict"]["claims"] if claim["text"] in kept]
            assert shared
            assert {c["text"]: c["id"] for c in shared} == {c["text"]: kept[c["text"]] for c in shared}
            old = await running.client.get(f"/v1/verdicts/{before['verdict']['id']}")
            assert old.json()["version"] == 1
