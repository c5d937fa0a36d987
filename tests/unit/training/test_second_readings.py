import pytest

from api.training.second_readings import with_second_readings

TEXT = "Millbrook grows. Its stunning orchard yields twice as much. Growers say so."
FIRST = {
    "id": "t1",
    "text": TEXT,
    "score": 40,
    "primary": "hype",
    "secondary": None,
    "stance": "promotional",
    "tactic": "innovation framing",
    "evidence_strength": "weak",
    "confidence": 0.6,
    "loaded_terms": ["stunning"],
    "claims": [
        {"text": "Its stunning orchard yields twice as much.", "kind": "product", "support": "asserted"}
    ],
}


def reading(**other: object) -> dict[str, object]:
    return {
        "id": "t1",
        "score": 31,
        "primary": "none",
        "secondary": None,
        "stance": "neutral",
        "tactic": "none",
        "evidence_strength": "medium",
        "confidence": 0.5,
        "terms": [[10, 15], [21, 29]],
        "claims": [[17, 59, "product", "attributed"], [60, 75, "social", "attributed"]],
    } | other


class TestWithSecondReadings:
    def test_refuses_places_of_another_text(self) -> None:
        with pytest.raises(ValueError, match="story t1 has no characters 10 to 900"):
            list(with_second_readings([FIRST], [reading(terms=[[10, 900]])]))

    def test_leaves_a_story_that_was_read_once_as_it_is(self) -> None:
        assert list(with_second_readings([FIRST], [reading(id="t2")])) == [FIRST]

    def test_means_the_scores_on_the_first_readers_scale(self) -> None:
        stories = [FIRST, FIRST | {"id": "t2", "score": 20}]
        # the second reader is 4 points lower on average: 9 in the one story, 1 above in the other
        both = with_second_readings(stories, [reading(score=31), reading(id="t2", score=21)])
        assert [story["score"] for story in both] == [37.5, 22.5]

    def test_joins_terms_and_claims(self) -> None:
        (both,) = with_second_readings([FIRST], [reading()])
        assert both["loaded_terms"] == ["stunning", "grows"]
        assert [claim["text"] for claim in both["claims"]] == [
            "Its stunning orchard yields twice as much.",
            "Growers say so.",
        ]

    @pytest.mark.parametrize(("sure", "primary"), [(0.6, "hype"), (0.7, "none")])
    def test_follows_the_surer_reader_where_they_differ(self, sure: float, primary: str) -> None:
        (both,) = with_second_readings([FIRST], [reading(confidence=sure)])
        assert both["primary"] == primary
        assert both["tactic"] == ("none" if primary == "none" else "innovation framing")
        assert both["evidence_strength"] == ("medium" if primary == "none" else "weak")
