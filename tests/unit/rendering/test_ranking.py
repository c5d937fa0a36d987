"""Which findings are shown first, and which not at all."""

import msgspec

from api.rendering.ranking import MAX_SHOWN, ranked, shown
from schemas.assessments import Finding
from schemas.enums import SpinType
from tests.kit.texts.filled import filled_story

JUDGED = filled_story(lambda name: f"the {name}").verdict
ONE = JUDGED.findings[0]


def finding(name: str, kind: SpinType | None, points: int, chance: int | None = None) -> Finding:
    return msgspec.structs.replace(ONE, id=name, type=kind, points=points, chance=chance)


def order(*findings: Finding, primary: SpinType = SpinType.HYPE) -> list[str]:
    assert JUDGED.spin is not None
    spin = msgspec.structs.replace(JUDGED.spin, primary=primary)
    return [f.id for f in ranked(msgspec.structs.replace(JUDGED, spin=spin, findings=list(findings)))]


class TestTheOrder:
    def test_is_untyped_then_by_chance(self) -> None:
        assert order(
            finding("other", SpinType.HALO, 90, 60),
            finding("unlikely", SpinType.HYPE, 800, 20),
            finding("likely", SpinType.HYPE, 10, 70),
            finding("untyped", None, 0, 8),
        ) == ["untyped", "likely", "other", "unlikely"]

    def test_of_older_verdicts_is_by_points(self) -> None:
        assert order(finding("less", SpinType.HYPE, -20), finding("more", SpinType.HYPE, -60)) == [
            "more",
            "less",
        ]


class TestTheShown:
    def test_have_half_a_point_or_no_type(self) -> None:
        found = [
            finding("untyped", None, 0),
            finding("light", SpinType.HYPE, 49),
            finding("down", SpinType.HYPE, -50),
            finding("up", SpinType.HYPE, 50),
        ]
        assert [f.id for f in shown(found)] == ["untyped", "down", "up"]

    def test_are_at_most_ten(self) -> None:
        found = [finding(f"f{n}", SpinType.HYPE, 100) for n in range(MAX_SHOWN + 1)]
        assert shown(found) == found[:MAX_SHOWN]

    def test_are_none_if_all_are_light(self) -> None:
        assert shown([finding(f"f{n}", SpinType.HYPE, 49) for n in range(5)]) == []
