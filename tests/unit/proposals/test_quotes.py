"""Places of quotes, and the decoding of answers."""

import msgspec
import pytest

from api.proposals.answers import BandPart, Judgement
from api.proposals.banded_score import banded_score
from api.proposals.decoding import MalformedAnswer, decode_answer
from api.proposals.drops import DropReason
from api.proposals.quotes import Place, QuoteFinder
from schemas.enums import Band
from schemas.taxonomy import ScoreBand
from tests.kit.tables import each
from tests.kit.texts.answers import ANSWER, answer

TEXT = "It’s a “well-known” plan — of 1,820 drivers,\n300 go. The plan  costs 3.5 million; İzmir pays 35."
FINDER = QuoteFinder(TEXT, "Answer with one JSON object and nothing else")


class TestAQuote:
    @each(
        ("quote", "reason"),
        [
            ("", "not_found"),
            ("“”", "not_found"),
            ("—", "not_found"),
            ("lan", "not_found"),
            ("driver", "not_found"),
            ("3", "not_found"),
            ("820", "not_found"),
            ("1,82", "not_found"),
            ("3.5 millions", "not_found"),
            ("5 million", "not_found"),
            ("the plan costs 3,5 million", "not_found"),
            ("plan", "ambiguous"),
            ("one json object and", "from_prompt"),
            ("object", "not_found"),
            ("plan " * 200, "too_long"),
        ],
    )
    def test_has_no_place_because(self, quote: str, reason: str) -> None:
        assert FINDER.find(quote, None) == DropReason(reason)

    @each(
        ("quote", "words"),
        [
            ('it\'s a "WELL-known" plan', "It’s a “well-known” plan"),
            ("plan - of 1,820 drivers, 300 go", "plan — of 1,820 drivers,\n300 go"),
            ("“300 go.”", "300 go."),
            ("The plan costs 3.5 million", "The plan  costs 3.5 million"),
            ("İzmir pays", "İzmir pays"),
            ("35", "35"),
        ],
    )
    def test_is_the_text_s_own(self, quote: str, words: str) -> None:
        place = FINDER.find(quote, None)
        assert isinstance(place, Place)
        assert TEXT[place.start : place.end] == words


class TestAnAnswer:
    @each(
        "data",
        [
            b"",
            b"{",
            b"1",
            b'"x"',
            b"[{}]",
            b'{"band": "strong"}',
            b"\xc3\x28",
            b'{"a": "\\ud800"}',
            answer(band=None),
        ],
    )
    def test_is_malformed(self, data: bytes) -> None:
        with pytest.raises(MalformedAnswer):
            decode_answer(data, Judgement)

    def test_loses_bad_items_only(self) -> None:
        bad = [1, None, {}, {"sentence": 2}, ANSWER["findings"][0] | {"type": "magic"}]
        found = decode_answer(answer(findings=[*bad, ANSWER["findings"][0]], claims="none"), Judgement)
        assert (len(found.answer.findings), found.answer.claims, found.malformed) == (1, [], 6)

    def test_may_write_numbers_as_strings_and_have_further_fields(self) -> None:
        given = ANSWER["findings"][0] | {"sentence": "2", "mood": "good"}
        found = decode_answer(msgspec.json.encode(ANSWER | {"findings": [given], "note": 1}), Judgement)
        assert (found.answer.findings[0].sentence, found.malformed) == (2, 0)


class TestABandedScore:
    @each(
        ("weights", "score"),
        [([], 52), ([0, 0], 52), ([1], 53), ([3, 3], 53), ([3] * 8, 57), ([3] * 20, 59), ([-1, 99], 53)],
    )
    def test_is_in_its_band(self, weights: list[int], score: int) -> None:
        found = banded_score(
            ScoreBand(band=Band.STRONG, low=46, high=65, anchor=""), BandPart.MIDDLE, weights
        )
        assert found.score == score
        assert found.base + sum(found.findings) + found.rounding == 100 * score
