"""Stories in other languages: refused by the rules, judged by a language model alone if one is configured."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import msgspec
import pytest

from tests.kit.polling import until
from tests.kit.servers.scripted_model import Asked, Reply, ScriptedModel, completion
from tests.kit.servers.web_server import Site
from tests.kit.texts.other_languages import SAMPLES, judgement, passage, prose
from tests.kit.texts.pages import article_page
from tests.kit.worlds.second_opinions import is_prose

HOST = "news.quillon.example"
JAPANESE = (
    "クイロン物流は月曜日、貨物の計画を変える新しい仕組みを発表した。会社によると、運転手のうち三百人が三月に別の仕事に移る。"
    * 4,
    "組合は、誰も自分たちに尋ねなかったと述べた。最初の倉庫は三月に切り替わり、残りは六月に続く。" * 4,
)
HUNGARIAN = (
    "A Quillon hétfőn bejelentette az új rendszert, amely a vállalat szerint megváltoztatja a fuvarozást. "
    "A cég azt mondta, hogy a sofőrök egy része márciusban más munkát kap, és ez nem jelent elbocsátást. "
    * 3,
    "A szakszervezet szerint senki sem kérdezte meg őket. Az első raktárak márciusban állnak át, a többi "
    "júniusban követi őket, és a vezetés szerint minden a terv szerint halad. " * 3,
)
JOBS = "SELECT count(*) FROM analysis_jobs WHERE kind = 'second_opinion'"


def says(language: str, written: Any = None) -> Callable[[Asked], Reply]:
    """Answers both calls about the sample in a language."""

    def script(asked: Asked) -> Reply:
        said = (written or prose(language)) if is_prose(asked) else judgement(language)
        return completion(msgspec.json.encode(said).decode(), prompt_tokens=len(asked.raw) // 4)

    return script


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as server:
        yield server


def settings(model: ScriptedModel, **more: str) -> dict[str, str]:
    given = {"LLM_URL": model.base_url, "LLM_MODEL": "scripted-1", **more}
    return {f"UNSPUN_{name}": value for name, value in given.items()}


def put(site: Site, language: str) -> str:
    sample = SAMPLES[language]
    return site.put(
        HOST, f"/{language}", article_page(title=sample.title, paragraphs=tuple(sample.body), host=HOST)
    )


async def judged(running: Any, story_id: str) -> dict[str, Any]:
    """The story once it is scored."""
    found: dict[str, Any] = {}

    async def is_scored() -> bool:
        nonlocal found
        found = await running.story(story_id)
        return bool(found["status"] == "scored")

    await until(is_scored, 120)
    return found


class TestWithoutAModelOfTheirLanguage:
    async def test_stay_refused_and_are_never_queued(
        self, service: Callable[..., Any], site: Site, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        pages = {
            "ja": article_page(title="クイロンが新しい仕組みを発表", paragraphs=JAPANESE),
            "hu": article_page(title="A Quillon új rendszert jelentett be", paragraphs=HUNGARIAN),
        }
        async with service(hosts=[HOST], **settings(model)) as running:
            for language, page in pages.items():
                analysis = await running.analyze(site.put(HOST, f"/{language}", page))
                story = await running.story(analysis["result"]["story_id"])
                assert (story["language"], story["status"]) == (language, "not_scorable")
                assert story["verdict"]["not_scorable"]["reason"] == "unsupported_language"
                asked = await running.client.post(f"/v1/stories/{story['id']}/second-opinion")
                assert asked.status_code == 409, asked.text
            assert await owner.fetchval(JOBS) == 0
            assert model.asked == []

    @pytest.mark.parametrize(
        "more",
        [
            {"LLM_PUBLISHES": "rules"},
            {"LLM_WHEN": "on_request"},
            {"LLM_WHEN": "above_score", "LLM_ABOVE_SCORE": "1"},
        ],
        ids=["rules", "on request", "above score"],
    )
    async def test_stay_refused_if_the_settings_do_not_want_it(
        self,
        service: Callable[..., Any],
        site: Site,
        model: ScriptedModel,
        owner: asyncpg.Connection,
        more: dict[str, str],
    ) -> None:
        async with service(hosts=[HOST], **settings(model, **more)) as running:
            analysis = await running.analyze(put(site, "de"))
            story = await running.story(analysis["result"]["story_id"])
            assert story["verdict"]["not_scorable"]["reason"] == "unsupported_language"
            assert await owner.fetchval(JOBS) == 0
            asked = await running.client.post(f"/v1/stories/{story['id']}/second-opinion")
            assert asked.status_code == (409 if more.get("LLM_PUBLISHES") else 202), asked.text


class TestJudgedAlone:
    async def test_in_german(
        self, service: Callable[..., Any], site: Site, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        wrong = passage("Der Plan kostet 1.235 Mio. Euro.", 4)
        model.script = says("de", prose("de", frame=wrong))
        async with service(hosts=[HOST], **settings(model)) as running:
            analysis = await running.analyze(put(site, "de"))
            first = await running.story(analysis["result"]["story_id"])
            story = await judged(running, first["id"])
            verdict = story["verdict"]
            assert (verdict["version"], verdict["reason"]) == (2, "second_opinion")
            assert (verdict["engine"]["name"], verdict["spin"]["primary"]) == ("llm", "hype")
            assert (
                verdict["spin"]["confidence"] is verdict["spin"]["interval"] is verdict["agreement"] is None
            )
            assert verdict["deck"] == SAMPLES["de"].deck
            assert verdict["frame"] is verdict["entities"] is None
            assert verdict["model"]["dropped"] == {"invented": 1}
            assert (verdict["model"]["language"], verdict["model"]["calibrated"]) == ("de", False)
            assert verdict["provenance"]["method"] == "language_model"
            assert "in German" in model.asked[0].body["messages"][0]["content"]

            types = [e["type"] for e in (await running.client.get("/v1/events")).json()["data"]]
            assert types.count("story.published") == 1
            for form, words in (
                ("text/html", '<p class="deck" lang="de">'),
                ("text/markdown", "not calibrated"),
                ("application/ld+json", '"inLanguage":"de"'),
            ):
                shown = await running.client.get(f"/v1/stories/{story['id']}", headers={"Accept": form})
                assert words in shown.text, form
            reproduced = await running.client.post(
                f"/v1/verdicts/{verdict['id']}/reproduce", headers={"Prefer": "wait=60"}
            )
            assert reproduced.json()["result"]["reproduction"]["outcome"] == "identical", reproduced.text

            calls = len(model.asked)
            await running.analyze(story["url"], max_age=0)  # an unchanged text costs nothing
            await owner.execute("DELETE FROM proposals")  # as after a change of the page's facts
            await running.analyze(story["url"], max_age=0)
            assert (await running.story(story["id"]))["verdict"]["id"] == verdict["id"]
            assert len(model.asked) == calls

    async def test_in_french_with_english_sentences_and_out_of_all_means(
        self, service: Callable[..., Any], site: Site, model: ScriptedModel
    ) -> None:
        deck = passage("Quillon praises its platform, and moves 300 of 1,820 drivers.", 2, 3)
        model.script = says("fr", {"deck": deck})
        more = {"LLM_PROSE_LANGUAGE": "english", "LLM_WHEN": "unsure", "LLM_BELOW_CONFIDENCE": "0"}
        async with service(hosts=[HOST], **settings(model, **more)) as running:
            english = await running.analyze(site.put(HOST, "/en", article_page()))
            score = (await running.story(english["result"]["story_id"]))["verdict"]["spin"]["score"]
            analysis = await running.analyze(put(site, "fr"))
            story = await judged(running, analysis["result"]["story_id"])
            verdict = story["verdict"]
            assert (verdict["deck"], verdict["model"]["language"]) == (deck["text"], "en")
            assert "in plain English" in model.asked[0].body["messages"][0]["content"]

            async def stats(query: str) -> tuple[int, float]:
                found = (await running.client.get(f"/v1/stats?{query}")).json()
                return found["stories"], found["mean_score"]

            assert await stats("by=spin_type") == (1, score)
            assert await stats("by=lang") == (2, (score + verdict["spin"]["score"]) / 2)
            assert await stats("lang=fr") == (1, verdict["spin"]["score"])
            profile = await running.client.get(f"/v1/sources/{story['source']['id']}/profile")
            assert (profile.json()["n"], profile.json()["not_scorable"]) == (1, 0)

    async def test_when_a_client_asks(
        self, service: Callable[..., Any], site: Site, model: ScriptedModel
    ) -> None:
        model.script = says("es")
        async with service(hosts=[HOST], **settings(model, LLM_WHEN="on_request")) as running:
            analysis = await running.analyze(put(site, "es"))
            story_id = analysis["result"]["story_id"]
            asked = await running.client.post(
                f"/v1/stories/{story_id}/second-opinion", headers={"Prefer": "wait=60"}
            )
            assert asked.json()["status"] == "succeeded", asked.text
            assert (await running.story(story_id))["verdict"]["deck"] == SAMPLES["es"].deck
