"""The choice of the news sentence, fitted to synthetic choices."""

import numpy as np
import pytest

from api.training.news_training import NamedNews, fit_news, named_news
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import PLAIN_REPORT


def story(number: int) -> NamedNews:
    """Four sentences, of which readers name the one with the highest mark, in a fifth of the texts the first."""
    random = np.random.default_rng(number)
    marks = random.random(4)
    chosen = 0 if number % 5 == 0 else int(marks.argmax())
    rows = [
        {"news": float(mark), "first": float(n == 0), "noise": float(random.random())}
        for n, mark in enumerate(marks)
    ]
    return NamedNews(list(range(4)), rows, np.eye(4)[chosen])


class TestFitNews:
    def test_refuses_no_stories(self) -> None:
        with pytest.raises(ValueError, match="no story"):
            fit_news([])

    def test_weighs_what_readers_choose_by(self) -> None:
        weights = fit_news([story(number) for number in range(200)]).weights
        assert weights["news"] > weights["first"] > 2 * abs(weights["noise"])

    def test_gives_equal_weights_twice(self) -> None:
        first, second = (fit_news([story(number) for number in range(40)]) for _ in range(2))
        assert first == second


class TestNamedNews:
    def test_is_none_where_readers_name_no_candidate(self) -> None:
        assert named_news(document(PLAIN_REPORT[1], PLAIN_REPORT[0]), None, []) is None

    def test_gives_a_second_reader_half_a_choice(self) -> None:
        read = document(PLAIN_REPORT[1], PLAIN_REPORT[0])
        named = named_news(read, 1, [2])
        assert named is not None
        shares = dict(zip(named.indices, named.shares.tolist(), strict=True))
        assert shares[1] == 2 * shares[2]
        assert sum(shares.values()) == pytest.approx(1.0)
