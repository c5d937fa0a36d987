"""robots.txt, parsed by our own fetcher's parser."""

from urllib.robotparser import RobotFileParser

import pytest
from protego import Protego

from api.rendering.crawlers import READERS, TRAINERS, CrawlerPolicy, robots_txt

BASE = "https://unspun.example"
STORY = f"{BASE}/v1/stories/sty_1"


def policy(
    *, public: bool = True, training: bool = True, usage: bool = False, **rules: bool
) -> CrawlerPolicy:
    return CrawlerPolicy(public=public, training=training, usage=usage, rules=rules)


def read(said: CrawlerPolicy) -> Protego:
    return Protego.parse(robots_txt(said, base_url=BASE, license_url="https://terms.example/"))


class TestRobots:
    def test_are_obeyed_by_parsers_that_take_the_first_match(self) -> None:
        parser = RobotFileParser()
        parser.parse(robots_txt(policy(), base_url=BASE, license_url="https://terms.example/").splitlines())
        for path in ("/v1/keys", "/v1/webhooks", "/v1/analyses/ana_1"):
            assert not parser.can_fetch("*", f"{BASE}{path}"), path
        assert parser.can_fetch("*", STORY)

    @pytest.mark.parametrize("token", ["*", "SomeBot", *READERS, *TRAINERS])
    def test_disallows_all_if_reading_needs_a_key(self, token: str) -> None:
        closed = read(policy(public=False))
        assert not closed.can_fetch(STORY, token)
        assert not closed.can_fetch(f"{BASE}/", token)
        assert policy(public=False).signals() == []

    @pytest.mark.parametrize("token", TRAINERS)
    def test_disallows_training_crawlers_if_training_is_not_allowed(self, token: str) -> None:
        assert not read(policy(training=False)).can_fetch(STORY, token)
        assert read(policy(training=True)).can_fetch(STORY, token)

    @pytest.mark.parametrize("token", [*READERS, "SomeBot"])
    def test_allows_search_and_answer_engines_in_any_case(self, token: str) -> None:
        for training in (True, False):
            assert read(policy(training=training)).can_fetch(STORY, token)

    def test_applies_only_a_crawlers_own_rule(self) -> None:
        said = read(policy(training=False, GPTBot=True, Bingbot=False, ThirdBot=False))
        assert said.can_fetch(STORY, "GPTBot")
        assert not said.can_fetch(STORY, "CCBot")
        assert not said.can_fetch(STORY, "Bingbot")
        assert said.can_fetch(STORY, "Googlebot")
        assert not said.can_fetch(STORY, "ThirdBot")

    @pytest.mark.parametrize("token", ["*", "Googlebot", "GPTBot"])
    def test_disallows_what_needs_a_key_or_input(self, token: str) -> None:
        said = read(policy(GPTBot=True))
        for path in (
            "/v1/keys",
            "/v1/analyses/ana_1",
            "/v1/appeals",
            "/v1/feeds",
            "/v1/lookup?url=",
            "/mcp",
        ):
            assert not said.can_fetch(BASE + path, token), path
        for path in (
            "/",
            "/llms.txt",
            "/v1/event-types",
            "/v1/stories?cursor=x",
            "/v1/appeals/apl_1",
            "/v1/lookup?url=https%3A%2F%2Fnews.brightwater.example%2F",
        ):
            assert said.can_fetch(BASE + path, token), path

    def test_names_the_sitemaps(self) -> None:
        assert list(read(policy()).sitemaps) == [f"{BASE}/sitemap.xml", f"{BASE}/news-sitemap.xml"]


class TestSignals:
    def test_stand_in_every_group_that_may_read(self) -> None:
        text = robots_txt(
            policy(training=False, usage=True), base_url=BASE, license_url="https://terms.example/"
        )
        groups = [part for part in text.split("\n\n") if "User-agent:" in part]
        assert len(groups) == 3
        for group in groups:
            allowed = "Allow: /" in group.splitlines()
            assert ("Content-Signal: search=yes, ai-input=yes, ai-train=no" in group) is allowed
            assert ("Content-Usage: search=y, train-ai=n" in group) is allowed

    def test_say_content_usage_only_where_the_operator_wants_it(self) -> None:
        assert [name for name, _ in policy().signals()] == ["Content-Signal"]
        assert dict(policy(usage=True).signals())["Content-Usage"] == "search=y, train-ai=y"
