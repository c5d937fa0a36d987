"""What a steering text tells late."""

import pytest

from api.analysis.content.played_down import cautions, told_late
from schemas.enums import SpinType
from tests.kit.texts.articles import document

OPENING = "Orrinware opens a great plant in Tarn.\n\nIt is a leap forward.\n\nThe valley is proud."
LIMITS = "The engine has not been evaluated by anyone in Tarn."


def late(body: str, kind: SpinType = SpinType.HYPE) -> str | None:
    read = document(body)
    return told_late(read, cautions(read, kind, None, None))


class TestToldLate:
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (f"{OPENING}\n\n{LIMITS}", SpinType.NONE),
            (f"{OPENING}\n\n{LIMITS}", SpinType.CUSHION),
            (f"{LIMITS}\n\n{OPENING}", SpinType.HYPE),
            (f"{LIMITS} {OPENING}\n\n{LIMITS}", SpinType.HYPE),
            (f"{OPENING}\n\nThe plant has 40 pumps.", SpinType.HYPE),
            (f"{OPENING}\n\nHas the engine not been evaluated?", SpinType.HYPE),
        ],
    )
    def test_is_none_without_praise_or_for_what_is_told_early(self, body: str, kind: SpinType) -> None:
        assert late(body, kind) is None

    @pytest.mark.parametrize("kind", [SpinType.HYPE, SpinType.HALO, SpinType.STAMPEDE])
    @pytest.mark.parametrize(
        "limit",
        [
            "the engine has not been evaluated by anyone in Tarn",
            "the sale is subject to regulatory approval in Tarn",
            "the trial in Tarn had 23 volunteers of the firm",
            "the sensors are sold separately in the valley",
        ],
    )
    def test_is_the_limit_of_a_promise_with_its_paragraph(self, kind: SpinType, limit: str) -> None:
        body = f"{OPENING}\n\n{limit[0].upper()}{limit[1:]}."
        assert late(body, kind) == f"says only in the fourth paragraph that {limit}"
