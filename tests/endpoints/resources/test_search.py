"""Search: matching words, order, highlights; and misspelt names."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from schemas.assessments import EntityMention
from schemas.enums import EntityType
from tests.kit.clients.api_client import Api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, make_refusal, publish
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.problems import check_invalid, check_problem

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


async def _publish(api: Api, number: int, title: str, **said: Any) -> str:
    """A story with this title, and with `said` in its verdict."""
    article = make_article(
        title=title,
        url=f"http://news{number}.example/{number}",
        published_at=BEGAN + timedelta(minutes=number),
    )
    assessment = msgspec.structs.replace(make_assessment(article), **{"entities": [], **said})
    return (await publish(api.runtime, make_edition(article, assessment), cached=False)).story_id


def _entity(name: str) -> EntityMention:
    return EntityMention(name=name, type=EntityType.ORGANIZATION, salience=0.5, spans=[])


async def _found(api: Api, **parameters: Any) -> list[dict[str, Any]]:
    answer = await api.client.get("/v1/stories", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_shows_no_more_of_a_text_than_its_verdict_may_quote(api: Api) -> None:
    sentence = PARAGRAPHS[5]
    assert "monitoring plan" in sentence
    for claims, served in ((PARAGRAPHS[:1], sentence), (PARAGRAPHS[:5], None)):
        article = make_article(url=f"http://news{len(claims)}.example/1")
        assessment = make_assessment(article, claims=claims)
        assessment = msgspec.structs.replace(assessment, deck=sentence, summary=sentence, tldr=[])
        story_id = (await publish(api.runtime, make_edition(article, assessment))).story_id
        verdict = (await api.client.get(f"/v1/stories/{story_id}")).json()["verdict"]
        assert (verdict["deck"], verdict["summary"]) == (served, served)
        (row,) = [row for row in await _found(api) if row["id"] == story_id]
        assert row["deck"] == served
        found = {row["id"]: row["match"] for row in await _found(api, q='"monitoring plan"')}
        assert (story_id in found) is (served is not None)


class TestASearch:
    @pytest.mark.parametrize("query", ["q=", "q=" + "a" * 201, "sort=relevance", "q=a%00"])
    async def test_is_refused_without_words_or_with_too_many(self, quiet_api: Api, query: str) -> None:
        check_problem(await quiet_api.client.get(f"/v1/stories?{query}"), 400, "invalid-request")

    @pytest.mark.parametrize(
        "q", ["'", '"', "a & | ! <-> b", "((((", "\\", "%", "or", "-", "💡", "<b>", "the of"]
    )
    async def test_is_refused_or_finds_nothing_without_a_word(self, quiet_api: Api, q: str) -> None:
        for path in ("/v1/stories", "/v1/claims"):
            answer = await quiet_api.client.get(path, params={"q": q, "include": "total_count"})
            if answer.status_code == 400:
                check_invalid(answer, parameter="q", code="too_short")
            else:
                assert (answer.status_code, answer.json()["data"]) == (200, [])
        for path in ("/v1/sources", "/v1/entities"):  # these look for characters in names
            answer = await quiet_api.client.get(path, params={"q": q, "include": "total_count"})
            assert (answer.status_code, answer.json()["data"]) == (200, [])

    async def test_finds_words_of_every_field_and_marks_them(self, api: Api) -> None:
        story_id = await _publish(
            api, 1, "Lanterns over Carrow", deck="Quarries are lit.", summary="An orchard pays for it.",
            keywords=["timber futures"], entities=[_entity("Larkspur Foods")],
        )  # fmt: skip
        await _publish(api, 2, "Another turbine")
        for q, field, marked in (
            ("lantern", "title", "Lanterns"), ("quarry", "deck", "Quarries"), ("orchard", "summary", "orchard"),
            ('"timber futures"', "keywords", "timber"), ("larkspur", "entities", "Larkspur"),
        ):  # fmt: skip
            (row,) = await _found(api, q=q)
            assert row["id"] == story_id, q
            (snippet,) = row["match"]["snippets"]
            assert snippet["field"] == field
            place = snippet["marks"][0]
            assert snippet["text"][place["start"] : place["end"]] == marked
        in_claims = (await _found(api, q="megawatts"))[0]["match"]["snippets"]
        assert "claims" in {snippet["field"] for snippet in in_claims}

    async def test_understands_quotes_or_and_minus(self, api: Api) -> None:
        bridge = await _publish(api, 1, "The harbour bridge")
        ferry = await _publish(api, 2, "The harbour ferry")
        for q, ids in (
            ("harbour", [ferry, bridge]), ("harbour -ferry", [bridge]), ('"harbour ferry"', [ferry]),
            ("ferry or bridge", [ferry, bridge]), ("ferry bridge", []),
        ):  # fmt: skip
            assert [row["id"] for row in await _found(api, q=q, sort="published_at")] == ids, q

    async def test_puts_the_title_before_what_is_only_mentioned(self, api: Api) -> None:
        titled = await _publish(api, 1, "A quarry opens")
        await _publish(api, 2, "Something else", summary="Beside it there is a quarry.")
        rows = await _found(api, q="quarry")
        assert rows[0]["id"] == titled
        ranks = [row["match"]["rank"] for row in rows]
        assert len(ranks) == 2
        assert ranks == sorted(ranks, reverse=True)

    async def test_is_walked_in_pages_and_keeps_to_the_filters(self, api: Api) -> None:
        ids = {await _publish(api, number, f"Quarry {number}", vertical="energy") for number in range(7)}
        await _publish(api, 8, "Quarry 8", vertical="health")
        start = "/v1/stories?q=quarry&vertical=energy&limit=2&include=total_count"
        met, path = [], start
        while path:
            page = (await api.client.get(path)).json()
            met += [row["id"] for row in page["data"]]
            assert page["total_count"] == {"value": 7, "relation": "eq"}
            path = f"{start}&cursor={page['next_cursor']}" if page["has_more"] else ""
        assert len(met) == 7
        assert set(met) == ids

    async def test_suggests_the_nearest_name_for_an_unknown_word(self, api: Api) -> None:
        story_id = await _publish(api, 1, "A new ferry", entities=[_entity("Quillon Robotics")])
        await _publish(api, 2, "A new turbine", entities=[_entity("Fennimore")])
        for misspelt in ("Quilon", "quillion", "Qiullon ferry"):
            (row,) = await _found(api, q=misspelt)
            assert row["id"] == story_id, misspelt
            assert row["match"]["q"].startswith("Quillon")
        assert await _found(api, q="zzzzzzzz") == []

    async def test_finds_the_nearest_name_of_a_misspelt_word(self, api: Api) -> None:
        await _publish(
            api, 1, "Glowbird is growing up", entities=[_entity("Glowbird"), _entity("Glow Collection")]
        )
        (row,) = await _found(api, q="glowbrid")
        assert row["match"]["q"] == "Glowbird"
        (snippet,) = [one for one in row["match"]["snippets"] if one["field"] == "title"]
        assert snippet["marks"] == [{"start": 0, "end": 8}]

    async def test_finds_no_word_that_the_current_version_has_lost(self, api: Api) -> None:
        await _publish(api, 1, "A quarry opens", summary="With lanterns.")
        await _publish(api, 1, "A quarry opens", summary="With candles.")
        assert await _found(api, q="lanterns") == []
        assert len(await _found(api, q="candles")) == 1

    async def test_leaves_markup_of_strangers_as_text(self, api: Api) -> None:
        await _publish(api, 1, "<script>alert(1)</script> \ue000quarry\ue001")
        (row,) = await _found(api, q="quarry")
        (snippet,) = row["match"]["snippets"]
        assert snippet["text"] == "<script>alert(1)</script> quarry"
        assert snippet["marks"] == [{"start": 26, "end": 32}]

    async def test_finds_refused_stories_only_when_asked(self, api: Api) -> None:
        article = make_article(title="A quarry, in short")
        story_id = (await publish(api.runtime, make_edition(article, make_refusal(article)))).story_id
        assert await _found(api, q="quarry") == []
        assert [row["id"] for row in await _found(api, q="quarry", status="not_scorable")] == [story_id]


class TestSearchInLists:
    async def test_find_claims_sources_and_entities(self, api: Api) -> None:
        await _publish(api, 1, "A new ferry", entities=[_entity("Quillon Robotics"), _entity("Fennimore")])
        claims = (await api.client.get("/v1/claims?q=megawatts&include=total_count")).json()
        assert claims["data"]
        assert all("megawatts" in claim["text"] for claim in claims["data"])
        assert claims["total_count"]["value"] == len(claims["data"])
        for q in ("robot", "quillon", "Quilon"):
            (entity,) = (await api.client.get(f"/v1/entities?q={q}")).json()["data"]
            assert entity["name"] == "Quillon Robotics"
        assert (await api.client.get("/v1/entities?q=_")).json()["data"] == []
        (source,) = (await api.client.get("/v1/sources?q=brightwater")).json()["data"]
        assert source["name"] == "Brightwater News"

    async def test_find_names_in_which_letters_are_swapped(self, api: Api) -> None:
        await _publish(api, 1, "A new ferry", entities=[_entity("Glowbird"), _entity("Glow Collection")])
        page = (await api.client.get("/v1/entities?q=Glowbrid&include=total_count")).json()
        assert [entity["name"] for entity in page["data"]] == ["Glowbird"]
        assert page["total_count"]["value"] == 1
        (source,) = (await api.client.get("/v1/sources?q=Birghtwater")).json()["data"]
        assert source["name"] == "Brightwater News"
        for kind in ("entities", "sources"):
            assert (await api.client.get(f"/v1/{kind}?q=zzzzzzzz")).json()["data"] == []


class TestAnEntity:
    async def test_is_named_with_its_id_in_the_verdict_and_leads_to_its_stories(self, api: Api) -> None:
        ids = [
            await _publish(api, number, f"Ferry {number}", entities=[_entity(name)])
            for number, name in enumerate(("Quillon Robotics", "QUILLON  robotics", "Fennimore"))
        ]
        (mention,) = (await api.client.get(f"/v1/stories/{ids[1]}")).json()["verdict"]["entities"]
        assert mention["name"] == "QUILLON  robotics"
        entity = (await api.client.get(f"/v1/entities/{mention['id']}")).json()
        assert entity["name"] == "Quillon Robotics"
        for sort in ("published_at", "score", "updated_at"):
            page = (await api.client.get(f"{entity['links']['stories']}&sort={sort}")).json()
            assert {row["id"] for row in page["data"]} == set(ids[:2]), sort
        named = (await api.client.get(f"/v1/entities?story={ids[2]}")).json()["data"]
        assert [entity["name"] for entity in named] == ["Fennimore"]

    async def test_is_unknown_under_an_invalid_id(self, quiet_api: Api) -> None:
        for entity in ("ent_" + "0" * 26, "quillon", "ent_x"):
            check_problem(await quiet_api.client.get(f"/v1/entities/{entity}"), 404, "not-found")
