"""The quote budget: at most half of a story, or 6,000 characters."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from api.rendering.quotes import MAX_CHARACTERS, MAX_SHARE, _quoted, within_budget
from schemas.spans import Span
from schemas.verdicts import Verdict
from tests.kit.servers.cpu_limit import cpu_seconds

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
    return {
        "role": "primary",
        "kind": "product",
        "support": "asserted",
        "risk": "low",
        "voice": "document",
    } | {
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


def _places(item: Any, text: str) -> Iterator[tuple[int, int]]:
    """Places of the text that the item quotes, at any depth."""
    if isinstance(item, Span) and item.quote is not None:
        yield item.start - len(item.prefix or ""), item.end + len(item.suffix or "")
    elif isinstance(item, str) and len(item) >= SHORT and item in text:
        yield text.index(item), text.index(item) + len(item)
    elif isinstance(item, list):
        for part in item:
            yield from _places(part, text)
    elif isinstance(item, Struct):
        for name in item.__struct_fields__:
            yield from _places(getattr(item, name), text)


def _served(verdict: Verdict, text: str) -> int:
    """Characters of the text that a verdict's reader can reconstruct."""
    return len({at for start, end in _places(verdict, text) for at in range(start, end)})


SHORT = 32
PLACES = st.lists(st.tuples(st.integers(0, 1_900), st.integers(1, 100), st.integers(-500, 500)), max_size=60)


class TestWithinBudget:
    @settings(max_examples=60)
    @given(st.integers(1, 20), PLACES, PLACES)
    def test_never_serves_more_than_allowed_and_keeps_every_offset(
        self, repeat: int, claims: list[tuple[int, int, int]], findings: list[tuple[int, int, int]]
    ) -> None:
        text = "".join(f"{n:04x}" for n in range(500 * repeat))
        verdict = _verdict(
            [_claim(text, n + 1, at, at + size) for n, (at, size, _) in enumerate(claims)],
            [_finding(text, n + 1, at, at + size, points) for n, (at, size, points) in enumerate(findings)],
            [text[at : at + size] for at, size, _ in claims[::2]],
        )
        limited = within_budget(verdict, text)
        assert _served(limited, text) <= min(MAX_CHARACTERS, len(text) * MAX_SHARE)
        for before, after in zip(
            [*verdict.claims, *verdict.findings], [*limited.claims, *limited.findings], strict=True
        ):
            assert [(s.start, s.end) for s in before.spans] == [(s.start, s.end) for s in after.spans]
            for span in after.spans:
                assert span.quote is None or span.quote == text[span.start : span.end]
                assert (span.prefix is None) == (span.suffix is None)
                assert span.quote is not None or span.prefix is None

    def test_serves_claims_before_findings_and_no_place_twice(self) -> None:
        text = "".join(f"{n:04x}" for n in range(100))
        claims = [_claim(text, 1, 0, 100), _claim(text, 2, 80, 190)]
        findings = [_finding(text, 1, 10, 60, 900), _finding(text, 2, 200, 300, 900)]
        limited = within_budget(_verdict(claims, findings, []), text)
        assert [claim.text for claim in limited.claims] == [text[0:100], text[80:190]]
        assert [f.spans[0].quote for f in limited.findings] == [text[10:60], None]

    def test_gives_a_few_words_around_quotes_first_where_they_tell_it_from_its_like(self) -> None:
        text = "".join(f"{n:04x}" for n in range(99)).replace("0003", "twice").replace("004f", "twice")
        first, again, once = text.index("twice"), text.rindex("twice"), text.index("0020")
        places = ((once, once + 4, 900), (first, first + 5, 500), (again, again + 5, 400))
        findings = [_finding(text, n, start, end, points) for n, (start, end, points) in enumerate(places, 1)]
        room = len(text) // 2 - sum(end - start for start, end, _ in places) - 2 * 16
        limited = within_budget(_verdict([_claim(text, 1, 160, 160 + room)], findings, []), text)
        assert [f.spans[0].quote is not None for f in limited.findings] == [True, True, True]
        assert [f.spans[0].prefix for f in limited.findings] == [
            None,
            text[first - 8 : first],
            text[again - 8 : again],
        ]

    def test_nulls_what_quotes_the_text_past_the_budget_in_sentences_of_our_own(self) -> None:
        text = "".join(f"{n:04x}" for n in range(100))
        verdict = msgspec.structs.replace(
            _verdict([_claim(text, 1, 0, 190)], [], [text[200:300]]),
            frame=f"A step: “{text[20:90]}”.",
            objective=f"To say “{text[220:280]}”.",
        )
        limited = within_budget(verdict, text)
        assert (limited.frame, limited.objective, limited.tldr) == (verdict.frame, None, [])

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

    def test_keeps_a_finding_whose_explanation_is_past_the_budget(self) -> None:
        text = "".join(f"{n:04x}" for n in range(100))
        findings = [_finding(text, 1, 300, 310, 900) | {"explanation": f"“{text[290:360]}” is loud."}]
        limited = within_budget(_verdict([_claim(text, 1, 0, 180)], findings, []), text)
        (found,) = limited.findings  # a row of the ledger refers to it
        assert (found.explanation, found.spans[0].quote) == (found.label, text[300:310])

    def test_nulls_a_claim_whose_sentence_is_past_the_budget(self) -> None:
        text = "y" * 400
        limited = within_budget(_verdict([_claim(text, 1, 0, 150), _claim(text, 2, 160, 300)], [], []), text)
        assert [claim.text is None for claim in limited.claims] == [False, True]

    def test_cuts_a_long_name_of_a_speaker_past_the_budget(self) -> None:
        speaker = "A spokesman for the harbour authority at Carrow"
        text = "It waits for the results of the tests. " * 2 + f"{speaker} said so."
        claim = _claim(text, 1, 0, 35) | {"voice": speaker}
        finding = _finding(text, 1, 40, 60, 5) | {"voice": speaker}
        served = within_budget(_verdict([claim], [finding], []), text)
        assert [item.voice for item in (*served.claims, *served.findings)] == [
            "A spokesman for the harbour…"
        ] * 2
        assert _served(served, text) <= len(text) * MAX_SHARE

    def test_counts_a_summary_sentence_once(self) -> None:
        sentence = "The turbine turned on Tuesday."
        text = sentence + " " * 40
        limited = within_budget(_verdict([_claim(text, 1, 0, len(sentence))], [], [sentence]), text)
        assert limited.tldr == [sentence]
        assert limited.summary == sentence


class TestQuotedPassages:
    @pytest.mark.parametrize(
        ("sentence", "quoted"),
        [
            ("It said nothing.", []),
            ("It said “too short”.", []),
            (f"It said “{'a' * 31}” and “{'b' * 32}”.", ["b" * 32]),
            (f"“{'a' * 32}”, “b” and “{'c' * 40}”", ["a" * 32, "c" * 40]),
            (f"“{'a' * 32} “inner” rest", ["a" * 32 + " “inner"]),
            ("“" + "a" * 50, []),
        ],
    )
    def test_are_long_enough_and_closed(self, sentence: str, quoted: list[str]) -> None:
        assert list(_quoted(sentence)) == quoted

    @given(st.text("“”a", max_size=200).map(lambda text: text.replace("a", "a" * 20)))
    def test_are_those_that_a_pattern_finds(self, sentence: str) -> None:
        assert list(_quoted(sentence)) == re.findall("“([^”]{32,})”", sentence)

    def test_take_no_time_to_find(self) -> None:
        setup = "from api.rendering.quotes import _quoted"
        assert cpu_seconds(setup, "list(_quoted('“' * 100_000))") < 1
