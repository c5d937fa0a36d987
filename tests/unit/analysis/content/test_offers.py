"""An offer is named as the news names it, or by the noun that the text uses; its maker is no offer."""

import pytest

from api.analysis.content.offers import offer_of
from api.analysis.text.spans import spans
from schemas.assessments import Happening
from schemas.enums import HappeningKind
from tests.kit.texts.articles import document


def offered(news: str, rest: str = "") -> str | None:
    read = document(f"{news} {rest}", "News of Corvell")
    start = read.text.index(news)
    places = spans(read.text, start, start + len(news))
    return offer_of(read, Happening(kind=HappeningKind.LAUNCH, subject="Corvell", spans=places))


class TestAnOffer:
    def test_has_the_name_under_which_it_is_launched(self) -> None:
        assert offered("Corvell launched Furrow on Monday.") == "Furrow"

    def test_has_the_name_whose_launch_is_announced(self) -> None:
        rest = "The engine is new. The engine is fast."
        assert offered("Corvell announced the commercial availability of Furrow on Monday.", rest) == "Furrow"
        assert offered("Corvell announced the launch of Troop 611 on Monday.", rest) == "the engine"

    def test_has_the_noun_that_the_text_uses_most(self) -> None:
        rest = "The platform is new. Its dashboard is part of the whole platform."
        assert offered("Corvell is here with news on Monday.", rest) == "the platform"

    @pytest.mark.parametrize("rest", ["", "The platform is new.", "Corvell is a firm. Corvell sells pumps."])
    def test_is_none_if_nothing_is_called_one(self, rest: str) -> None:
        assert offered("Corvell is here with news on Monday.", rest) is None
