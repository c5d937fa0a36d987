"""Sentences that say more than the text, and sentences in other words that do not."""

from api.proposals.overstatements import Manner, overstates
from tests.kit.tables import each

TEXT = (
    "Corvell says that its new ferry could carry up to 400 cars. The yard has filed for a patent on the hull. "
    "Repairs are done within 14 days, and at least 30 ports want the ferry. The harbour of Tarn lost 12 jobs. "
    "Dana Reed called the plan modest, and the yard did not disclose its price. Crews may have slept before "
    "the night alarm rang at Tarn. Some 60 boats of the club sail in over 10 years. The route is sustainable. "
    "It was named among the largest yards, and a report shows its use. The club plans to open halls in Norway. "
    "Several members wished for longer talks."
)
SENTENCES = TEXT.split(". ")


def is_overstated(text: str, manner: Manner = Manner.TELLS) -> bool:
    return overstates(text, SENTENCES, TEXT, manner)


class TestATellingSentence:
    @each(
        "text",
        [
            "The ferry carries 400 cars.",
            "Repairs take 14 days.",
            "It was asked for by 30 ports.",
            "The yard holds a patent on the hull.",
            "The yard has won its patent.",
            "Crews slept before the night alarm rang at Tarn.",
            "Corvell builds the fastest ferry.",
            "The ferry is guaranteed to sail.",
            "Yesterday the yard opened.",
            "The yard secretly sold boats.",
            "Dana Reed calls the plan a revolution.",
            "The route is unsustainable.",
            "The harbour lost 12 jobs because Norway closed its market.",
            "The harbour lost 12 jobs due to cheap imports.",
            "The plan is illegal.",
            "The yard was bankrupt.",
            "Nobody else has inspected the hull.",
            "The club opened halls in Norway.",
            "Everybody wished for longer talks.",
            "Corvell refused to name a price.",
            "Crews routinely slept before the alarm.",
            "The ferry takes cars from the rival's boats.",
            "Passengers who must change boats pay more.",
            "The disputed plan is modest.",
        ],
    )
    def test_falls(self, text: str) -> None:
        assert is_overstated(text)

    @each(
        "text",
        [
            "The ferry can carry up to 400 cars.",
            "At most 14 days pass until a repair.",
            "More than 29 ports want it; at least 30 do.",
            "The yard seeks a patent on the hull.",
            "The yard has filed for a patent.",
            "Crews may have slept before the night alarm rang at Tarn.",
            "Crews perhaps slept before the night alarm rang.",
            "Corvell is one of the biggest yards.",
            "A report proves its use.",
            "Dana Reed calls the plan modest.",
            "Dana Reed calls for a modest plan.",
            "Dana Reed calls it “a revolution”.",
            "The price is undisclosed.",
            "Sixty boats sail in 10 years.",
            "The harbour lost 12 jobs because its plan was modest.",
            "It is not illegal.",
            "The text does not say whether it is illegal.",
            "It quotes “the fastest ferry”.",
            "Nobody has disclosed the price.",
            "The club wants to open halls in Norway.",
            "Several wished for longer talks.",
        ],
    )
    def test_passes(self, text: str) -> None:
        assert not is_overstated(text)


class TestASentenceThatExplains:
    @each("text", ["It praises the fastest ferry.", "It suggests that 400 cars are on board today."])
    def test_may_name_what_the_text_suggests(self, text: str) -> None:
        assert not is_overstated(text, Manner.EXPLAINS)

    @each("text", ["It hides that the plan is illegal.", "Nobody outside has inspected the hull."])
    def test_adds_no_grave_fact(self, text: str) -> None:
        assert is_overstated(text, Manner.EXPLAINS)


class TestALikelySummary:
    def test_may_lack_the_limits_of_the_text(self) -> None:
        assert not is_overstated("The ferry carries 400 cars.", Manner.RETELLS)

    @each("text", ["The yard is fraudulent and covered it up.", "It proves to be the fastest ferry."])
    def test_is_no_larger_or_graver(self, text: str) -> None:
        assert is_overstated(text, Manner.RETELLS)


def test_a_question_states_nothing() -> None:
    assert not is_overstated("Is the fastest ferry illegal?", Manner.ASKS)
