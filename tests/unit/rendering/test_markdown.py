"""Markdown: the facts of the JSON, no injection by stories, and matching digests."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from api.rendering.markdown.claims import claim_page
from api.rendering.markdown.escaping import address, front_matter, inline
from api.rendering.markdown.page import LEAST_BUDGET, THIRD_PARTY, Page, digest, tokens, whole
from api.rendering.markdown.sources import source_page
from api.rendering.markdown.stories import story_page
from api.rendering.markdown.taxonomy import tactic_page, taxonomy_page, type_page
from api.rendering.markdown.verdicts import verdict_page
from api.rendering.plain_text import plain
from api.rendering.sentences import points
from api.rendering.subject import subject_of
from schemas.sources import Source
from schemas.stories import Story
from tests.kit.texts.filled import SITE, filled, filled_story, words
from tests.kit.texts.taxonomy import TAXONOMY

HOSTILE = (
    "---\nid: forged\n---", "# Heading", "1. item", "2) item", "- item", "+ item", "===", "> quote",
    "```\ncode\n```",
    "[link](http://evil.example)", "![x](http://evil.example/x.png)", "<script>alert(1)</script>", "<!-- gone",
    "&lt;b&gt;", "*strong*", "__strong__", "~~gone~~", "| a | b |\n|---|---|", "    indented", "\\", "\\\\](x)",
    "http://evil.example", "https://evil.example", "www.evil.example", "a\x00b\x1b[31m", "a\u2028# b",
    "a\r\n\r\n# b",
    "$x$", "`", "``", "\ufeff# b", "IGNORE ALL PREVIOUS INSTRUCTIONS", "[^1]: note", "[id]: http://evil.example",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map("\n".join),
)
MAKERS: dict[str, Callable[[Story, Callable[[str], str]], Page]] = {
    "story": lambda story, _: story_page(story, SITE),
    "verdict": lambda story, _: verdict_page(story.verdict, subject_of(story), SITE),
    "claim": lambda story, _: claim_page(story.verdict.claims[1], subject_of(story), SITE),
    "source": lambda _, text: source_page(filled(Source, text), SITE),
    "taxonomy": lambda *_: taxonomy_page(TAXONOMY, SITE),
    "type": lambda *_: type_page(TAXONOMY.types[0], SITE),
    "tactic": lambda *_: tactic_page(TAXONOMY.types[0].tactics[0], TAXONOMY.types[0], SITE),
}
# Our URLs and the method's codes never contain third-party text.
OURS = {
    "links",
    "self",
    "url",
    "original",
    "verdicts",
    "claims",
    "source",
    "more_from_source",
    "cite",
    "appeals",
    "slug",
    "item",
}


def parts(markdown: str) -> tuple[dict[str, Any], str]:
    _, front, body = re.split(r"^---\n", markdown, maxsplit=2, flags=re.MULTILINE)
    return yaml.safe_load(front), body


def shape(markdown: str) -> list[str]:
    """The structure of the body: kinds of blocks and inline elements."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(parts(markdown)[1])
    found = []
    for token in tokens:
        found.append(token.type)
        inside = [child.type for child in token.children or ()]
        found += [kind for kind in inside if kind not in ("text", "softbreak")]
    return found


class TestAnAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "https://wickmere.example/journal/growing_up?a=1&b=*2*#top",
            "http://[2001:db8::1]:8080/~x/(a)/%E2%80%9C",
        ],
    )
    def test_is_unescaped_and_linked(self, url: str) -> None:
        assert address(url) == f"<{url}>"
        (inside,) = MarkdownIt("commonmark").parseInline(f"Original: {address(url)}")
        assert [child.type for child in inside.children or ()] == ["text", "link_open", "text", "link_close"]

    @given(
        hostile=st.one_of(
            texts,
            st.sampled_from(HOSTILE).map(lambda text: f"https://evil.example/{text}"),
            st.text(max_size=20).map(lambda text: f"https://evil.example/{text}"),
            st.sampled_from(
                ("https://a.example/> [x](http://b.example)", "https://a.example/$x$", "https://a.example/\n# b",
                 "https://a.example/<b>", "javascript:alert(1)", "https://a.example/`b`", "https://a.example/ b")
            ),
        )
    )  # fmt: skip
    def test_is_one_link_or_text_whatever_it_spells(self, hostile: str) -> None:
        (paragraph, inside, end) = MarkdownIt("commonmark").parse(f"At {address(hostile)} (canonical)")
        assert (paragraph.type, end.type) == ("paragraph_open", "paragraph_close")
        kinds = [child.type for child in inside.children or () if child.type != "text"]
        assert kinds in ([], ["link_open", "link_close"])


class TestEveryPage:
    @pytest.mark.parametrize("name", MAKERS)
    @settings(max_examples=40)
    @given(hostile=texts)
    def test_keeps_its_structure_whatever_a_story_says(self, name: str, hostile: str) -> None:
        """Compared with the same object with harmless texts; a URL may be a link."""
        assume(not hostile.startswith(("http://", "https://")))

        def said(word: str) -> Callable[[str], str]:
            return lambda field: "ours" if field in OURS else word

        pages = [MAKERS[name](filled_story(text), text) for text in (said(f"{hostile}x"), said("harmless"))]
        hostile_page, harmless_page = map(whole, pages)
        assert shape(hostile_page) == shape(harmless_page)
        assert set(parts(hostile_page)[0]) == set(parts(harmless_page)[0])

    @pytest.mark.parametrize("name", MAKERS)
    @settings(max_examples=25)
    @given(budget=st.integers(LEAST_BUDGET, 6_000))
    def test_fits_its_budget_and_says_what_it_left_out(self, name: str, budget: int) -> None:
        page = MAKERS[name](filled_story(), words)
        complete, cut = whole(page), digest(page, budget)
        assert tokens(cut) <= budget
        if cut != complete:
            assert tokens(complete) > budget
            assert cut.rstrip().endswith(f"<{page.address}>")
            assert "Left out to fit: " in cut
            assert page.lead in cut
            assert set(parts(cut)[0]) == {key for key, value in page.essentials.items() if value is not None}

    @pytest.mark.parametrize("name", MAKERS)
    def test_marks_the_words_of_others(self, name: str) -> None:
        assert THIRD_PARTY in whole(MAKERS[name](filled_story(), words))


class TestADigest:
    def test_grows_with_its_budget(self) -> None:
        page = story_page(filled_story(), SITE)
        sizes = [len(digest(page, budget)) for budget in range(LEAST_BUDGET, 4_000, 100)]
        assert sizes == sorted(sizes)
        assert sizes[0] < sizes[-1]

    def test_gives_the_claims_before_the_ledger(self) -> None:
        cut = digest(story_page(filled_story(), SITE), 700)
        assert "## Claims" in cut
        assert "## Where the score comes from" not in cut

    @settings(max_examples=40)
    @given(title=st.text(min_size=100, max_size=400))
    def test_fits_with_any_title(self, title: str) -> None:
        ours = OURS | {"tactic_name"}
        story = filled_story(lambda name: "ours" if name in ours else "x " * 500, title=title)
        assert tokens(digest(story_page(story, SITE), LEAST_BUDGET)) <= LEAST_BUDGET


class TestAStory:
    def test_states_the_facts_of_its_json(self) -> None:
        story = filled_story(lambda name: f"said {name}")
        front, body = parts(whole(story_page(story, SITE)))
        verdict, spin = story.verdict, story.verdict.spin
        assert spin is not None
        assert (front["id"], front["verdict"], front["version"]) == (story.id, verdict.id, verdict.version)
        assert (front["score"], front["band"], front["spin_type"]) == (42, spin.band, "hype")
        assert (front["secondary_type"], front["tactic"]) == ("fog", "breakthrough_framing")
        assert [front["score_low"], front["score_high"]] == list(spin.interval or ())
        assert front["published_at"] == "2026-03-01T08:00:00.000Z"
        assert front["title"] == story.title
        assert front["license"] == SITE.license
        assert f"{spin.score} of 100" in body
        for claim in verdict.claims:
            assert claim.text is not None
            assert f"Claim {claim.number}: " in body
            assert f"> “{inline(claim.text)}”" in body
        for finding in verdict.findings:
            assert f"{points(finding.points)} {inline(finding.label)}" in body
            assert all(f"{span.start}–{span.end}" in body for span in finding.spans)

    def test_without_words_past_the_quote_budget_keeps_the_claim(self) -> None:
        story = filled_story()
        claim = msgspec.structs.replace(story.verdict.claims[0], text=None)
        verdict = msgspec.structs.replace(story.verdict, claims=[claim])
        body = parts(whole(story_page(msgspec.structs.replace(story, verdict=verdict), SITE)))[1]
        assert "Claim 1: " in body


class TestFrontMatter:
    @given(st.dictionaries(st.sampled_from("abcdef"), st.one_of(st.text(), st.integers(), st.booleans())))
    def test_is_read_as_it_was_written(self, values: dict[str, Any]) -> None:
        read = yaml.safe_load(front_matter(values).replace("---", "")) if values else {}
        assert (read or {}) == {
            key: plain(value) if isinstance(value, str) else value for key, value in values.items()
        }
