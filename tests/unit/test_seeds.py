"""Shipped data: the method's taxonomy, factual sources, invented stories and pages."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from api.operations.exports.seed import SampleStory, load_sample_stories, load_sources
from api.storage.stories.sources import SourceRecord
from schemas.enums import Band, SourceType, SpinType
from schemas.taxonomy import Taxonomy

SEEDS = Path(str(files("seeds")))
STORY_FILES = sorted((SEEDS / "stories").glob("*.json"))
PAGES = sorted((SEEDS / "pages").glob("*.html"))
TYPES = [kind for kind in SpinType if kind is not SpinType.NONE]

# The method's table, word for word: names and tactics are fixed.
METHOD = {
    SpinType.CUSHION: (
        "The Cushion",
        "softens negative news",
        "makes a loss, layoff, delay, failure or limit feel smaller, temporary or sensible",
        "job-loss softening, restructuring framing, efficiency framing, strategic reset, temporary headwinds",
    ),
    SpinType.SHIELD: (
        "The Shield",
        "deflects blame",
        "moves responsibility to regulators, markets, attackers, suppliers; casts the actor as reactive",
        "regulatory blame shift, macroeconomic headwinds, safety framing, bad-actor framing, "
        "market-pressure framing",
    ),
    SpinType.HYPE: (
        "The Hype",
        "amplifies future upside",
        "enlarges the thing: breakthrough, first, vast potential; plays down uncertainty, cost, adoption risk",
        "innovation framing, democratization, breakthrough framing, category creation, moonshot framing",
    ),
    SpinType.HALO: (
        "The Halo",
        "associates with virtue",
        "wraps it in a moral good: safety, inclusion, access, sustainability, national interest, mission",
        "altruistic reframing, public good, responsible AI framing, inclusion framing, mission-first framing",
    ),
    SpinType.FOG: (
        "The Fog",
        "obscures details",
        "hides who, what, how much: jargon, agentless passives, undefined metrics, vague complexity",
        "strategic ambiguity, jargon saturation, passive voice distancing, accountability blur, "
        "undefined metrics",
    ),
    SpinType.STAMPEDE: (
        "The Stampede",
        "creates inevitability",
        "enlarges the pressure: already happening, unavoidable, act now (alarm counts)",
        "arms-race framing, inevitability framing, FOMO framing, adoption momentum, future-is-here framing",
    ),
}


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return msgspec.json.decode((SEEDS / "taxonomy.json").read_bytes(), type=Taxonomy)


@pytest.fixture(scope="module")
def samples() -> list[SampleStory]:
    return load_sample_stories()


@pytest.fixture(scope="module")
def real() -> list[SourceRecord]:
    return _sources("sources.json")


@pytest.fixture(scope="module")
def invented() -> list[SourceRecord]:
    return _sources("sources_invented.json")


def _sources(name: str) -> list[SourceRecord]:
    return msgspec.convert(msgspec.json.decode((SEEDS / name).read_bytes())["sources"], list[SourceRecord])


class TestTaxonomy:
    def test_holds_the_six_types_of_the_method_with_their_tactics(self, taxonomy: Taxonomy) -> None:
        written = {
            entry.type: (entry.name, entry.gloss, entry.effect, ", ".join(t.name for t in entry.tactics))
            for entry in taxonomy.types
        }
        assert written == METHOD

    def test_has_thirty_tactics_whose_codes_are_their_names_and_unique(self, taxonomy: Taxonomy) -> None:
        tactics = [tactic for entry in taxonomy.types for tactic in entry.tactics]
        assert len({tactic.code for tactic in tactics}) == 30
        for tactic in tactics:
            assert tactic.code == re.sub(r"[^a-z]+", "_", tactic.name.lower())

    def test_describes_everything_once(self, taxonomy: Taxonomy) -> None:
        texts = [text for entry in taxonomy.types for text in (entry.description, entry.test)]
        texts += [tactic.description for entry in taxonomy.types for tactic in entry.tactics]
        assert all(len(text.split()) >= 12 for text in texts)
        assert len(set(texts)) == len(texts)

    def test_bands_cover_every_score_exactly_once(self, taxonomy: Taxonomy) -> None:
        scores = [score for band in taxonomy.bands for score in range(band.low, band.high + 1)]
        assert scores == list(range(101))
        assert [band.band for band in taxonomy.bands] == list(Band)


class TestSources:
    def test_no_domain_belongs_to_two(self) -> None:
        domains = Counter(domain for source in load_sources() for domain in source.domains)
        assert [domain for domain, times in domains.items() if times > 1] == []

    def test_no_slug_or_name_is_used_twice(self) -> None:
        sources = load_sources()
        assert len({source.slug for source in sources}) == len(sources)
        assert len({source.name for source in sources}) == len(sources)
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source.slug) for source in sources)

    def test_domains_are_bare_lower_case_host_names(self) -> None:
        for source in load_sources():
            assert source.domains
            for domain in source.domains:
                assert re.fullmatch(r"(?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+", domain), domain

    def test_feeds_are_https(self) -> None:
        feeds = [feed for source in load_sources() for feed in source.feeds]
        assert all(urlsplit(feed).scheme == "https" and urlsplit(feed).hostname for feed in feeds)
        assert len(set(feeds)) == len(feeds)

    def test_real_ones_are_at_least_forty_of_every_kind(self, real: list[SourceRecord]) -> None:
        assert len(real) >= 40
        assert {source.type for source in real} == set(SourceType) - {SourceType.OTHER}

    @pytest.mark.parametrize(
        ("domain", "kind"),
        [("arxiv.org", SourceType.RESEARCH), ("theregister.com", SourceType.MEDIA)],
    )
    def test_neither_a_preprint_server_nor_a_trade_outlet_is_mistyped(
        self, real: list[SourceRecord], domain: str, kind: SourceType
    ) -> None:
        assert next(source.type for source in real if domain in source.domains) is kind

    def test_invented_ones_live_under_the_reserved_ending(self, invented: list[SourceRecord]) -> None:
        assert all(domain.endswith(".example") for source in invented for domain in source.domains)


class TestSampleStories:
    def test_names_no_publisher_that_exists(
        self, samples: list[SampleStory], real: list[SourceRecord]
    ) -> None:
        texts = [f"{s.title}\n{s.source}\n{s.author}\n{s.author_organization}\n{s.text}" for s in samples]
        texts += [page.read_text(encoding="utf-8") for page in PAGES]
        found = {
            source.name
            for source in real
            for text in texts
            if re.search(rf"\b{re.escape(source.name)}(?!\w)", text)
        }
        assert found == set()

    def test_links_to_no_host_that_exists(self, samples: list[SampleStory]) -> None:
        for sample in samples:
            assert urlsplit(sample.url).hostname == sample.domain
            for host in re.findall(r"(?:https?://|@)([\w.-]+\.\w+)", f"{sample.url} {sample.text}"):
                assert host.endswith(".example")

    @pytest.mark.parametrize("kind", [*TYPES, SpinType.NONE])
    def test_has_three_of_each_type(self, samples: list[SampleStory], kind: SpinType) -> None:
        assert sum(sample.expected.primary is kind for sample in samples) >= 3

    def test_expects_a_tactic_of_its_type_and_no_other(
        self, samples: list[SampleStory], taxonomy: Taxonomy
    ) -> None:
        for sample in samples:
            expected = sample.expected
            entry = taxonomy.type(expected.primary) if expected.primary else None
            assert expected.tactic in ({t.code for t in entry.tactics} if entry else {None}), sample.title

    def test_is_either_judged_or_not_scorable(self, samples: list[SampleStory]) -> None:
        for sample in samples:
            expected = sample.expected
            assert (expected.primary is None) == (expected.band is None)
            assert (expected.primary is None) != (expected.not_scorable is None), sample.title

    def test_is_long_enough_to_be_judged(self, samples: list[SampleStory]) -> None:
        for sample in samples:
            words = len(sample.text.split())
            if sample.expected.not_scorable is None:
                assert 250 <= words <= 600, (sample.title, words)

    def test_includes_some_that_cannot_be_judged(self, samples: list[SampleStory]) -> None:
        assert len({s.expected.not_scorable for s in samples} - {None}) >= 2

    def test_includes_a_guest_post_of_another_organisation_than_its_host(
        self, samples: list[SampleStory]
    ) -> None:
        guests = [s for s in samples if s.author_organization and s.source_type is SourceType.COMMUNITY]
        assert any("inevitable" in s.title and s.author_organization != s.source for s in guests)

    def test_comes_from_a_known_publisher_of_the_same_type(
        self, samples: list[SampleStory], invented: list[SourceRecord]
    ) -> None:
        known = {domain: (s.name, s.type) for s in invented for domain in s.domains}
        for sample in samples:
            assert known[sample.domain] == (sample.source, sample.source_type)

    def test_varies_in_register(self, samples: list[SampleStory]) -> None:
        assert len({sample.source_type for sample in samples}) >= 8

    def test_has_its_own_address(self, samples: list[SampleStory]) -> None:
        assert len({sample.url for sample in samples}) == len(samples) == len(STORY_FILES)


class _Landmarks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.canonical: str | None = None
        self.structured = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags[tag] += 1
        if tag == "link" and values.get("rel") == "canonical":
            self.canonical = values.get("href")
        self._inside = tag == "script" and values.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        self.structured += data if self._inside else ""


class TestSamplePages:
    def test_are_three_of_which_one_is_no_article(self) -> None:
        kinds = [json.loads(_landmarks(page).structured)["@type"] for page in PAGES]
        assert sorted(kinds) == ["BlogPosting", "NewsArticle", "Recipe"]

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
    def test_look_like_pages_of_the_web(self, page: Path, invented: list[SourceRecord]) -> None:
        found = _landmarks(page)
        data = json.loads(found.structured)
        assert all(found.tags[tag] for tag in ("nav", "article", "h1", "footer"))
        assert all((data["author"]["name"], data["datePublished"], found.canonical))
        host = urlsplit(found.canonical).hostname
        assert data["publisher"]["name"] == next(source for source in invented if host in source.domains).name


def _landmarks(page: Path) -> _Landmarks:
    parser = _Landmarks()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser
