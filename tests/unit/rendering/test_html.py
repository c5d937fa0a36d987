"""HTML pages: the facts of the JSON, the embedded JSON-LD, and stories as text only."""

import json
from collections.abc import Callable
from typing import Any

import extruct
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from api.rendering.guide import INDEX, guide_pages
from api.rendering.html.claims import claim_html
from api.rendering.html.front import front_html
from api.rendering.html.guide import guide_html
from api.rendering.html.quotations import marked
from api.rendering.html.sources import source_html
from api.rendering.html.stories import story_html
from api.rendering.html.taxonomy import tactic_html, taxonomy_html, type_html
from api.rendering.html.verdicts import verdict_html
from api.rendering.html.waterfall import waterfall
from api.rendering.jsonld.claims import claim_graph
from api.rendering.jsonld.sources import source_graph
from api.rendering.jsonld.stories import story_graph
from api.rendering.jsonld.taxonomy import tactic_graph, taxonomy_graph
from api.rendering.jsonld.verdicts import verdict_graph
from api.rendering.score_parts import score_parts
from api.rendering.subject import subject_of
from schemas.assessments import Finding, LedgerRow
from schemas.enums import LedgerRowKind, SpinType
from schemas.sources import Source
from schemas.spans import Range, Span
from schemas.stories import Story, StoryRow
from tests.kit.texts.filled import MOMENT, SITE, filled, filled_story, words
from tests.kit.texts.taxonomy import TAXONOMY

STORY = filled_story()
HOSTILE = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "<!--", "]]>",
    "' onmouseover='alert(1)", "javascript:alert(1)", "{{ 7 * 7 }}", "{% raw %}", "&lt;script&gt;",
    "</title>", "\u202eabc",
)  # fmt: skip
Text = Callable[[str], str]
PAGES: dict[str, Callable[[Text], str]] = {
    "story": lambda text: story_html(filled_story(text), SITE),
    "verdict": lambda text: verdict_html(filled_story(text).verdict, subject_of(filled_story(text)), SITE),
    "claim": lambda text: claim_html(
        filled_story(text).verdict.claims[0], subject_of(filled_story(text)), SITE
    ),
    "source": lambda text: source_html(filled(Source, text), [filled(StoryRow, text)], SITE),
    "front": lambda text: front_html([filled(StoryRow, text)], SITE, public=True),
}
OUR_OWN: dict[str, Callable[[Text], str]] = {
    "taxonomy": lambda _: taxonomy_html(TAXONOMY, SITE),
    "guide": lambda _: guide_html(guide_pages()[INDEX], SITE),
}


def elements(html: str) -> list[tuple[str, tuple[str, ...]]]:
    tree = LexborHTMLParser(html)
    return [(node.tag, tuple(node.attributes)) for node in tree.root.traverse()]  # type: ignore[union-attr]  # a page has a root


def opengraph(html: str) -> dict[str, str | None]:
    nodes = LexborHTMLParser(html).css("meta[property]")
    tags = {str(node.attributes["property"]): node.attributes["content"] for node in nodes}
    assert len(tags) == len(nodes)
    return tags


class TestEveryPage:
    @pytest.mark.parametrize("name", PAGES)
    @settings(max_examples=40)
    @given(hostile=st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)))
    def test_keeps_its_elements_whatever_a_story_says(self, name: str, hostile: str) -> None:
        def said(word: str) -> Text:
            return lambda _: f"{word}x"

        assert elements(PAGES[name](said(hostile))) == elements(PAGES[name](said("harmless")))

    @pytest.mark.parametrize("name", PAGES)
    def test_runs_no_script_and_leads_to_addresses_of_the_web_alone(self, name: str) -> None:
        ours = f"{SITE.base_url}/v1/stories/1"
        tree = LexborHTMLParser(PAGES[name](lambda name: ours if name == "self" else "javascript:alert(1)"))
        assert {node.attributes.get("type") for node in tree.css("script")} <= {"application/ld+json"}
        assert tree.css("[style], style, iframe, object, form, img") == []
        for node in tree.css("a"):
            assert str(node.attributes["href"]).startswith(("http://", "https://", "#")), node.html
        for node in tree.css("*"):
            assert not any(attribute.startswith("on") for attribute in node.attributes)

    @pytest.mark.parametrize(
        ("html", "graph"),
        [
            (story_html(STORY, SITE), story_graph(STORY, SITE)),
            (
                verdict_html(STORY.verdict, subject_of(STORY), SITE),
                verdict_graph(STORY.verdict, subject_of(STORY), SITE),
            ),
            (
                claim_html(STORY.verdict.claims[1], subject_of(STORY), SITE),
                claim_graph(STORY.verdict.claims[1], subject_of(STORY), SITE),
            ),
            (source_html(filled(Source), [], SITE), source_graph(filled(Source), SITE)),
            (taxonomy_html(TAXONOMY, SITE), taxonomy_graph(TAXONOMY, SITE)),
            (
                tactic_html(TAXONOMY.types[0].tactics[0], TAXONOMY.types[0], SITE),
                tactic_graph(TAXONOMY.types[0].tactics[0], TAXONOMY.types[0], SITE),
            ),
        ],
        ids=["story", "verdict", "claim", "source", "taxonomy", "tactic"],
    )
    def test_holds_its_json_ld_as_a_crawler_finds_it(self, html: str, graph: dict[str, Any]) -> None:
        (found,) = extruct.extract(html, syntaxes=["json-ld"])["json-ld"]
        assert found == json.loads(json.dumps(graph))


class TestThePreview:
    @pytest.mark.parametrize("name", PAGES | OUR_OWN)
    @pytest.mark.parametrize("said", ["harmless", *HOSTILE])
    def test_has_title_description_and_address_of_the_page(self, name: str, said: str) -> None:
        made = (PAGES | OUR_OWN)[name]
        html = made(lambda field: f"{SITE.base_url}/v1/stories/1" if field == "self" else said)
        tree, tags = LexborHTMLParser(html), opengraph(html)
        title, canonical, described = (
            tree.css_first(selector)
            for selector in ("title", "link[rel=canonical]", "meta[name=description]")
        )
        assert f"{tags['og:title']} · {tags['og:site_name']}" == title.text()
        assert tags["og:url"] == canonical.attributes["href"]
        assert tags["og:description"] == described.attributes["content"]
        assert tags["og:type"] == ("article" if name == "story" else "website")
        assert "og:image" not in tags

    def test_of_a_story_has_the_time_of_its_publication_if_known(self) -> None:
        html = story_html(msgspec.structs.replace(STORY, published_at=MOMENT), SITE)
        assert opengraph(html)["article:published_time"] == "2026-03-01T08:00:00.000Z"
        html = story_html(msgspec.structs.replace(STORY, published_at=None), SITE)
        assert "article:published_time" not in opengraph(html)


class TestAStory:
    def test_has_what_its_graph_would_have_spoken(self) -> None:
        page = LexborHTMLParser(story_html(STORY, SITE))
        (ours,) = [one for one in story_graph(STORY, SITE)["@graph"] if "speakable" in one]
        assert all(page.css_first(selector).text() for selector in ours["speakable"]["cssSelector"])

    def test_names_its_source_and_what_is_not_to_be_restated(self) -> None:
        story = filled_story(lambda name: f"said {name}")
        text = LexborHTMLParser(story_html(story, SITE)).text(separator=" ")
        said = [story.title, story.source.name, story.source.domain, story.author, story.replies[0].text]
        said += ["The Hype", "The Fog"]
        said += [claim.verification.replace("_", " ") for claim in story.verdict.claims]
        assert [part for part in said if part not in text] == []
        assert text.count("do not restate as fact") == 2

    def test_that_was_not_judged_says_why_and_has_no_number(self) -> None:
        verdict = msgspec.structs.replace(
            STORY.verdict, spin=None, ledger=[], findings=[], not_scorable=filled(Story).verdict.not_scorable
        )
        tree = LexborHTMLParser(story_html(msgspec.structs.replace(STORY, verdict=verdict), SITE))
        assert "Not scorable" in tree.css_first("#verdict").text()
        assert tree.css(".score, .waterfall, #findings") == []


class TestAQuote:
    SPAN = Span(start=10, end=30, quote="a truly great result", prefix="", suffix="")

    def found(self, name: str, points: int, start: int, end: int) -> Finding:
        place = msgspec.structs.replace(self.SPAN, start=start, end=end)
        return filled(
            Finding, lambda _: name, id=name, points=points, spans=[place], type=SpinType.HYPE, label=name
        )

    def test_has_its_findings_marked_where_they_stand(self) -> None:
        html = str(marked(self.SPAN, [self.found("f1", 5, 12, 23)]))
        assert html == 'a <mark class="type-hype"><a href="#f1" title="f1">truly great</a></mark> result'

    def test_gives_a_place_to_the_weightier_of_two_findings(self) -> None:
        tree = LexborHTMLParser(
            str(marked(self.SPAN, [self.found("f1", 5, 0, 40), self.found("f2", -9, 18, 23)]))
        )
        assert [(node.attributes["href"], node.text()) for node in tree.css("a")] == [
            ("#f1", "a truly"), ("#f2", "great"), ("#f1", "result"),
        ]  # fmt: skip
        assert tree.text() == self.SPAN.quote

    def test_past_the_quote_budget_is_a_place(self) -> None:
        span = msgspec.structs.replace(self.SPAN, quote=None, prefix=None, suffix=None)
        assert "characters 10 to 30" in str(marked(span, [self.found("f1", 5, 12, 23)]))

    def test_says_its_words_whatever_overlaps(self) -> None:
        findings = [self.found(f"f{n}", n, n * 3, n * 5) for n in range(1, 9)]
        assert LexborHTMLParser(str(marked(self.SPAN, findings))).text() == self.SPAN.quote


class TestTheWaterfall:
    @given(
        st.lists(st.tuples(st.sampled_from("abcdefghijklmnopqrstuvw"), st.integers(-900, 900)), max_size=60)
    )
    def test_leads_from_nothing_to_the_score_without_a_gap(self, rows: list[tuple[str, int]]) -> None:
        def row(kind: LedgerRowKind, rule: str, points: int) -> LedgerRow:
            return LedgerRow(
                kind=kind, rule=rule, label=rule, points=points, finding=None, ranges=[Range(start=0, end=1)]
            )

        ledger = [row(LedgerRowKind.BASE, "base", 3_000)]
        ledger += [row(LedgerRowKind.FEATURE, rule, points) for rule, points in rows]
        total = sum(entry.points for entry in ledger)
        score = min(max(round(total / 100), 0), 100)
        ledger.append(row(LedgerRowKind.CLAMP, "clamp", score * 100 - total))
        parts = score_parts(msgspec.structs.replace(STORY.verdict, ledger=ledger, findings=[]))
        drawn = waterfall(parts, score)
        assert sum(bar.points for bar in drawn.bars) == score * 100
        assert all(one.end == next_.start for one, next_ in zip(drawn.bars, drawn.bars[1:], strict=False))
        assert drawn.bars[0].start == 0
        assert drawn.bars[-1].end == drawn.end
        assert all(0 <= bar.x <= 100 for bar in drawn.bars)
        assert len(drawn.bars) <= 16


class TestATypesPage:
    @pytest.mark.parametrize("entry", TAXONOMY.types, ids=lambda entry: entry.type)
    def test_explains_every_tactic_where_its_address_leads(self, entry: Any) -> None:
        tree = LexborHTMLParser(type_html(entry, SITE))
        for tactic in entry.tactics:
            assert tactic.description in tree.css_first(f"#{tactic.code}").text()
        assert words("x") not in tree.html  # type: ignore[operator]  # a page has its source
