"""Sentences in which the actor takes the blame."""

import pytest

from api.analysis.parsing.blame import takes_blame
from schemas.enums import SpinType
from tests.kit.texts.articles import document

BLAMELESS = (
    "We regret any inconvenience.",
    "We apologise for any inconvenience this may have caused.",
    "Mistakes were made during the migration.",
    "This was not our fault.",
    "The outage came about through no fault of our own.",
    "Critics say that we failed to act.",
    "They claim we made mistakes, and they are wrong.",
    "If we got this wrong, we will say so.",
    "Our supplier failed to tell us that the part had changed.",
    "We are sorry to hear that you are leaving.",
    "We broke ground on the new plant in May.",
    "We broke the record for visitors.",
    "The regulator left us no choice.",
    "We take our responsibility to customers seriously.",
    "We take responsibility for the forests in which we work.",
    "We should have the release ready by May.",
    "We never made a mistake in ten years.",
    "The council apologised for the delay.",
    "Sorry, but the offer ends on Friday.",
)
OWNED = (
    "We screwed up. Quite badly.",
    "This was our fault.",
    "We should have told you sooner.",
    "I take full responsibility for the outage.",
    "We accept the blame, and only we do.",
    "The error was ours.",
    "That is on us.",
    "Our customers were right and we were wrong.",
    "We failed to test the new meters in cold weather.",
    "We let our members down.",
    "We haven't always done a good job of answering letters.",
    "We could have communicated better.",
    "We made some poor decisions about the stores.",
    "The leak was caused by our own mistake.",
    "It happened because of an error on our part.",
    "We are deeply sorry that this happened.",
    "I apologise to everyone who waited.",
    "Sorry for the downtime.",
    "None of this should have happened, and we will not make excuses.",
    "Looking back, we underestimated the work and got the date badly wrong.",
    "We have only ourselves to blame.",
    "“We've made mistakes,” Okafor told the meeting.",
)


def _marked(words: str) -> bool:
    return 0 in takes_blame(document(words))


class TestTakingTheBlame:
    @pytest.mark.parametrize("words", BLAMELESS)
    def test_is_not_seen_in(self, words: str) -> None:
        assert takes_blame(document(words)) == []

    @pytest.mark.parametrize("words", OWNED)
    def test_is_seen_in(self, words: str) -> None:
        assert _marked(words)

    def test_is_marked_by_the_numbers_of_its_sentences(self) -> None:
        text = document("The pumps stopped at noon. We failed to check them. The water is back.", "An outage")
        assert [text.sentences[number].text for number in takes_blame(text)] == ["We failed to check them."]

    def test_moves_no_blame(self) -> None:
        owned, moved = (
            "The fault was ours alone.",
            "The regulator left us no choice, and attackers forced it.",
        )
        text = document(f"{owned} {moved}", "An outage")
        places = {words: text.text.index(words) for words in (owned, moved)}
        assert not text.may_steer_by(SpinType.SHIELD, places[owned])
        assert text.may_steer_by(SpinType.SHIELD, places[moved])
