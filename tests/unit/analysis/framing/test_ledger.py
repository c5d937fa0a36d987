import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from api.analysis.claims.claims import central_claims
from api.analysis.content.score_facts import score_facts
from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.ledger import ledger
from api.analysis.framing.places import places
from api.analysis.framing.scoring import BEYOND, HUNDRED, _apportioned
from api.analysis.framing.spin import grounds_of, weigh
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import sentence_features
from api.analysis.models.weights import weights
from api.training.score_training import FACTS
from schemas.assessments import LedgerRow
from schemas.enums import LedgerRowKind, ScorePartCode
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_REPORT, STAMPEDE

TEXTS = pytest.mark.parametrize("story", [HYPE, STAMPEDE, CUSHION, PLAIN_REPORT], ids=lambda s: s[0][:20])
LOADED = ScorePartCode.LOADED_WORDING
EXAMPLES = [text for d in DETECTORS for text in (*d.finds, *d.passes)]


def rows_of(read: EncodedDocument) -> tuple[list[LedgerRow], int]:
    grounds = grounds_of(read, facts=score_facts(read, central_claims(read, sentence_features(read))))
    scored, _ = weigh(grounds)
    rows = ledger(
        grounds.evidence, places(grounds.evidence), grounds.measures, scored, grounds.words, weights().score
    )
    return rows, scored.score


class TestLedger:
    @TEXTS
    def test_sums_to_the_score(self, story: tuple[str, str]) -> None:
        rows, score = rows_of(document(story[1], story[0]))
        assert sum(row.points for row in rows) == HUNDRED * score

    @TEXTS
    def test_gives_a_place_for_every_finding_and_everything_counted(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        rows, _ = rows_of(read)
        for row in rows:
            placed = row.kind is LedgerRowKind.FINDING or bool(row.count)
            assert bool(row.ranges) == (placed and row.rule != LOADED)
            assert row.kind is LedgerRowKind.FEATURE or row.of is None
            assert all(0 <= r.start < r.end <= len(read.text) for r in row.ranges)
            assert (row.finding is not None) == (row.kind is LedgerRowKind.FINDING)

    @TEXTS
    def test_counts_facts_even_without_points_and_names_the_rest_last(self, story: tuple[str, str]) -> None:
        rows, _ = rows_of(document(story[1], story[0]))
        features = [row for row in rows if row.kind is LedgerRowKind.FEATURE and row.rule != LOADED]
        assert [row.rule for row in features] == [*FACTS, BEYOND]
        assert all(0 <= (row.count or 0) <= (row.of or 0) for row in features[:-1])
        assert (features[-1].count, features[-1].of) == (None, None)

    def test_finds_nothing_in_an_empty_text(self) -> None:
        rows, score = rows_of(document(""))
        assert rows[0].kind is LedgerRowKind.BASE
        assert sum(row.points for row in rows) == HUNDRED * score
        for row in rows:
            assert (row.ranges, row.finding, row.count or 0) == ([], None, 0)
            assert row.points == 0 or row.of is None

    @TEXTS
    def test_counts_the_findings_with_points_of_all_words(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        rows, _ = rows_of(read)
        findings = [row for row in rows if row.kind is LedgerRowKind.FINDING]
        counts = [(row.count, row.of, row.points) for row in rows if row.rule == LOADED]
        assert counts == ([(len(findings), len(read.text.split()), 0)] if findings else [])

    def test_names_the_base_by_its_weights(self) -> None:
        grounds = grounds_of(document(HYPE[1], HYPE[0]))
        scored, _ = weigh(grounds)
        shares = weights().score
        labels = ("The mean of plain reports", "Where every text starts")
        for table, label in zip((shares, replace(shares, plain={})), labels, strict=True):
            rows = ledger(grounds.evidence, places(grounds.evidence), grounds.measures, scored, 100, table)
            assert rows[0].label == label
            assert {row.rule for row in rows if row.plain is not None} <= set(table.plain)

    def test_clamps_what_goes_past_the_ends(self) -> None:
        rows, score = rows_of(
            document("Everything is groundbreaking, revolutionary, unprecedented! " * 40, "Wow")
        )
        low, low_score = rows_of(document("said Monday reported officials Reuters test dataset " * 40))
        for found, published in ((rows, score), (low, low_score)):
            assert 0 <= published <= 100
            assert sum(row.points for row in found) == HUNDRED * published

    @given(st.lists(st.sampled_from(EXAMPLES), max_size=12))
    @settings(max_examples=40)
    def test_sums_for_any_mixture(self, parts: list[str]) -> None:
        rows, score = rows_of(document("\n\n".join(parts)))
        assert sum(row.points for row in rows) == HUNDRED * score

    @given(st.integers(-5000, 5000), st.lists(st.integers(1, 4000), min_size=1, max_size=30))
    def test_shares_points_out_without_loss(self, total: int, masses: list[int]) -> None:
        parts = _apportioned(total, masses)
        assert sum(parts) == total
        assert all(part == 0 or (part > 0) == (total > 0) for part in parts)
