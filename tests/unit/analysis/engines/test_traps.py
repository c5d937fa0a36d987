"""The engine does not fall for texts that only look like spin."""

from functools import cache

import pytest

from api.analysis.engines.rules import RulesEngine
from schemas.assessments import Spin
from tests.kit.texts.articles import article
from tests.kit.texts.taxonomy import TAXONOMY
from tests.kit.texts.trap_texts import MISTAKES, PRESS_RELEASES, names, story

ENGINE = RulesEngine()
EACH = [(trap, name) for trap in MISTAKES for name in names(trap)]
FEWEST, MOST = 120, 350  # words of a trap


@cache
def spin(name: str) -> Spin:
    title, body = story(name)
    found = ENGINE.assess(article(body, title), TAXONOMY).spin
    assert found is not None
    return found


class TestTraps:
    def test_are_told_in_three_manners_or_more(self) -> None:
        assert all(len(names(trap)) >= 3 for trap in MISTAKES)

    def test_are_as_long_as_a_short_story(self) -> None:
        lengths = {name: len(" ".join(story(name)).split()) for _, name in EACH}
        assert {n: w for n, w in lengths.items() if not FEWEST <= w <= MOST} == {}

    @pytest.mark.parametrize(("trap", "name"), EACH, ids=lambda value: value)
    def test_are_not_taken_for_what_they_look_like(self, trap: str, name: str) -> None:
        assert spin(name).primary not in MISTAKES[trap]
        assert spin(name).satire is (trap == "satire")

    @pytest.mark.parametrize("name", PRESS_RELEASES)
    def test_a_press_release_with_audited_figures_scores_lower_than_one_with_adjectives(
        self, name: str
    ) -> None:
        assert spin(f"{name}-plain").score < spin(f"{name}-adjectives").score
