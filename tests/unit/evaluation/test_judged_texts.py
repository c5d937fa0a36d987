"""Texts and sentences judged by both engines from given answers, and the counts over several."""

from typing import Any

import msgspec
import pytest

from api.analysis.engines.rules import RulesEngine
from api.evaluation.answer_counts import answer_counts, drop_counts
from api.evaluation.judged_texts import (
    JudgedText,
    judge_sentence,
    judge_text,
    sentence_request,
)
from api.pages.articles import article_from_text
from api.proposals.asked_findings import address_of
from api.proposals.grounded import Drops
from tests.kit.texts.answers import ANSWER, BODY, PROSE, TITLE, answer, choices, proposal
from tests.kit.texts.taxonomy import TAXONOMY

ARTICLE = article_from_text(TITLE, BODY, None, None)
SENTENCE = "The minister's reckless scheme has already cost 40 jobs in Harrow Bay."
SAID: dict[str, Any] = {
    "findings": [],
    "loaded_terms": [{"sentence": 1, "quote": "reckless scheme", "voice": "document", "type": "fog"}],
    "claims": [
        {
            "sentence": 1,
            "quote": "has already cost 40 jobs",
            "speaker": "document",
            "role": "primary",
            "kind": "social",
            "support": "asserted",
        }
    ],
    "evidence_strength": "none",
    "stance": "critical",
    "primary": "none",
    "secondary": "none",
    "tactic": "",
    "anchor": {"sentence": 1, "quote": "reckless scheme"},
    "band": "strong",
    "part": "middle",
}


def judged(judgement: bytes = answer(), prose: dict[str, Any] | None = PROSE) -> JudgedText:
    return judge_text(ARTICLE, TAXONOMY, proposal(judgement, prose=prose, recorded=True))


class TestARefusedJudgement:
    def test_counts_as_that_of_the_rules(self) -> None:
        found = judged(b"I would rather not.", prose=None)
        assert found.refusal == "malformed"
        assert found.llm == found.rules
        assert found.prose is None
        counts = answer_counts([found])
        assert (counts.refused, counts.same_type, counts.sentences) == ({"malformed": 1}, None, [])

    def test_of_a_sentence_finds_nothing(self) -> None:
        found = judge_sentence(SENTENCE, TAXONOMY, "{}")
        assert (found.refusal, found.llm.points, found.llm.steers) == ("malformed", 0, False)
        assert found.rules.check_worthy > 0


class TestAText:
    def test_is_judged_by_both(self) -> None:
        found = judged()
        assert found.refusal is None
        assert (found.llm["primary"], found.rules["primary"]) == ("hype", "hype")
        assert found.llm["score"] != found.rules["score"]
        assert found.llm["confidence"] is None
        assert found.judgement is not None
        assert found.judgement.passed >= len(ANSWER["findings"])
        assert found.prose is not None
        counts = answer_counts([found])
        assert (counts.texts, counts.refused, counts.prose_refused) == (1, {}, 0)
        assert counts.sentences == [found.sentences] == [9]
        assert (counts.same_type, counts.score_distance) == (1, found.score_distance)

    def test_may_have_no_prose(self) -> None:
        assert judged(prose=None).prose is None

    def test_may_have_a_review_of_the_rules_findings(self) -> None:
        findings = RulesEngine().assess(ARTICLE, TAXONOMY).findings
        keep, reject = choices(map(address_of, findings[:3])), choices([address_of(findings[3])], "reject")
        said = {"findings": keep["findings"] + reject["findings"]}
        found = judge_text(ARTICLE, TAXONOMY, proposal(prose=PROSE, review=said))
        assert (found.kept, found.rejected) == (3, 0)  # a rejection needs a reason
        assert found.review == Drops(passed=3, repaired=0, dropped={"unsupported": 1})
        counts = answer_counts([found, judged()])
        assert (counts.kept, counts.rejected, counts.review.passed) == (3, 0, 3)
        assert (found.score_distance, found.findings) == (judged().score_distance, judged().findings)

    def test_has_no_review_if_that_is_refused(self) -> None:
        found = judge_text(ARTICLE, TAXONOMY, proposal(review=b"I would rather not."))
        assert (found.refusal, found.kept, found.rejected) == (None, 0, 0)
        assert found.review == Drops(passed=0, repaired=0, dropped={"malformed": 1})


class TestASentence:
    def test_is_asked_about_in_the_first_request_of_a_story(self) -> None:
        request = sentence_request(SENTENCE, TAXONOMY, b"secret")
        assert request == sentence_request(SENTENCE, TAXONOMY, b"secret")
        system, user = request.messages
        assert "<<" not in system.content
        assert f" 1] {SENTENCE}" in user.content

    def test_is_judged_by_what_survives_of_the_answer(self) -> None:
        found = judge_sentence(SENTENCE, TAXONOMY, msgspec.json.encode(SAID).decode())
        assert (found.refusal, found.llm.steers, found.llm.check_worthy) == (None, True, 1)
        assert found.llm.loaded == pytest.approx(len("reckless scheme") / len(SENTENCE))
        assert found.llm.points > 50
        invented = SAID | {"claims": [SAID["claims"][0] | {"quote": "has cost 90 jobs"}]}
        dropped = judge_sentence(SENTENCE, TAXONOMY, msgspec.json.encode(invented).decode())
        assert dropped.llm.check_worthy == 0
        assert sum(dropped.drops.dropped.values()) == 1


class TestCounts:
    def test_are_sums_most_frequent_reason_first(self) -> None:
        found = drop_counts(
            [
                Drops(passed=6, repaired=1, dropped={"invented": 1}),
                Drops(passed=2, repaired=0, dropped={"in_text": 1, "invented": 0}),
                Drops(passed=8, repaired=0, dropped={"in_text": 2}),
            ]
        )
        assert (found.passed, found.repaired) == (16, 1)
        assert list(found.dropped.items()) == [("in_text", 3), ("invented", 1)]
        assert found.share == 0.2

    def test_of_nothing_have_no_share(self) -> None:
        assert drop_counts([]).share == 0
