"""One finding a place and type."""

from hypothesis import given
from hypothesis import strategies as st

from api.analysis.framing.detector import Hit
from api.analysis.framing.evidence import ALL_DETECTORS, Evidence
from api.analysis.framing.places import places

BY_CODE = {d.code: d for d in ALL_DETECTORS}
HYPE, LEARNED, HALO = "innovation_framing", "loaded_hype", "public_good"


def evidence(*found: tuple[str, int, int, int]) -> list[Evidence]:
    """Evidence in the order of the text: code, start, end, mass."""
    ordered = sorted(found, key=lambda f: (f[1], f[2], f[0]))
    return [Evidence(BY_CODE[code], Hit(start, end), "document", mass) for code, start, end, mass in ordered]


def spans_of(items: list[Evidence]) -> list[tuple[int, int, list[str]]]:
    return [(p.start, p.end, [items[n].detector.code for n in p.items]) for p in places(items)]


class TestPlaces:
    def test_of_two_types_stay_apart(self) -> None:
        items = evidence((HYPE, 0, 10, 1000), (HALO, 2, 8, 1000))
        assert spans_of(items) == [(0, 10, [HYPE]), (2, 8, [HALO])]

    def test_that_only_touch_stay_apart(self) -> None:
        items = evidence((HYPE, 0, 10, 1000), (LEARNED, 10, 20, 1000))
        assert spans_of(items) == [(0, 10, [HYPE]), (10, 20, [LEARNED])]

    def test_of_a_written_and_a_learned_rule_are_one_led_by_the_written(self) -> None:
        items = evidence((LEARNED, 0, 30, 1000), (HYPE, 5, 12, 1000))
        assert spans_of(items) == [(0, 30, [HYPE, LEARNED])]

    def test_are_led_by_a_rule_that_counts(self) -> None:
        items = evidence((LEARNED, 0, 30, 1000), (HYPE, 5, 12, 0))
        assert spans_of(items) == [(0, 30, [LEARNED, HYPE])]

    def test_of_a_chain_are_one(self) -> None:
        items = evidence((HYPE, 0, 10, 1000), (LEARNED, 8, 20, 1000), ("future_promise", 18, 25, 1000))
        assert [(p.start, p.end, len(p.items)) for p in places(items)] == [(0, 25, 3)]

    def test_without_a_type_are_each_their_own(self) -> None:
        items = evidence(("addressed_to_scorer", 0, 10, 0), ("addressed_to_scorer", 2, 12, 0))
        assert [(p.start, p.end) for p in places(items)] == [(0, 10), (2, 12)]

    @given(
        st.lists(
            st.tuples(st.sampled_from([HYPE, LEARNED, HALO]), st.integers(0, 60), st.integers(1, 9)),
            max_size=20,
        )
    )
    def test_hold_all_evidence_once_and_do_not_overlap_in_a_type(
        self, rows: list[tuple[str, int, int]]
    ) -> None:
        items = evidence(*((code, start, start + length, 1000) for code, start, length in rows))
        found = places(items)
        assert sorted(n for p in found for n in p.items) == list(range(len(items)))
        assert found == sorted(found, key=lambda p: (p.start, p.end))
        for one in found:
            assert one.start == min(items[n].hit.start for n in one.items)
            assert one.end == max(items[n].hit.end for n in one.items)
            for other in found:
                if (
                    one is not other
                    and items[one.items[0]].detector.type is items[other.items[0]].detector.type
                ):
                    assert one.end <= other.start or other.end <= one.start
