"""What the encoder takes for a page: texts that stand in no training data."""

import numpy as np
import pytest

from api.analysis.engines.fast.skimming import skim
from api.analysis.engines.reading import read
from api.analysis.models.encoder import WIDTH
from api.analysis.models.page_likeness import page_likeness
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE
from tests.kit.texts.quiet_pages import ABOUT, DIGEST, THREAD


class TestPageLikeness:
    @pytest.mark.parametrize("text", [ABOUT, THREAD, DIGEST], ids=["about", "thread", "digest"])
    def test_is_above_the_line_for_pages(self, text: str) -> None:
        assert read(article(text)).page_likeness > 0

    @pytest.mark.parametrize(
        "story", [HYPE, STAMPEDE, CUSHION, PLAIN_REPORT, PLAIN_LAYOFF], ids=lambda s: s[0][:20]
    )
    def test_is_below_the_line_for_stories(self, story: tuple[str, str]) -> None:
        assert read(article(story[1], story[0])).page_likeness < 0

    def test_is_below_the_line_for_what_says_nothing(self) -> None:
        assert page_likeness(np.zeros(2 * WIDTH, np.float32)) < 0

    def test_is_unknown_without_an_encoder(self) -> None:
        assert skim(article(ABOUT)).page_likeness is None
