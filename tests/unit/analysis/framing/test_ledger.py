import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.ledger import ledger
from api.analysis.framing.places import places
from api.analysis.framing.scoring import HUNDRED, _apportioned
from api.analysis.framing.spin import grounds_of, weigh
from api.analysis.text.document import Document
from schemas.assessments import LedgerRow
from schemas.enums import LedgerRowKind
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_REPORT, STAMPEDE

TEXTS = pytest.mark.parametrize("story", [HYPE, STAMPEDE, CUSHION, PLAIN_REPORT], ids=lambda s: s[0][:20])
GROUNDED = (LedgerRowKind.FINDING, LedgerRowKind.FEATURE)
EXAMPLES = [text for d in DETECTORS for text in (*d.finds, *d.passes)]


def rows_of(read: Document) -> tuple[list[LedgerRow], int]:
    grounds = grounds_of(read)
    scored, _ = weigh(grounds)
    return ledger(grounds.evidence, places(grounds.evidence), grounds.measures, scored), scored.score


class TestLedger:
    @TEXTS
    def test_sums_to_the_score(self, story: tuple[str, str]) -> None:
        rows, score = rows_of(document(story[1], story[0]))
        assert sum(row.points for row in rows) == HUNDRED * score

    @TEXTS
    def test_gives_a_place_for_every_point_of_findings_and_features(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        rows, _ = rows_of(read)
        for row in rows:
            assert bool(row.ranges) == (row.kind in GROUNDED)
            assert all(0 <= r.start < r.end <= len(read.text) for r in row.ranges)
            assert (row.finding is not None) == (row.kind is LedgerRowKind.FINDING)

    def test_has_a_base_alone_for_nothing(self) -> None:
        rows, score = rows_of(document(""))
        assert [row.kind for row in rows] == [LedgerRowKind.BASE]
        assert rows[0].points == HUNDRED * score

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
