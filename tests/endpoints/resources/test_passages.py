"""Passages: every span of a verdict, in a browser's units."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from api.analysis.text.spans import span
from api.rendering.passages import build_passages
from tests.kit.clients.api_client import Api
from tests.kit.texts.assessments import spans_of
from tests.kit.texts.factories import make_article
from tests.kit.texts.filled import filled_story
from tests.kit.texts.problems import check_problem


def at(document: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        document = document[int(part) if part.isdecimal() else part]
    return document


class TestPassages:
    async def test_are_there_for_verdicts_alone(self, quiet_api: Api) -> None:
        check_problem(await quiet_api.client.get("/v1/verdicts/x/passages"), 404, "not-found")

    async def test_point_to_every_span_of_the_verdict(self, api: Api) -> None:
        title = "Brightwater 🌊 opens its tidal turbine 🌊"
        verdict = (await api.client.get(f"/v1/stories/{await api.publish_story(title=title)}")).json()[
            "verdict"
        ]
        answer = (await api.client.get(f"/v1/verdicts/{verdict['id']}/passages")).json()
        text = make_article(title=title).text
        units = text.encode("utf-16-le")
        assert (answer["characters"], answer["utf16_length"]) == (len(text), len(units) // 2)
        assert answer["text_sha256"] == verdict["text_sha256"]
        pointers = [passage["pointer"] for passage in answer["data"]]
        assert len(set(pointers)) == len(pointers) == 5  # of the finding, the term, the entity and two claims
        for passage in answer["data"]:
            place = at(verdict, passage["pointer"])
            assert {name: passage[name] for name in place} == place
            there = units[2 * passage["utf16_start"] : 2 * passage["utf16_end"]].decode("utf-16-le")
            assert there == passage["quote"] == text[passage["start"] : passage["end"]]
            waves = text[: passage["start"]].count("🌊")
            assert passage["utf16_start"] == passage["start"] + waves

    @given(st.text(min_size=1, max_size=60), st.data())
    def test_count_any_text_as_javascript_does(self, text: str, data: st.DataObject) -> None:
        text = text.encode("utf-8", "replace").decode()
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        verdict = filled_story().verdict
        claim = msgspec.structs.replace(verdict.claims[0], spans=[span(text, start, end)])
        bare = {name: [] for name in verdict.__struct_fields__ if isinstance(getattr(verdict, name), list)}
        verdict = msgspec.structs.replace(verdict, **bare | {"claims": [claim], "happening": None})
        long = [place for place, character in enumerate(text) if ord(character) > 0xFFFF]
        (passage,) = build_passages(verdict, len(text), long).data
        assert passage.pointer == "/claims/0/spans/0"
        assert passage.utf16_start == len(text[:start].encode("utf-16-le")) // 2
        assert passage.utf16_end == len(text[:end].encode("utf-16-le")) // 2

    def test_leave_none_out(self) -> None:
        verdict = filled_story().verdict
        assert len(build_passages(verdict, 10_000, []).data) == len(list(spans_of(verdict)))
