"""Plain wordings of a verdict's loaded terms, over HTTP."""

from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from api.analysis.text.spans import span
from api.operations.exports.export_public import export_public
from api.operations.exports.import_public import import_public
from api.operations.stories.render_story import PLAIN
from schemas.assessments import LoadedTerm
from schemas.enums import SpinType
from schemas.plain_wording import PlainWording
from tests.conftest import Servers
from tests.kit.clients.api_client import Api
from tests.kit.clients.exporting import second_api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, make_refusal, publish
from tests.kit.texts.problems import check_problem
from tests.kit.texts.stored_verdicts import STORED_VERDICTS, publish_stored

LOADED: Final = "a truly remarkable turbine that will revolutionize tides and “robust walls” soon"
SENTENCE: Final = f"Brightwater opened {LOADED}, a breakthrough."
TERMS: Final = ("truly remarkable turbine", "revolutionize tides", "robust walls")


async def _published(api: Api, language: str | None = "en", terms: tuple[str, ...] = TERMS) -> str:
    """The id of a verdict with these loaded terms."""
    article = make_article()
    paragraphs = [SENTENCE, *article.text.split("\n\n")[1:]]
    article = replace(make_article(paragraphs=paragraphs), language=language)
    places = [(term, article.text.index(term)) for term in terms]
    loaded = [
        LoadedTerm(
            term=term,
            type=SpinType.HYPE,
            voice="document",
            spans=[span(article.text, start, start + len(term))],
        )
        for term, start in places
    ]
    assessment = replace(make_assessment(article), loaded_terms=loaded)
    return (await publish(api.runtime, make_edition(article, assessment))).verdict_id


async def _wording(api: Api, verdict: str) -> PlainWording:
    answer = await api.client.get(f"/v1/verdicts/{verdict}/plain")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=PlainWording)


def _at(document: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        document = document[int(part) if part.isdecimal() else part]
    return document


class TestPlainWordings:
    @pytest.mark.parametrize("verdict", ["vrd_" + "0" * 26, "sty_" + "0" * 26, "ana_" + "0" * 26, "x"])
    async def test_are_404_for_a_verdict_that_is_not_there(self, quiet_api: Api, verdict: str) -> None:
        check_problem(await quiet_api.client.get(f"/v1/verdicts/{verdict}/plain"), 404, "not-found")

    async def test_take_no_parameters(self, quiet_api: Api) -> None:
        path = "/v1/verdicts/vrd_" + "0" * 26 + "/plain?reason=fear"
        check_problem(await quiet_api.client.get(path), 400, "invalid-request")

    async def test_are_410_for_one_of_a_retracted_story(self, api: Api) -> None:
        verdict = await _published(api)
        assert (await _wording(api, verdict)).data
        async with api.runtime.pool.connection() as connection:
            await connection.execute("UPDATE stories SET status = 'retracted'")
        await api.forget_copies()
        check_problem(await api.client.get(f"/v1/verdicts/{verdict}/plain"), 410, "gone")

    async def test_are_none_where_nothing_was_scored_or_loaded(self, api: Api) -> None:
        article = make_article()
        refused = await publish(api.runtime, make_edition(article, make_refusal(article)))
        for verdict in (refused.verdict_id, await _published(api, terms=())):
            wording = await _wording(api, verdict)
            assert (wording.verdict_id, wording.loaded, wording.data) == (verdict, 0, [])

    async def test_are_none_in_another_language(self, api: Api) -> None:
        wording = await _wording(api, await _published(api, "de"))
        assert (wording.loaded, wording.data) == (3, [])

    async def test_replace_spans_of_the_verdict(self, api: Api) -> None:
        verdict = await _published(api)
        shown = (await api.client.get(f"/v1/verdicts/{verdict}")).json()
        answer = (await api.client.get(f"/v1/verdicts/{verdict}/plain")).json()
        assert (answer["object"], answer["version"], answer["loaded"]) == ("plain_wording", 1, 3)
        assert answer["text_sha256"] == shown["text_sha256"]
        assert [(one["quote"], one["plain"], one["reason"]) for one in answer["data"]] == [
            ("truly remarkable turbine", "turbine", "praise"),
            ("revolutionize tides", "change tides", "drama"),
        ]
        for one in answer["data"]:
            place = _at(shown, one["pointer"])
            assert {name: one[name] for name in place} == place
            assert one["written_by"] == "rules"

    async def test_quote_no_more_of_the_text_than_the_verdict_does(self, api: Api) -> None:
        words = " ".join(f"word{number}" for number in range(12))
        article = make_article(title="A plan", paragraphs=[f"The robust walls held a breakthrough {words}."])
        start = article.text.index("robust walls")
        term = make_assessment(article, claims=[]).loaded_terms[0]
        long = [
            replace(term, term=article.text[at : at + 12], spans=[span(article.text, at, at + 12)])
            for at in (start + 12 * n for n in range(1, 8))
        ]
        robust = replace(term, term="robust walls", spans=[span(article.text, start, start + 12)])
        assessment = replace(make_assessment(article, claims=[]), loaded_terms=[*long, robust])
        verdict = (await publish(api.runtime, make_edition(article, assessment))).verdict_id
        shown = (await api.client.get(f"/v1/verdicts/{verdict}")).json()
        assert shown["loaded_terms"][-1]["spans"][0]["quote"] is None
        assert (await _wording(api, verdict)).data == []

    async def test_are_rendered_once_for_each_version(self, api: Api) -> None:
        verdict = await _published(api)
        path = f"/v1/verdicts/{verdict}/plain"
        first = await api.client.get(path)
        assert (
            await api.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        ).status_code == 304
        for statement in ("SELECT 1", "UPDATE documents SET renderer = 'another', body = '{}'"):
            async with api.runtime.pool.connection() as connection:
                await connection.execute(statement)
            await api.forget_copies()
            assert (await api.client.get(path)).content == first.content, statement
        (row,) = await api.rows(
            "SELECT body FROM documents WHERE object_id = $1 AND form = $2", verdict, PLAIN
        )
        assert bytes(row["body"]) == first.content

    async def test_are_there_for_verdicts_of_older_engines(self, servers: Servers, template: str) -> None:
        async with second_api(servers, template, "plain") as api:
            for stored in STORED_VERDICTS.values():
                published = await publish_stored(api.runtime, api.owner_url, stored)
                shown = (await api.client.get(f"/v1/verdicts/{published.verdict_id}")).json()
                wording = await _wording(api, published.verdict_id)
                assert wording.loaded == sum(len(term["spans"]) for term in shown["loaded_terms"])

    async def test_are_none_of_a_text_that_is_not_held(
        self, api: Api, servers: Servers, template: str, tmp_path: Path
    ) -> None:
        verdict = await _published(api)
        manifest = await export_public(api.runtime, tmp_path)
        assert manifest is not None
        async with second_api(servers, template, "plain_copy") as copy:
            await import_public(copy.runtime, tmp_path / manifest.id)
            wording = await _wording(copy, verdict)
            assert (wording.loaded, wording.data) == (3, [])
