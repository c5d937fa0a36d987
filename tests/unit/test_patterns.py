"""No regular expression of the service can be made slow."""

import re

import pytest

from tests.patterns.found import Found, documented_patterns, found_patterns, inline_patterns
from tests.patterns.measure import Trial, cpu_seconds
from tests.patterns.register import BOUNDS, BUILT, LENGTH, METHODS, is_on_a_loop

MAX_CPU_S = 1.0  # CPU of the worst text; an ordinary pattern takes a twentieth
# Patterns that once stopped the service: comments before a page, and an endless word in a Prefer header.
HTML_START = rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b"
PREFERENCE = r'\s*([A-Za-z-]+)\s*(?:=\s*"?([^";,]*)"?)?\s*(?:;[^,]*)?(?:,|$)'


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return found_patterns()


def _table(key: str) -> str:
    return key.partition("[")[0]


def _trials(found: list[Found]) -> list[Trial]:
    return [
        Trial(one.key, one.pattern, method, BOUNDS[one.key].length if one.key in BOUNDS else LENGTH)
        for one in found
        for method in (one.methods or {METHODS.get(_table(one.key), "search")})
    ]


def _too_slow(found: list[Found]) -> dict[tuple[str, str], float]:
    return {key: cost for key, cost in cpu_seconds(_trials(found)).items() if cost > MAX_CPU_S}


class TestThePatternsOfTheService:
    def test_are_each_used_by_a_method_that_is_known(self, found: list[Found]) -> None:
        unknown = {_table(one.key) for one in found if not one.methods} - METHODS.keys()
        assert not unknown, "name the method of these in tests/patterns/register.py"

    def test_leave_no_entry_of_the_register_behind(self, found: list[Found]) -> None:
        assert BOUNDS.keys() <= {one.key for one in found}
        assert METHODS.keys() <= {_table(one.key) for one in found if not one.methods}

    def test_are_compiled_at_module_level_unless_they_are_built_of_data(self) -> None:
        inline, building = inline_patterns()
        assert inline == []
        assert building == BUILT.keys(), "say in tests/patterns/register.py what the pattern is built of"

    @pytest.mark.slow
    def test_end_soon_on_any_text_that_they_may_get(self, found: list[Found]) -> None:
        assert _too_slow([one for one in found if is_on_a_loop(one.key)]) == {}

    def test_end_soon_also_in_the_contract(self) -> None:
        """msgspec searches them, after it has checked the length."""
        found = documented_patterns()
        trials = [
            Trial(text, re.compile(text), "search", LENGTH if most is None else most)
            for text, most in found.items()
        ]
        assert len(trials) > 10
        assert {text: cost for (text, _), cost in cpu_seconds(trials).items() if cost > MAX_CPU_S} == {}

    @pytest.mark.slow
    def test_end_soon_also_where_their_process_can_be_killed(self, found: list[Found]) -> None:
        assert _too_slow([one for one in found if not is_on_a_loop(one.key)]) == {}


class TestTheTrial:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("pattern", "method"),
        [
            pytest.param(re.compile(HTML_START, re.IGNORECASE | re.DOTALL), "match", id="comments"),
            pytest.param(re.compile(PREFERENCE), "findall", id="prefer"),
        ],
    )
    def test_finds_what_stopped_the_service(self, pattern: re.Pattern[str], method: str) -> None:
        costs = cpu_seconds(
            [Trial("bad", pattern, method, LENGTH), Trial("good", re.compile("a"), "match", 10)]
        )
        assert costs["bad", method] > MAX_CPU_S
        assert costs["good", "match"] < MAX_CPU_S
