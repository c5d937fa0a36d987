"""A long robots.txt is reduced to the relevant lines, with the same meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from api.fetching.robots_text import MAX_PAIRS, _lines_for, _pairs, concerning
from tests.kit.servers.cpu_limit import cpu_seconds

AGENT = "UnspunBot"
PATHS = ("/", "/a", "/a/b", "/private/x", "/b?c=1")
LINES = st.sampled_from(
    [
        "User-agent: *",
        "User-agent: UnspunBot",
        "user-agent: unspun # us",
        "User-agent: OtherBot",
        "User-agent: Third",
        "User-agent: unspun*",
        "User-agent:",
        "Disallow: /",
        "Disallow: /a",
        "Allow: /a/b",
        "Disallow: /*x",
        "Disallow:",
        "Crawl-delay: 7",
        "Crawl-delay: 9",
        "Sitemap: https://site.example/sitemap.xml",
        "# a comment on an agent",
        "nonsense",
        "",
    ]
)


def _said(text: str) -> tuple[object, ...]:
    rules = Protego.parse(text)
    allowed = [rules.can_fetch(f"https://site.example{path}", AGENT) for path in PATHS]
    return allowed, rules.crawl_delay(AGENT), list(rules.sitemaps)


def _long(rules: int, agents: int = 1_000) -> str:
    return "".join(f"User-agent: other{number}\n" for number in range(agents)) + "Allow: /a\n" * rules


class TestCutting:
    @given(st.lists(LINES, max_size=12))
    def test_leaves_what_is_said_to_us(self, lines: list[str]) -> None:
        text = "\n".join(lines)
        assert _said("\n".join(_lines_for(text, AGENT.lower()))) == _said(text)

    def test_touches_no_text_of_ordinary_size(self) -> None:
        text = _long(rules=300, agents=200)
        assert concerning(text, AGENT) == text

    def test_reads_a_long_text_in_no_time(self) -> None:
        cut = concerning(
            _long(8_000, 8_000) + "User-agent: UnspunBot\nUser-agent: x\nDisallow: /private", AGENT
        )
        assert cut is not None
        assert _pairs(cut) <= MAX_PAIRS
        rules = Protego.parse(cut)
        assert not rules.can_fetch("https://site.example/private", AGENT)
        assert rules.can_fetch("https://site.example/open", AGENT)

    @pytest.mark.parametrize("between", ["Sitemap: https://site.example/s.xml\n", "nonsense\n"])
    def test_gives_up_a_text_that_stays_too_large(self, between: str) -> None:
        agents = "".join(f"User-agent: {number}\n{between}" for number in range(2_000))
        assert concerning(agents + "Allow: /a\n" * 2_000, AGENT) is None

    @pytest.mark.parametrize("agent", ["User-agent: {}", "User agent {}", "useragent {}", " USER-AGENT:{}*1"])
    @pytest.mark.parametrize(
        "rule", ["Allow: /a", "Disallow /agent", "Disallow: /$", "User-agent: 7", "agent"]
    )
    def test_bounds_what_the_parser_does_however_lines_are_spelt(self, agent: str, rule: str) -> None:
        setup = f"""
from protego import Protego
from api.fetching.robots_text import concerning
text = "".join({agent!r}.format(n) + chr(10) for n in range(8_000))
text = (text + ({rule!r} + chr(10)) * 16_000)[:512_000]"""
        assert cpu_seconds(setup, f"Protego.parse(concerning(text, {AGENT!r}) or '')") < 2
        assert MAX_PAIRS < 8_000 * 16_000
