"""The quote budget: at most half of a story, or 6,000 characters, in quotes."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from api.rendering.quotes import MAX_CHARACTERS, MAX_SHARE, within_budget
from schemas.verdicts import Verdict

MOMENT = "2026-01-02T03:04:05.000Z"


def _span(text: str, start: int, end: int) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "quote": text[start:end],
        "prefix": text[max(0, start - 32) : start],
        "suffix": text[end : end + 32],
    }


def _claim(text: str, number: int, start: int, end: int) -> dict[str, Any]:
    fixed = {"role": "primary", "kind": "product", "support": "asserted", "risk": "low", "voice": "document"}
    return fixed | {
        "id": None,
        "story_id": None,
        "verdict_id": None,
        "source_id": None,
        "created_at": MOMENT,
        "number": number,
        "text": text[start:end],
        "verification": "unverified_in_source",
        "hedges": [],
        "missing_evidence": [],
        "spans": [_span(text, start, end)],
    }


def _finding(text: str, number: int, start: int, end: int, points: int) -> dict[str, Any]:
    fixed = {
        "rule": "r",
        "label": "l",
        "explanation": "e",
        "type": "hype",
        "tactic": None,
        "voice": "document",
    }
    return fixed | {"id": f"f{number}", "points": points, "spans": [_span(text, start, end)]}


def _verdict(claims: list[dict[str, Any]], findings: list[dict[str, Any]], tldr: list[str]) -> Verdict:
    empty: dict[str, list[Any]] = {
        name: []
        for name in (
            "ledger",
            "loaded_terms",
            "keywords",
            "key_stats",
            "questions_answered",
            "spin_vs_substance",
            "questions_raised",
            "beneficiaries",
            "left_out",
            "voices",
            "missing_voices",
            "entities",
            "categories",
            "ask_ai",
        )
    }
    null = dict.fromkeys(
        (
            "not_scorable",
            "spin",
            "deck",
            "frame",
            "objective",
            "mechanics",
            "integrity",
            "vertical",
            "id",
            "story_id",
            "version",
        )
    )
    return msgspec.convert(
        {
            **empty,
            **null,
            "status": "scored",
            "engine": {"name": "rules", "version": "1", "digest": "d"},
            "taxonomy_version": "1",
            "input_digest": "i",
            "text_sha256": "t",
            "findings": findings,
            "claims": claims,
            "summary": " ".join(tldr) or None,
            "tldr": tldr,
            "source_role": {
                "publisher": None,
                "publisher_type": "other",
                "host": None,
                "intent": "editorial_reporting",
                "independence": "high",
            },
            "reason": "initial",
            "created_at": MOMENT,
            "provenance": {"method": "m", "machine_made": True, "human_reviewed": False},
        },
        Verdict,
    )


def _served(verdict: Verdict) -> int:
    """Characters in distinct quotes."""
    spans = [span for item in [*verdict.claims, *verdict.findings] for span in item.spans]
    return sum(end - start for start, end in {(s.start, s.end) for s in spans if s.quote is not None})


PLACES = st.lists(st.tuples(st.integers(0, 1_900), st.integers(1, 100), st.integers(-500, 500)), max_size=60)


class TestWithinBudget:
    @settings(max_examples=60)
    @given(st.integers(1, 20), PLACES, PLACES)
    def test_never_serves_more_than_allowed_and_keeps_every_offset(
        self, repeat: int, claims: list[tuple[int, int, int]], findings: list[tuple[int, int, int]]
    ) -> None:
        text = "".join(chr(97 + n % 26) for n in range(2_000)) * repeat
        verdict = _verdict(
            [_claim(text, n + 1, at, at + size) for n, (at, size, _) in enumerate(claims)],
            [_finding(text, n + 1, at, at + size, points) for n, (at, size, points) in enumerate(findings)],
            [],
        )
        limited = within_budget(verdict, text)
        assert _served(limited) <= min(MAX_CHARACTERS, len(text) * MAX_SHARE)
        for before, after in zip(
            [*verdict.claims, *verdict.findings], [*limited.claims, *limited.findings], strict=True
        ):
            assert [(s.start, s.end) for s in before.spans] == [(s.start, s.end) for s in after.spans]
            for span in after.spans:
                assert span.quote is None or span.quote == text[span.start : span.end]
                assert (span.quote is None) == (span.prefix is None) == (span.suffix is None)

    def test_takes_the_words_of_the_lightest_findings_first(self) -> None:
        text = "x" * 1_000
        findings = [_finding(text, n + 1, n * 90, n * 90 + 90, n * 10) for n in range(10)]
        limited = within_budget(_verdict([], findings, []), text)
        assert [f.spans[0].quote is not None for f in limited.findings] == [False] * 5 + [True] * 5

    def test_keeps_the_words_that_address_the_scorer(self) -> None:
        text = "z" * 1_000
        findings = [_finding(text, n + 1, n * 90, n * 90 + 90, 500) for n in range(10)]
        findings[9] |= {"type": None, "points": 0}
        limited = within_budget(_verdict([], findings, []), text)
        assert limited.findings[9].spans[0].quote is not None
        lost = [f for f in limited.findings if f.spans[0].quote is None]
        assert lost
        assert all(f.explanation == f.label for f in lost)

    def test_nulls_a_claim_whose_sentence_is_past_the_budget(self) -> None:
        text = "y" * 400
        limited = within_budget(_verdict([_claim(text, 1, 0, 150), _claim(text, 2, 160, 300)], [], []), text)
        assert [claim.text is None for claim in limited.claims] == [False, True]

    def test_counts_a_summary_sentence_once(self) -> None:
        sentence = "The turbine turned on Tuesday."
        text = sentence + " " * 40
        limited = within_budget(_verdict([_claim(text, 1, 0, len(sentence))], [], [sentence]), text)
        assert limited.tldr == [sentence]
        assert limited.summary == sentence
