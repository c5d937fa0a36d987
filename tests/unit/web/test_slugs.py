"""Slugs are readable, safe in a path, and unique by the end of the id."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.slugs import slug

ID = "sty_01k2m3n4p5q6r7s8t9vwxyz123"


class TestSlug:
    @pytest.mark.parametrize(
        "title", ["", "   ", "\u6e2f\u306e\u8a08\u753b", "\u2014 ! \u2014", "\U0001f600"]
    )
    def test_names_a_title_without_latin_words_a_story(self, title: str) -> None:
        assert slug(title, ID) == f"story-{ID[-8:]}"

    @pytest.mark.parametrize(
        ("title", "words"),
        [
            ("A Quiet Year for Tin", "a-quiet-year-for-tin"),
            ("Caf\u00e9 Z\u00fcrich: 3.5 % up!", "cafe-zurich-3-5-up"),
            ("The mayor's plan", "the-mayors-plan"),
            ("The mayor\u2019s plan", "the-mayors-plan"),
            ("../../etc/passwd", "etc-passwd"),
            ("sty_01k2m3n4p5q6r7s8t9vwxyz123", "sty-01k2m3n4p5q6r7s8t9vwxyz123"),
            ("one " * 40, "-".join(["one"] * 15)),
        ],
    )
    def test_keeps_the_words_of_the_title(self, title: str, words: str) -> None:
        assert slug(title, ID) == f"{words}-{ID[-8:]}"

    def test_distinguishes_stories_with_the_same_title(self) -> None:
        assert slug("Same", ID) != slug("Same", ID[:-1] + "4")

    @given(st.text(max_size=300))
    def test_is_safe_in_a_path_whatever_the_title(self, title: str) -> None:
        created = slug(title, ID)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", created)
        assert len(created) <= 80
        assert created.endswith(ID[-8:])
