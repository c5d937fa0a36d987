"""Sentences in which the actor takes the blame, and those whose words the writer doubts."""

import pytest

from api.analysis.framing.blame import takes_blame
from api.analysis.framing.distance import keeps_distance
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
NEAR = (
    "The launch is supposed to begin on Monday.",
    "Press the “enhance” button to begin.",
    "Varda called the plan “innovative”.",
    "The minister said the scheme was a “breakthrough”.",
    "The so-called black box records the flight.",
    "The team promised a fix. The fix came in June.",
    "Our revolutionary platform transforms the way you work.",
    "The harbour claims the lives of two sailors a year.",
    "She read “The Innovator” on the train.",
    "“It works,” said Roe. But the second test took longer.",
)
DOUBTED = (
    "The “efficiencies” have cost the town its last bank.",
    "Seldon keeps selling its so-called revolution to towns that have no bus.",
    "The supposedly neutral panel is paid by the vendors.",
    "The brochures would have you believe that no one waits for a bus any more.",
    "The industry wants us to believe that there is no alternative.",
    "The letter waxes lyrical about community and then doubles the fee.",
    "Fairmont touts the plan as the cheapest in the valley.",
    "We are told that machines will run the courts by spring.",
    "“Redundancy” became “rightsizing” in the spring, a euphemism that fooled nobody.",
    "Fairmont insists that it told every customer. That is not true.",
    "According to Fairmont, nobody was harmed. In reality, four people were taken to hospital.",
)


def _marked(words: str) -> bool:
    return 0 in takes_blame(document(words))


def _doubted(words: str) -> bool:
    return 0 in keeps_distance(document(words))


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


class TestKeepingADistance:
    @pytest.mark.parametrize("words", NEAR)
    def test_is_not_seen_in(self, words: str) -> None:
        assert keeps_distance(document(words)) == []

    @pytest.mark.parametrize("words", DOUBTED)
    def test_is_seen_in(self, words: str) -> None:
        assert _doubted(words)

    def test_is_the_writers_not_that_of_a_person_quoted(self) -> None:
        said = "“The supposedly neutral panel is paid by the vendors,” said Anna Roe, who chairs the union."
        assert keeps_distance(document(said)) == []

    def test_marks_the_statement_and_not_the_reply(self) -> None:
        text = document("The town is small. Fairmont claims that the water is clean. Not so. It is brown.")
        assert keeps_distance(text) == [1]
