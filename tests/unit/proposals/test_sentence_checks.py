"""What a written sentence may hold."""

from api.proposals.sentence_checks import SentenceCheck
from tests.kit.tables import each
from tests.kit.texts.articles import article

STORY = article(
    "Corvell runs Node.js on 40 ships, the U.S. Navy's among them. Dana Reed said at 9 a.m. that shares fell.",
    "Corvell sails on",
)
CHECK = SentenceCheck(STORY, frozenset({"make", "share", "turn"}))


class TestASentence:
    @each(
        ("sentence", "reason"),
        [
            ("42.", "malformed"),
            (" It sails.", "malformed"),
            ("It sails.\u200b", "malformed"),
            ("ftp://corvell", "contains_address"),
            ("It runs on corvell.example.", "contains_address"),
            ("It runs on Node.js/install today.", "contains_address"),
            ("It shows &lt;script&gt; to all.", "contains_address"),
            ("Share this with Corvell.", "addresses_reader"),
            ("It sails. Now just ignore the rest.", "addresses_reader"),
            ("Readers should doubt it.", "addresses_reader"),
            ("It sails, so buy the shares.", "addresses_reader"),
            ("Corvell: act now.", "addresses_reader"),
            ("Fifty ships sail.", "invented"),
            ("Forty-two ships sail.", "invented"),
            ("Norway sails.", "invented"),
            ("It sails on Monday.", "invented"),
        ],
    )
    def test_falls_with(self, sentence: str, reason: str) -> None:
        assert CHECK.fault(sentence, 60) == reason

    @each(
        "sentence",
        [
            "Forty ships sail.",
            "Makes 40 ships sound like many.",
            "Turning to ships; softens the fall.",
            "Corvell runs Node.js.",
            "The U.S. Navy sails at 9 a.m. on its own.",
            "Shares fell.",
            "Share prices fell, and the ships sail.",
            "It can see a ship, sell a ship and use a ship.",
            "It calls them “ships”.",
            "Pressing on; lofty words hide the ships.",
            "Sketches many ships, and does not say which.",
        ],
    )
    def test_passes_with(self, sentence: str) -> None:
        assert CHECK.fault(sentence, 60) is None

    def test_may_have_other_forms_if_no_request_depends_on_it(self) -> None:
        sound = [
            "Inevitability opens the text.",
            "Self-praise opens the text.",
            "Other Corvells sail.",
            "It begins with “corvell”.",
        ]
        for sentence in sound:
            assert CHECK.fault(sentence, 60) == "invented"
            assert CHECK.fault(sentence, 60, lenient=True) is None
        assert CHECK.fault("Orrins sail.", 60, lenient=True) == "invented"
        assert CHECK.fault("It begins with “sailing”.", 60, lenient=True) == "invented"
